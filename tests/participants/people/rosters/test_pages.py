"""The way of a teacher from the home page to a list that is taken, and what nobody else sees of it."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.correspondence import actions as correspondence
from participants.people.models import Look, Pupil, Roster
from participants.people.rosters.reading import read_table
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import (
    EnrolmentFactory,
    RosterFactory,
    RosterRowFactory,
    SchoolContactFactory,
    SchoolPostFactory,
)
from tests.participants.people.rosters.conftest import HEAD, YEAR, send, take, upload

pytestmark = pytest.mark.django_db
LEA = "DUPONT;Léa;14/03/2012;F;3A"


@pytest.fixture
def browser(client_for, teacher):
    return client_for(teacher)


@pytest.fixture
def stranger(client_for):
    """The contact of another school."""
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, verified=True)
    return client_for(contact.user)


def address(roster, step=""):
    return f"/class-lists/{roster.pk}/{step}"


def test_a_teacher_sends_a_list_and_takes_it(browser, school):
    assert "/class-lists/new/" in browser.get("/").content.decode()
    assert browser.get("/class-lists/new/").url == f"/class-lists/new/{school.pk}/"
    page = f"/class-lists/new/{school.pk}/"
    assert "Download the template" in browser.get(page).content.decode()
    sent = browser.post(page, {"file": upload([HEAD, LEA]), "school_year": YEAR})
    roster = Roster.objects.get()
    assert sent.url == address(roster)
    assert "Being read" in browser.get(address(roster)).content.decode()
    part = browser.get(address(roster), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    correspondence.work()
    assert browser.get(address(roster), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert browser.get(address(roster)).url == address(roster, "columns/")
    page = browser.get(address(roster, "columns/")).content.decode()
    assert "DUPONT" in page
    chosen = {"column_0": "last_name", "column_1": "first_name", "column_2": "birth_date", "column_4": "class_name"}
    browser.post(address(roster, "columns/"), chosen)
    correspondence.work()
    page = browser.get(address(roster)).content.decode()
    assert "Léa Dupont" in page
    assert "1 new pupil," in page
    browser.post(address(roster, "confirm/"))
    correspondence.work()
    assert "The list is taken" in browser.get(address(roster)).content.decode()
    assert Pupil.objects.get().sex == "N"
    browser.post(address(roster, "undo/"))
    assert "The list is undone" in browser.get(address(roster)).content.decode()
    assert Pupil.objects.count() == 0


def test_columns_said_twice_or_not_at_all_are_told_beside_them(browser, school, teacher):
    roster = send(school, teacher, [HEAD, LEA])
    twice = browser.post(address(roster, "columns/"), {"column_0": "last_name", "column_1": "last_name"})
    assert "Another column is this already" in twice.content.decode()
    none = browser.post(address(roster, "columns/"), {"column_0": "last_name"})
    assert "Say which columns hold the name and the date of birth." in none.content.decode()


def test_what_stands_in_a_file_is_never_taken_for_code(browser, school, teacher):
    code = "<b id=x>y</b>"
    roster = send(
        school, teacher, [f"Nom;Prénom;Né(e) le;{code}", f"DUPONT;Léa;14/03/2012;{code}", f"{code};Léa;1;{code}"]
    )
    for step in ("columns/", "?show=refused", "?show=new"):
        assert "<b id=x" not in browser.get(address(roster, step)).content.decode()


@pytest.mark.parametrize(("name", "said"), [("list.pdf", "ends in .xlsx"), ("list.csv", "larger than 10 MB")])
def test_a_file_that_is_no_list_is_refused_at_the_door(browser, school, name, said):
    content = b"x" * (11 * 1024 * 1024 if name.endswith("csv") else 10)
    page = browser.post(f"/class-lists/new/{school.pk}/", {"file": upload(content, name), "school_year": YEAR})
    assert said in page.content.decode()
    assert Roster.objects.count() == 0


def test_a_refused_file_says_why_and_what_helps(browser, school, teacher):
    roster = send(school, teacher, b"%PDF-1.7", "list.csv")
    assert (roster.state, roster.problem) == ("refused", "not_a_list")
    page = browser.get(address(roster)).content.decode()
    assert "This is neither a spreadsheet nor a CSV file" in page
    assert "Save the list as XLSX or CSV" in page


def test_the_doubtful_are_asked_and_looking_leaves_a_trace(browser, school, teacher):
    group = ClassGroupFactory(school=school, school_year=YEAR, name="3A")
    known = EnrolmentFactory(
        school=school, school_year=YEAR, class_group=group, pupil__first_name="Léa", pupil__last_name="Dupont",
        pupil__birth_date="2012-03-14",
    )  # fmt: skip
    roster = send(school, teacher, [HEAD, "DUPONT;Léa;14/03/2013;F;3A"])
    page = browser.get(address(roster)).content.decode()
    assert "Léa Dupont · 03/14/2012 · 3A · 2026-2027" in page
    assert "same last name, same first name, the years of birth are one apart, same school" in page
    assert list(Look.objects.values_list("pupil", "user")) == [(known.pupil_id, teacher.pk)]
    assert "Take this list" not in page
    row = roster.rows.get()
    browser.post(address(roster, "choose/"), {f"row-{row.pk}": "another"})
    assert "Take this list" in browser.get(address(roster)).content.decode()


def test_of_a_pupil_of_another_school_nothing_is_told(browser, school, teacher):
    EnrolmentFactory(
        school__name="Collège Secret", school_year=YEAR - 1, pupil__first_name="Léa", pupil__last_name="Dupont",
        pupil__birth_date="2012-03-14", class_group=ClassGroupFactory(name="4e Zébulon"),
    )  # fmt: skip
    roster = send(school, teacher, [HEAD, LEA])
    page = browser.get(address(roster)).content.decode()
    assert "whom the center knows" in page
    assert "Secret" not in page
    assert "Zébulon" not in page
    assert Look.objects.count() == 0


def test_refused_lines_are_downloaded_corrected_and_sent_again(browser, school, teacher, tmp_path):
    roster = take(send(school, teacher, [HEAD, LEA, ";Tom;01/12/2011;M;3A"]), teacher)
    assert "1 refused line" in browser.get(address(roster)).content.decode()
    answer = browser.get(address(roster, "refused/"))
    (tmp_path / "back.xlsx").write_bytes(answer.content)
    table = read_table(tmp_path / "back.xlsx")
    assert table.names == HEAD.split(";")
    assert table.lines == [(2, ["", "Tom", "01/12/2011", "M", "3A"])]
    again = send(school, teacher, answer.content, "back.xlsx")
    assert (again.state, again.is_mapping_confirmed) == ("ready", True)


def test_the_template_is_a_list_with_choices(browser, school, tmp_path):
    ClassGroupFactory(school=school, school_year=YEAR, name="3A")
    answer = browser.get(f"/class-lists/new/{school.pk}/template/")
    (tmp_path / "t.xlsx").write_bytes(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet, shared = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()
    assert sheet.count("<dataValidation ") == 5
    assert "<f>" not in sheet
    assert all(word in shared for word in ("Date de naissance", ">3A<", ">6e<", ">oui<"))


STEPS = ["", "columns/", "refused/"]
POSTS = ["columns/", "choose/", "confirm/", "discard/", "undo/"]


@pytest.mark.parametrize("step", STEPS)
def test_the_lists_of_another_school_do_not_exist(step, stranger, school, teacher):
    roster = send(school, teacher, [HEAD, LEA, ";Tom;01/12/2011;M;3A"])
    assert stranger.get(address(roster, step)).status_code == 404
    assert "liste.csv" not in stranger.get("/class-lists/").content.decode()


@pytest.mark.parametrize("step", POSTS)
def test_nobody_else_does_anything_with_them(step, stranger, school, teacher):
    roster = send(school, teacher, [HEAD, LEA])
    assert stranger.post(address(roster, step)).status_code == 404
    roster.refresh_from_db()
    assert roster.state == "ready"


def queries(browser, page):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        browser.get(page)
    return len(captured)


@pytest.mark.budget
def test_the_number_of_queries_does_not_grow_with_the_lines(browser, school, teacher):
    for count in (1, 3):
        roster = RosterFactory(school=school, sender=teacher, counts={"new": count})
        RosterRowFactory.create_batch(count, roster=roster)
    few, many = Roster.objects.order_by("pk")
    queries(browser, address(few))
    assert queries(browser, address(few)) == queries(browser, address(many))
    with_two = queries(browser, "/class-lists/")
    RosterFactory.create_batch(3, school=school)
    assert queries(browser, "/class-lists/") == with_two
