"""A list of pupils in the database's hands: staged by COPY, checked and compared in sets.

`stage` fills `staged_pupil`; `find` makes `settled_pupil`, a row a line, with the pupil that it means; `doubting` holds back
who looks like somebody else; `compare` makes `incoming_pupil`: what pupil and enrolment would become, and the refusals in
the order of the columns. `upserting.write` then writes what differs.
"""

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from participants.people.columns import COLUMNS
from participants.people.models import Enrolment, Pupil, schools_to_manage
from participants.people.models.enrolment import FACTS

NAMES = [*COLUMNS, "raw_name", "refusals"]
NEWEST_ZONES = 2024
LOCK = 0x7075_7069
TABLES = ("staged_pupil", "schooled_pupil", "settled_pupil", "newcomer", "doubtful_pupil", "incoming_pupil")
DOUBT = "last_name:maybe_known"


def run(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def is_alone() -> bool:
    """Whether this list of the center is the only list of pupils that is written, until the end of the transaction."""
    [[is_free]] = run("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    return is_free


def wait_for_the_center() -> None:
    """Schools write their lists beside each other, and none beside a list of the center: two would add one pupil."""
    run("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def open_table() -> None:
    """Make room for the lines, in tables that only this connection sees."""
    close_tables()
    columns = ", ".join(f"{code} {column.sql_type}" for code, column in COLUMNS.items())
    run(f"CREATE TEMPORARY TABLE staged_pupil (line integer, {columns}, raw_name text, refusals text)")


def close_tables() -> None:
    run(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in TABLES)}")


def stage(rows: Iterable[list]) -> None:
    """Add lines: their number, the values of all columns, the name as it stood if it was cleaned, and the refusals."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY staged_pupil (line, {', '.join(NAMES)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def find(user, school_year: int) -> None:
    """Find the school and the pupil of each line."""
    run("ANALYZE pg_temp.staged_pupil")
    _find_schools(user, school_year)
    _find_pupils(user)


def _find_schools(user, school_year):
    """The school of each line and the former one, and under which name the pupil is looked for."""
    schools, own = sql_of(schools_to_manage(user))
    run(
        f"""
        CREATE TEMPORARY TABLE schooled_pupil AS
        SELECT s.*, here.id AS school_id, there.id AS former_id,
            coalesce(s.school_year, %s) AS year,
            CASE WHEN s.raw_name IS NOT NULL AND EXISTS (
                SELECT FROM people_pupil p
                WHERE p.sort_name = eoc_fold(s.raw_name) AND p.birth_date = s.birth_date)
            THEN eoc_fold(s.raw_name) ELSE eoc_fold(s.last_name || ' ' || s.first_name) END AS sort_name,
            s.refusals
            || CASE WHEN s.uai IS NOT NULL AND here.id IS NULL THEN ' uai:unknown_school' ELSE '' END
            || CASE WHEN nullif(s.former_uai, s.uai) IS NOT NULL AND there.id IS NULL
                THEN ' former_uai:unknown_school' ELSE '' END AS refused
        FROM pg_temp.staged_pupil s
        LEFT JOIN organisations_school here ON here.uai = s.uai AND here.id IN ({schools})
        LEFT JOIN organisations_school there ON there.uai = nullif(s.former_uai, s.uai)
        """,
        [school_year, *own],
    )
    run("ANALYZE pg_temp.schooled_pupil")


def _find_pupils(user):
    """Whom each line is about: its own school's pupil of this name and date of birth, or the (other) former school's."""
    pupils, seen = sql_of(Pupil.objects.visible_to(user))
    run(
        f"""
        CREATE TEMPORARY TABLE settled_pupil AS
        WITH candidates AS (
            SELECT c.line, count(*) AS named, count(*) FILTER (WHERE c.is_here) AS here,
                min(c.id) FILTER (WHERE c.is_here) AS here_id,
                count(*) FILTER (WHERE c.was_there) AS there, min(c.id) FILTER (WHERE c.was_there) AS there_id
            FROM (
                SELECT s.line, p.id,
                    EXISTS (SELECT FROM people_enrolment e WHERE e.pupil_id = p.id AND e.school_id = s.school_id)
                        AS is_here,
                    EXISTS (SELECT FROM people_enrolment e WHERE e.pupil_id = p.id AND e.school_id = s.former_id)
                        AS was_there
                FROM pg_temp.schooled_pupil s
                JOIN people_pupil p ON p.sort_name = s.sort_name AND p.birth_date = s.birth_date
                    AND NOT p.is_statistic AND p.id IN ({pupils})
                WHERE s.refused = ''
            ) c GROUP BY c.line
        ), matched AS (
            SELECT s.*, CASE WHEN c.here = 1 THEN c.here_id WHEN c.here = 0 AND c.there = 1 THEN c.there_id END AS pupil_id,
                CASE
                    WHEN s.refused <> '' THEN ''
                    WHEN c.here > 1 OR c.here = 0 AND c.there > 1 THEN ' last_name:several_pupils'
                    WHEN c.here = 1 OR c.there = 1 THEN ''
                    WHEN s.former_id IS NOT NULL THEN ' former_uai:not_at_former'
                    WHEN c.named > 0 THEN ' last_name:known_elsewhere'
                    ELSE ''
                END AS doubt
            FROM pg_temp.schooled_pupil s LEFT JOIN candidates c USING (line)
        )
        SELECT m.*, first_value(m.line) OVER (
            PARTITION BY m.refused || m.doubt <> '', coalesce(m.pupil_id::text, m.sort_name || m.birth_date)
            ORDER BY m.line) AS first_line
        FROM matched m
        """,
        seen,
    )
    run(
        "UPDATE pg_temp.settled_pupil SET doubt = ' last_name:twice'"
        " WHERE refused = '' AND doubt = '' AND first_line <> line"
    )
    run("ANALYZE pg_temp.settled_pupil")


def sql_of(queryset):
    """The ids of a queryset as SQL with its parameters."""
    return queryset.order_by().values("pk").query.sql_with_params()


def compare() -> None:
    """What the pupil and the enrolment of each line are and would become; an empty cell changes nothing."""
    today = timezone.localdate()
    enrolment, parameters = wanted_enrolment(today)
    run(
        f"""
        CREATE TEMPORARY TABLE incoming_pupil AS
        WITH wanted AS (
            SELECT s.line, trim(s.refused || s.doubt) AS refusals, s.pupil_id, e.id AS enrolment_id,
                s.first_name, s.last_name, s.birth_date, s.year AS school_year, s.school_id, s.class_name,
                coalesce(s.sex, p.sex, 'N') AS sex, coalesce(s.email, p.email, '') AS email,
                p.sex IS DISTINCT FROM coalesce(s.sex, p.sex, 'N')
                    OR p.email IS DISTINCT FROM coalesce(s.email, p.email, '') AS pupil_differs,
                CASE WHEN s.class_name IS NOT NULL THEN g.id
                    WHEN e.school_id = s.school_id THEN e.class_group_id END AS class_group_id,
                s.class_name IS NOT NULL AND g.id IS NULL AND s.refused || s.doubt = '' AS needs_class,
                e.class_group_id AS old_class, e.school_id AS old_school, n.*,
                ROW({", ".join(f"e.{name}" for name in enrolment)}) IS DISTINCT FROM
                    ROW({", ".join(f"n.{name}" for name in enrolment)}) AS facts_differ
            FROM pg_temp.settled_pupil s
            LEFT JOIN people_pupil p ON p.id = s.pupil_id
            LEFT JOIN people_enrolment e ON e.pupil_id = s.pupil_id AND e.school_year = s.year
            LEFT JOIN organisations_classgroup g ON g.school_id = s.school_id AND g.school_year = s.year
                AND eoc_fold(g.name) = eoc_fold(s.class_name)
            CROSS JOIN LATERAL (
                SELECT {", ".join(f"{value} AS {name}" for name, value in enrolment.items())}) n
        )
        SELECT w.*, w.enrolment_id IS NULL OR w.facts_differ OR w.old_school <> w.school_id OR w.needs_class
            OR w.old_class IS DISTINCT FROM w.class_group_id AS enrolment_differs
        FROM wanted w
        """,
        parameters,
    )
    run("ANALYZE pg_temp.incoming_pupil")


def wanted_enrolment(today):
    """Each column of an enrolment -> what it would be: a fact that changes is told by the school, today."""
    wanted, parameters = {}, []

    def want(name, value, *more):
        wanted[name] = value
        parameters.extend(more)

    want("state", f"coalesce(s.state, '{Enrolment.State.ENROLLED}')")  # who stands in a list is there
    want("level", "coalesce(s.level, e.level, 'unknown')")
    is_known = "coalesce(s.level, e.level, 'unknown') <> 'unknown'"
    want("expected_level", f"CASE WHEN {is_known} THEN '' ELSE coalesce(e.expected_level, '') END")
    for fact, (source, day) in FACTS.items():
        if fact not in COLUMNS:
            continue
        new = f"coalesce(s.{fact}, e.{fact}, 'unknown')"
        stays = f"e.{fact} = {new}"
        want(fact, new)
        want(source, f"CASE WHEN {new} = 'unknown' THEN '' WHEN {stays} THEN e.{source} ELSE 'school' END")
        want(day, f"CASE WHEN {new} = 'unknown' THEN NULL WHEN {stays} THEN e.{day} ELSE %s::date END", today)
    is_holder = "coalesce(s.scholarship, e.scholarship) = 'yes'"
    want("scholarship_scale", f"CASE WHEN {is_holder} THEN coalesce(e.scholarship_scale, '') ELSE '' END")
    want("scholarship_step", f"CASE WHEN {is_holder} THEN e.scholarship_step END")
    new = "coalesce(s.priority_neighbourhood, e.priority_neighbourhood, 'unknown')"
    zones = f"CASE WHEN {new} = 'unknown' THEN NULL WHEN e.priority_neighbourhood = {new} THEN e.neighbourhood_version"
    want("neighbourhood_version", f"{zones} ELSE {NEWEST_ZONES} END")
    return wanted, parameters


def outcome() -> dict[str, int]:
    """How many lines are new, changed, the same, doubtful and refused, and how many classes would be added."""
    [[new, changed, same, doubtful, refused, classes]] = run(
        """
        SELECT count(*) FILTER (WHERE refusals = '' AND pupil_id IS NULL),
            count(*) FILTER (WHERE refusals = '' AND pupil_id IS NOT NULL AND (pupil_differs OR enrolment_differs)),
            count(*) FILTER (WHERE refusals = '' AND pupil_id IS NOT NULL AND NOT (pupil_differs OR enrolment_differs)),
            count(*) FILTER (WHERE refusals = %(doubt)s),
            count(*) FILTER (WHERE refusals NOT IN ('', %(doubt)s)),
            count(DISTINCT (school_id, school_year, eoc_fold(class_name))) FILTER (WHERE needs_class)
        FROM pg_temp.incoming_pupil
        """,
        {"doubt": DOUBT},
    )
    counts = {"new": new, "changed": changed, "same": same, "doubtful": doubtful}
    return counts | {"refused": refused, "classes": classes}


def refused():
    """The refused lines, a few at a time: line and refusals."""
    wanted = "SELECT line, refusals FROM pg_temp.incoming_pupil WHERE refusals NOT IN ('', %s) ORDER BY line"
    with connection.chunked_cursor() as cursor:
        cursor.execute(wanted, [DOUBT])
        while rows := cursor.fetchmany(1000):
            yield from rows


def outcome_by_line():
    """Each line, whether it is new, an update or skipped, and its refusals."""
    return run(
        """
        SELECT line, CASE WHEN refusals <> '' THEN 'skip' WHEN pupil_id IS NULL THEN 'new'
            WHEN pupil_differs OR enrolment_differs THEN 'update' ELSE 'skip' END, refusals
        FROM pg_temp.incoming_pupil ORDER BY line
        """
    )
