"""Where the open sessions are: points on two drawings of our own, Île-de-France and mainland France.

The outlines in `templates/programs/activities/includes/` were drawn with the same frames (IGN Admin Express, Licence
Ouverte). A place that lies on neither is in the list beside the map, where every session is.
"""

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Frame:
    """A piece of the globe and the drawing it becomes: top left corner, pixels a degree, size, middle latitude."""

    name: str
    west: float
    north: float
    scale: float
    width: int
    height: int
    middle: float
    grain: int = 48  # points nearer than this become one: each stays as wide as a thumb

    def place(self, latitude, longitude):
        """The point of the drawing, or nothing when it lies outside."""
        x = (longitude - self.west) * self.scale * math.cos(math.radians(self.middle))
        y = (self.north - latitude) * self.scale
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None


ILE_DE_FRANCE = Frame("ile_de_france", west=1.3, north=49.4, scale=380, width=600, height=540, middle=48.7)
FRANCE = Frame("france", west=-5.3, north=51.3, scale=62, width=644, height=628, middle=46.5)


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


def points(sessions, frame: Frame) -> list[Point]:
    """The sessions on the drawing, from north to south; one that would lie on a point joins it."""
    found: list[Point] = []
    for session in sessions:
        spot = frame.place(session.latitude, session.longitude) if session.latitude is not None else None
        if spot is None:
            continue
        near = next((point for point in found if math.dist(spot, (point.x, point.y)) < frame.grain), None)
        if near is None:
            near = Point(round(spot[0]), round(spot[1]))
            found.append(near)
        near.sessions.append(session)
    return sorted(found, key=lambda point: (point.y, point.x))
