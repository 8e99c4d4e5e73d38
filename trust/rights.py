"""The line of terms: that every field has one, and that nothing outlives it."""

import subprocess

from eocenter.local.state import ROOT
from trust.ground import MANAGE
from trust.markers import run_marker
from trust.scorecard import Outcome, line


@line(18)
def terms(night):
    """Django's check of the fields; the tests that let time pass, kill the purge and ask what is overdue."""
    done = subprocess.run([*MANAGE, "check", "--tag", "privacy"], cwd=ROOT, capture_output=True, text=True)
    undeclared = done.stderr.count("people.E001")
    tests = run_marker("retention", night)
    is_good = done.returncode == 0 and tests.status == "pass"
    return Outcome.judge(is_good, tried=tests.tried, value=f"{undeclared} fields without; terms: {tests.value}")
