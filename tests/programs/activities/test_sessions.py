"""How a session comes to be, moves, changes its size and is called off; bookings and their seats."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from participants.correspondence.models import Message
from programs.activities import actions
from programs.activities.models import Booking
from tests.factories.accounts import UserFactory
from tests.factories.activities import ActivityFactory, AssignmentFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import PupilFactory, SchoolContactFactory, SchoolPostFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def teacher():
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, verified=True)
    return contact.user


def refused(call, **arguments):
    with pytest.raises(ValidationError) as raised:
        call(**arguments)
    return raised.value.message_dict if hasattr(raised.value, "error_dict") else raised.value.messages


def due(about, occasion):
    """(recipient, moment) of the letters that will leave."""
    messages = Message.objects.filter(about=about.pk, occasion=f"activities.{occasion}", state="planned")
    return list(messages.order_by("due_at", "pk").values_list("recipient", "due_at"))


def test_a_session_takes_its_places_from_the_activity(cleo):
    activity, start = ActivityFactory(volunteers_needed=4), timezone.now() + DAY
    school = SchoolFactory()
    session = actions.create_session(activity=activity, starts_at=start, ends_at=start + HOUR, by=cleo, school=school)
    assert (session.volunteer_places, session.where, session.version) == (4, str(school), 1)


def test_a_session_lies_in_the_school_year_of_its_activity(cleo):
    activity = ActivityFactory(school_year=2020)
    start = timezone.now() + DAY
    words = refused(actions.create_session, activity=activity, starts_at=start, ends_at=start + HOUR, by=cleo)
    assert list(words) == ["starts_at"]
    assert "2020-2021" in words["starts_at"][0]


def test_a_move_tells_everybody_and_writes_reminders_anew(monday, cleo, teacher, letters):
    session = SessionFactory(starts_at=timezone.now() + 20 * DAY)
    volunteer = VolunteerFactory()
    actions.sign_up(session=session, volunteer=volunteer)
    actions.book(session=session, class_group=ClassGroupFactory(), by=teacher)
    session.refresh_from_db()
    start = session.starts_at + DAY
    moved = actions.move_session(session=session, starts_at=start, ends_at=start + HOUR, by=cleo)
    assert moved.version == 2
    for occasion in ("volunteer_reminder", "school_reminder"):
        user = volunteer.user if occasion.startswith("volunteer") else teacher
        assert due(session, occasion) == [(user.pk, start - 7 * DAY), (user.pk, start - DAY)]
    assert due(session, "school_headcount") == [(teacher.pk, start + HOUR + DAY), (teacher.pk, start + HOUR + 7 * DAY)]
    told = [(what, who) for what, who in letters(state="planned") if what.endswith("_moved")]
    assert told == [("volunteer_moved", volunteer.user), ("school_moved", teacher)]


def test_a_move_frees_whoever_is_busy_then_and_the_next_comes_in(cleo, letters):
    session = SessionFactory(volunteer_places=1)
    busy, free = VolunteerFactory(last_name="Busy"), VolunteerFactory(last_name="Free")
    other = SessionFactory(starts_at=session.starts_at + 3 * HOUR)
    for volunteer in (busy, free):
        actions.sign_up(session=session, volunteer=volunteer)
    actions.sign_up(session=other, volunteer=busy)
    session.refresh_from_db()
    actions.move_session(session=session, starts_at=other.starts_at + HOUR, ends_at=other.ends_at + HOUR, by=cleo)
    assert list(session.assignments.order_by("pk").values_list("volunteer__last_name", "state")) == [
        ("Busy", "withdrawn"),
        ("Free", "confirmed"),
    ]
    planned = letters(about=session, state="planned")
    assert [what for what, who in planned if who == busy.user] == ["volunteer_busy"]
    assert "volunteer_promoted" in [what for what, who in planned if who == free.user]


def test_a_move_over_a_change_of_clocks_keeps_the_hour_of_reminders(cleo, monday):
    start = dt.datetime(2027, 3, 27, 18, 0, tzinfo=dt.UTC)
    session = SessionFactory(starts_at=start)
    actions.sign_up(session=session, volunteer=VolunteerFactory())
    session.refresh_from_db()
    later = dt.datetime(2027, 3, 28, 17, 0, tzinfo=dt.UTC)  # 19:00 in Paris, after the change
    session = actions.move_session(session=session, starts_at=later, ends_at=later + HOUR, by=cleo)
    assert f"{session.local_start:%H:%M}" == "19:00"
    assert [moment for _who, moment in due(session, "volunteer_reminder")] == [
        dt.datetime(2027, 3, 21, 18, 0, tzinfo=dt.UTC),
        dt.datetime(2027, 3, 27, 18, 0, tzinfo=dt.UTC),
    ]


def test_nothing_changes_and_nobody_is_told_when_nothing_changed(cleo, letters):
    session = SessionFactory()
    AssignmentFactory(session=session)
    actions.move_session(session=session, starts_at=session.starts_at, ends_at=session.ends_at, by=cleo)
    session.refresh_from_db()
    assert (session.version, letters()) == (1, [])


def test_a_change_of_place_tells_and_a_change_of_size_does_not(cleo, letters):
    assignment = AssignmentFactory()
    actions.resize(session=assignment.session, volunteer_places=5, by=cleo)
    assert letters() == []
    actions.change_session(session=assignment.session, place="Salle 12", by=cleo)
    assert letters()[0] == ("volunteer_moved", assignment.volunteer.user)


def test_more_places_go_to_the_line_and_never_fewer_than_taken(cleo):
    session = SessionFactory(volunteer_places=1)
    for _number in range(3):
        actions.sign_up(session=session, volunteer=VolunteerFactory())
    actions.resize(session=session, volunteer_places=2, by=cleo)
    assert list(session.assignments.order_by("pk").values_list("state", flat=True)) == [
        "confirmed",
        "confirmed",
        "applied",
    ]
    assert list(refused(actions.resize, session=session, volunteer_places=1, by=cleo)) == ["volunteer_places"]


def test_cancelling_tells_all_and_stops_reminders(cleo, teacher, letters):
    session = SessionFactory(volunteer_places=1)
    confirmed, waiting, gone = (VolunteerFactory() for _number in range(3))
    for volunteer in (confirmed, waiting, gone):
        actions.sign_up(session=session, volunteer=volunteer)
    actions.withdraw(assignment=session.assignments.get(volunteer=gone), by=gone.user)
    actions.book(session=session, class_group=ClassGroupFactory(), by=teacher)
    assert list(refused(actions.cancel_session, session=session, reason=" ", by=cleo)) == ["reason"]
    for _twice in range(2):
        actions.cancel_session(session=session, reason="grève", by=cleo)
    assert sorted(letters(state="planned"), key=lambda row: row[1].pk) == sorted(
        [
            ("volunteer_cancelled", confirmed.user),
            ("volunteer_cancelled", waiting.user),
            ("school_cancelled", teacher),
        ],
        key=lambda row: row[1].pk,
    )
    session.refresh_from_db()
    assert (session.state, session.state_reason) == ("cancelled", "grève")


@pytest.mark.parametrize("action", ["move", "resize", "cancel"])
def test_what_has_begun_or_is_cancelled_does_not_change(cleo, action):
    calls = {
        "move": lambda session: actions.move_session(
            session=session, starts_at=timezone.now() + DAY, ends_at=timezone.now() + 2 * DAY, by=cleo
        ),
        "resize": lambda session: actions.resize(session=session, volunteer_places=9, by=cleo),
        "cancel": lambda session: actions.cancel_session(session=session, reason="x", by=cleo),
    }
    with pytest.raises(ValidationError, match="has begun"):
        calls[action](SessionFactory(past=True))
    if action != "cancel":
        with pytest.raises(ValidationError, match="is cancelled"):
            calls[action](SessionFactory(state="cancelled", state_reason="x"))


def test_a_class_brings_everybody_and_the_next_waits(teacher, letters):
    session = SessionFactory(seats=40)
    one = actions.book(session=session, class_group=ClassGroupFactory(head_count=30), by=teacher)
    two = actions.book(session=session, class_group=ClassGroupFactory(head_count=30), by=teacher)
    session.refresh_from_db()
    assert (one.stage, two.stage, session.seats_taken, session.seats_left) == ("confirmed", "waitlisted", 30, 10)
    assert [what for what, _who in letters()] == [
        "school_confirmed",
        "school_reminder",
        "school_reminder",
        "school_headcount",
        "school_headcount",
        "school_feedback",
        "place_waiting",
    ]


def test_booking_twice_is_booking_once(teacher):
    session, class_group = SessionFactory(), ClassGroupFactory()
    first = actions.book(session=session, class_group=class_group, by=teacher)
    assert actions.book(session=session, class_group=class_group, by=teacher) == first
    assert session.bookings.count() == 1


def test_a_class_of_unknown_size_is_asked_for(teacher):
    class_group = ClassGroupFactory(head_count=None)
    assert list(refused(actions.book, session=SessionFactory(), class_group=class_group, by=teacher)) == ["seats"]


def test_freed_seats_go_in_order_to_whoever_fits(teacher, cleo):
    session = SessionFactory(seats=30)
    first = actions.book(session=session, class_group=ClassGroupFactory(head_count=30), by=teacher)
    large = actions.book(session=session, class_group=ClassGroupFactory(head_count=31), by=teacher)
    small = actions.book(session=session, class_group=ClassGroupFactory(head_count=12), by=teacher)
    late = actions.book(session=session, class_group=ClassGroupFactory(head_count=12), by=teacher)
    actions.cancel_booking(booking=first, by=cleo, reason=Booking.Reason.CENTER)
    stages = dict(session.bookings.values_list("pk", "stage"))
    assert stages == {
        first.pk: "cancelled",
        large.pk: "waitlisted",
        small.pk: "offered",
        late.pk: "offered",
    }
    actions.resize(session=session, seats=60, by=cleo)
    large.refresh_from_db()
    assert large.stage == "offered"


def test_going_over_the_limit_is_named_and_takes_no_seat_from_others(teacher, cleo):
    session = SessionFactory(seats=30)
    actions.book(session=session, class_group=ClassGroupFactory(head_count=20), by=teacher)
    over = actions.book(
        session=session, class_group=ClassGroupFactory(head_count=25), by=cleo, contact=teacher, override_reason="salle"
    )
    session.refresh_from_db()
    assert (over.override_by, over.booked_by, session.seats_taken, session.seats_left) == (cleo, teacher, 45, 10)
    assert list(refused(actions.resize, session=session, seats=19, by=cleo)) == ["seats"]


def test_a_reason_that_was_not_needed_is_not_kept(cleo):
    booking = actions.book(session=SessionFactory(), class_group=ClassGroupFactory(), by=cleo, override_reason="salle")
    assert (booking.override_by, booking.override_reason) == (None, "")


def test_an_activity_is_booked_as_a_whole_by_pupils(cleo):
    activity = ActivityFactory(seats=1)
    one = actions.book(activity=activity, pupil=PupilFactory(), by=cleo)
    two = actions.book(activity=activity, pupil=PupilFactory(), by=cleo)
    assert (one.stage, two.stage) == ("confirmed", "waitlisted")
    actions.cancel_booking(booking=one, by=cleo)
    two.refresh_from_db()
    assert two.stage == "offered"


def test_the_letters_of_a_school_follow_its_last_class(teacher, letters):
    session = SessionFactory(seats=100)
    one = actions.book(session=session, class_group=ClassGroupFactory(), by=teacher)
    two = actions.book(session=session, class_group=ClassGroupFactory(), by=teacher)
    assert [what for what, _who in letters()].count("school_confirmed") == 1
    actions.cancel_booking(booking=one, by=teacher)
    assert [what for what, _who in letters(state="planned")].count("school_reminder") == 2
    actions.cancel_booking(booking=two, by=teacher)
    assert letters(state="planned") == []
    actions.book(session=session, class_group=one.class_group, by=teacher)
    assert [what for what, _who in letters(state="planned")].count("school_reminder") == 2


def test_staff_who_book_for_a_school_get_no_mail_of_schools(cleo, letters):
    actions.book(session=SessionFactory(), class_group=ClassGroupFactory(), by=UserFactory())
    assert letters() == []
