# ruff: noqa: S608 - statements put together from the constants of this file; nothing comes from outside
"""From records to facts, in SQL: the rows of `ReachUnit` and `Participation` for whoever was touched.

The rule (README 1-5). A class counts once a year: the larger of its highest head-count in one session and its distinct
named pupils who came. A named pupil of no counted class counts alone. The public of an open event counts per session.
A cancelled session counts nothing. All of it once over the whole center and once within each pillar, each programme
and each organisation.

The same statements serve one changed head-count and the full rebuild: only the three tables of who was touched differ.
They are tables, analysed, and not subqueries: the planner guesses the size of a subquery wrong by a thousand times.
"""

from django.db import connection

TEMPORARY = (
    "taken",
    "touched_session",
    "touched_class",
    "touched_pupil",
    "read_class",
    "read_pupil",
    "presence",
    "counted",
    "best",
    "unit",
    "part",
    "standing_unit",
    "standing_part",
)

START = f"""
DROP TABLE IF EXISTS {", ".join(f"pg_temp.{name}" for name in TEMPORARY)};
CREATE TEMPORARY TABLE taken (session_id bigint, class_group_id bigint, pupil_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE touched_session (id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMPORARY TABLE touched_class (id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMPORARY TABLE touched_pupil (id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMPORARY TABLE read_class (id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMPORARY TABLE read_pupil (id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMPORARY TABLE unit (LIKE measurement_reachunit) ON COMMIT DROP;
CREATE TEMPORARY TABLE part (LIKE measurement_participation) ON COMMIT DROP;
ALTER TABLE unit DROP COLUMN id;
ALTER TABLE part DROP COLUMN id;
"""

TAKE_CHANGES = """
WITH gone AS (
    DELETE FROM activities_change WHERE id IN (
        SELECT id FROM activities_change ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING session_id, class_group_id, pupil_id
)
INSERT INTO taken SELECT DISTINCT session_id, class_group_id, pupil_id FROM gone
"""

# A note that names only a session stands for everybody counted there.
TOUCH_TAKEN = """
INSERT INTO touched_session SELECT DISTINCT session_id FROM taken WHERE session_id IS NOT NULL;
INSERT INTO touched_class
    SELECT class_group_id FROM taken WHERE class_group_id IS NOT NULL
    UNION
    SELECT headcount.class_group_id FROM activities_headcount headcount JOIN taken USING (session_id)
    WHERE taken.class_group_id IS NULL AND taken.pupil_id IS NULL AND headcount.class_group_id IS NOT NULL;
INSERT INTO touched_pupil
    SELECT pupil_id FROM taken WHERE pupil_id IS NOT NULL
    UNION
    SELECT attendance.pupil_id FROM activities_attendance attendance JOIN taken USING (session_id)
    WHERE taken.class_group_id IS NULL AND taken.pupil_id IS NULL;
"""

TOUCH_EVERYTHING = """
DELETE FROM activities_change;
INSERT INTO touched_session SELECT id FROM activities_session;
INSERT INTO touched_class SELECT id FROM organisations_classgroup;
INSERT INTO touched_pupil SELECT id FROM people_pupil;
DELETE FROM measurement_reachunit;
DELETE FROM measurement_participation;
"""

