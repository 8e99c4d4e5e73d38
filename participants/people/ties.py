"""What hangs on the school year of a pupil: the registry that the apps above fill in their `AppConfig.ready()`.

A promotion is taken back only while nothing was built on it, and people knows neither bookings nor attendances.
"""

from collections.abc import Callable

# (ids of pupils, school year) -> whether something was planned or noted for one of them in that year.
Tie = Callable[..., bool]
_ties: list[Tie] = []


def register(tie: Tie) -> None:
    """Make a tie known, once."""
    if tie not in _ties:
        _ties.append(tie)


def hang_on(pupils, school_year: int) -> bool:
    """Whether anything hangs on this year of one of these pupils."""
    return any(tie(pupils, school_year) for tie in _ties)
