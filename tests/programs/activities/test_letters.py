"""Every letter that comes with the house, composed for a real person in both languages."""

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from participants.correspondence import occasions as registry
from participants.correspondence.letters import compose
from participants.correspondence.models import Message, Rule
from participants.correspondence.occasions import Pointless
from programs.activities import actions, letters, occasions, place_letters, place_links, place_occasions
from programs.activities.answerers import people_of
from programs.activities.models import Assignment, Booking, Session
from tests.factories.activities import AssignmentFactory, BookingFactory, GuestFactory, HeadcountFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import SchoolContactFactory, SchoolPostFactory, VolunteerFactory

pytestmark = pytest.mark.django_db

STATES = {
    occasions.VOLUNTEER_IN_LINE: "applied",
    occasions.VOLUNTEER_INVITED: "invited",
    occasions.VOLUNTEER_ASKED: "invited",
    occasions.VOLUNTEER_NOT_NEEDED: "lapsed",
    occasions.VOLUNTEER_WITHDRAWN: "withdrawn",
    occasions.VOLUNTEER_BUSY: "withdrawn",
    occasions.VOLUNTEER_SKIPPED: "withdrawn",
}


@pytest.fixture
def session():
    return SessionFactory(
        place="Salle 12", contact_on_site="Mme Rey", briefing="Badge à l’accueil", activity__title_fr="Découvrir"
    )


@pytest.fixture
def teacher(session):
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, school=session.school, verified=True)
    BookingFactory(session=session, class_group=ClassGroupFactory(name="2de 4"), booked_by=contact.user)
    return contact.user


@pytest.fixture
def volunteer(session):
    return AssignmentFactory(session=session, volunteer__last_name="Noether").volunteer


def letter(rule, user, session, language):
    user.language = language
    user.save()
    message = Message(rule=rule, recipient=user, occasion=rule.occasion, about=session.pk, address=user.email)
    return compose(message)


def test_the_house_brings_its_rules():
    assert {rule.code for rule in letters.RULES} <= set(Rule.objects.values_list("code", flat=True))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", [rule.code for rule in letters.TO_VOLUNTEERS + letters.TO_SCHOOLS])
def test_each_letter_says_everything_in_the_readers_language(code, language, session, teacher, volunteer):
    rule = Rule.objects.get(code=code)
    user = teacher if "school" in code else volunteer.user
    volunteer.assignments.update(state=STATES.get(rule.occasion, "confirmed"))
    if rule.occasion.endswith("_cancelled"):
        Session.objects.filter(pk=session.pk).update(state="cancelled", state_reason="grève")
    if rule.occasion == occasions.SCHOOL_FEEDBACK:
        HeadcountFactory(session=session)
    written = letter(rule, user, session, language)
    title = "Découvrir" if language == "fr" else session.activity.title_en
    assert title in written.subject + written.text
    assert "{" not in written.subject + written.body + written.action_label
    assert written.action_url.startswith("http")
    assert len(written.subject) < 150
    if "{facts}" in rule.body_fr:
        assert "Salle 12" in written.text
        # Who is only asked knows when and where; who comes, and how to get in, is for those who come.
        is_inside = rule.occasion not in {occasions.VOLUNTEER_INVITED, occasions.VOLUNTEER_ASKED}
        for fact in ("Mme Rey", "Badge à l’accueil", "2de 4"):
            assert (fact in written.text) == is_inside


def test_an_online_talk_leads_its_people_to_the_room_and_not_to_the_school(session, volunteer, client_for):
    room = "https://rooms.example.org/curie"
    Session.objects.filter(pk=session.pk).update(online_url=room)
    rule = Rule.objects.get(code="activities-volunteer-confirmed")
    written = letter(rule, volunteer.user, session, "en")
    assert f"Online room: {room}" in written.text
    assert f"Where: online · {session.school}" in written.text
    [(_name, calendar, _type)] = written.attachments
    assert f"LOCATION:{room}" in calendar.decode().replace("\r\n ", "")
    volunteer.assignments.update(state="invited")
    assert room not in letter(Rule.objects.get(code="activities-volunteer-invited"), volunteer.user, session, "en").text
    other = client_for(VolunteerFactory().user)
    for path in ("", "calendar/"):
        assert room not in other.get(f"/sessions/{session.pk}/{path}").content.decode().replace("\r\n ", "")