# Whether a class is counted decides how its pupils count; their presence changes how it counts only where more of them
# are known by name than heads were ever counted.
TOUCH_NEIGHBOURS = """
INSERT INTO touched_pupil
    SELECT DISTINCT enrolment.pupil_id FROM people_enrolment enrolment
    JOIN touched_class ON touched_class.id = enrolment.class_group_id
    ON CONFLICT DO NOTHING;
ANALYZE touched_class, touched_pupil;
INSERT INTO read_class
    SELECT id FROM touched_class
    UNION
    SELECT enrolment.class_group_id FROM people_enrolment enrolment
    JOIN touched_pupil ON touched_pupil.id = enrolment.pupil_id
    WHERE EXISTS (SELECT FROM activities_headcount WHERE class_group_id = enrolment.class_group_id);
ANALYZE read_class;
INSERT INTO read_pupil SELECT id FROM touched_pupil;
WITH crowded AS (
    SELECT id FROM read_class
    WHERE (SELECT count(*) FROM people_enrolment WHERE class_group_id = read_class.id)
        > (SELECT min(total) FROM activities_headcount WHERE class_group_id = read_class.id)
), also_touched AS (
    INSERT INTO touched_class SELECT id FROM crowded ON CONFLICT DO NOTHING
)
INSERT INTO read_pupil
    SELECT enrolment.pupil_id FROM people_enrolment enrolment JOIN crowded ON crowded.id = enrolment.class_group_id
    ON CONFLICT DO NOTHING;
ANALYZE touched_session, touched_class, read_pupil;
"""

# Sessions in the order in which they took place, as one number, so that "the first one" is a plain minimum: the minute
# in front, the key behind (33 bits hold more sessions than there will be).
HELD = """(
    SELECT session.id AS session_id, session.school_id, activity.school_year, activity.organisation_id,
        activity.programme_id, programme.pillar,
        (extract(epoch FROM session.starts_at)::bigint / 60 << 33) + session.id AS turn
    FROM activities_session session
    JOIN activities_activity activity ON activity.id = session.activity_id
    JOIN activities_programme programme ON programme.id = activity.programme_id
    WHERE session.state = 'planned'
) held"""
TURN_TO_SESSION = "JOIN activities_session session ON session.id = {0}.turn & ((1::bigint << 33) - 1)"
IN_CHARGE = "JOIN activities_activity activity ON activity.id = session.activity_id"
EACH_WITHIN = """
CROSS JOIN LATERAL (VALUES
    ('all', 0::bigint), ('pillar', {0}.pillar), ('programme', {0}.programme_id), ('organisation', {0}.organisation_id)
) circle (within, within_id)"""
CAME = "attendance.status IN ('present', 'late', 'left_early')"

# Every named pupil's year, within each circle; the profile is the one of that year.
GATHER_PRESENCE = f"""
CREATE TEMPORARY TABLE presence ON COMMIT DROP AS
SELECT circle.within, circle.within_id, part.school_year, part.pupil_id,
    sum(part.attended)::int AS attended, sum(part.expected)::int AS expected, sum(part.minutes)::int AS minutes,
    coalesce(min(part.turn), min(part.expected_turn)) AS turn,
    enrolment.school_id, enrolment.class_group_id, pupil.sex,
    coalesce(nullif(enrolment.level, 'unknown'), class.level, 'unknown') AS level
FROM (
    SELECT attendance.pupil_id, held.school_year, held.pillar, held.programme_id, held.organisation_id,
        count(*) FILTER (WHERE {CAME}) AS attended, count(*) AS expected, sum(attendance.minutes) AS minutes,
        min(held.turn) FILTER (WHERE {CAME}) AS turn, min(held.turn) AS expected_turn
    FROM activities_attendance attendance
    JOIN read_pupil ON read_pupil.id = attendance.pupil_id
    JOIN {HELD} USING (session_id)
    GROUP BY 1, 2, 3, 4, 5
) part
{EACH_WITHIN.format("part")}
JOIN people_pupil pupil ON pupil.id = part.pupil_id
LEFT JOIN people_enrolment enrolment ON enrolment.pupil_id = part.pupil_id AND enrolment.school_year = part.school_year
LEFT JOIN organisations_classgroup class ON class.id = enrolment.class_group_id
GROUP BY 1, 2, 3, 4, enrolment.school_id, enrolment.class_group_id, pupil.sex, enrolment.level, class.level;
ANALYZE presence;
"""

