import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from participants.accounts import sabotage
from participants.organisations.actions import staging
from participants.organisations.actions.territories import load_territories
from participants.organisations.directory.formats import LeftOutError, Line, RejectedError, lines_of, recognise
from participants.organisations.directory.reading import open_table
from participants.organisations.directory.report import Report
from participants.organisations.models import Territory
from participants.organisations.school_years import current_school_year

ONE_AT_A_TIME = 2_026_112_201  # key of the advisory lock; any number, as long as nobody else takes it
BATCH = 5000


@transaction.atomic
def import_schools(*, path: Path, profile_year: int | None = None, is_complete: bool = False) -> Report:
    """Read an official file about schools and bring the tables to it, all of it or nothing; says what changed.

    `profile_year` dates the facts whose file names no year. `is_complete` says that the file is the whole list: schools
    that it should name and does not are closed, or for a list of priority education, are not in it.
    """
    _wait_for_nobody()
    if not Territory.objects.exists():
        load_territories()
    staging.make_room()
    with open_table(path) as table:
        known = recognise(table)
        report = Report(format=str(known.label), is_complete=is_complete)
        file_year = _stage(lines_of(table, known), report)
    if known.is_directory:
        _take_schools(report)
    else:
        for line, uai in staging.unknown_schools():
            report.rejected.add(line, _("no school here has the UAI %(uai)s") % {"uai": uai})
        if is_complete:
            staging.stage_all_others_as_none()
    _take_years(report, profile_year or file_year, path.name, is_directory=known.is_directory)
    return report


def _wait_for_nobody():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0] and not sabotage.is_on("import_lock"):
            raise ValidationError(_("Another import of schools is running. Try again when it is done."))
        # The limit of a web request is too short for 70,000 rows.
        cursor.execute("SET LOCAL statement_timeout = '10min'")


def _stage(lines: Iterator[tuple[int, Line | RejectedError | LeftOutError]], report) -> int | None:
    """Send the lines into the staging tables, in batches; returns the newest year in which one was up to date."""
    newest = None
    while batch := list(islice(lines, BATCH)):
        schools, years = [], []
        for number, line in batch:
            report.lines += 1
            if isinstance(line, LeftOutError):
                report.left_out[str(line)] = report.left_out.get(str(line), 0) + 1
            elif isinstance(line, RejectedError):
                report.rejected.add(number, str(line))
            else:
                for warning in line.warnings:
                    report.warnings.add(number, f"{line.uai}: {warning}")
                newest = max(newest or 0, line.file_year or 0) or None
                key = {"line": number, "uai": line.uai}
                schools += [line.school | key] if line.school else []
                years += [year | key for year in line.years]
        staging.stage("staged_school", staging.STAGED_SCHOOL, schools)
        staging.stage("staged_year", staging.STAGED_YEAR, years)
    return newest


def _take_schools(report):
    report.merged = staging.settle_schools()
    for line, code in staging.unknown_territories():
        report.warnings.add(line, _("the département %(code)s is unknown") % {"code": code})
    report.absent = staging.absent_schools(close=report.is_complete)
    report.schools, closed = staging.write_schools()
    report.closed = closed + (report.absent if report.is_complete else 0)


def _take_years(report, year, file_name, *, is_directory):
    if staging.has_undated_facts():
        report.school_year = year or staging.newest_dated_year() or _year_in(file_name)
        if report.school_year is None and not is_directory:
            raise ValidationError(_("The file does not say of which school year it is: add --profile-year 2026."))
        report.school_year = report.school_year or current_school_year()
    staging.settle_years(undated=report.school_year)
    report.years = staging.write_years()


def _year_in(file_name):
    found = re.search(r"(?<!\d)20\d\d(?!\d)", file_name)
    return int(found[0]) if found else None
