"""A line that is nobody known word for word is set against the school's pupils as two records are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.people import actions
from participants.people.models import Enrolment, Pupil
from participants.people.rosters.comparing import compare
from tests.factories.people import EnrolmentFactory, PupilFactory
from tests.participants.people.rosters.conftest import HEAD, YEAR, send, states, take

pytestmark = pytest.mark.django_db
BORN = dt.date(2012, 3, 14)


def known_here(school, last, first, born=BORN, year=YEAR - 1, **facts):
    pupil = PupilFactory(last_name=last, first_name=first, birth_date=born, **facts)
    EnrolmentFactory(pupil=pupil, school=school, school_year=year, level="4E")
    return pupil


@pytest.mark.parametrize(
    ("last", "first", "line", "codes"),
    [
        ("Bernard", "Léa", "BERNART;Léa;14/03/2012;F;3A", "last_sound first_same born_same"),
        ("Bernard", "Léa", "BERMARD;Léa;14/03/2012;F;3A", "last_letter first_same born_same"),
        ("Bernard", "Léa", "BRENARD;Léa;14/03/2012;F;3A", "last_letter first_same born_same"),
        ("Lefèvre", "Léa", "LEFAIVRE;Léa;14/03/2012;F;3A", "last_sound first_same born_same"),
        ("Philippon", "Léa", "FILIPON;Léa;14/03/2012;F;3A", "last_sound first_same born_same"),
        ("de La Tour", "Léa", "TOUR;Léa;14/03/2012;F;3A", "last_same first_same born_same"),
        ("d'Ormesson", "Léa", "ORMESSON;Léa;14/03/2012;F;3A", "last_same first_same born_same"),
        ("Dupont-Martin", "Léa", "DUPONT;Léa;14/03/2012;F;3A", "last_part first_same born_same"),
        ("Martin", "Léa", "DUPONT MARTIN;Léa;14/03/2012;F;3A", "last_part first_same born_same"),
        ("Bernard", "Mathieu", "BERNARD;Matthieu;14/03/2012;;3A", "last_same first_sound born_same"),
        ("Bernard", "Léa", "BERNART;Léa;15/03/2012;F;3A", "last_sound first_same born_digit"),
        ("Bernard", "Nicolas", "BERNARD;Nico;14/03/2012;;3A", "last_same first_short born_same"),
    ],
)
def test_a_slip_is_a_question(school, teacher, last, first, line, codes):
    pupil = known_here(school, last, first)
    row = send(school, teacher, [HEAD, line]).rows.get()
    assert (row.state, row.candidates) == ("doubtful", [[pupil.pk, f"{codes} school_same"]])


def test_twins_brothers_sisters_and_namesakes_are_new(school, teacher):
    known_here(school, "Bernard", "Gabriel")
    lines = [
        "BERNARD;Gabrielle;14/03/2012;F;3A",  # a twin
        "BERNARD;Rose;14/03/2012;F;3A",
        "BERNARD;Emma;02/09/2013;F;4A",  # a sister
        "BERNARD;Gabriel;02/09/2009;M;3A",  # a namesake
        "MOREL;Gabriel;14/03/2012;M;3A",
        "BERNART;Gabriel;03/04/2010;M;3A",  # a slip in the name, but born on quite another day
    ]
    roster = send(school, teacher, [HEAD, *lines])
    assert states(roster) == [(line, "new") for line in range(2, 8)]


def test_the_likeliest_is_named_first(school, teacher):
    near, nearer = known_here(school, "Bernard", "Léa", dt.date(2012, 3, 15)), known_here(school, "Bernart", "Léa")
    row = send(school, teacher, [HEAD, "BERNARD;Léa;14/03/2012;F;3A"]).rows.get()
    assert row.candidates == [
        [nearer.pk, "last_sound first_same born_same school_same"],
        [near.pk, "last_same first_same born_digit school_same"],
    ]


def test_the_answer_of_the_sender_counts(school, teacher):
    pupil = known_here(school, "Bernard", "Léa")
    roster = send(school, teacher, [HEAD, "BERNART;Léa;14/03/2012;F;3A"])
    actions.same_for_all(roster=roster, by=teacher)
    take(roster, teacher)
    assert (Pupil.objects.get(), pupil.enrolments.get(school_year=YEAR).class_group.name) == (pupil, "3A")


@pytest.mark.parametrize("year", [YEAR - 1, YEAR])
@pytest.mark.parametrize("line", ["BERNART;Léa;14/03/2012;F;3A", "LEA;Bernard;14/03/2012;F;3A"])
def test_of_pupils_of_other_schools_no_slip_is_told(school, teacher, line, year):
    EnrolmentFactory(pupil__last_name="Bernard", pupil__first_name="Léa", pupil__birth_date=BORN, school_year=year)
    assert states(send(school, teacher, [HEAD, line])) == [(2, "new")]


@pytest.mark.parametrize("line", ["BERNART;Léa;14/03/2012;F;3A", "LEA;Bernard;14/03/2012;F;3A"])
@pytest.mark.parametrize("year", [YEAR, YEAR + 1])
def test_by_a_slip_nobody_is_taken_out_of_the_school_of_this_year(school, teacher, line, year):
    pupil = known_here(school, "Bernard", "Léa")
    there = EnrolmentFactory(pupil=pupil, school_year=YEAR)
    assert states(send(school, teacher, [HEAD, line], year=year)) == [(2, "new")]
    Enrolment.objects.filter(pk=there.pk).update(state="left")
    assert states(send(school, teacher, [HEAD, line], year=year)) == [(2, "doubtful")]


def test_more_lines_ask_no_more_questions(school, teacher):
    def questions(roster):
        with CaptureQueriesContext(connection) as asked:
            rows = compare(roster)
        return {row.state for row in rows}, len(asked)

    names = [f"Bern{a}rd{b}" for a in "aeiou" for b in "abcdefgh"]
    for name in names:
        known_here(school, name, "Léa")
    short, long = (
        send(school, teacher, [HEAD, *(f"{name}s;Léa;14/03/2012;F;3A" for name in part)]) for part in (names[:2], names)
    )
    assert questions(short) == questions(long)