PLACES = {
    place_occasions.CONFIRMED: "confirmed",
    place_occasions.WAITING: "waitlisted",
    place_occasions.OFFERED: "offered",
    place_occasions.TO_PROVE: "offered",
    place_occasions.ENDED: "withdrawn",
    place_occasions.MOVED: "confirmed",
    place_occasions.CANCELLED: "confirmed",
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("rule", place_letters.ABOUT_PLACES, ids=lambda rule: rule.code)
def test_each_letter_about_a_place_says_everything_without_an_account(rule, language, session):
    stage = PLACES[rule.occasion]
    until = timezone.now() + dt.timedelta(hours=5) if stage == "offered" else None
    guest = GuestFactory(language=language)
    booking = BookingFactory(session=session, guest=guest, class_group=None, seats=59, stage=stage, offered_until=until)
    if stage == "waitlisted":
        BookingFactory(session=session, seats=40)
    if rule.occasion == place_occasions.CANCELLED:
        Session.objects.filter(pk=session.pk).update(state="cancelled", state_reason="grève")
    [person] = people_of(booking)
    message = Message(
        rule=Rule.objects.get(code=rule.code),
        addressee=person.reference,
        name=person.name,
        language=language,
        occasion=rule.occasion,
        about=booking.pk,
        address=guest.email,
    )
    written = compose(message)
    assert ("Découvrir" if language == "fr" else session.activity.title_en) in written.subject + written.text
    assert "{" not in written.subject + written.body + written.action_label
    assert place_links.url(booking, guest) in written.action_url
    if stage == "waitlisted":
        assert ("59 demandées, 20 libres sur 60." if language == "fr" else "59 needed, 20 free of 60.") in written.text
    Booking.objects.filter(pk=booking.pk).update(stage="cancelled", offered_until=None)
    with pytest.raises(Pointless):
        compose(message)


def test_the_letter_reads_the_facts_of_the_moment(session, volunteer):
    rule = Rule.objects.get(code="activities-volunteer-confirmed")
    Session.objects.filter(pk=session.pk).update(place="Salle 99")
    assert "Salle 99" in letter(rule, volunteer.user, session, "fr").text


@pytest.mark.parametrize("code", ["activities-volunteer-reminder-day", "activities-school-reminder-day"])
def test_nothing_is_sent_about_a_session_that_is_off(code, session, teacher, volunteer):
    Session.objects.filter(pk=session.pk).update(state="cancelled", state_reason="grève")
    user = teacher if "school" in code else volunteer.user
    with pytest.raises(Pointless):
        letter(Rule.objects.get(code=code), user, session, "fr")


@pytest.mark.parametrize("code", ["activities-volunteer-headcount", "activities-school-headcount"])
def test_nobody_is_asked_for_a_number_that_is_known(code, session, teacher, volunteer):
    HeadcountFactory(session=session, class_group=session.bookings.get().class_group)
    user = teacher if "school" in code else volunteer.user
    with pytest.raises(Pointless):
        letter(Rule.objects.get(code=code), user, session, "fr")


def test_a_school_contact_whose_post_ended_gets_nothing(session, teacher):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    teacher.grants.update(starts_on=yesterday, ends_on=yesterday)
    with pytest.raises(Pointless):
        letter(Rule.objects.get(code="activities-school-reminder-day"), teacher, session, "fr")


def test_staff_see_the_letters_about_the_sessions_they_manage(session, cleo):
    occasion = registry.find(occasions.VOLUNTEER_REMINDER)
    assert list(occasion.abouts_visible_to(cleo)) == []


def test_letters_are_written_with_the_change_and_vanish_with_it(volunteer):
    session = SessionFactory()
    before = Message.objects.count()
    with pytest.raises(RuntimeError):
        _sign_up_and_fail(session)
    assert (Message.objects.count(), Assignment.objects.filter(session=session).count()) == (before, 0)
    assert mail.outbox == []


def _sign_up_and_fail(session):
    with transaction.atomic():
        actions.sign_up(session=session, volunteer=VolunteerFactory())
        raise RuntimeError
