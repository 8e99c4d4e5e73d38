"""One measured figure and what it must reach."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    part: str
    ours: float
    must: float
    unit: str
    reference: float | None = None
    less_is_better: bool = False

    @property
    def ratio(self):
        """How many times better than the reference; nothing where there is none."""
        if not self.reference or not self.ours:
            return None
        return self.reference / self.ours if self.less_is_better else self.ours / self.reference

    @property
    def met(self):
        if self.reference is not None:
            return self.ratio is not None and self.ratio >= self.must
        return self.ours <= self.must if self.less_is_better else self.ours >= self.must

    def as_record(self):
        return {
            "ours": round(self.ours, 4),
            "reference": None if self.reference is None else round(self.reference, 4),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "must": self.must,
            "met": self.met,
            "unit": self.unit,
        }


def median_of(runs, *functions):
    """The median of each function's answers; they take turns, so that a slow moment of the machine hits all alike."""
    answers = [[] for _ in functions]
    for _ in range(runs):
        for function, found in zip(functions, answers, strict=True):
            found.append(function())
    return [statistics.median(found) for found in answers]
