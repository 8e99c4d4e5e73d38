"""The scorecard never says pass for what was not tried."""

from xml.etree import ElementTree

import pytest

from trust import __main__ as runner
from trust.lines import LINES, MARKERS
from trust.markers import count, read_tests, said_by
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
        (['<testcase name="a"><failure/></testcase>', "<testcase/>"], Outcome("fail", "2 tests, 1 failed (a)", 2)),
        (['<testcase name="a"><error/></testcase>'], Outcome("fail", "1 tests, 1 failed (a)", 1)),
        (['<testcase name="a"><error/></testcase>'] * 4, Outcome("fail", "4 tests, 4 failed (a, a, a, …)", 4)),
        (["<testcase><skipped/></testcase>"], Outcome("not_run", "0 tests, 0 failed, 1 skipped", 0)),
    ],
)
def test_a_report_is_counted(cases, expected):
    assert count(report(*cases)) == expected


def test_says_seven(record_property):
    record_property("tried", 7)


def test_what_a_test_says_arrives_in_the_report(tmp_path):
    """By the same program as the scorecard: a report of another family loses the words, and fails who speaks them."""
    found = read_tests([f"{__file__}::test_says_seven"], tmp_path / "log")
    assert (count(found), said_by(found, "tried")) == (Outcome("pass", "1 tests, 0 failed", 7), [7])
    assert "1 passed" in (tmp_path / "log").read_text()


def test_what_does_not_finish_fails_and_what_finds_nothing_is_not_run(tmp_path):
    assert read_tests([__file__, "-k", "nothing_of_this_name"], tmp_path / "log") is None
    assert read_tests(["--no-such-option"], tmp_path / "log").status == "fail"


def test_every_line_has_an_answer_and_a_broken_program_fails():
    assert runner.programs().keys() == LINES.keys()
    assert runner.programs()[31](night=False) == Outcome("not_run", "the catalogue has not been answered")

    def broken(night):
        raise RuntimeError("first\nlast")

    record = runner.run_line(1, broken, night=False)
    assert (record["status"], record["value"], record["tried"]) == ("fail", "RuntimeError: last", 0)


@pytest.mark.parametrize(("tried", "status"), [(19, "fail"), (20, "pass")])
def test_too_few_attempts_are_no_proof(tried, status):
    record = runner.run_line(3, lambda night: Outcome.judge(True, tried=tried, value="all well"), night=False)
    assert (record["status"], record["tried"]) == (status, tried)


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
