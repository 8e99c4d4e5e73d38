"""Lines of a long list that are nobody by name and day of birth, set against all pupils as the search for duplicates sets
two records against each other: who looks like somebody on record is held back until the list says who it is."""

from participants.people.actions.staging import DOUBT, run, sql_of
from participants.people.duplicates.candidates import ALIKE, weighed_lines
from participants.people.duplicates.scoring import Known, total
from participants.people.models import Pupil

# From so many lines on it is quicker to look at every pupil once than to look for each line.
MANY = 2000
NEWCOMERS = """
CREATE TEMPORARY TABLE newcomer AS
SELECT s.line, s.first_name, s.last_name, s.birth_date, s.sort_name, k.key
FROM pg_temp.settled_pupil s, unnest(eoc_meeting_keys(s.first_name, s.last_name, s.birth_date)) AS k(key)
WHERE s.pupil_id IS NULL AND s.refused = '' AND s.doubt = '' AND s.is_new IS DISTINCT FROM 'yes'
"""
BY_KEY = """
SELECT n.line, p.id FROM pg_temp.newcomer n
JOIN people_pupil p ON eoc_meeting_keys(p.first_name, p.last_name, p.birth_date) @> ARRAY[n.key]
WHERE NOT p.is_statistic
"""
BY_ALL_KEYS = """
SELECT n.line, p.id FROM pg_temp.newcomer n JOIN (
    SELECT id, unnest(eoc_meeting_keys(first_name, last_name, birth_date)) AS key FROM people_pupil WHERE NOT is_statistic
) p USING (key)
"""
BY_DAY = """
SELECT n.line, p.id FROM (SELECT DISTINCT line, birth_date, sort_name FROM pg_temp.newcomer) n
JOIN people_pupil p USING (birth_date)
WHERE NOT p.is_statistic AND similarity(p.sort_name, n.sort_name) >= %s
"""

LIKEST = """
CREATE TEMPORARY TABLE doubtful_pupil AS
SELECT DISTINCT ON (line) line, pupil_id, why
FROM unnest(%s::integer[], %s::bigint[], %s::integer[], %s::text[]) AS alike (line, pupil_id, score, why)
ORDER BY line, score DESC, pupil_id
"""


def hold_back(user) -> None:
    """Hold back each line that looks like a pupil whom this user may see; `doubtful_pupil` says who and why."""
    run(NEWCOMERS)
    run("ANALYZE pg_temp.newcomer")
    [[lines]] = run("SELECT count(DISTINCT line) FROM pg_temp.newcomer")
    seen, parameters = sql_of(Pupil.objects.visible_to(user))
    meetings = f"({BY_ALL_KEYS if lines >= MANY else BY_KEY} UNION {BY_DAY})"
    statement = f"SELECT line, id FROM {meetings} m WHERE id IN ({seen}) ORDER BY 1, 2"  # noqa: S608 - names of ours
    met = run(statement, [ALIKE, *parameters])
    alike = [(line, pupil, total(codes), " ".join(codes)) for line, pupil, codes in weighed_lines(met, _lines)]
    run(LIKEST, [list(column) for column in zip(*alike, strict=True)] or [[], [], [], []])
    run(
        "UPDATE pg_temp.settled_pupil s SET doubt = ' ' || %s FROM pg_temp.doubtful_pupil d WHERE d.line = s.line",
        [DOUBT],
    )


def doubtful() -> list[tuple]:
    """(line, last and first name as sent, last name, first name, day of birth of who is on record, codes of why)."""
    return run(
        """
        SELECT d.line, s.last_name || ' ' || s.first_name, p.last_name, p.first_name, p.birth_date, d.why
        FROM pg_temp.doubtful_pupil d JOIN pg_temp.settled_pupil s USING (line) JOIN people_pupil p ON p.id = d.pupil_id
        ORDER BY d.line
        """
    )


def _lines(numbers):
    told = run(
        "SELECT line, first_name, last_name, birth_date, coalesce(sex, 'N'), coalesce(email, ''), year, school_id"
        " FROM pg_temp.settled_pupil WHERE line = ANY(%s)",
        [list(numbers)],
    )
    return {line: Known(*person, {year: school}, frozenset([school])) for line, *person, year, school in told}
