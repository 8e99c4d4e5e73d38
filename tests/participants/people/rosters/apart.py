"""A list read in a process of its own, that says how much memory and time it took."""

import json
import resource
import time
from pathlib import Path

import django

django.setup()

from participants.people.rosters.problems import BadFile  # noqa: E402 - not before Django is set up
from participants.people.rosters.reading import read_table  # noqa: E402


def main(name):
    """Print what was said, the highest peak of the reader and of its child, and the seconds."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    try:
        said = f"{len(read_table(Path(name)).lines)} lines"
    except BadFile as bad:
        said = bad.code
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"said": said, "megabytes": max(own, child) // 1024, "seconds": time.monotonic() - began}))
