"""The schools reached and not reached, on the ground of `organisations`; Île-de-France once more at its own scale,
since most schools stand there."""

import math
from dataclasses import dataclass

from participants.organisations.ground import Ground, ground

WIDTH = 560  # pixels that a panel takes on the page
LEAST_RADIUS, GROWTH = 3, 0.42


@dataclass(frozen=True)
class Spot:
    """A school on the map; without people, one not reached."""

    latitude: float
    longitude: float
    title: str = ""
    url: str = ""
    people: int | None = None
    is_reached: bool = False


@dataclass(frozen=True)
class Circle:
    x: int
    y: int
    radius: int
    title: str
    url: str


@dataclass(frozen=True)
class Panel:
    """A piece of the map: circles for the schools reached, and one path of dots for all the others (thousands of them,
    so not an element each)."""

    ground: Ground
    circles: list[Circle]
    dots: str
    text_size: int


def panel(spots: list[Spot], codes=frozenset()) -> Panel:
    """The schools in a window as large as some départements, else European France."""
    below = ground(frozenset(codes))
    inside = [(spot, place) for spot in spots if (place := below.place(spot.latitude, spot.longitude))]
    circles = [
        Circle(round(x), round(y), round(below.pixels(_radius(spot.people), WIDTH)), spot.title, spot.url)
        for spot, (x, y) in inside
        if spot.is_reached
    ]
    return Panel(
        below,
        sorted(circles, key=lambda circle: -circle.radius),
        "".join(sorted({f"M{x:.0f} {y:.0f}h0" for spot, (x, y) in inside if not spot.is_reached})),
        round(below.pixels(12, WIDTH)),
    )


def _radius(people):
    """The area of a circle grows with the young people; all alike where numbers are not shown."""
    return LEAST_RADIUS + GROWTH * math.sqrt(people) if people else LEAST_RADIUS + 1.5
