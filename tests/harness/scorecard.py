"""What takes minutes and says little on an ordinary day: run by `make trust` alone."""

import os

import pytest

IS_SCORECARD = "trust" in os.environ.get("HYPOTHESIS_PROFILE", "")
for_the_scorecard = pytest.mark.skipif(not IS_SCORECARD, reason="for the scorecard: it takes minutes")
