"""The ground that maps stand on: France as the conic projection of its atlases shows it, département by département.
What is put on it is the business of whoever draws a map."""

import json
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

CONTOURS = Path(__file__).with_name("contours.json")
ILE_DE_FRANCE = frozenset(["75", "77", "78", "91", "92", "93", "94", "95"])
# Lambert's conic projection for France: two parallels that keep their length, and the middle of the country.
FIRST, SECOND, MIDDLE = map(math.radians, (44, 49, 46.5))
MERIDIAN = math.radians(3)
# Fine enough for whole numbers in the enlarged piece.
SCALE = 24_000


@dataclass(frozen=True)
class Ground:
    """A piece of the map: its window, the outlines in it and whether each was asked for, the numbers of the
    départements where there is room."""

    left: float
    top: float
    right: float
    bottom: float
    land: list[tuple[str, bool]]
    names: list[tuple[int, int, str]]

    @property
    def window(self):
        """What the drawing shows, as SVG says it."""
        return f"{self.left:.0f} {self.top:.0f} {self.right - self.left:.0f} {self.bottom - self.top:.0f}"

    def place(self, latitude, longitude) -> tuple[float, float] | None:
        """The point of a place, or nothing when it lies outside."""
        x, y = project(longitude, latitude)
        return (x, y) if self.left <= x <= self.right and self.top <= y <= self.bottom else None

    def pixels(self, number, width) -> float:
        """So many pixels, when the window is drawn this wide."""
        return number * (self.right - self.left) / width


@lru_cache(maxsize=64)
def ground(codes: frozenset[str] = frozenset()) -> Ground:
    """As large as some départements (else European France), with what it shows of their neighbours in outline."""
    named = codes or _european()
    left, top, right, bottom = _bounds([rings for code, rings in _shapes().items() if code in named])
    shapes = {code: rings for code, rings in _shapes().items() if _overlaps(rings, left, top, right, bottom)}
    land = sorted(((_path(rings), code in named) for code, rings in shapes.items()), key=lambda piece: piece[1])
    names = [(*_middle(rings), code) for code, rings in shapes.items() if code in codes]
    return Ground(left, top, right, bottom, land, names)


def is_european(latitude: float, longitude: float) -> bool:
    return 41 < latitude < 51.5 and -5.5 < longitude < 10


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to the plane of the map, y downwards."""
    turn = (math.sin(FIRST) + math.sin(SECOND)) / 2
    across = turn * (math.radians(longitude) - MERIDIAN)
    radius = _distance(math.radians(latitude), turn)
    return SCALE * radius * math.sin(across), SCALE * (radius * math.cos(across) - _distance(MIDDLE, turn))


def _distance(latitude, turn):
    """Albers: equal areas, so that a département looks as large as it is."""
    constant = math.cos(FIRST) ** 2 + 2 * turn * math.sin(FIRST)
    return math.sqrt(constant - 2 * turn * math.sin(latitude)) / turn


@cache
def _european():
    return frozenset(code for code in _shapes() if not code.startswith("97"))


@cache
def _shapes():
    """The outlines of each département, projected."""
    contours = json.loads(CONTOURS.read_text())
    arcs = [_points(steps) for steps in contours["arcs"]]
    return {code: [_ring(arcs, numbers) for numbers in rings] for code, rings in contours["departements"].items()}


def _points(steps):
    points, x, y = [], 0, 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append(project(x / 1000, y / 1000))
    return points


def _ring(arcs, numbers):
    points = []
    for number in numbers:
        points += (arcs[number] if number >= 0 else arcs[-1 - number][::-1])[1:]
    return [(round(x), round(y)) for x, y in points]


def _path(rings):
    """The outline for the page: after the first point only the steps, which are short to write."""
    drawn = []
    for ring in rings:
        steps = (f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(ring))
        drawn.append(f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z")
    return "".join(drawn)


def _middle(rings):
    """Where the number of a département is written: the middle of its largest piece."""
    largest = max(rings, key=len)
    xs, ys = [x for x, _y in largest], [y for _x, y in largest]
    return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2


def _bounds(shapes):
    """The window around outlines, with a margin."""
    points = [point for rings in shapes for ring in rings for point in ring]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    margin = (max(xs) - min(xs)) * 0.03
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def _overlaps(rings, left, top, right, bottom):
    return any(left <= x <= right and top <= y <= bottom for ring in rings for x, y in ring)
