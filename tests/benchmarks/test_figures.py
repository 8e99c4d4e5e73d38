"""A figure is met or not by its contract alone."""

import pytest

from benchmarks import __main__ as runner
from benchmarks.figures import Figure, median_of


@pytest.mark.parametrize(
    ("figure", "ratio", "met"),
    [
        (Figure("a", ours=30, reference=100, must=0.3, unit="attempts/s"), 0.3, True),
        (Figure("a", ours=29, reference=100, must=0.3, unit="attempts/s"), 0.29, False),
        (Figure("a", ours=10, reference=80, must=8, unit="s", less_is_better=True), 8.0, True),
        (Figure("a", ours=11, reference=80, must=8, unit="s", less_is_better=True), 80 / 11, False),
        (Figure("a", ours=30, must=30, unit="ms", less_is_better=True), None, True),
        (Figure("a", ours=31, must=30, unit="ms", less_is_better=True), None, False),
        (Figure("a", ours=0.95, must=0.95, unit="of queries"), None, True),
        (Figure("a", ours=0.94, must=0.95, unit="of queries"), None, False),
        (Figure("a", ours=0, reference=100, must=0.3, unit="attempts/s"), None, False),
    ],
)
def test_a_figure_is_met_at_its_limit(figure, ratio, met):
    assert (figure.ratio, figure.met) == (ratio, met)
    assert figure.as_record()["met"] is met


def test_runs_take_turns():
    seen = []
    ours, reference = iter([3, 1, 2]), iter([30, 10, 20])
    answers = median_of(3, lambda: seen.append("o") or next(ours), lambda: seen.append("r") or next(reference))
    assert (answers, seen) == ([2, 20], ["o", "r"] * 3)


def test_an_unknown_benchmark_is_said(monkeypatch):
    monkeypatch.setenv("ONLY", "start,nonsense")
    with pytest.raises(SystemExit, match="There is no benchmark nonsense"):
        runner.wanted()
    monkeypatch.setenv("ONLY", "start")
    assert runner.wanted() == ["start"]
