"""Who else works with which pupils: the registry that the apps above fill in their `AppConfig.ready()`.

People knows no session; the app that does says, for a user, whose names they need for the work they have today (a tutor:
the pupils of their next sessions). A circle is asked at each request, so that it closes when the work ends.
"""

from collections.abc import Callable

from django.db.models import QuerySet

# user -> the ids of pupils as a subquery, or nothing when this user can have none.
Circle = Callable[..., QuerySet | None]
_circles: list[Circle] = []


def register(circle: Circle) -> None:
    """Make a circle known, once."""
    if circle not in _circles:
        _circles.append(circle)


def around(user) -> list[QuerySet]:
    """The subqueries of pupils' ids that the user works with."""
    return [ids for circle in _circles if (ids := circle(user)) is not None]
