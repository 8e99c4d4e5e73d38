"""Tickets: the same each time, for those who have a seat, and nothing about anybody in them."""

import re

import pytest
from django.test import override_settings
from django.urls import reverse

from programs.activities import tickets
from tests.factories.activities import ActivityFactory, AssignmentFactory, BookingFactory, SessionFactory
from tests.factories.people import GuardianFactory, GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db


def seat(**facts):
    return BookingFactory(**{"class_group": None, "pupil": PupilFactory(), "seats": 1} | facts)


def test_a_code_says_nothing_and_stays_the_same():
    codes = [tickets.code_of(number) for number in range(500)]
    assert len({code[: tickets.TYPED] for code in codes}) == 500
    assert all(re.fullmatch("[A-Z2-7]{16}", code) for code in codes)
    assert codes[7] == tickets.code_of(7)
    assert tickets.typed(codes[7]) == f"{codes[7][:4]} {codes[7][4:8]}"


def test_a_phone_also_knows_tickets_printed_before_the_key_changed(settings):
    booking = seat()
    printed = tickets.code_of(booking.pk)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        codes = tickets.codes_of([booking.session])[booking.session_id][booking.pupil_id]
        assert codes == [tickets.code_of(booking.pk), printed]
        assert codes[0] != printed


def test_a_ticket_for_a_whole_activity_opens_each_of_its_sessions():
    activity = ActivityFactory(seats=9)
    one, two, other = SessionFactory(activity=activity), SessionFactory(activity=activity), SessionFactory()
    booking = seat(session=None, activity=activity)
    seat(session=other)
    found = tickets.codes_of([one, two])
    code = tickets.code_of(booking.pk)
    assert {pk: dict(pupils) for pk, pupils in found.items()} == {
        one.pk: {booking.pupil_id: [code]},
        two.pk: {booking.pupil_id: [code]},
    }


def test_the_sheet_of_a_session_holds_those_whom_its_reader_sees(client_for):
    session = SessionFactory()
    ben = AssignmentFactory(session=session).volunteer.user
    ann = seat(session=session, pupil=PupilFactory(first_name="Ann", last_name="Adam"))
    seat(session=session, stage="waitlisted")
    seat(session=SessionFactory())
    page = client_for(ben).get(reverse("activities:session-tickets", args=[session.pk]))
    assert [(ticket.booking, ticket.code) for ticket in page.context["tickets"]] == [(ann, tickets.code_of(ann.pk))]
    drawing = page.context["tickets"][0].drawing
    assert drawing.startswith("<svg")
    assert "Ann" not in drawing


def test_a_family_finds_the_tickets_of_its_own_children(client_for, ben):
    guardian = GuardianFactory(user=ben)
    child, stranger = PupilFactory(), PupilFactory()
    GuardianshipFactory(guardian=guardian, pupil=child)
    coming = seat(pupil=child)
    seat(pupil=child, session=SessionFactory(past=True))
    seat(pupil=stranger)
    activity = ActivityFactory(seats=9)
    series = seat(pupil=child, session=None, activity=activity)
    assert [t.booking for t in shown(client_for(ben))] == [coming]
    next_one = SessionFactory(activity=activity)
    assert {(t.booking, t.session) for t in shown(client_for(ben))} == {(coming, coming.session), (series, next_one)}


def shown(client):
    return client.get(reverse("activities:ticket-list")).context["tickets"]


def test_nobody_else_has_a_page_of_tickets(client_for, dan):
    assert client_for(dan).get(reverse("activities:ticket-list")).status_code == 404
