"""The rows of an import on their way into the tables: staged by COPY, compared and written set by set, in SQL.

A None says nothing: `coalesce(new, old)` keeps what is known. Only rows that really change are touched.
"""
# ruff: noqa: S608 - the statements are put together from names of this module only

from django.db import connection

from participants.organisations.directory.report import Changes

SCHOOL = "organisations_school"
YEAR = "organisations_schoolyearprofile"
MANY = 1000  # new rows after which the planner must look at the table again before it plans
TEXT = dict.fromkeys(
    ["nature_code", "address", "postcode", "commune_code", "commune", "siret", "email", "phone", "website"], "''"
)
# Field of a school -> its value in a new row where the file says nothing.
SCHOOL_FIELDS = {
    "name": "''",
    "kind": "'other'",
    "is_section": "false",
    "sector": "'unknown'",
    "state": "'open'",
    **TEXT,
    **dict.fromkeys(["departement_id", "academie_id", "latitude", "longitude"], "null"),
    **dict.fromkeys(["has_general", "has_technological", "has_vocational"], "null"),
}
YEAR_FIELDS = {
    "priority_education": "'unknown'",
    "neighbourhood": "'unknown'",
    "neighbourhood_version": "null",
    "ips": "null",
    "ips_series": "''",
    "head_count": "null",
}
STAGED_SCHOOL = {
    **dict.fromkeys(["uai", "name", "kind", "sector", "state", *TEXT, "departement", "academie", "mother_uai"], "text"),
    **dict.fromkeys(["is_section", "is_approximate", "is_secondary_site"], "boolean"),
    **dict.fromkeys(["has_general", "has_technological", "has_vocational"], "boolean"),
    **dict.fromkeys(["latitude", "longitude"], "double precision"),
    "line": "integer",
}
STAGED_YEAR = {
    "line": "integer",
    "uai": "text",
    "school_year": "integer",
    "priority_education": "text",
    "neighbourhood": "text",
    "neighbourhood_version": "integer",
    "ips": "numeric(4, 1)",
    "ips_series": "text",
    "head_count": "integer",
}


def _run(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def make_room():
    """Empty tables of this transaction for what the file says."""
    for table, columns in (("staged_school", STAGED_SCHOOL), ("staged_year", STAGED_YEAR)):
        described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        _run(f"DROP TABLE IF EXISTS pg_temp.{table}")
        _run(f"CREATE TEMPORARY TABLE {table} ({described}) ON COMMIT DROP")


def stage(table: str, columns: dict, rows: list[dict]):
    """Send rows into a staging table by COPY."""
    names = list(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row.get(name) for name in names])


def settle_schools() -> int:
    """One row a UAI with its territories: a main site before its annexes, with every track that one of them has.
    Returns how many lines were merged away."""
    tracks = ", ".join(f"bool_or(s.{name}) OVER sites AS {name}" for name in STAGED_SCHOOL if name.startswith("has_"))
    others = ", ".join(f"s.{name}" for name in STAGED_SCHOOL if not name.startswith("has_"))
    _run("DROP TABLE IF EXISTS pg_temp.incoming_school")
    _run(
        f"""
        CREATE TEMPORARY TABLE incoming_school ON COMMIT DROP AS
        SELECT DISTINCT ON (s.uai) {others}, {tracks},
            d.id AS departement_id, coalesce(a.id, d.academie_id) AS academie_id,
            NOT EXISTS (SELECT FROM {SCHOOL} held WHERE held.uai = s.uai) AS is_new
        FROM staged_school s
        LEFT JOIN organisations_territory d ON d.kind = 'departement' AND d.code = s.departement
        LEFT JOIN organisations_territory a ON a.kind = 'academie' AND a.code = s.academie
        WINDOW sites AS (PARTITION BY s.uai)
        ORDER BY s.uai, s.is_secondary_site,
            coalesce(s.has_general, false)::int + coalesce(s.has_technological, false)::int
            + coalesce(s.has_vocational, false)::int DESC, s.name, s.address, s.line
        """
    )
    _run("CREATE UNIQUE INDEX ON incoming_school (uai)")
    _run("ANALYZE incoming_school")
    [[merged]] = _run("SELECT (SELECT count(*) FROM staged_school) - (SELECT count(*) FROM incoming_school)")
    return merged


