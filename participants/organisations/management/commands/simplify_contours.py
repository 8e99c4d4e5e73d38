"""Make `contours.json`, the outlines that the map draws, from the official contours of the départements."""

import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from django.core.management.base import BaseCommand

from participants.organisations.ground import CONTOURS

# In degrees: about a kilometre and a half, which is a pixel; finer around Paris, which the map also draws enlarged.
TOLERANCE, TOLERANCE_PARIS = 0.015, 0.003
PARIS = (1.4, 48.1, 3.6, 49.3)


class Command(BaseCommand):
    help = "Simplifies a GeoJSON of the départements (properties code, nom) into the outlines that the map draws."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        features = json.loads(options["file"].read_text())["features"]
        rings = {feature["properties"]["code"]: list(_rings(feature["geometry"])) for feature in features}
        arcs, lines = _shared_lines(rings)
        text = json.dumps(
            {
                "source": "IGN Admin Express, Licence Ouverte 2.0, simplified",
                "arcs": [_flat(_simplify(arc, _tolerance(arc))) for arc in arcs],
                "departements": lines,
            },
            separators=(",", ":"),
        )
        CONTOURS.write_text(text.replace('],"', '],\n"').replace("]],[[", "]],\n[[") + "\n")
        self.stdout.write(f"{len(arcs)} lines, {CONTOURS.stat().st_size // 1024} kB in {CONTOURS.name}")


def _rings(geometry):
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            points = [tuple(point) for point in ring]
            # A rock in the sea is not seen at this size.
            if len(points) > 8 or len(polygons) == 1:
                yield points


def _shared_lines(rings):
    """Lines cut where more than two meet, each once, and for every département the lines around it (a line that is
    followed backwards has a negative number, counted from -1)."""
    touching = Counter()
    for outlines in rings.values():
        for ring in outlines:
            for edge in {frozenset(pair) for pair in pairwise(ring)}:
                touching[edge] += 1
    neighbours = defaultdict(set)
    for edge in touching:
        for point in edge:
            neighbours[point] |= edge - {point}
    corners = {point for point, near in neighbours.items() if len(near) != 2}
    corners |= {point for point, near in neighbours.items() if len({touching[frozenset((point, n))] for n in near}) > 1}
    numbers, arcs, around = {}, [], {}
    for code, outlines in rings.items():
        around[code] = []
        for ring in outlines:
            line = []
            for arc in _cut(ring, corners):
                if arc[::-1] in numbers:
                    line.append(-1 - numbers[arc[::-1]])
                    continue
                if arc not in numbers:
                    numbers[arc] = len(arcs)
                    arcs.append(arc)
                line.append(numbers[arc])
            around[code].append(line)
    return arcs, around


def _cut(ring, corners):
    """A closed ring as lines from corner to corner; one without corners stays whole."""
    points = ring[:-1]
    start = next((place for place, point in enumerate(points) if point in corners), 0)
    points = [*points[start:], *points[: start + 1]]
    line = [points[0]]
    for point in points[1:]:
        line.append(point)
        if point in corners:
            yield tuple(line)
            line = [point]
    if len(line) > 1:
        yield tuple(line)


def _tolerance(line):
    west, south, east, north = PARIS
    is_enlarged = all(west < x < east and south < y < north for x, y in line)
    return TOLERANCE_PARIS if is_enlarged else TOLERANCE


def _simplify(line, tolerance):
    """Douglas and Peucker: keep a point only if the line would pass too far from it."""
    if len(line) < 3:
        return list(line)
    (ax, ay), (bx, by) = line[0], line[-1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5

    def away(point):
        if not length:
            return ((point[0] - ax) ** 2 + (point[1] - ay) ** 2) ** 0.5
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    farthest = max(range(1, len(line) - 1), key=lambda place: away(line[place]))
    if away(line[farthest]) <= tolerance:
        return [line[0], line[-1]]
    return _simplify(line[: farthest + 1], tolerance)[:-1] + _simplify(line[farthest:], tolerance)


def _flat(points):
    """Longitudes and latitudes in thousandths of a degree, each after the first as a step from the one before."""
    steps, before = [], (0, 0)
    for point in points:
        now = (round(point[0] * 1000), round(point[1] * 1000))
        steps += [now[0] - before[0], now[1] - before[1]]
        before = now
    return steps
