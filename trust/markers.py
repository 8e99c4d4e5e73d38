"""The lines that are tests: run by their marker, counted from pytest's own report."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from eocenter.local.state import ROOT
from trust.scorecard import Outcome

NOTHING_COLLECTED = 5


def run_marker(marker, night):
    """Every test with this marker; its `tried` properties add up."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-m", marker, f"--junitxml={report}"]
        profile = "night" if night else "day"
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"HYPOTHESIS_PROFILE": profile}, capture_output=True, text=True
        )
        if done.returncode == NOTHING_COLLECTED:
            return Outcome.not_run(f"no test carries the marker {marker} yet")
        if not report.exists():
            return Outcome("fail", "pytest did not finish: " + done.stdout.strip().splitlines()[-1])
        return count(ElementTree.parse(report))


def count(report):
    cases = list(report.iter("testcase"))
    skipped = [case for case in cases if case.find("skipped") is not None]
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    run = [case for case in cases if case not in skipped]
    value = f"{len(run)} tests, {len(bad)} failed" + (f", {len(skipped)} skipped" if skipped else "")
    return Outcome.judge(not bad, tried=sum(map(tried_by, run)), value=value)


def tried_by(case):
    """What the test says it tried; one, if it says nothing."""
    said = [int(item.get("value")) for item in case.iter("property") if item.get("name") == "tried"]
    return sum(said) or 1