def unknown_territories() -> list[tuple[int, str]]:
    """The first line that names each département that we do not know."""
    return _run(
        """
        SELECT min(line), departement FROM staged_school s
        WHERE departement IS NOT NULL AND NOT EXISTS (
            SELECT FROM organisations_territory t WHERE t.kind = 'departement' AND t.code = s.departement)
        GROUP BY departement ORDER BY 1
        """
    )


def absent_schools(*, close: bool) -> int:
    """How many open schools the file should name and does not: of the départements that it names, and of the kinds of
    which it names at least half there (a file of lycées says nothing about collèges). Closes them if told to."""
    absent = f"""
        held.uai IS NOT NULL AND held.state <> 'closed'
        AND held.departement_id IN (SELECT departement_id FROM incoming_school)
        AND NOT EXISTS (SELECT FROM incoming_school i WHERE i.uai = held.uai)
        AND held.kind IN (
            SELECT other.kind FROM {SCHOOL} other LEFT JOIN incoming_school i USING (uai)
            WHERE other.state <> 'closed'
                AND other.departement_id IN (SELECT departement_id FROM incoming_school)
            GROUP BY other.kind HAVING count(i.uai) * 2 >= count(*))
    """
    if close:
        return _run(f"UPDATE {SCHOOL} held SET state = 'closed', imported_at = now() WHERE {absent}")
    [[count]] = _run(f"SELECT count(*) FROM {SCHOOL} held WHERE {absent}")
    return count


def write_schools() -> tuple[Changes, int]:
    """Add the new schools and change the others where they differ; also says how many were closed by the file."""
    names = ", ".join(SCHOOL_FIELDS)
    values = ", ".join(f"coalesce(i.{name}, {default})" for name, default in SCHOOL_FIELDS.items())
    added = _run(
        f"""
        INSERT INTO {SCHOOL} (uai, {names}, email_domain, imported_at)
        SELECT i.uai, {values}, '', now() FROM incoming_school i WHERE i.is_new
        """
    )
    new = {name: f"coalesce(i.{name}, s.{name})" for name in SCHOOL_FIELDS}
    # A town hall never takes the place of a school's own address, and a metre is no move.
    is_near = "abs(i.latitude - s.latitude) + abs(i.longitude - s.longitude) < 1e-5"
    keeps = f"s.latitude IS NOT NULL AND (i.is_approximate OR {is_near})"
    for name in ("latitude", "longitude"):
        new[name] = f"CASE WHEN {keeps} THEN s.{name} ELSE coalesce(i.{name}, s.{name}) END"
    new["mother_id"] = "coalesce(nullif(m.id, s.id), s.mother_id)"
    joined = f"{SCHOOL} s JOIN incoming_school i USING (uai) LEFT JOIN {SCHOOL} m ON m.uai = i.mother_uai"
    [[closed]] = _run(
        f"SELECT count(*) FROM {joined} WHERE NOT i.is_new AND i.state = 'closed' AND s.state <> 'closed'"
    )
    changes = _write(SCHOOL, joined, new, "s.id", is_new="i.is_new", touch=", imported_at = now()")
    changes.added = added
    # Else the first searches would read through the list of entries that wait for their place in the index.
    _run("SELECT gin_clean_pending_list('organisations_school_search')")
    if added > MANY:
        _run(f"ANALYZE {SCHOOL}")
    return changes, closed


def settle_years(*, undated: int | None) -> None:
    """One row a school and year; what names no year belongs to `undated`."""
    _run("UPDATE staged_year SET school_year = %s WHERE school_year IS NULL", [undated])
    _run("DROP TABLE IF EXISTS pg_temp.incoming_year")
    _run(
        f"""
        CREATE TEMPORARY TABLE incoming_year ON COMMIT DROP AS
        SELECT s.id AS school_id, y.school_year,
            coalesce(max(y.priority_education) FILTER (WHERE y.priority_education <> 'none'),
                     max(y.priority_education)) AS priority_education,
            max(y.neighbourhood) AS neighbourhood, max(y.neighbourhood_version) AS neighbourhood_version,
            max(y.ips) AS ips, max(y.ips_series) AS ips_series, max(y.head_count) AS head_count
        FROM staged_year y JOIN {SCHOOL} s USING (uai)
        WHERE y.school_year IS NOT NULL
            AND num_nonnulls(y.priority_education, y.neighbourhood, y.ips, y.head_count) > 0
        GROUP BY s.id, y.school_year
        """
    )
    _run("CREATE UNIQUE INDEX ON incoming_year (school_id, school_year)")
    _run("ANALYZE incoming_year")


