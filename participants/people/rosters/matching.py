"""Who a line may be, asked of the database for all lines at once.

The same person: same last name, first name and date of birth, accents, capitals and hyphens left aside, in this school
in whatever year. Lines that are nobody by these rules are set against the school's pupils as the search for duplicates
sets two records against each other, so that a person decides. Of a pupil of other schools only an exact match counts,
and nothing of them is told: only that there is one.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from participants.organisations.school_years import current_school_year
from participants.people.duplicates.candidates import ALIKE, weighed_lines
from participants.people.duplicates.scoring import Known, total
from participants.people.models import Roster, RosterRow

# Why a line may be somebody: one of these, or the codes of `scoring.EVIDENCE` in one string; said in the preview.
EXACT, ELSEWHERE, ELSEWHERE_NOW = "exact", "elsewhere", "elsewhere_now"

KEY = "translate(eoc_fold({0}), $$ -'.$$, '')"
OWN = "EXISTS (SELECT FROM people_enrolment e WHERE e.pupil_id = p.id AND e.school_id = %(school)s)"
ELSEWHERE_BY_NOW = """EXISTS (SELECT FROM people_enrolment e WHERE e.pupil_id = p.id AND e.school_id <> %(school)s
            AND e.school_year >= %(now)s AND e.state = 'enrolled')"""
LINE = """
    SELECT r.id, r.facts->>'last_name' AS last_name, r.facts->>'first_name' AS first_name,
        (r.facts->>'birth_date')::date AS birth_date
    FROM people_rosterrow r WHERE r.id = ANY(%(rows)s)
"""
SAME = f"""
WITH said AS MATERIALIZED ({LINE}), line AS MATERIALIZED (
    SELECT id, {KEY.format("last_name")} AS last, {KEY.format("first_name")} AS first, birth_date AS born FROM said
), known AS MATERIALIZED (
    SELECT p.id, {KEY.format("p.last_name")} AS last, {KEY.format("p.first_name")} AS first, p.birth_date AS born,
        {OWN} AS is_own, {ELSEWHERE_BY_NOW} AS is_elsewhere_now
    FROM people_pupil p WHERE NOT p.is_statistic AND p.birth_date IN (SELECT born FROM line)
)
SELECT line.id, known.id, CASE WHEN is_elsewhere_now THEN '{ELSEWHERE_NOW}' WHEN is_own THEN '{EXACT}'
        ELSE '{ELSEWHERE}' END
    FROM line JOIN known USING (last, first, born)
ORDER BY 1, 2
"""  # noqa: S608 - put together from names of this module only
# The keys and the likeness under which `candidates` lets two records meet. Who is at another school by now is not for
# this one to take.
MEETING = f"""
WITH line AS MATERIALIZED ({LINE}), own AS MATERIALIZED (
    SELECT p.id, p.first_name, p.last_name, p.birth_date, p.sort_name FROM people_pupil p
    WHERE NOT p.is_statistic AND {OWN} AND NOT {ELSEWHERE_BY_NOW}
), line_key AS MATERIALIZED (
    SELECT id, unnest(eoc_meeting_keys(first_name, last_name, birth_date)) AS key FROM line
), own_key AS MATERIALIZED (
    SELECT id, unnest(eoc_meeting_keys(first_name, last_name, birth_date)) AS key FROM own
)
SELECT line_key.id, own_key.id FROM line_key JOIN own_key USING (key)
UNION
SELECT line.id, own.id FROM line JOIN own USING (birth_date)
    WHERE similarity(own.sort_name, eoc_fold(line.last_name || ' ' || line.first_name)) >= %(alike)s
ORDER BY 1, 2
"""  # noqa: S608 - put together from names of this module only


@dataclass(frozen=True)
class Match:
    """A pupil that a line may be, and why."""

    pupil: int
    why: str


def matches_of(roster: Roster, rows: list[RosterRow]) -> dict[int, list[Match]]:
    """Row -> whom it may be. An exact match leaves no room for others."""
    # A list of the next year takes nobody out of the school of this one.
    now = min(roster.school_year, current_school_year())
    values = {"school": roster.school_id, "now": now, "alike": ALIKE}
    found: dict[int, list[Match]] = {}
    for row, pupil, why in _ask(SAME, values, rows):
        found.setdefault(row, []).append(Match(pupil, why))
    for row, matches in found.items():
        exact = [match for match in matches if match.why == EXACT]
        found[row] = exact or matches
    unknown = [row for row in rows if not any(match.why == EXACT for match in found.get(row.pk, []))]
    for row, matches in _alike(roster, unknown, values).items():
        found.setdefault(row, []).extend(matches)
    return found


def _alike(roster, rows, values):
    """Row -> pupils of the school who may be this person for all that, the likeliest first."""
    facts = {row.pk: row.facts for row in rows}
    weighed: dict[int, list[tuple[int, int, str]]] = {}
    met = _ask(MEETING, values, rows)
    for row, pupil, codes in weighed_lines(met, lambda some: {pk: _as_known(facts[pk], roster) for pk in some}):
        weighed.setdefault(row, []).append((-total(codes), pupil, " ".join(codes)))
    return {row: [Match(pupil, why) for _score, pupil, why in sorted(found)] for row, found in weighed.items()}


def _as_known(facts, roster):
    return Known(
        facts["first_name"],
        facts["last_name"],
        dt.date.fromisoformat(facts["birth_date"]),
        facts["sex"],
        facts["email"],
        years={roster.school_year: roster.school_id},
        schools=frozenset([roster.school_id]),
    )


def _ask(statement, values, rows):
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"rows": [row.pk for row in rows]})
        return cursor.fetchall()
