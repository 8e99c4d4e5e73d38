"""Invitations and the personal feed, read again by a calendar."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st
from icalendar import Calendar

from participants.accounts import links
from participants.accounts.actions import close_account
from participants.correspondence import occasions as registry
from participants.correspondence.occasions import Pointless
from programs.activities import actions, calendars, occasions
from tests.factories.activities import AssignmentFactory, BookingFactory, SessionFactory
from tests.factories.people import EnrolmentFactory, PupilFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def events(content):
    return Calendar.from_ical(content).walk("VEVENT")


def attached(occasion, session, volunteer):
    name, content, mime = registry.find(occasion).attachments(session.pk, volunteer.user)[0]
    assert name == "invitation.ics"
    return Calendar.from_ical(content), mime


@pytest.fixture
def session(monday):
    return SessionFactory(starts_at=dt.datetime(2026, 12, 3, 13, 0, tzinfo=dt.UTC), place="Salle 12")


def test_the_confirmation_brings_an_invitation_on_the_wall_clock(session):
    volunteer = VolunteerFactory()
    actions.sign_up(session=session, volunteer=volunteer)
    calendar, mime = attached(occasions.VOLUNTEER_CONFIRMED, session, volunteer)
    event = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], mime) == ("REQUEST", "text/calendar; method=REQUEST")
    assert event.decoded("DTSTART") == dt.datetime(2026, 12, 3, 14, 0, tzinfo=PARIS)
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert (event["SEQUENCE"], event["STATUS"]) == (1, "CONFIRMED")
    assert event["ATTENDEE"] == f"mailto:{volunteer.user.email}"
    assert "Salle 12" in event["LOCATION"]


def test_a_moved_session_is_the_same_event_in_its_next_version(session, cleo):
    volunteer = VolunteerFactory()
    actions.sign_up(session=session, volunteer=volunteer)
    before = attached(occasions.VOLUNTEER_CONFIRMED, session, volunteer)[0].walk("VEVENT")[0]
    start = session.starts_at + dt.timedelta(days=1)
    actions.move_session(session=session, starts_at=start, ends_at=start + dt.timedelta(hours=1), by=cleo)
    after = attached(occasions.VOLUNTEER_MOVED, session, volunteer)[0].walk("VEVENT")[0]
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 2)


@pytest.mark.parametrize("how", ["withdrawn", "cancelled"])
def test_what_is_off_leaves_the_calendar(session, cleo, how):
    volunteer = VolunteerFactory()
    assignment = actions.sign_up(session=session, volunteer=volunteer)
    if how == "withdrawn":
        actions.withdraw(assignment=assignment, by=volunteer.user)
    else:
        actions.cancel_session(session=session, reason="grève", by=cleo)
    occasion = {"withdrawn": occasions.VOLUNTEER_WITHDRAWN, "cancelled": occasions.VOLUNTEER_CANCELLED}[how]
    calendar, _mime = attached(occasion, session, volunteer)
    assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")


CHANGES = [
    next(
        dt.datetime(year, month, day, 1, 0, tzinfo=dt.UTC)
        for day in range(31, 24, -1)
        if dt.date(year, month, day).weekday() == 6
    )
    for year in range(2020, 2038)
    for month in (3, 10)
]


@given(change=st.sampled_from(CHANGES), minutes=st.integers(-3 * 24 * 60, 3 * 24 * 60), length=st.integers(15, 600))
def test_no_hour_is_lost_when_the_clocks_change(change, minutes, length):
    start = change + dt.timedelta(minutes=minutes)
    session = SessionFactory.build(pk=1, starts_at=start, ends_at=start + dt.timedelta(minutes=length))
    # iCalendar has no word for the second 2:30 of an autumn night.
    assume(not session.local_start.fold)
    event = events(calendars.single(session))[0]
    assert event.decoded("DTSTART").astimezone(dt.UTC).replace(microsecond=0) == start
    local = event.decoded("DTSTART")
    assert local.replace(tzinfo=None) == start.astimezone(PARIS).replace(tzinfo=None)
    assert session.minutes == length


def feed_of(user):
    return reverse("activities:calendar-feed", args=[links.sign(user, purpose="calendar")])


def test_the_feed_shows_ones_own_sessions_and_no_pupil(client, session):
    volunteer = VolunteerFactory()
    AssignmentFactory(session=session, volunteer=volunteer)
    AssignmentFactory(session=SessionFactory(), volunteer=volunteer, state="applied")
    AssignmentFactory(session=SessionFactory())
    pupil = PupilFactory(first_name="Canari", last_name="Zzyx")
    EnrolmentFactory(pupil=pupil, school=session.school)
    BookingFactory(session=session, class_group=None, pupil=pupil, seats=1)
    session.contact_on_site = "Mme Zzyx"
    session.save()
    answer = client.get(feed_of(volunteer.user))
    assert [str(event["UID"]) for event in events(answer.content)] == [f"session-{session.pk}@127.0.0.1"]
    assert (answer["Content-Type"], answer["Referrer-Policy"]) == ("text/calendar", "same-origin")
    assert answer["Cache-Control"].startswith("private")
    assert "Zzyx" not in answer.content.decode()
    assert "Set-Cookie" not in answer


def test_the_feed_takes_one_query_more_for_no_session(client, session, django_assert_num_queries):
    volunteer = VolunteerFactory()
    AssignmentFactory(session=session, volunteer=volunteer)
    with django_assert_num_queries(3):
        client.get(feed_of(volunteer.user))
    for days in (1, 2):
        AssignmentFactory(
            session=SessionFactory(starts_at=session.starts_at + dt.timedelta(days=days)), volunteer=volunteer
        )
    with django_assert_num_queries(3):
        client.get(feed_of(volunteer.user))


def test_a_changed_letter_opens_nothing(client):
    url = feed_of(VolunteerFactory().user)
    token = url.split("/")[2]
    assert client.get(url).status_code == 200
    other = {letter: "A" if letter != "A" else "B" for letter in token}
    changed = [token[:place] + other[token[place]] + token[place + 1 :] for place in range(len(token))]
    assert {client.get(url.replace(token, wrong)).status_code for wrong in changed} == {404}


def test_a_reset_takes_the_old_address_back(client, client_for):
    volunteer = VolunteerFactory()
    old = feed_of(volunteer.user)
    client_for(volunteer.user).post(reverse("activities:calendar-reset"))
    volunteer.user.refresh_from_db()
    assert client.get(old).status_code == 404
    assert client.get(feed_of(volunteer.user)).status_code == 200


@pytest.mark.parametrize("end", ["role", "account"])
def test_the_feed_ends_with_the_role_and_the_account(client, end, cleo):
    volunteer = VolunteerFactory()
    url = feed_of(volunteer.user)
    if end == "role":
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        volunteer.user.grants.update(starts_on=yesterday, ends_on=yesterday)
    else:
        close_account(user=volunteer.user, by=cleo)
    assert client.get(url).status_code == 404


def test_the_feed_is_read_only(client):
    assert client.post(feed_of(VolunteerFactory().user)).status_code == 405


def test_a_letter_that_no_longer_holds_is_pointless(session, cleo):
    volunteer = VolunteerFactory()
    assignment = actions.sign_up(session=session, volunteer=volunteer)
    reminder = registry.find(occasions.VOLUNTEER_REMINDER)
    assert "Salle 12" in reminder.context(session.pk, volunteer.user)["facts"]
    actions.withdraw(assignment=assignment, by=volunteer.user)
    with pytest.raises(Pointless):
        reminder.context(session.pk, volunteer.user)
    with pytest.raises(ValidationError):
        actions.move_session(session=session, starts_at=session.ends_at, ends_at=session.starts_at, by=cleo)
