"""What a line of the scorecard may say, and who answers for which line."""

import os
import time
from dataclasses import dataclass

PASS, FAIL, NOT_RUN = "pass", "fail", "not_run"
# What every dice of a run starts from; SEED=… repeats a run.
SEED = int(os.environ.get("SEED") or time.time()) % 2**32


@dataclass(frozen=True)
class Outcome:
    status: str
    value: str
    tried: int = 0

    @classmethod
    def judge(cls, is_good, *, tried, value=""):
        """Pass or fail; and what tried nothing was not run, however good it looks."""
        if not tried:
            return cls.not_run(value or "nothing was tried")
        return cls(PASS if is_good else FAIL, value, tried)

    @classmethod
    def not_run(cls, why):
        return cls(NOT_RUN, why)


PROGRAMS = {}


def line(number):
    """Says that this function answers for a line; it takes `night` and gives an Outcome."""

    def remember(program):
        if number in PROGRAMS:
            raise ValueError(f"line {number} has two programs")
        PROGRAMS[number] = program
        return program

    return remember
