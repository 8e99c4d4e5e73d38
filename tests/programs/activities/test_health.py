"""Sensitive answers about a pupil: with the agreement on health data, given where the question is, and no longer."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from participants.people import actions as people
from participants.people import family_links
from participants.people.models import Consent
from programs.activities import actions, place_links
from programs.activities.models import Answer, Booking
from tests.factories.activities import ActivityFactory, AskedQuestionFactory, BookingFactory, SessionFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolContactFactory,
    SchoolPostFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
AGREE = "Health information for a camp"


@pytest.fixture
def link():
    """A child whose guardian has agreed that it takes part, and nothing else."""
    link = GuardianshipFactory(
        pupil=PupilFactory(birth_date=dt.date(2013, 3, 14)), guardian__language="en", guardian__email="eve@example.org"
    )
    ConsentFactory(pupil=link.pupil, guardian=link.guardian, purpose="taking_part")
    return link


@pytest.fixture
def session():
    return SessionFactory(activity=ActivityFactory(registration_for=["pupils"]))


def ask(session, moment, **facts):
    return AskedQuestionFactory(activity=session.activity, moment=moment, **facts)


@pytest.fixture
def confided(session):
    return {
        moment: ask(session, moment, question__text_en="Allergies?", question__is_sensitive=True, is_required=True)
        for moment in ("registration", "accepted")
    }


def ledger(pupil):
    words = Consent.objects.filter(pupil=pupil, purpose="camp_health")
    return list(words.values_list("guardian", "decision", "channel"))


def test_a_family_registers_without_saying_anything_about_health(client, link, session, confided):
    url = f"/family/{family_links.sign(link.guardian)}/sessions/{session.pk}/"
    page = client.get(url).content.decode()
    assert AGREE in page
    assert "Allergies?" in page
    name = confided["registration"].name
    client.post(url, {"kind": "pupil", "pupil": link.pupil.pk, name: "arachides"})
    assert (Booking.objects.get().pupil, Answer.objects.count(), ledger(link.pupil)) == (link.pupil, 0, [])


def test_the_agreement_goes_into_the_ledger_with_the_answer(client, link, session, confided):
    url = f"/family/{family_links.sign(link.guardian)}/sessions/{session.pk}/"
    said = {"kind": "pupil", "pupil": link.pupil.pk, "health_agreed": "on"}
    assert "Please answer this question." in client.post(url, said).content.decode()
    client.post(url, said | {confided["registration"].name: "arachides"})
    assert ledger(link.pupil) == [(link.guardian.pk, "given", "link")]
    assert Answer.objects.get().value == "arachides"


def test_those_accepted_agree_on_the_page_of_their_place(client, link, session, confided):
    booking = BookingFactory(session=session, class_group=None, pupil=link.pupil, seats=1)
    url, name = place_links.url(booking, link.guardian), confided["accepted"].name
    assert AGREE in client.get(url).content.decode()
    client.post(url, {"answer": "questions", name: "pollen"})
    assert Answer.objects.count() == 0
    client.post(url, {"answer": "questions", name: "pollen", "health_agreed": "on"})
    assert (Answer.objects.get().value, ledger(link.pupil)) == ("pollen", [(link.guardian.pk, "given", "link")])
    assert AGREE not in client.get(url).content.decode()  # it stands: nothing is left to agree to


def test_taking_the_agreement_back_deletes_what_was_said(client, link, session, confided):
    booking = BookingFactory(session=session, class_group=None, pupil=link.pupil, seats=1)
    plain = ask(session, "accepted", question__text_en="Bus?")
    line = ConsentFactory(pupil=link.pupil, guardian=link.guardian, purpose="camp_health")
    actions.save_answers(booking=booking, answers={confided["accepted"]: "pollen", plain: "le 91"})
    people.withdraw(consent=line)
    assert list(Answer.objects.values_list("value", flat=True)) == ["le 91"]
    with pytest.raises(ValidationError, match="must agree first"):
        actions.save_answers(booking=booking, answers={confided["accepted"]: "pollen"})


def test_a_school_is_asked_nothing_about_the_health_of_a_pupil(client_for, link, session, confided):
    contact, school = SchoolContactFactory(), SchoolFactory()
    SchoolPostFactory(contact=contact, school=school, verified=True)
    EnrolmentFactory(pupil=link.pupil, school=school, school_year=session.activity.school_year)
    client, url = client_for(contact.user), f"/sessions/{session.pk}/register/"
    assert "Allergies?" not in client.get(url).content.decode()
    said = {"kind": "pupil", "pupil-pupil": link.pupil.pk, f"pupil-{confided['registration'].name}": "arachides"}
    client.post(url, said)
    assert (Booking.objects.get().pupil, Answer.objects.count()) == (link.pupil, 0)
