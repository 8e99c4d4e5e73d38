"""Who a line may be, asked of the database once for all lines.

The same person: same last name, first name and date of birth, accents, capitals and hyphens left aside, in this school
in whatever year. Doubtful, so that a person decides: names swapped, one digit of the date different, one first name
more or less. Of a pupil of other schools only an exact match counts, and nothing of them is told: only that there is
one. Twins (another first name) are nobody's duplicate.
"""

from dataclasses import dataclass

from django.db import connection

from participants.organisations.school_years import current_school_year
from participants.people.models import Roster

# Why a line may be somebody: kept with the line, said in `WHY` of the preview.
EXACT, ELSEWHERE, ELSEWHERE_NOW = "exact", "elsewhere", "elsewhere_now"

KEY = "translate(eoc_fold({0}), $$ -'.$$, '')"
WORDS = "string_to_array(btrim(regexp_replace(eoc_fold({0}), '[^a-z0-9]+', ' ', 'g')), ' ')"
STATEMENT = f"""
WITH line AS MATERIALIZED (
    SELECT r.id, {KEY.format("r.facts->>'last_name'")} AS last, {KEY.format("r.facts->>'first_name'")} AS first,
        {WORDS.format("r.facts->>'first_name'")} AS words, (r.facts->>'birth_date')::date AS born
    FROM people_rosterrow r
    WHERE r.roster_id = %(roster)s AND jsonb_typeof(r.facts) = 'object' AND r.state <> 'repeated'
), own AS MATERIALIZED (
    SELECT DISTINCT e.pupil_id AS id FROM people_enrolment e WHERE e.school_id = %(school)s
), known AS MATERIALIZED (
    SELECT p.id, {KEY.format("p.last_name")} AS last, {KEY.format("p.first_name")} AS first,
        {WORDS.format("p.first_name")} AS words, p.birth_date AS born, own.id IS NOT NULL AS is_own,
        EXISTS (SELECT FROM people_enrolment e WHERE e.pupil_id = p.id AND e.school_id <> %(school)s
            AND e.school_year >= %(now)s AND e.state = 'enrolled') AS is_elsewhere_now
    FROM people_pupil p LEFT JOIN own USING (id)
    WHERE NOT p.is_statistic AND (own.id IS NOT NULL OR p.birth_date IN (SELECT born FROM line))
)
SELECT line.id, known.id, CASE WHEN is_elsewhere_now THEN '{ELSEWHERE_NOW}' WHEN is_own THEN '{EXACT}'
        ELSE '{ELSEWHERE}' END
    FROM line JOIN known USING (last, first, born)
UNION ALL
SELECT line.id, known.id, 'swapped' FROM line JOIN known
    ON known.last = line.first AND known.first = line.last AND known.born = line.born AND line.first <> line.last
    WHERE is_own
UNION ALL
SELECT line.id, known.id, 'birth_date' FROM line JOIN known USING (last, first)
    WHERE is_own AND known.born <> line.born AND (
        (SELECT count(*) FROM generate_series(1, 8) place
            WHERE substr(to_char(known.born, 'YYYYMMDD'), place, 1) <> substr(to_char(line.born, 'YYYYMMDD'), place, 1)
        ) = 1 OR to_char(known.born, 'YYYYDDMM') = to_char(line.born, 'YYYYMMDD'))
UNION ALL
SELECT line.id, known.id, 'first_name' FROM line JOIN known USING (last, born)
    WHERE is_own AND known.first <> line.first AND cardinality(known.words) > 0 AND cardinality(line.words) > 0
    AND (known.words <@ line.words OR line.words <@ known.words)
ORDER BY 1, 2, 3
"""  # noqa: S608 - put together from names of this module only


@dataclass(frozen=True)
class Match:
    """A pupil that a line may be, and why."""

    pupil: int
    why: str


def matches_of(roster: Roster) -> dict[int, list[Match]]:
    """Row -> whom it may be. An exact match leaves no room for others."""
    with connection.cursor() as cursor:
        # A list of the next year takes nobody out of the school of this one.
        now = min(roster.school_year, current_school_year())
        values = {"roster": roster.pk, "school": roster.school_id, "now": now}
        cursor.execute(STATEMENT, values)
        found: dict[int, list[Match]] = {}
        for row, pupil, why in cursor.fetchall():
            found.setdefault(row, []).append(Match(pupil, why))
    for row, matches in found.items():
        exact = [match for match in matches if match.why == EXACT]
        found[row] = exact or matches
    return found
