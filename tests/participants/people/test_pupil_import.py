"""Lists of pupils come in: what is recognised, changed, left alone and refused, exactly."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from participants.accounts.roles import Role
from participants.organisations.models import ClassGroup
from participants.people.actions import doubting, staging, upserting
from participants.people.actions.importing import import_pupils
from participants.people.models import Enrolment, Pupil
from tests.factories.accounts import GrantFactory
from tests.factories.organisations import GrantScopeFactory, SchoolFactory

HEAD = ["Nom", "Prénom", "Né(e) le", "Sexe", "UAI", "Année scolaire", "Classe", "Niveau", "Boursier", "QPV"]


@pytest.fixture
def center(db):
    return GrantFactory(role=Role.ADMINISTRATOR).user


@pytest.fixture
def school(db):
    return SchoolFactory()


def take(by, *lines, head=HEAD, write=True):
    """The counts of a list, and its refusals by line."""
    refused = []
    found = import_pupils(
        rows=[head, *lines], by=by, write=write, school_year=2026, look=lambda _found: refused.extend(staging.refused())
    )
    return {key: count for key, count in found.items() if count}, dict(refused)


def line(school, last="Dupont", first="Léa", born="02/03/2010", sex="fille", **more):
    cells = {"year": "2026-2027", "class": "2de A", "level": "2de", "scholarship": "oui", "qpv": ""} | more
    return [
        last,
        first,
        born,
        sex,
        school.uai,
        *(cells[key] for key in ("year", "class", "level", "scholarship", "qpv")),
    ]


def test_a_new_pupil_comes_with_the_year_and_the_class(center, school):
    found, refused = take(center, line(school))
    assert (found, refused) == ({"new": 1, "classes": 1}, {})
    pupil = Pupil.objects.get()
    assert (pupil.last_name, pupil.first_name, pupil.birth_date, pupil.sex) == (
        "Dupont",
        "Léa",
        dt.date(2010, 3, 2),
        "F",
    )
    year = Enrolment.objects.get()
    assert (year.pupil, year.school, year.school_year, year.level) == (pupil, school, 2026, "2GT")
    assert (year.scholarship, year.scholarship_source, year.priority_neighbourhood) == ("yes", "school", "unknown")
    assert (year.class_group.name, year.class_group.level, year.class_group.school_year) == ("2de A", "2GT", 2026)


def test_the_same_list_again_touches_nothing(center, school):
    take(center, line(school), line(school, "Martin", "Noé"))
    before = Pupil.pgh_event_model.objects.count(), Enrolment.pgh_event_model.objects.count()
    assert take(center, line(school), line(school, "MARTIN", "Noe")) == ({"same": 2}, {})
    assert (Pupil.pgh_event_model.objects.count(), Enrolment.pgh_event_model.objects.count()) == before == (2, 2)


def test_history_says_what_changed_and_who_sent_the_list(center, school):
    take(center, line(school), line(school, "Martin", "Noé"))
    found, _refused = take(center, line(school, level="1G"), line(school, "Martin", "Noé"))
    assert found == {"changed": 1, "same": 1}
    event = Enrolment.pgh_event_model.objects.filter(pgh_label="update").get()
    assert (event.level, event.pgh_context.metadata["user"]) == ("1G", center.pk)


def test_an_empty_cell_changes_nothing_and_a_new_answer_is_told_by_the_school(center, school):
    take(center, line(school, qpv="oui"))
    Enrolment.objects.update(neighbourhood_source="family", neighbourhood_version=2015)
    assert take(center, line(school, qpv="")) == ({"same": 1}, {})
    assert take(center, line(school, qpv="oui")) == ({"same": 1}, {})
    take(center, line(school, qpv="non"))
    year = Enrolment.objects.get()
    assert (year.priority_neighbourhood, year.neighbourhood_source, year.neighbourhood_version) == (
        "no",
        "school",
        2024,
    )


@pytest.mark.django_db(transaction=True)
def test_after_a_long_list_the_planner_knows_how_long_it_was(center, school, monkeypatch):
    monkeypatch.setattr(upserting, "MANY", 3)
    counted = "SELECT reltuples FROM pg_class WHERE oid = 'people_pupil'::regclass"
    before = staging.run(counted)
    take(center, line(school), line(school, "Martin", "Noé"))
    assert staging.run(counted) == before != [(2,)]
    take(center, *(line(school, f"Petit{letter}") for letter in "abc"))
    assert staging.run(counted) == [(5,)]


def test_a_long_list_after_short_ones_does_not_read_all_pupils_for_each_line(center, school):
    letters = "abcdefghij"
    staging.run("TRUNCATE people_pupil CASCADE")  # what tests rolled back still fills pages, and plans go by pages
    take(center, line(school))
    staging.run("ANALYZE people_pupil")  # as happens by itself: the planner knows of one pupil
    for letter in letters:  # the plans of triggers are kept from the sixth use on
        take(center, line(school, f"Petit{letter}"))
    read = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'people_pupil'"
    [[before]] = staging.run(read)
    lines = [line(school, f"{a}{b}{c}") for a in letters for b in letters for c in letters]
    assert take(center, *lines)[0] == {"new": 1000}
    [[after]] = staging.run(read)
    assert after - before < 10_000  # a line that reads them all would make 1,000,000


def test_looking_writes_nothing(center, school):
    assert take(center, line(school), write=False) == ({"new": 1, "classes": 1}, {})
    assert not Pupil.objects.exists()
    assert not ClassGroup.objects.exists()


def test_each_bad_line_is_refused_by_itself_with_all_its_reasons(center, school):
    lines = [
        line(school, "", "Léa", "31/02/2010"),
        line(school, sex="chat"),
        ["Un", "Deux", "01/01/1950", "", "0932030A"],
        ["Un", "Deux", "01/01/2010", "", "0000000A", "26"],
        line(school, "Bon", "Noé"),
        line(school, "BON", "Noe"),
    ]
    found, refused = take(center, *lines)
    assert found == {"new": 1, "refused": 5, "classes": 1}
    assert refused == {
        2: "last_name:missing birth_date:not_a_date",
        3: "sex:not_an_answer",
        4: "birth_date:not_plausible uai:wrong_key",
        5: "school_year:not_a_school_year uai:unknown_school",
        7: "last_name:twice",
    }


def test_names_alone_are_never_enough(center, school):
    other = SchoolFactory()
    take(center, line(school))
    _found, refused = take(center, line(other))
    assert refused == {2: "last_name:known_elsewhere"}
    assert Pupil.objects.count() == 1


@pytest.mark.parametrize("length", [1, 40])
def test_who_looks_like_somebody_on_record_is_held_back_until_the_list_says_who(center, school, length, monkeypatch):
    monkeypatch.setattr(doubting, "MANY", 20)
    take(center, line(school), line(school, "Fontaine", "Chloé", "05/06/2010"))
    others = [line(school, f"Autre{chr(97 + n // 26)}{chr(97 + n % 26)}", "Noé", "11/12/2011") for n in range(length)]
    alike = [
        line(school, born="03/02/2010"),
        line(school, "Dupond"),
        line(school, "Léa", "Dupont"),
        line(school, "Dupont", "Zoé"),  # a twin
    ]
    found, refused = take(center, *alike, *others)
    assert (found, refused) == ({"new": 1 + length, "doubtful": 3}, {})
    head = [*HEAD, "autre personne"]
    found, refused = take(center, *([*cells, "oui"] for cells in alike[:2]), [*alike[2], "non"], head=head)
    assert (found, refused) == ({"new": 2, "doubtful": 1}, {})


def test_nobody_learns_of_pupils_that_are_not_theirs_by_likeness(center, school):
    other = SchoolFactory()
    take(center, line(school))
    grant = GrantFactory(role=Role.SCHOOL_CONTACT)
    GrantScopeFactory(grant=grant, school=other)
    assert take(grant.user, line(other, born="03/02/2010"))[0] == {"new": 1, "classes": 1}


def test_who_had_left_and_stands_in_a_list_again_is_back(center, school):
    take(center, line(school))
    Enrolment.objects.update(state="left")
    assert take(center, line(school)) == ({"changed": 1}, {})
    assert Enrolment.objects.get().state == "enrolled"
    assert take(center, [*line(school), "a quitté"], head=[*HEAD, "state"])[1] == {2: "state:not_an_answer"}
    assert take(center, [*line(school), "left"], head=[*HEAD, "state"])[0] == {"changed": 1}
    assert Enrolment.objects.get().state == "left"


def test_a_pupil_who_changes_school_is_known_by_the_former_one(center, school):
    new = SchoolFactory()
    take(center, line(school, year="2025-2026"))
    head = [*HEAD, "UAI d’origine"]
    found, refused = take(center, [*line(new), school.uai], head=head)
    assert (found, refused) == ({"changed": 1, "classes": 1}, {})
    assert list(Enrolment.objects.order_by("school_year").values_list("school", flat=True)) == [school.pk, new.pk]
    assert take(center, [*line(new, "Autre"), school.uai], head=head)[1] == {2: "former_uai:not_at_former"}


def test_twins_of_one_name_are_left_to_a_person(center, school):
    for _twin in range(2):
        pupil = Pupil.objects.create(last_name="Dupont", first_name="Léa", birth_date="2010-03-02")
        Enrolment.objects.create(pupil=pupil, school=school, school_year=2026)
    assert take(center, line(school)) == ({"refused": 1}, {2: "last_name:several_pupils"})


def test_a_teacher_reaches_their_own_school_and_learns_nothing_of_others(ada, center, school):
    own = SchoolFactory()
    GrantScopeFactory(grant=ada.grants.get(), school=own)
    take(center, line(school))
    found, refused = take(ada, line(school, "Martin"), line(own))
    assert refused == {2: "uai:unknown_school"}
    assert found == {"new": 1, "refused": 1, "classes": 1}


def test_a_list_without_the_columns_that_are_needed_is_refused(center):
    with translation.override("en"), pytest.raises(ValidationError, match="Missing: date of birth, UAI of the school"):
        take(center, head=["Nom", "Prénom"])
