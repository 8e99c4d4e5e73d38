"""Which schools need a campaign most, each reason as a fact of its own, and where nobody has been.

One statement for the whole directory: nothing is asked school by school.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.organisations.ground import ground
from programs.awareness.models import Campaign

LONG_AGO = 3  # school years
FAR = 30  # kilometres from the nearest campus: what lies further and was never reached is a white zone
WIDTH, GRAIN = 600, 13

# The points of a need: nobody came before all else, then who the pupils are, then where they live.
FACTS = """
WITH told AS (
    SELECT school_id,
        (array_agg(priority_education ORDER BY school_year DESC) FILTER (WHERE priority_education <> 'unknown'))[1]
            AS priority,
        (array_agg(ips_quintile ORDER BY school_year DESC) FILTER (WHERE ips_quintile IS NOT NULL))[1] AS quintile,
        (array_agg(rurality ORDER BY school_year DESC) FILTER (WHERE rurality <> 'unknown'))[1] AS rurality
    FROM organisations_schoolyearprofile WHERE school_year <= %(year)s GROUP BY school_id
), reached AS (
    SELECT class.school_id, max(session.starts_at) FILTER (WHERE session.ends_at <= %(now)s) AS last_at,
        min(session.starts_at) FILTER (WHERE session.ends_at > %(now)s) AS planned_at
    FROM activities_booking AS booking
    JOIN organisations_classgroup AS class ON class.id = booking.class_group_id
    JOIN activities_session AS session ON session.id = booking.session_id AND session.state = 'planned'
    WHERE booking.stage IN ('confirmed', 'completed') GROUP BY class.school_id
), fact AS (
    SELECT school.id, school.name, school.kind, school.commune, school.sort_name, school.latitude, school.longitude,
        department.code AS departement, department.name AS departement_name,
        told.priority, told.quintile, told.rurality, reached.last_at, reached.planned_at,
        (SELECT round(min(2 * 6371 * asin(sqrt(
                sin(radians(campus.latitude - school.latitude) / 2) ^ 2
                + cos(radians(school.latitude)) * cos(radians(campus.latitude))
                    * sin(radians(campus.longitude - school.longitude) / 2) ^ 2)))::numeric)::int
            FROM unnest(%(latitudes)s::float8[], %(longitudes)s::float8[]) AS campus (latitude, longitude)) AS km
    FROM organisations_school AS school
    LEFT JOIN organisations_territory AS department ON department.id = school.departement_id
    LEFT JOIN told ON told.school_id = school.id
    LEFT JOIN reached ON reached.school_id = school.id
    WHERE NOT school.is_section AND school.state <> 'closed' AND school.kind = ANY(%(kinds)s)
        AND (%(territory)s::bigint IS NULL OR %(territory)s IN (school.departement_id, school.academie_id))
        AND NOT EXISTS (SELECT FROM awareness_campaignschool AS taken
            WHERE taken.school_id = school.id AND taken.campaign_id = %(campaign)s)
), need AS (
    SELECT fact.*,
        CASE WHEN planned_at IS NOT NULL THEN 0 WHEN last_at IS NULL THEN 3 WHEN last_at < %(long_ago)s THEN 2 ELSE 0 END
        + CASE quintile WHEN 1 THEN 3 WHEN 2 THEN 2 ELSE 0 END
        + CASE priority WHEN 'REP+' THEN 3 WHEN 'REP' THEN 2 ELSE 0 END
        + CASE rurality WHEN 'rural' THEN 1 ELSE 0 END
        + CASE WHEN km > %(far)s THEN 1 ELSE 0 END AS need
    FROM fact
)
SELECT {columns} FROM need
WHERE (%(reach)s = '' OR (planned_at IS NULL
        AND (last_at IS NULL OR (%(reach)s = 'long' AND last_at < %(long_ago)s))))
    AND (%(quintile)s::int IS NULL OR quintile <= %(quintile)s)
    AND (%(priorities)s::text[] IS NULL OR priority = ANY(%(priorities)s))
    AND (%(rurality)s = '' OR rurality = %(rurality)s)
    AND (%(nearer)s::int IS NULL OR km <= %(nearer)s)
    AND (%(further)s::int IS NULL OR km > %(further)s)
{tail}
"""
ROW = (
    "id, name, kind, commune, departement, priority, quintile, rurality, last_at, planned_at, km, need,"
    " count(*) OVER () AS found"
)
LYCEES = ["lycee_gt", "lycee_polyvalent", "lycee_pro", "lycee_agricole"]


@dataclass(frozen=True)
class Wanted:
    """What narrows the list."""

    kinds: list[str] = field(default_factory=lambda: list(LYCEES))
    territory: int | None = None
    reach: str = ""  # "", "never", "long": never or long not reached
    quintile: int | None = None
    priorities: list[str] | None = None
    rurality: str = ""
    nearer: int | None = None
    further: int | None = None


@dataclass(frozen=True)
class Need:
    """A school and what speaks for it."""

    id: int
    name: str
    kind: str
    commune: str
    departement: str | None
    priority: str | None
    quintile: int | None
    rurality: str | None
    last_at: dt.datetime | None
    planned_at: dt.datetime | None
    km: int | None
    need: int
    found: int

    @property
    def reasons(self) -> list[str]:
        """Each fact by itself, in words."""
        facts = []
        if self.last_at is None:
            facts.append(_("never reached"))
        else:
            facts.append(_("last reached in %(month)s") % {"month": date_format(self.last_at, "F Y")})
        if self.planned_at:
            facts.append(_("a date is planned in %(month)s") % {"month": date_format(self.planned_at, "F Y")})
        if self.quintile is None:
            facts.append(_("IPS unknown"))
        else:
            facts.append(_("IPS: fifth %(fifth)s of 5") % {"fifth": self.quintile})
        if self.priority in {"REP", "REP+"}:
            facts.append(self.priority)
        if self.rurality == "rural":
            facts.append(_("rural"))
        if self.km is not None:
            facts.append(_("%(km)s km from the nearest campus") % {"km": self.km})
        return facts


def in_need(campaign: Campaign, wanted: Wanted, campuses, *, first: int = 50, skip: int = 0) -> list[Need]:
    """The schools that are not yet in the campaign, those with the greatest need first."""
    tail = "ORDER BY need DESC, last_at ASC NULLS FIRST, sort_name, id LIMIT %(first)s OFFSET %(skip)s"
    values = _values(campaign, wanted, campuses) | {"first": first, "skip": skip}
    return [Need(*row) for row in _ask(FACTS.format(columns=ROW, tail=tail), values)]


@dataclass
class Cell:
    """A piece of the map: how many schools lie there, and how many were reached in the last years."""

    x: int
    y: int
    schools: int = 0
    reached: int = 0

    @property
    def is_white(self):
        return not self.reached


@dataclass(frozen=True)
class Coverage:
    """The drawing, and the same by département for those who do not see it."""

    ground: object
    cells: list[Cell]
    radius: int
    by_departement: list[tuple]


def coverage(campaign: Campaign, wanted: Wanted, campuses) -> Coverage:
    """Where the schools of the list lie, and where nobody has been for years."""
    columns = (
        "latitude, longitude, coalesce(last_at >= %(long_ago)s, false),"
        " departement, departement_name, last_at IS NULL AND planned_at IS NULL AND km > %(far)s"
    )
    rows = _ask(FACTS.format(columns=columns, tail=""), _values(campaign, wanted, campuses))
    below = ground()
    grain = below.pixels(GRAIN, WIDTH)
    cells: dict = {}
    lines: dict = {}
    for latitude, longitude, is_reached, code, name, is_white in rows:
        line = lines.setdefault(code, [code or "–", name or _("unknown"), 0, 0, 0])
        line[2] += 1
        line[3] += is_reached
        line[4] += bool(is_white)
        spot = below.place(latitude, longitude) if latitude is not None else None
        if spot:
            key = (round(spot[0] / grain), round(spot[1] / grain))
            cell = cells.setdefault(key, Cell(round(key[0] * grain), round(key[1] * grain)))
            cell.schools += 1
            cell.reached += is_reached
    ordered = sorted(lines.values(), key=lambda line: (-line[4], line[3] - line[2], line[0]))
    return Coverage(below, list(cells.values()), round(grain * 0.45), ordered)


def _values(campaign, wanted, campuses):
    return {
        "campaign": campaign.pk,
        "year": campaign.school_year,
        "latitudes": [campus.latitude for campus in campuses],
        "longitudes": [campus.longitude for campus in campuses],
        "now": timezone.now(),
        "long_ago": timezone.now() - dt.timedelta(days=365 * LONG_AGO),
        "far": FAR,
        **wanted.__dict__,
    }


def _ask(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
