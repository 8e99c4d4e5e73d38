"""The way of a cohort: reached, interested, supported, at a camp, studying, admitted to a member school. Whoever is known
by name counts once at each stage, in the school year in which we first met them, whatever came later and however often.

Of the followed stages, each of the first three holds the next. What comes after the bac is read from the enrolments and
the studies of later years, as far as they were told: everybody in it was interested, whether or not they came to
anything, so that each of these stages stands beside the camp and not below it.

*Reached* is the figure of that year, which also counts heads without names; the stages after it follow people, so they
are no share of it that anybody could have followed.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from impact.measurement import figures
from impact.measurement.axes import AXES, OF_PEOPLE, UNKNOWN, Axis
from impact.measurement.figures import NOT_KNOWN, Cell
from impact.measurement.indicators import INDICATORS
from impact.measurement.perimeters import Perimeter
from impact.measurement.suppression import hidden_parts, is_small

FUNNEL_AXES = {code: AXES[code] for code in ("sex", "rep", "ips", "departement", "academie", "level")} | OF_PEOPLE
FIRST_AXIS = "sex"
# The numbers of people that a row has: who stopped at each of the stages that hold each other, then, for each stage beside
# them, who was never there, and who was.
STOPS = 3
BESIDE = (slice(3, 5), slice(5, 7), slice(7, 9))
NUMBERS = 9

# One row for each thing that shows that we met somebody; then one for each person; then the numbers of one year.
PEOPLE = """
WITH met AS (
    SELECT attendance.pupil_id, activity.school_year AS year, true AS supported, activity.kind = 'camp' AS camp
    FROM activities_attendance attendance
    JOIN activities_session session ON session.id = attendance.session_id AND session.state = 'planned'
    JOIN activities_activity activity ON activity.id = session.activity_id
    WHERE attendance.status IN ('present', 'late', 'left_early')
    UNION ALL
    SELECT booking.pupil_id, activity.school_year, false,
           activity.kind = 'camp' AND booking.stage IN ('confirmed', 'completed')
    FROM activities_booking booking
    LEFT JOIN activities_session session ON session.id = booking.session_id
    JOIN activities_activity activity ON activity.id = coalesce(booking.activity_id, session.activity_id)
    WHERE booking.pupil_id IS NOT NULL AND booking.stage NOT IN ('withdrawn', 'cancelled')
    UNION ALL
    SELECT entry.pupil_id,
           extract(year FROM entry.entered_at AT TIME ZONE %(zone)s - interval '8 months')::int, false, false
    FROM awareness_poolentry entry
), told AS (
    SELECT pupil_id, school_year AS year, 'cpge' AS kind, NULL AS member_school FROM people_enrolment
    WHERE level IN ('CPGE1', 'CPGE2', 'BTS1', 'BTS2')
    UNION ALL
    SELECT pupil_id, school_year, kind, member_school_id FROM people_study
), after AS (
    SELECT pupil_id,
           max(year) FILTER (WHERE kind IN ('cpge', 'bts')) AS classes,
           max(year) FILTER (WHERE kind IN ('but', 'university', 'school') AND member_school IS NULL) AS university,
           max(year) FILTER (WHERE member_school IS NOT NULL) AS admitted
    FROM told GROUP BY pupil_id
), person AS (
    SELECT pupil_id, min(year) AS year, bool_or(supported) AS supported, bool_or(camp) AS camp
    FROM met GROUP BY pupil_id
)
SELECT pupil.sex, profile.priority_education, profile.ips_quintile, school.departement_id, school.academie_id,
       enrolment.level, enrolment.scholarship, enrolment.priority_neighbourhood,
       CASE WHEN person.camp THEN 2 WHEN person.supported THEN 1 ELSE 0 END AS furthest,
       coalesce(after.classes > person.year, false), coalesce(after.university > person.year, false),
       coalesce(after.admitted > person.year, false), count(*)
FROM person
JOIN people_pupil pupil ON pupil.id = person.pupil_id
LEFT JOIN after ON after.pupil_id = person.pupil_id
LEFT JOIN people_enrolment enrolment ON enrolment.pupil_id = person.pupil_id AND enrolment.school_year = person.year
LEFT JOIN organisations_school school ON school.id = enrolment.school_id
LEFT JOIN organisations_territory departement ON departement.id = school.departement_id
LEFT JOIN organisations_schoolyearprofile profile
       ON profile.school_id = school.id AND profile.school_year = person.year
