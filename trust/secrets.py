"""Keys and passwords in the repository: in its files, and in every line that its history ever added."""

import json
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

from eocenter.local.state import ROOT
from trust.scorecard import Outcome, line

# The digest of each find that was looked at by hand, with why it is none.
LOOKED_AT = Path(__file__).with_suffix(".json")
LIST = LOOKED_AT.relative_to(ROOT).as_posix()  # digests, which look like keys themselves
ADDED = ["--unified=0", "--no-color", "--no-renames", "--text"]
EVERY_LINE = [["git", "log", "--patch", "--format=", *ADDED], ["git", "diff", "HEAD", *ADDED]]


@line(25)
def secrets(night):
    """What looks like a secret and was not looked at by hand."""
    known = json.loads(LOOKED_AT.read_text())
    with tempfile.TemporaryDirectory() as folder:
        paths = write_lines(added_lines(), Path(folder))
        found = {digest: place for path in paths for digest, place in finds(path, folder).items()}
    unknown = {digest: place for digest, place in found.items() if digest not in known}
    gone = known.keys() - found.keys()
    value = f"{len(unknown)} found, {len(known) - len(gone)} looked at by hand"
    value += "".join(f"; {place} ({digest})" for digest, place in sorted(unknown.items())[:5])
    return Outcome.judge(not unknown, tried=len(paths), value=value)


def added_lines():
    """Path -> all lines that any commit added to it, those of the work tree included."""
    added, path = defaultdict(list), None
    for command in EVERY_LINE:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        for text in done.stdout.decode(errors="replace").split("\n"):
            if text.startswith("+++ "):
                path = text[6:] if text.startswith("+++ b/") and text[6:] != LIST else None
            elif text.startswith("+") and path:
                added[path].append(text[1:])
    return added


def write_lines(added, folder):
    """The lines as files of the same names, which is what a scanner reads."""
    paths = []
    for name, lines in added.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(dict.fromkeys(lines)))
        paths.append(path)
    return paths


def finds(path, folder):
    """Digest -> where it stands and what it looks like."""
    collection = SecretsCollection(root=folder)
    with default_settings():
        collection.scan_file(str(path.relative_to(folder)))
    return {secret.secret_hash: f"{secret.type} in {name}" for name, secret in collection}