GATHER_COUNTS = f"""
CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
SELECT circle.within, circle.within_id, held.school_year, headcount.class_group_id, held.session_id, held.turn,
    held.organisation_id, class.school_id, coalesce(nullif(headcount.level, 'unknown'), class.level) AS level,
    sum(headcount.total)::int AS total, sum(headcount.girls)::int AS girls, sum(headcount.boys)::int AS boys
FROM activities_headcount headcount
JOIN read_class ON read_class.id = headcount.class_group_id
JOIN organisations_classgroup class ON class.id = headcount.class_group_id
JOIN {HELD} USING (session_id)
{EACH_WITHIN.format("held")}
WHERE headcount.total > 0
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
CREATE TEMPORARY TABLE best ON COMMIT DROP AS
SELECT highest.*, coalesce(named.named, 0) AS named
FROM (
    SELECT DISTINCT ON (within, within_id, school_year, class_group_id)
        within, within_id, school_year, class_group_id, school_id, session_id, sum(total) AS total
    FROM counted
    GROUP BY within, within_id, school_year, class_group_id, school_id, session_id, turn
    ORDER BY within, within_id, school_year, class_group_id, sum(total) DESC, turn
) highest
LEFT JOIN (
    SELECT within, within_id, school_year, class_group_id, count(*) AS named
    FROM presence WHERE attended > 0 GROUP BY 1, 2, 3, 4
) named USING (within, within_id, school_year, class_group_id);
ANALYZE best;
"""

UNIT_COLUMNS = """within, within_id, school_year, level, school_id, organisation_id, class_group_id, pupil_id, session_id,
    count, girls, boys"""
PART_COLUMNS = """within, within_id, school_year, level, school_id, organisation_id, class_group_id, pupil_id, session_id,
    sex, attended, expected, minutes"""
UNIT = f"INSERT INTO unit ({UNIT_COLUMNS})"

WRITE_CLASSES_BY_COUNT = f"""{UNIT}
SELECT within, within_id, school_year, counted.level, counted.school_id, counted.organisation_id, class_group_id, NULL,
    session_id, counted.total, counted.girls, counted.boys
FROM counted JOIN best USING (within, within_id, school_year, class_group_id, session_id)
JOIN touched_class ON touched_class.id = class_group_id
WHERE best.total >= best.named
"""
WRITE_CLASSES_BY_NAME = f"""{UNIT}
SELECT named.within, named.within_id, named.school_year, named.level, named.school_id, activity.organisation_id,
    named.class_group_id, NULL, session.id, named.count, named.girls, named.boys
FROM (
    SELECT within, within_id, school_year, presence.level, best.school_id, class_group_id, min(turn) AS turn,
        count(*) AS count, count(*) FILTER (WHERE sex = 'F') AS girls, count(*) FILTER (WHERE sex = 'M') AS boys
    FROM presence JOIN best USING (within, within_id, school_year, class_group_id)
    JOIN touched_class ON touched_class.id = class_group_id
    WHERE presence.attended > 0 AND best.total < best.named
    GROUP BY 1, 2, 3, 4, 5, 6
) named
{TURN_TO_SESSION.format("named")} {IN_CHARGE}
"""
WRITE_PUPILS = f"""{UNIT}
SELECT within, within_id, presence.school_year, level, presence.school_id, activity.organisation_id, NULL, pupil_id,
    session.id, 1, (sex = 'F')::int, (sex = 'M')::int
FROM presence
JOIN touched_pupil ON touched_pupil.id = presence.pupil_id
{TURN_TO_SESSION.format("presence")} {IN_CHARGE}
WHERE attended > 0 AND NOT EXISTS (
    SELECT FROM best WHERE best.class_group_id = presence.class_group_id
        AND (best.within, best.within_id, best.school_year)
            = (presence.within, presence.within_id, presence.school_year)
)
"""
WRITE_PUBLIC = f"""{UNIT}
SELECT circle.within, circle.within_id, held.school_year, headcount.level, held.school_id, held.organisation_id, NULL,
    NULL, session_id, headcount.total, headcount.girls, headcount.boys
FROM activities_headcount headcount
JOIN touched_session ON touched_session.id = headcount.session_id
JOIN {HELD} USING (session_id)
{EACH_WITHIN.format("held")}
WHERE headcount.class_group_id IS NULL AND headcount.total > 0
"""
WRITE_PARTICIPATIONS = f"""
INSERT INTO part ({PART_COLUMNS})
SELECT within, within_id, presence.school_year, level, presence.school_id, activity.organisation_id,
    presence.class_group_id, pupil_id, session.id, sex, attended, expected, minutes
FROM presence
JOIN touched_pupil ON touched_pupil.id = presence.pupil_id
{TURN_TO_SESSION.format("presence")} {IN_CHARGE}
"""


