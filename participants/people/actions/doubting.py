"""Lines of a long list that are nobody by name and day of birth, set against all pupils as the search for duplicates sets
two records against each other: who looks like somebody on record is held back until the list says who it is."""

from participants.people.actions.staging import run, sql_of
from participants.people.duplicates.candidates import ALIKE, known_of, usual_names
from participants.people.duplicates.scoring import SHOWN_FROM, Known, total, weigh
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


PIECE = 20_000


def hold_back(user) -> None:
    """Hold back each line that looks like a pupil whom this user may see; `doubtful_pupil` says who and why."""
    run("CREATE TEMPORARY TABLE doubtful_pupil (line integer, pupil_id bigint, why text)")
    run(NEWCOMERS)
    run("ANALYZE pg_temp.newcomer")
    [[lines]] = run("SELECT count(DISTINCT line) FROM pg_temp.newcomer")
    seen, parameters = sql_of(Pupil.objects.visible_to(user))
    meetings = f"({BY_ALL_KEYS if lines >= MANY else BY_KEY} UNION {BY_DAY})"
    statement = f"SELECT line, id FROM {meetings} m WHERE id IN ({seen}) ORDER BY 1, 2"  # noqa: S608 - names of ours
    met = run(statement, [ALIKE, *parameters])
    for line, (_score, pupil, codes) in _likest(met).items():
        run("INSERT INTO pg_temp.doubtful_pupil VALUES (%s, %s, %s)", [line, pupil, " ".join(codes)])
    run(
        "UPDATE pg_temp.settled_pupil s SET doubt = ' last_name:maybe_known'"
        " FROM pg_temp.doubtful_pupil d WHERE d.line = s.line"
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


def _likest(met):
    """Line -> (score, pupil, evidence) of the one who is most likely this person, of those worth asking about."""
    found: dict[int, tuple] = {}
    is_usual = usual_names() if met else None
    for start in range(0, len(met), PIECE):
        piece = met[start : start + PIECE]
        known, lines = known_of({pupil for _line, pupil in piece}), _lines({line for line, _pupil in piece})
        for line, pupil in piece:
            codes = weigh(lines[line], known[pupil], is_usual)
            if total(codes) >= max(SHOWN_FROM, found.get(line, (0,))[0] + 1):
                found[line] = (total(codes), pupil, codes)
    return found


def _lines(numbers):
    told = run(
        "SELECT line, first_name, last_name, birth_date, coalesce(sex, 'N'), coalesce(email, ''), year, school_id"
        " FROM pg_temp.settled_pupil WHERE line = ANY(%s)",
        [list(numbers)],
    )
    return {line: Known(*person, {year: school}, frozenset([school])) for line, *person, year, school in told}
