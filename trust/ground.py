"""The lines that the ground answers: how it is deployed and what it is made of."""

import os
import re
import subprocess
import sys

from eocenter.local.check import PRODUCTION, audit
from eocenter.local.state import ROOT
from trust.markers import run_marker
from trust.scorecard import Outcome, line

MANAGE = [sys.executable, "-W", "ignore", "manage.py"]


@line(20)
def deployment(night):
    """Django's own deployment check; the headers and inline code of each answer of the matrix."""
    done = subprocess.run(
        [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        capture_output=True,
        text=True,
    )
    warnings = re.findall(r"^\?: \((\S+)\)|^\S+: \((\S+)\)", done.stderr, re.MULTILINE)
    answers = run_marker("matrix", night)
    is_good = done.returncode == 0 and answers.status == "pass"
    value = f"{len(warnings)} deployment warnings; headers of every answer: {answers.value}"
    return Outcome.judge(is_good, tried=answers.tried, value=value)


@line(26)
def vulnerabilities(night):
    """Known holes in what we install, and packages whose version is not fixed."""
    unpinned = [
        text
        for path in [*ROOT.glob("requirements*.txt"), ROOT / "constraints.txt"]
        for text in path.read_text().splitlines()
        if text and not text.startswith(("#", "-")) and "==" not in text
    ]
    if unpinned:
        return Outcome("fail", f"unpinned: {', '.join(unpinned)}", len(unpinned))
    status, words = audit()
    if status == "not_run":
        return Outcome.not_run(words)
    packages = (ROOT / "constraints.txt").read_text().count("==")
    return Outcome.judge(status == "pass", tried=packages, value=words or "0 known")