WHERE person.year = %(year)s
  AND (%(everywhere)s OR school.departement_id = ANY(%(places)s) OR school.academie_id = ANY(%(places)s)
       OR departement.region_id = ANY(%(places)s))
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
"""
COLUMN = {
    name: place
    for place, name in enumerate(
        ("sex", "rep", "ips", "departement", "academie", "level", "scholarship", "neighbourhood")
    )
}


@dataclass(frozen=True)
class Stage:
    code: str
    label: Promise
    definition: Promise


STAGES = (
    Stage("reached", _("Reached"), _("Counted in that school year, with or without a name.")),
    Stage("interested", _("Interested"), _("Known by name: in the talent pool, registered, or there.")),
    Stage("supported", _("Supported"), _("Came to at least one session, known by name, or has a place in a camp.")),
    Stage("camp", _("At a camp"), _("Was at a science camp, or has a place in one.")),
    Stage("classes", _("CPGE, BTS"), _("There in a later school year, as far as it was told.")),
    Stage(
        "university",
        _("BUT, university, other school"),
        _("There in a later school year, as far as it was told; member schools are not counted here."),
    ),
    Stage("admitted", _("Admitted"), _("Studied in a member school in a later school year, as far as it was told.")),
)


@dataclass(frozen=True)
class Row:
    """One value of the axis, or the total: a cell for each stage, none where only the total is known."""

    key: object
    label: str
    cells: list[Cell | None]
    bars: list[int]

    @property
    def pairs(self):
        """(stage, cell), in order."""
        return list(zip(STAGES, self.cells, strict=True))


@dataclass(frozen=True)
class Funnel:
    axis: Axis
    rows: list[Row]
    total: Row

    @property
    def steps(self):
        """(stage, cell, bar) of the total, in order."""
        return list(zip(STAGES, self.total.cells, self.total.bars, strict=True))


def funnel(perimeter: Perimeter, year: int, code: str) -> Funnel:
    """The cohort of a school year by an axis, as the reader of this perimeter may see it; two queries of figures and one
    of people."""
    axis, reached = FUNNEL_AXES[code], INDICATORS["reached"]
    totals = figures.totals(perimeter, None, {year, year - 1})[reached.code]
    heads = figures.breakdown(reached, AXES.get(code, AXES[FIRST_AXIS]), perimeter, None, year, totals)
    people = _people(perimeter, year, code)
    reached_by = {part.key: part.cell for part in heads.parts} if code in AXES else {}
    # Nobody notes of heads what only the school year of a pupil tells.
    without = Cell() if code in AXES else None
    keys = axis.values({*reached_by, *people} - {UNKNOWN})
    numbers = [people.get(key, [0] * NUMBERS) for key, _label in keys]
    stopped = _followed([row[:STOPS] for row in numbers], is_exact=perimeter.is_exact)
    beside = [_beside([row[place] for row in numbers], is_exact=perimeter.is_exact) for place in BESIDE]
    followed = [[*cells, *others] for cells, *others in zip(stopped, *beside, strict=True)]
    rows = [
        _row(key, str(label), [reached_by.get(key, without), *cells])
        for (key, label), cells in zip(keys, followed[:-1], strict=True)
    ]
    return Funnel(axis, rows, _row(None, "", [heads.total, *followed[-1]]))


def _people(perimeter, year, code) -> dict[object, list[int]]:
    """Value of the axis -> how many people got no further than each of the first followed stages, then how many were never
    at each stage beside them, and how many were."""
    places = [territory.pk for territory in perimeter.territories]
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"year": year, "everywhere": not places, "places": places, "zone": settings.TIME_ZONE})
        found = cursor.fetchall()
    numbers: dict[object, list[int]] = defaultdict(lambda: [0] * NUMBERS)
    for line in found:
        values, (stage, *was_there, number) = line[: len(COLUMN)], line[len(COLUMN) :]
        key = values[COLUMN[code]]
        row = numbers[UNKNOWN if key in NOT_KNOWN else key]
        for place in (stage, *(pair.start + was for pair, was in zip(BESIDE, was_there, strict=True))):
            row[place] += number
    return dict(numbers)


def _followed(numbers: list[list[int]], *, is_exact) -> list[list[Cell]]:
    """The cells of the followed stages, row by row and the total last. Each stage holds those after it, so a difference
    between two stages tells how many stopped there: what is hidden is decided on these numbers of who stopped where,
    column by column, and a cell is seen only when everything that it is made of may be seen."""
    sums = [sum(row[place] for row in numbers) for place in range(3)]
    hidden = [[False] * 3 for _row in numbers]
    is_all_hidden = False
    if not is_exact:
        columns = [hidden_parts([row[place] for row in numbers]) for place in range(3)]
        hidden = [list(row) for row in zip(*columns, strict=True)]
        is_all_hidden = any(map(is_small, sums))
    cells = [
        [_cell(row[place:], is_all_hidden or any(flags[place:])) for place in range(3)]
        for row, flags in zip(numbers, hidden, strict=True)
    ]
    return [*cells, [_cell(sums[place:], is_all_hidden) for place in range(3)]]


def _beside(numbers: list[list[int]], *, is_exact) -> list[Cell]:
    """The cells of a stage that stands beside the others, row by row and the total last. All that are interested are in
    it or not, so a cell is seen only where both numbers may be."""
    sums = [sum(row[place] for row in numbers) for place in range(2)]
    hidden = [False] * len(numbers)
    is_all_hidden = False
    if not is_exact:
        columns = [hidden_parts([row[place] for row in numbers]) for place in range(2)]
        hidden = [any(flags) for flags in zip(*columns, strict=True)]
        is_all_hidden = any(map(is_small, sums))
    cells = [_cell(row[1:], is_all_hidden or flag) for row, flag in zip(numbers, hidden, strict=True)]
    return [*cells, _cell(sums[1:], is_all_hidden)]


def _cell(numbers, is_hidden):
    return Cell(0 if is_hidden else sum(numbers), is_hidden)


def _row(key, label, cells):
    """With a cell for each stage, and how long each is drawn, in hundredths of the longest."""
    values = [cell.value if cell else 0 for cell in cells]
    widest = max(values)
    bars = [round(100 * value / widest) if widest else 0 for value in values]
    return Row(key, label, cells, bars)