def newest_dated_year() -> int | None:
    [[year]] = _run("SELECT max(school_year) FROM staged_year")
    return year


def has_undated_facts() -> bool:
    [[found]] = _run(
        "SELECT EXISTS (SELECT FROM staged_year WHERE school_year IS NULL"
        " AND num_nonnulls(priority_education, neighbourhood, head_count) > 0)"
    )
    return found


def unknown_schools() -> list[tuple[int, str]]:
    """Lines about a UAI that no school has."""
    return _run(
        f"SELECT DISTINCT line, uai FROM staged_year y WHERE line IS NOT NULL"
        f" AND NOT EXISTS (SELECT FROM {SCHOOL} s WHERE s.uai = y.uai) ORDER BY line"
    )


def stage_all_others_as_none():
    """Schools that a whole list of priority education does not name are not in it."""
    _run(
        f"""
        INSERT INTO staged_year (uai, priority_education)
        SELECT uai, 'none' FROM {SCHOOL} s
        WHERE NOT is_section AND state <> 'closed' AND uai IS NOT NULL
            AND NOT EXISTS (SELECT FROM staged_year y WHERE y.uai = s.uai)
        """
    )


def write_years() -> Changes:
    """Add and change the facts by year, then the fifth in which each IPS of these series lies."""
    names = ", ".join(YEAR_FIELDS)
    values = ", ".join(f"coalesce(i.{name}, {default})" for name, default in YEAR_FIELDS.items())
    new = {name: f"coalesce(i.{name}, p.{name})" for name in YEAR_FIELDS}
    joined = f"{YEAR} p JOIN incoming_year i USING (school_id, school_year)"
    changes = _write(YEAR, joined, new, "p.id")
    changes.added = _run(
        f"""
        INSERT INTO {YEAR} (school_id, school_year, {names}, rurality)
        SELECT i.school_id, i.school_year, {values}, 'unknown' FROM incoming_year i
        WHERE NOT EXISTS (SELECT FROM {YEAR} p WHERE p.school_id = i.school_id AND p.school_year = i.school_year)
        """
    )
    if changes.added > MANY:
        _run(f"ANALYZE {YEAR}")
    _rank_ips()
    return changes


def _write(table, joined, new, key, *, is_new="false", touch=""):
    """Count field by field what differs, then write the rows that do."""
    old = key.split(".")[0]
    differs = {name: f"{old}.{name} IS DISTINCT FROM {value}" for name, value in new.items()}
    counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in differs.values())
    any_of = " OR ".join(differs.values())
    [[held, changed, *fields]] = _run(
        f"SELECT count(*), count(*) FILTER (WHERE {any_of}), {counts} FROM {joined} WHERE NOT {is_new}"
    )
    values = ", ".join(f"{value} AS {name}" for name, value in new.items())
    assignments = ", ".join(f"{name} = n.{name}" for name in new)
    _run(
        f"UPDATE {table} t SET {assignments}{touch} FROM (SELECT {key} AS key, {values} FROM {joined} WHERE {any_of}) n"
        f" WHERE t.id = n.key"
    )
    told = {name.removesuffix("_id"): count for name, count in zip(new, fields, strict=True) if count}
    return Changes(changed=changed, unchanged=held - changed, fields=told)


def _rank_ips():
    """1 for the lowest fifth of a series and year; equals share a fifth, and fewer than five schools have none."""
    _run(
        f"""
        UPDATE {YEAR} p SET ips_quintile = ranked.fifth
        FROM (
            SELECT id, CASE WHEN count(*) OVER series >= 5
                THEN (rank() OVER (series ORDER BY ips) - 1) * 5 / count(*) OVER series + 1 END AS fifth
            FROM {YEAR}
            WHERE ips IS NOT NULL AND (school_year, ips_series) IN (
                SELECT school_year, ips_series FROM incoming_year WHERE ips IS NOT NULL)
            WINDOW series AS (PARTITION BY school_year, ips_series)
        ) ranked
        WHERE p.id = ranked.id AND p.ips_quintile IS DISTINCT FROM ranked.fifth
        """
    )
