"""Pupils leave in a file: only those one may see and whose family agreed, on record, and they come back as they left."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from participants.accounts.roles import Role
from participants.correspondence import reading, uploads
from participants.correspondence.actions import start_job, work
from participants.correspondence.models import Job
from participants.people import exports, imports
from participants.people.actions import staging
from participants.people.actions.importing import import_pupils
from participants.people.models import Look, Pupil
from tests.factories.accounts import GrantFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    ConsentTextFactory,
    EnrolmentFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolPostFactory,
)

ODD = ["=1+1", "+33", "-2", "@SUM", "'=1", "''=1", "D’Arc", "O'Neil", 'dit "Bob"', "a;b,c", "Évé\nLou", "Zoë  Lou"]


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    with translation.override("en"):  # pages of a French reader leave theirs behind
        yield


@pytest.fixture
def center(db):
    return GrantFactory(role=Role.ADMINISTRATOR, user__language="fr").user


@pytest.fixture
def school(db):
    return SchoolFactory()


def enrol(school, agreed=True, **pupil):
    born = pupil.pop("birth_date", dt.date(2010, 3, 2))
    pupil = PupilFactory(birth_date=born, **pupil)
    group = ClassGroupFactory(school=school, school_year=2026)
    year = EnrolmentFactory(pupil=pupil, school=school, school_year=2026, class_group=group, level="2GT")
    if agreed:
        guardian = GuardianshipFactory(pupil=pupil).guardian
        text = ConsentTextFactory(purpose="taking_part", version=pupil.pk % 30000, retired_at=NOW)
        ConsentFactory(pupil=pupil, guardian=guardian, text=text, valid_until=dt.date(2099, 1, 1))
    return year


NOW = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


def exported(owner, **parameters):
    job = start_job(kind=exports.KIND, owner=owner, parameters={"format": "csv", "year": 2026} | parameters)
    work()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def lines_of(job):
    with reading.table(job.path) as rows:
        return list(rows)


def test_a_file_holds_who_is_visible_and_agreed_and_says_how_many_are_missing(center, school):
    enrol(school, last_name="Dupont", first_name="Léa")
    enrol(school, last_name="Refus", first_name="Noé", agreed=False)
    job = exported(center, columns=["last_name", "first_name", "birth_date", "uai"])
    assert lines_of(job) == [
        ["nom", "prénom", "date de naissance", "UAI de l’établissement"],
        ["Dupont", "Léa", "2010-03-02", school.uai],
    ]
    assert (job.outcome, job.file_name) == ({"left_out": 1}, "élèves-2026-2027-1-sans-accord.csv")


def test_a_teacher_exports_their_own_school_only_and_it_is_on_record(ada, school):
    own = SchoolFactory()
    GrantScopeFactory(grant=ada.grants.get(), school=own)
    mine = enrol(own, last_name="Mien")
    enrol(school, last_name="Etranger")
    job = exported(ada, columns=["last_name"])
    assert [row[0] for row in lines_of(job)[1:]] == ["Mien"]
    assert list(Look.objects.values_list("user", "pupil", "what")) == [(ada.pk, mine.pupil_id, "export")]


def test_a_workbook_has_typed_cells_for_every_reader(center, school):
    enrol(school, last_name="=1+1", first_name="Léa")
    job = exported(center, format="xlsx", columns=["last_name", "birth_date", "scholarship_step"])
    book = openpyxl.load_workbook(io.BytesIO(job.path.read_bytes()))
    head, row = book.worksheets[0].iter_rows()
    assert head[0].font.b
    assert [(cell.value, cell.data_type) for cell in row[:2]] == [("=1+1", "s"), (dt.datetime(2010, 3, 2), "d")]  # noqa: DTZ001
    read = CalamineWorkbook.from_path(str(job.path))
    assert read.get_sheet_by_index(0).to_python()[1][:2] == ["=1+1", dt.date(2010, 3, 2)]
    assert read.get_sheet_by_index(1).to_python()[1] == ["Élèves dans ce fichier", 1]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_left_comes_back_the_same(center, school, ending):
    for number, name in enumerate(ODD):
        enrol(school, last_name=name, first_name=ODD[-1 - number], birth_date=dt.date(2010, 1, 1 + number))
    job = exported(center, format=ending)
    assert job.outcome == {"left_out": 0}
    refused = []
    with reading.table(job.path) as rows:
        found = import_pupils(rows=rows, by=center, look=lambda _found: refused.extend(staging.refused()))
    assert refused == []
    assert found == {"new": 0, "changed": 0, "same": len(ODD), "doubtful": 0, "refused": 0, "classes": 0}


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]), max_size=12)


@given(names=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8), ending=st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=15)
def test_any_names_that_left_come_back_the_same(center, school, tmp_path, names, ending):
    Pupil.objects.all().delete()
    for number, (last, first) in enumerate(names):
        enrol(school, last_name=f"{last}x", first_name=f"{first}y", birth_date=dt.date(2010, 1, 1 + number))
    job = exported(center, format=ending)
    with reading.table(job.path) as rows:
        found = import_pupils(rows=rows, by=center)
    assert found == {"new": 0, "changed": 0, "same": len(names), "doubtful": 0, "refused": 0, "classes": 0}


def test_the_look_says_field_by_field_what_changes_and_who_looks_like_whom(center, school, client_for):
    lea = enrol(school, last_name="Dupont", first_name="Léa", sex="F")
    enrol(school, last_name="Martin", first_name="Noé", birth_date=dt.date(2010, 3, 4))
    lines = [
        f"Dupont;Léa;02/03/2010;{school.uai};1re générale;1G 2;oui;",
        f"Martin;Noe;03/04/2010;{school.uai};;;;",
        f"Marten;Noé;04/03/2010;{school.uai};;;;oui",
    ]
    file = io.BytesIO(("nom;prénom;né le;UAI;niveau;classe;boursier;autre personne\n" + "\n".join(lines)).encode())
    file.name = "liste.csv"
    client_for(center).post(reverse("people:pupil-import"), {"file": file})
    work()
    check = Job.objects.get()
    assert check.outcome == {"new": 1, "changed": 1, "same": 0, "doubtful": 1, "refused": 0, "classes": 1}
    book = openpyxl.load_workbook(io.BytesIO(check.path.read_bytes()))
    rows = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book}
    assert rows["Changements"] == [
        [2, "Dupont Léa", "classe", lea.class_group.name, "1G 2"],
        [2, "Dupont Léa", "niveau", "2de GT", "1re générale"],
        [2, "Dupont Léa", "boursier·ère", "inconnu", "oui"],
    ]
    [[number, sent, known, _born, why, _remedy]] = rows["Lignes douteuses"]
    assert (number, sent, known) == (3, "Martin Noe", "Martin Noé")
    assert "jour et mois de naissance intervertis" in why


def test_a_list_is_looked_at_then_taken_in(center, school, client_for):
    client = client_for(center)
    text = f"nom;prénom;né le;UAI;Couleur\nDupont;Léa;02/03/2010;{school.uai};bleu\nDupont;;02/03/2010;{school.uai};\n"
    file = io.BytesIO(text.encode("cp1252"))
    file.name = "liste.csv"
    answer = client.post(reverse("people:pupil-import"), {"file": file})
    check = Job.objects.get()
    assert (check.kind, answer.url) == (imports.CHECK, check.get_absolute_url())
    work()
    check.refresh_from_db()
    assert check.outcome == {"new": 1, "changed": 0, "same": 0, "doubtful": 0, "refused": 1, "classes": 0}
    assert not Pupil.objects.exists()
    book = openpyxl.load_workbook(io.BytesIO(check.path.read_bytes()))
    assert [cell.value for cell in book.worksheets[1][2]] == [3, "prénom", "La case est vide.", "Complétez-la."]
    assert [sheet.title for sheet in book.worksheets[2:]] == [
        "Lignes douteuses",
        "Changements",
        "Colonnes non utilisées",
    ]
    assert book.worksheets[4]["A2"].value == "Couleur"
    confirm = reverse("people:pupil-import-confirm", args=[check.pk])
    assert confirm in client.get(check.get_absolute_url()).text
    assert "Importer cette liste" in client.get(confirm).text
    client.post(confirm)
    work()
    assert Job.objects.filter(kind=imports.TAKE, state="done").count() == 1
    assert str(Pupil.objects.get()) == "Léa Dupont"
    assert uploads.find(check.parameters["upload"]) is None
    assert client.get(confirm).status_code == 200
    client.post(confirm)
    assert Job.objects.filter(kind=imports.TAKE).count() == 1


def test_the_page_of_exports_starts_a_job_without_names(center, school, client_for):
    client = client_for(center)
    enrol(school)
    page = client.get(reverse("people:pupil-export"))
    assert "Exporter des élèves" in page.text
    chosen = {"year": 2026, "level": "", "school": school.pk, "purpose": "taking_part", "format": "csv"}
    client.post(reverse("people:pupil-export"), chosen | {"columns": ["last_name"]})
    assert Job.objects.get().parameters == chosen | {"columns": ["last_name"]}


def test_a_school_sends_class_lists_and_not_this_list(db, client_for):
    """Neither by the address nor as a job that somebody starts in the name of a school."""
    post = SchoolPostFactory(verified=True)
    client = client_for(post.contact.user)
    assert client.get(reverse("people:pupil-import")).status_code == 404
    assert client.get(reverse("people:roster-new")).status_code in {200, 302}
    page = client.get(reverse("people:pupil-list")).text
    assert reverse("people:roster-new") in page
    assert f'"{reverse("people:pupil-import")}"' not in page
    for kind in (imports.CHECK, imports.TAKE):
        with pytest.raises(PermissionDenied):
            start_job(kind=kind, owner=post.contact.user, parameters={"upload": "x"})
