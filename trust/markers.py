"""The lines that are tests: run by their marker, counted from pytest's own report."""

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from eocenter.local.state import ROOT
from trust.scorecard import SEED, Outcome

NOTHING_COLLECTED = 5


def run_marker(marker, night):
    """Every test with this marker; its `tried` properties add up."""
    report = report_of(marker, night)
    return report if isinstance(report, Outcome) else count(report)


@functools.cache
def report_of(marker, night):
    """What pytest says of the tests with this marker, run once however many lines ask; or why there is nothing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # The first run makes the test databases anew, the others find them.
        database = ["--reuse-db"] if report_of.cache_info().currsize else ["--reuse-db", "--create-db"]
        seeds = [f"--hypothesis-seed={SEED}", f"--junitxml={report}"]
        command = [sys.executable, "-m", "pytest", "-q", "-m", marker, "--timeout=600", *database, *seeds]
        environment = os.environ | {"HYPOTHESIS_PROFILE": "trust-night" if night else "trust"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode == NOTHING_COLLECTED:
            return Outcome.not_run(f"no test carries the marker {marker} yet")
        if not report.exists():
            return Outcome("fail", "pytest did not finish: " + (done.stdout.strip().splitlines() or ["no word"])[-1])
        return ElementTree.parse(report)


def count(report):
    cases = list(report.iter("testcase"))
    skipped = [case for case in cases if case.find("skipped") is not None]
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    run = [case for case in cases if case not in skipped]
    value = f"{len(run)} tests, {len(bad)} failed" + (f", {len(skipped)} skipped" if skipped else "")
    return Outcome.judge(not bad, tried=sum(map(tried_by, run)), value=value)


def tried_by(case):
    """What the test says it tried; one, if it says nothing."""
    return sum(said_by(case, "tried")) or 1


def said_by(case, name):
    """The numbers that a test, or a whole report, gave under this name."""
    return [int(item.get("value")) for item in case.iter("property") if item.get("name") == name]