def _same(columns):
    """That two rows say the same; written so that the planner can hash it, which IS NOT DISTINCT FROM does not allow."""
    nullable = {"school_id", "class_group_id", "pupil_id"}
    pairs = ((f"old.{name}", f"new.{name}", name in nullable) for name in columns.replace(",", " ").split())
    return " AND ".join(f"coalesce({a}, 0) = coalesce({b}, 0)" if null else f"{a} = {b}" for a, b, null in pairs)


# Only what differs is written: most of what was touched turns out as it stood.
PUBLISH = f"""
ANALYZE unit, part;
CREATE TEMPORARY TABLE standing_unit ON COMMIT DROP AS
    SELECT fact.* FROM measurement_reachunit fact JOIN touched_class ON touched_class.id = fact.class_group_id
    UNION ALL
    SELECT fact.* FROM measurement_reachunit fact JOIN touched_pupil ON touched_pupil.id = fact.pupil_id
    UNION ALL
    SELECT fact.* FROM measurement_reachunit fact JOIN touched_session ON touched_session.id = fact.session_id
    WHERE fact.class_group_id IS NULL AND fact.pupil_id IS NULL;
CREATE TEMPORARY TABLE standing_part ON COMMIT DROP AS
    SELECT fact.* FROM measurement_participation fact JOIN touched_pupil ON touched_pupil.id = fact.pupil_id;
ANALYZE standing_unit, standing_part;
DELETE FROM measurement_reachunit WHERE id = ANY (ARRAY(
    SELECT id FROM standing_unit old WHERE NOT EXISTS (SELECT FROM unit new WHERE {_same(UNIT_COLUMNS)})
));
DELETE FROM measurement_participation WHERE id = ANY (ARRAY(
    SELECT id FROM standing_part old WHERE NOT EXISTS (SELECT FROM part new WHERE {_same(PART_COLUMNS)})
));
INSERT INTO measurement_reachunit ({UNIT_COLUMNS})
    SELECT {UNIT_COLUMNS} FROM unit new
    WHERE NOT EXISTS (SELECT FROM standing_unit old WHERE {_same(UNIT_COLUMNS)});
INSERT INTO measurement_participation ({PART_COLUMNS})
    SELECT {PART_COLUMNS} FROM part new
    WHERE NOT EXISTS (SELECT FROM standing_part old WHERE {_same(PART_COLUMNS)});
"""
COMPUTE = (
    TOUCH_NEIGHBOURS,
    GATHER_PRESENCE,
    GATHER_COUNTS,
    WRITE_CLASSES_BY_COUNT,
    WRITE_CLASSES_BY_NAME,
    WRITE_PUPILS,
    WRITE_PUBLIC,
    WRITE_PARTICIPATIONS,
    PUBLISH,
)


def follow(limit: int) -> int:
    """Take up to so many notes of change and recompute the facts of whoever they name; how many different ones."""
    with connection.cursor() as cursor:
        cursor.execute(START)
        cursor.execute(TAKE_CHANGES, [limit])
        if taken := cursor.rowcount:
            _run(cursor, TOUCH_TAKEN, *COMPUTE)
    return taken


def rebuild() -> None:
    """Compute every fact again from the records alone."""
    with connection.cursor() as cursor:
        cursor.execute(START)
        _run(cursor, TOUCH_EVERYTHING, *COMPUTE)


def _run(cursor, *statements):
    for statement in statements:
        cursor.execute(statement)
