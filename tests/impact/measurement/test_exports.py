"""The file equals the screen, cell by cell, for each kind of reader, and nothing in it calculates."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from impact.measurement import exports
from impact.measurement.screen import Screen
from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job
from participants.correspondence.spreadsheet import FORMULA_STARTS, plain
from programs.activities.models import Programme
from tests.impact.measurement.test_pages import english  # noqa: F401

STATES = [{}, {"figure": "hours", "by": "member"}, {"figure": "schools", "year": "2025"}, {"by": "programme"}]
PAYLOADS = [f"{start}cmd|' /C calc'!A0" for start in sorted(FORMULA_STARTS - {"\0", "\t", "\r", "\n"})]


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def file_of(client_for):
    """The file that a person gets who presses the button and waits for the worker."""

    def ask(user, ending, language="en", **state):
        user.language = language
        user.save()
        answer = client_for(user).post(reverse("measurement:export"), {**state, "format": ending})
        job = Job.objects.get(owner=user)
        assert answer.headers["Location"] == job.get_absolute_url()
        correspondence.work()
        job.refresh_from_db()
        assert (job.state, job.error) == ("done", "")
        return job

    return ask


def read(job):
    return openpyxl.load_workbook(io.BytesIO(job.path.read_bytes()))


def as_on_screen(cell):
    return str(cell) if cell.is_hidden else cell.value


def screen_lines(screen, axis):
    """What the table of the page shows, line for line, in the order of the axis."""
    table = screen.breakdown(axis)
    lines = [(part.label, part.cell, part.previous) for part in table.parts]
    lines.append(("Total", table.total, table.previous_total))
    return [
        (label, as_on_screen(cell), *([as_on_screen(previous)] if screen.shows_before else []))
        for label, cell, previous in lines
    ]


@pytest.mark.parametrize("state_of_page", STATES)
@pytest.mark.parametrize("role", ["coordinator", "manager", "partner", "state"])
def test_the_workbook_equals_the_screen(request, file_of, role, state_of_page):
    user = request.getfixturevalue(role)
    if state_of_page.get("by") == "programme" and role in {"manager", "partner"}:
        state_of_page = {}
    job = file_of(user, "xlsx", **state_of_page)
    screen = Screen(user, state_of_page)
    book = read(job)
    for axis in screen.axes:
        sheet = book[str(axis.label)]
        rows = [tuple(cell for cell in row if cell is not None) for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert rows == [tuple(map(number, line)) for line in screen_lines(screen, axis)]
    shown = list(book[screen.year_label].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[2], row[4]) for row in shown] == [
        (str(line.indicator.label), number(as_on_screen(line.cell)), line.target) for line in screen.headlines
    ]
    assert len(book["Definitions"]["A"]) == 7
    about = dict(book["About this file"].iter_rows(min_row=2, values_only=True))
    assert (about["Of"], about["Taken on"].date()) == (screen.perimeter.label, date(2026, 12, 1))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("role", ["coordinator", "state"])
def test_the_csv_holds_every_figure_by_every_axis(request, file_of, role, language):
    user = request.getfixturevalue(role)
    job = file_of(user, "csv", language)
    text = job.path.read_text("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";" if language == "fr" else ","))
    with translation.override(language):
        expected = [tuple(line[:3]) + tuple(line[3:6]) for line in exports.everything(Screen(user, {})).rows]
    assert job.path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(rows) == len(expected) + 1
    for row, line in zip(rows[1:], expected, strict=True):
        assert tuple(map(plain, row[:5])) == line[:5]
        read = row[5].replace(",", ".")
        assert (Decimal(read) if isinstance(line[5], int | Decimal) else row[5]) == line[5]
        assert row[6] == "2026-12-01"


def test_hidden_cells_are_marked_and_never_zero(file_of, state):
    job = file_of(state, "xlsx")
    sheet = read(job)["Level"]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        ("2de GT", "hidden"), ("Tle générale", "hidden"), ("Level not known", "hidden"), ("Total", 34),
    ]  # fmt: skip


@pytest.mark.formulas
@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_that_people_type_never_calculate(center, coordinator, file_of, payload, record_property):
    Programme.objects.filter(pk=center.talks.pk).update(name_fr=payload, name_en=payload)
    book = read(file_of(coordinator, "xlsx", by="programme"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert payload in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    Job.objects.all().delete()
    text = file_of(coordinator, "csv", by="programme").path.read_text("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    record_property("tried", len(cells) + sum(map(len, rows)))
    values = {row[4] for row in rows}
    assert f"'{payload}" in values
    assert payload in {plain(value) for value in values}


def test_without_rights_any_more_the_work_is_refused(center, partner, client_for):
    client_for(partner).post(reverse("measurement:export"), {"format": "csv"})
    partner.grants.get().scopes.all().delete()
    correspondence.work()
    job = Job.objects.get()
    assert (job.state, job.error) == ("failed", exports.GONE)


def test_others_start_nothing(center, ada, dan, client_for):
    for user in (ada, dan):
        assert client_for(user).post(reverse("measurement:export"), {"format": "csv"}).status_code == 404
    assert not Job.objects.exists()


def test_an_unknown_format_is_no_address(partner, client_for):
    assert client_for(partner).post(reverse("measurement:export"), {"format": "exe"}).status_code == 404


def number(value):
    return (
        float(value)
        if isinstance(value, Decimal) and value % 1
        else int(value)
        if isinstance(value, Decimal)
        else value
    )
