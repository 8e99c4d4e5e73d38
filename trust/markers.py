"""The lines that are tests: run by their marker, counted from pytest's own report."""

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from eocenter.local.state import LOCAL_DIR, ROOT
from trust.scorecard import SEED, Outcome

NOTHING_COLLECTED, SAID_ITS_WORD = 5, {0, 1}


LOGS = LOCAL_DIR / "trust"
FIRST = 3  # so many failed tests are named; the log has the others


def run_marker(marker, night):
    """Every test with this marker; its `tried` properties add up."""
    report = report_of(marker, night)
    return report if isinstance(report, Outcome) else count(report)


@functools.cache
def report_of(marker, night):
    """What pytest says of the tests with this marker, run once however many lines ask; or why there is nothing."""
    # The first run makes the test databases anew, the others find them.
    database = [] if report_of.cache_info().currsize else ["--create-db"]
    profile = {"HYPOTHESIS_PROFILE": "trust-night" if night else "trust"}
    log = LOGS / f"{marker}.log"
    report = read_tests(["-m", marker, "--reuse-db", *database], log, profile)
    return report or Outcome.not_run(f"no test carries the marker {marker} yet")


def read_tests(chosen, log, environment=None):
    """Run these tests with the dice of this run and keep their words in `log`; their report, or why there is none."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xml"
        dice = [f"--hypothesis-seed={SEED}", f"--randomly-seed={SEED}"]
        command = [sys.executable, "-m", "pytest", "-q", "--timeout=600", *dice, f"--junitxml={path}", *chosen]
        with log.open("w") as words:
            done = subprocess.run(
                command, cwd=ROOT, env=os.environ | (environment or {}), stdout=words, stderr=subprocess.STDOUT
            )
        if done.returncode == NOTHING_COLLECTED:
            return None
        if done.returncode not in SAID_ITS_WORD or not path.exists():
            return Outcome(
                "fail", "pytest did not finish: " + (log.read_text().strip().splitlines() or ["no word"])[-1]
            )
        return ElementTree.parse(path)


def count(report):
    cases = list(report.iter("testcase"))
    skipped = [case for case in cases if case.find("skipped") is not None]
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    run = [case for case in cases if case not in skipped]
    value = f"{len(run)} tests, {len(bad)} failed" + named(bad) + (f", {len(skipped)} skipped" if skipped else "")
    return Outcome.judge(not bad, tried=sum(map(tried_by, run)), value=value)


def named(bad):
    """The first of them, for the eyes; all stand in the log."""
    names = [case.get("name", "a test") for case in bad[:FIRST]] + ["…"] * (len(bad) > FIRST)
    return f" ({', '.join(names)})" if names else ""


def tried_by(case):
    """What the test says it tried; one, if it says nothing."""
    return sum(said_by(case, "tried")) or 1


def said_by(case, name):
    """The numbers that a test, or a whole report, gave under this name."""
    return [int(item.get("value")) for item in case.iter("property") if item.get("name") == name]
