"""The scorecard never says pass for what was not tried."""

from xml.etree import ElementTree

import pytest

from trust import __main__ as runner
from trust.lines import LINES, MARKERS
from trust.markers import count
from trust.scorecard import Outcome, line


@pytest.mark.parametrize(
    ("is_good", "tried", "status"),
    [(True, 3, "pass"), (False, 3, "fail"), (True, 0, "not_run"), (False, 0, "not_run")],
)
def test_an_outcome_is_judged_by_what_was_tried(is_good, tried, status):
    assert Outcome.judge(is_good, tried=tried).status == status


def report(*cases):
    return ElementTree.ElementTree(ElementTree.fromstring(f"<testsuite>{''.join(cases)}</testsuite>"))


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        (["<testcase/>", "<testcase/>"], Outcome("pass", "2 tests, 0 failed", 2)),
        (
            ['<testcase><properties><property name="tried" value="512"/></properties></testcase>', "<testcase/>"],
            Outcome("pass", "2 tests, 0 failed", 513),
        ),
        (["<testcase><failure/></testcase>", "<testcase/>"], Outcome("fail", "2 tests, 1 failed", 2)),
        (["<testcase><error/></testcase>"], Outcome("fail", "1 tests, 1 failed", 1)),
        (["<testcase><skipped/></testcase>"], Outcome("not_run", "0 tests, 0 failed, 1 skipped", 0)),
    ],
)
def test_a_report_is_counted(cases, expected):
    assert count(report(*cases)) == expected


def test_every_line_has_an_answer_and_a_broken_program_fails():
    assert runner.programs().keys() == LINES.keys()
    assert runner.nothing_yet(night=False).status == "not_run"

    def broken(night):
        raise RuntimeError("first\nlast")

    record = runner.run_line(1, broken, night=False)
    assert (record["status"], record["value"], record["tried"]) == ("fail", "RuntimeError: last", 0)


def test_two_programs_for_one_line_are_refused():
    runner.programs()
    with pytest.raises(ValueError, match="line 20 has two programs"):
        line(20)(lambda night: None)


def test_a_wrong_number_is_said(monkeypatch):
    monkeypatch.setenv("ONLY", "4,99")
    with pytest.raises(SystemExit, match="numbers of lines"):
        runner.wanted()
    monkeypatch.setenv("ONLY", "4,19")
    assert runner.wanted() == [4, 19]


def test_the_markers_are_known_to_pytest(pytestconfig):
    known = {text.split(":")[0] for text in pytestconfig.getini("markers")}
    assert set(MARKERS.values()) - known == set()
