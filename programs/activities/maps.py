"""Where the open sessions are: points on the ground of `organisations`, Île-de-France and mainland France.

A place that lies on neither is in the list beside the map, where every session is.
"""

import math
from dataclasses import dataclass, field

from participants.organisations.ground import ILE_DE_FRANCE, Ground, ground

WIDTH = 600  # pixels that a drawing takes on the page
RADIUS, TEXT = 22, 20
GRAIN = 48  # points nearer than this become one: each stays as wide as a thumb


@dataclass
class Point:
    """One or several sessions near each other."""

    x: int
    y: int
    sessions: list = field(default_factory=list)

    @property
    def places(self):
        """The names of the places, each once."""
        return ", ".join(dict.fromkeys(session.where for session in self.sessions))

    @property
    def url(self):
        """The session itself; of several, the first in the list beside the map."""
        first = self.sessions[0]
        return first.get_absolute_url() if len(self.sessions) == 1 else f"#session-{first.pk}"


@dataclass(frozen=True)
class Drawing:
    name: str
    ground: Ground
    points: list[Point]
    radius: int
    text_size: int


def drawings(sessions) -> list[Drawing]:
    """The sessions on both drawings."""
    grounds = {"ile_de_france": ground(ILE_DE_FRANCE), "france": ground()}
    return [
        Drawing(name, below, _points(sessions, below), *(round(below.pixels(size, WIDTH)) for size in (RADIUS, TEXT)))
        for name, below in grounds.items()
    ]


def _points(sessions, below: Ground) -> list[Point]:
    """The sessions on the drawing, from north to south; one that would lie on a point joins it."""
    found: list[Point] = []
    grain = below.pixels(GRAIN, WIDTH)
    for session in sessions:
        spot = below.place(session.latitude, session.longitude) if session.latitude is not None else None
        if spot is None:
            continue
        near = next((point for point in found if math.dist(spot, (point.x, point.y)) < grain), None)
        if near is None:
            near = Point(round(spot[0]), round(spot[1]))
            found.append(near)
        near.sessions.append(session)
    return sorted(found, key=lambda point: (point.y, point.x))
