"""What takes minutes and says little on an ordinary day: run by `make trust` alone."""

import os

import pytest

IS_SCORECARD = "trust" in os.environ.get("HYPOTHESIS_PROFILE", "")
for_the_scorecard = pytest.mark.skipif(not IS_SCORECARD, reason="for the scorecard: it takes minutes")


def some_every_day(values, every_day):
    """The parameters of a test: those of every day, and the others for the scorecard."""
    return [value if value in every_day else pytest.param(value, marks=for_the_scorecard) for value in values]
