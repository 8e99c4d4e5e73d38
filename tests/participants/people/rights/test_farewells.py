"""Families hear before data about their children go: once, all children in one mail, in their language; and the officer
sees whom nobody could tell."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from participants.accounts.roles import Role
from participants.correspondence.letters import compose
from participants.correspondence.models import Message
from participants.correspondence.occasions import Pointless
from participants.people import actions
from participants.people.models import Farewell, Guardian, Pupil, RetentionTerm
from participants.people.rights import erasure
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import AttendanceFactory, SessionFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    RightsRequestFactory,
)

pytestmark = [pytest.mark.retention, pytest.mark.mail, pytest.mark.django_db]

TODAY = timezone.localdate()
AGES_AGO = timezone.now() - dt.timedelta(days=3 * 366)


@pytest.fixture(autouse=True)
def switched_on(db):
    RetentionTerm.objects.update(applied_on=TODAY)
    with translation.override("en"):
        yield


def child(name, age=12, **facts):
    """Silent for three years."""
    pupil = PupilFactory(first_name=name, last_name=name, birth_date=TODAY - dt.timedelta(days=age * 366), **facts)
    EnrolmentFactory(pupil=pupil, school_year=AGES_AGO.year - 1, school=SchoolFactory(name="Collège Jaurès"))
    AttendanceFactory(pupil=pupil, session=SessionFactory(starts_at=AGES_AGO, ends_at=AGES_AGO + dt.timedelta(hours=1)))
    return pupil


def parent(*children, **facts):
    guardian = GuardianFactory(**facts)
    for pupil in children:
        GuardianshipFactory(guardian=guardian, pupil=pupil, rank=pupil.guardianships.count() + 1)
    return guardian


def told():
    return Message.objects.filter(occasion__startswith="people.family_farewell").order_by("pk")


def test_one_mail_a_guardian_for_all_children_in_their_language():
    lou, max_ = child("Lou"), child("Max")
    parent(lou, max_, email="eve@example.org", language="en")
    parent(lou, email="adam@example.org", language="fr")
    actions.keep_terms(today=TODAY)
    letters = {message.address: compose(message) for message in told()}
    assert set(letters) == {"eve@example.org", "adam@example.org"}
    eve, adam = letters["eve@example.org"], letters["adam@example.org"]
    assert eve.subject == "The data about Lou and Max will soon be erased"
    assert "· Lou: " in eve.text
    assert "· Max: " in eve.text
    assert adam.subject == "Les données de Lou seront bientôt effacées"
    assert "· Lou : " in adam.text
    assert "Max" not in adam.text
    actions.keep_terms(today=TODAY + dt.timedelta(days=1))
    assert told().count() == 2
    assert set(Farewell.objects.values_list("told_on", flat=True)) == {TODAY}


def test_a_pupil_is_written_to_from_15_and_decides_alone_from_18():
    young = child("Lou", 12, email="lou@example.org")
    teen = child("Max", 16, email="max@example.org")
    adult = child("Zoé", 19, email="zoe@example.org")
    parent(young, teen, adult, email="eve@example.org", language="en")
    actions.keep_terms(today=TODAY)
    letters = {message.address: compose(message) for message in told()}
    assert set(letters) == {"eve@example.org", "max@example.org", "zoe@example.org"}
    assert letters["eve@example.org"].subject == "The data about Lou and Max will soon be erased"
    assert letters["zoe@example.org"].subject == "Vos données seront bientôt effacées"


def test_whom_nobody_can_tell_stands_in_the_list_and_is_told_once_there_is_an_address(client_for):
    lou = child("Lou")
    eve = parent(lou)
    parent(child("Max"), email="eve@example.org")
    actions.keep_terms(today=TODAY)
    officer = client_for(GrantFactory(user=UserFactory(language="en"), role=Role.PROTECTION_OFFICER).user)
    page = officer.get(reverse("people:term-list") + "?show=untold").content.decode()
    assert ("Lou" in page, "Max" in page, "Collège Jaurès" in page) == (True, False, True)
    assert "1 of them could not be told by mail" in page
    Guardian.objects.filter(pk=eve.pk).update(email="late@example.org")
    actions.keep_terms(today=TODAY + dt.timedelta(days=3))
    assert told().last().address == "late@example.org"
    assert not Farewell.objects.filter(told_on=None).exists()


def test_whoever_objected_is_not_written_to():
    eve = parent(child("Lou"), email="eve@example.org")
    RightsRequestFactory(kind="objection", subject="guardian", subject_id=eve.pk)
    actions.keep_terms(today=TODAY)
    assert not told().exists()
    assert Farewell.objects.get().told_on is None


def test_a_letter_about_who_is_active_again_or_gone_does_not_leave():
    lou, max_ = child("Lou"), child("Max")
    eve = parent(lou, email="eve@example.org")
    parent(max_, email="adam@example.org")
    actions.keep_terms(today=TODAY)
    ConsentFactory(pupil=lou, guardian=eve, said_at=timezone.now())
    erasure.erase(kind="pupil", pk=max_.pk, ground="request")
    with pytest.raises(Pointless, match="active again"):
        compose(told().get())
    assert actions.keep_terms(today=TODAY + dt.timedelta(days=31)).active_again == 1
    assert Pupil.objects.named().get() == lou


def test_the_next_child_is_told_of_in_its_own_night():
    lou, max_ = child("Lou"), child("Max")
    parent(lou, max_, email="eve@example.org", language="en")
    recent = SessionFactory(past=True)
    presence = AttendanceFactory(pupil=max_, session=recent)
    actions.keep_terms(today=TODAY)
    assert compose(told().get()).subject == "The data about Lou will soon be erased"
    presence.delete()
    actions.keep_terms(today=TODAY + dt.timedelta(days=1))
    assert compose(told().last()).subject == "The data about Lou and Max will soon be erased"
    assert told().count() == 2
