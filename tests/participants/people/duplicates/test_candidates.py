import datetime as dt

import pytest
from django.db import transaction

from participants.people.duplicates import candidates
from participants.people.duplicates.candidates import similar_to
from participants.people.models import Enrolment, Pupil
from tests.factories.organisations import SchoolFactory
from tests.factories.people import EnrolmentFactory, PupilFactory

BORN = dt.date(2010, 3, 4)


def found(*asked, **kwargs):
    return [(answer.pupil, answer.score, answer.codes) for answer in similar_to(*asked, **kwargs)]


@pytest.mark.parametrize(
    ("first", "last", "born", "score"),
    [
        ("ELOISE", "lefevre", BORN, 100),
        ("Eloise", "Lefebvre", BORN, 94),
        ("Lefèvre", "Éloïse", BORN, 94),
        ("Éloïse", "Lefèvre", dt.date(2010, 4, 3), 90),
        ("Éloïse", "Lefèvre", dt.date(2011, 3, 4), 84),
        ("Éloïse", "Lefèvre", dt.date(2010, 3, 14), 86),
    ],
)
def test_at_entry(db, first, last, born, score):
    pupil = PupilFactory(first_name="Éloïse", last_name="Lefèvre", birth_date=BORN)
    PupilFactory(first_name="Emma", last_name="Lefèvre", birth_date=BORN)
    PupilFactory(first_name="Éloïse", last_name="Lefèvre", birth_date=dt.date(2008, 11, 27))
    assert [(answer[0], answer[1]) for answer in found(first, last, born)] == [(pupil, score)]


def test_at_entry_the_school_is_evidence(db):
    enrolment = EnrolmentFactory(pupil__first_name="Éloïse", pupil__last_name="Lefèvre", pupil__birth_date=BORN)
    asked = ("Éloïse", "Lefèvre", BORN)
    same = ["last_same", "first_same", "born_same"]
    assert found(*asked, enrolment.school, year=2026) == [(enrolment.pupil, 108, [*same, "school_same"])]
    assert found(*asked, SchoolFactory(), year=2026) == []
    Enrolment.objects.update(state="left")
    assert found(*asked, SchoolFactory(), year=2026) == [(enrolment.pupil, 100, same)]


def test_at_entry_only_those_who_may_be_named(db):
    pupil = PupilFactory(first_name="Éloïse", last_name="Lefèvre", birth_date=BORN)
    assert found("Éloïse", "Lefèvre", BORN, among=Pupil.objects.none()) == []
    assert found("Éloïse", "Lefèvre", BORN, but=pupil) == []


def test_at_entry_asks_few_questions(db, django_assert_num_queries):
    for _n in range(3):
        PupilFactory(first_name="Éloïse", last_name="Lefèvre", birth_date=BORN)
    with django_assert_num_queries(6):
        assert len(similar_to("Elloise", "Lefèvre", BORN)) == 3


def test_a_first_name_that_many_bear_is_a_name(db):
    twin = PupilFactory(first_name="Lilwenn", last_name="Le Goff", birth_date=BORN)
    assert found("Lilwena", "Le Goff", BORN) == [(twin, 92, ["last_same", "first_letter", "born_same"])]
    for name in ("Lilwenn", "Lilwenn", "Lilwena", "Lilwena", "Lilwena"):
        PupilFactory(first_name=name)
    assert found("Lilwena", "Le Goff", BORN) == []


def test_pairs_meet_all_with_all_and_some_with_all(db):
    one = PupilFactory(first_name="Éloïse", last_name="Lefèvre", birth_date=BORN)
    other = PupilFactory(first_name="Lefebvre", last_name="Eloise", birth_date=dt.date(2010, 4, 3))
    third = PupilFactory(first_name="Éloise", last_name="Lefevre", birth_date=dt.date(2010, 3, 5))
    PupilFactory(first_name="Emma", last_name="Martin", birth_date=dt.date(2009, 3, 4))
    Pupil.objects.filter(pk=PupilFactory().pk).update(
        is_statistic=True, first_name="", last_name="", birth_date=None, email=""
    )
    with transaction.atomic():
        everything = candidates.pairs()
    assert (one.pk, other.pk) in everything
    assert (one.pk, third.pk) in everything
    assert candidates.pairs([third.pk]) == [pair for pair in everything if third.pk in pair]
    assert list(candidates.weighed(everything)) == [
        (one.pk, other.pk, ["names_swapped_alike", "born_swapped"]),
        (one.pk, third.pk, ["last_same", "first_same", "born_digit"]),
    ]
