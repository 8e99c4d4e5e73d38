import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from participants.people.models import Clearance, Guardian, Pupil, SchoolContact, SchoolPost, Volunteer
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory
from tests.factories.people import (
    ClearanceFactory,
    EnrolmentFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolPostFactory,
    VolunteerFactory,
)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("people_volunteer_dates_ordered", lambda: VolunteerFactory(joined_on="2026-09-02", ended_on="2026-09-01")),
        ("people_clearance_dates_ordered", lambda: ClearanceFactory(valid_until=dt.date(2026, 8, 1))),
        ("people_clearance_once_a_day", lambda: ClearanceFactory(volunteer=ClearanceFactory().volunteer)),
        ("people_enrolment_once_a_year", lambda: EnrolmentFactory(pupil=EnrolmentFactory().pupil)),
        ("people_guardianship_once", lambda: _twice(GuardianshipFactory())),
        ("people_schoolpost_one_live_per_school", lambda: _twice(SchoolPostFactory())),
        ("people_schoolpost_verified_has_proof", lambda: SchoolPostFactory(state="verified")),
    ],
)
def test_the_database_refuses(db, name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def _twice(row):
    row.pk = None
    row.save(force_insert=True)


def test_names_sort_without_accents(db):
    for name in ("Zola", "Éluard", "Eco", "d’Alembert"):
        PupilFactory(last_name=name)
    assert [pupil.last_name for pupil in Pupil.objects.order_by("sort_name")] == ["d’Alembert", "Eco", "Éluard", "Zola"]


def test_a_clearance_counts_until_its_last_day(db):
    row = ClearanceFactory(checked_on=dt.date(2026, 9, 1), valid_until=dt.date(2027, 3, 1))
    days = (dt.date(2026, 8, 31), dt.date(2026, 9, 1), dt.date(2027, 3, 1), dt.date(2027, 3, 2))
    assert [Clearance.objects.valid_on(day).filter(pk=row.pk).exists() for day in days] == [False, True, True, False]


def test_a_teacher_sees_the_pupils_of_the_school_only(db):
    post = SchoolPostFactory(verified=True)
    ours, theirs = EnrolmentFactory(school=post.school), EnrolmentFactory()
    assert set(Pupil.objects.visible_to(post.contact.user)) == {ours.pupil}
    assert theirs.school != post.school


def test_a_pending_teacher_sees_no_pupil(db):
    post = SchoolPostFactory()
    EnrolmentFactory(school=post.school)
    assert set(Pupil.objects.visible_to(post.contact.user)) == set()


def test_a_guardian_sees_their_own_children(db):
    link, user = GuardianshipFactory(), UserFactory()
    GuardianshipFactory()
    Guardian.objects.filter(pk=link.guardian_id).update(user=user)
    GrantFactory(user=user, role="guardian")
    assert set(Pupil.objects.visible_to(user)) == {link.pupil}
    assert set(Guardian.objects.visible_to(user)) == {link.guardian}


@pytest.mark.parametrize("role", ["partner", "government_reader", "researcher", "volunteer", "club_officer"])
def test_those_who_do_not_work_with_pupils_see_none(db, role):
    user = GrantFactory(role=role).user
    EnrolmentFactory()
    assert set(Pupil.objects.visible_to(user)) == set()


def test_a_coordinator_of_one_member_school_sees_its_volunteers(db, cleo):
    ours = VolunteerFactory()
    VolunteerFactory(member_school=OrganisationFactory(name="Elsewhere"))
    GrantScopeFactory(grant=cleo.grants.get(), organisation=ours.member_school)
    assert set(Volunteer.objects.visible_to(cleo)) == {ours}


def test_a_stranger_sees_no_contact(db, dan):
    SchoolPostFactory(verified=True)
    assert set(SchoolContact.objects.visible_to(dan)) == set()
    assert set(SchoolPost.objects.visible_to(dan)) == set()
