"""Who else works with which pupils: the registry that the apps above fill in their `AppConfig.ready()`.

People knows no session; the app that does says, for a user, whose names they need for the work they have today (a tutor:
the pupils of their next sessions). A circle is asked at each request, so that it closes when the work ends.
"""

from collections.abc import Callable

from django.db.models import QuerySet

# user -> the ids of pupils as a subquery, or nothing when this user can have none.
Circle = Callable[..., QuerySet | None]
_circles: dict[Circle, bool] = {}


def register(circle: Circle, *, reads_record: bool = False) -> None:
    """Make a circle known, once. One that `reads_record` opens the facts and consents too, for those who plan."""
    _circles[circle] = reads_record


def around(user) -> list[QuerySet]:
    """The subqueries of pupils' ids that the user works with."""
    return [ids for circle in _circles if (ids := circle(user)) is not None]


def in_full(user) -> list[QuerySet]:
    """Those of them whose whole record the user reads."""
    return [ids for circle, reads in _circles.items() if reads and (ids := circle(user)) is not None]
