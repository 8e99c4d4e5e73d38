"""What was counted, by whom, and who may count."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participants.accounts import links
from programs.activities import actions, occasions
from programs.activities.models import Attendance, Session
from tests.factories.activities import (
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    GuestFactory,
    HeadcountFactory,
    PeriodLockFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import PupilFactory, SchoolContactFactory, SchoolPostFactory, VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return SessionFactory(past=True)


@pytest.fixture
def teacher(session):
    contact = SchoolContactFactory(user__language="en")
    SchoolPostFactory(contact=contact, school=session.school, verified=True)
    return contact.user


@pytest.fixture
def booking(session, teacher):
    class_group = ClassGroupFactory(school=session.school, name="2de 4")
    return BookingFactory(session=session, class_group=class_group, booked_by=teacher, seats=31)


def counted(session):
    return list(session.headcounts.order_by("pk").values_list("class_group__name", "level", "total", "girls", "boys"))


def test_a_count_is_written_once_and_ends_the_questions(session, booking, teacher, letters):
    assignment = AssignmentFactory(session=session)
    word = {"by": teacher, "source": "school", "counts": [(booking.class_group, "2GT", 30, 14, 13)]}
    row = actions.confirm_headcount(session=session, **word)[0]
    assert (row.sex_unknown, row.confirmed_by) == (3, teacher)
    again = actions.confirm_headcount(session=session, **word)[0]
    assert (again.pk, again.confirmed_at) == (row.pk, row.confirmed_at)
    assignment.refresh_from_db()
    assert assignment.state == "done"
    assert letters(state="planned") == []


def test_the_latest_word_wins_and_the_history_keeps_the_others(session, booking, teacher):
    ben = VolunteerFactory().user
    actions.confirm_headcount(
        session=session, by=teacher, source="school", counts=[(booking.class_group, "2GT", 30, 0, 0)]
    )
    actions.confirm_headcount(
        session=session, by=ben, source="volunteer", counts=[(booking.class_group, "2GT", 28, 9, 0)]
    )
    row = session.headcounts.get()
    assert (row.total, row.girls, row.source, row.confirmed_by) == (28, 9, "volunteer", ben)
    assert list(row.events.order_by("pgh_id").values_list("total", "confirmed_by")) == [(30, teacher.pk), (28, ben.pk)]


def test_a_corrected_level_leaves_one_row(session, teacher):
    for level in ("3E", "2GT"):
        actions.confirm_headcount(session=session, by=teacher, source="school", counts=[(None, level, 12, 0, 0)])
    assert counted(session) == [(None, "2GT", 12, 0, 0)]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"starts_at": timezone.now() + dt.timedelta(days=1)}, "has not begun"),
        ({"past": True, "state": "cancelled", "state_reason": "x"}, "was cancelled"),
    ],
)
def test_only_what_took_place_is_counted(facts, words, cleo):
    session = SessionFactory(**facts)
    with pytest.raises(ValidationError, match=words):
        actions.confirm_headcount(session=session, by=cleo, source="staff", counts=[(None, "3E", 3, 0, 0)])


def test_a_locked_period_is_closed_to_everybody(session, cleo):
    day = session.local_start.date()
    PeriodLockFactory(starts_on=day, ends_on=day, reason="bilan remis")
    for call, arguments in (
        (actions.confirm_headcount, {"source": "staff", "counts": [(None, "3E", 3, 0, 0)]}),
        (actions.report_not_held, {"reason": "x"}),
        (actions.record_attendance, {"presences": []}),
    ):
        with pytest.raises(ValidationError, match="bilan remis"):
            call(session=session, by=cleo, **arguments)
    assert counted(session) == []


def test_a_session_that_did_not_take_place_gives_no_hours_until_corrected(session, teacher):
    assignment = AssignmentFactory(session=session)
    HeadcountFactory(session=session)
    actions.report_not_held(session=session, by=teacher, reason="salle fermée")
    session.refresh_from_db()
    assert (session.state, counted(session)) == ("not_held", [])
    assert assignment.volunteer.assignments.held().count() == 0
    actions.confirm_headcount(session=session, by=teacher, source="school", counts=[(None, "3E", 3, 0, 0)])
    assert assignment.volunteer.assignments.held().minutes() == 120


def test_presence_is_written_for_named_pupils_and_the_latest_word_wins(session, cleo):
    ann, bob = PupilFactory(), PupilFactory()
    actions.record_attendance(session=session, by=cleo, presences=[(ann, "present", None), (bob, "absent", 30)])
    actions.record_attendance(session=session, by=cleo, presences=[(ann, "late", 90)])
    assert list(Attendance.objects.order_by("pk").values_list("pupil", "status", "minutes")) == [
        (ann.pk, "late", 90),
        (bob.pk, "absent", 0),
    ]
    with pytest.raises(ValidationError, match="longer than the session lasts"):
        actions.record_attendance(session=session, by=cleo, presences=[(bob, "present", 121)])


def test_who_may_count(session, teacher, dan):
    given, withdrawn = VolunteerFactory(), VolunteerFactory()
    AssignmentFactory(session=session, volunteer=given)
    AssignmentFactory(session=session, volunteer=withdrawn, state="withdrawn")
    guest = SchoolContactFactory()
    SchoolPostFactory(contact=guest, verified=True)
    visiting = ClassGroupFactory(school=guest.posts.get().school)
    BookingFactory(session=session, class_group=visiting)
    stranger = SchoolContactFactory()
    SchoolPostFactory(contact=stranger, verified=True)
    SessionFactory(school=session.school)
    allowed = {
        user: list(Session.objects.countable_by(user))
        for user in (teacher, given.user, guest.user, withdrawn.user, stranger.user, dan)
    }
    assert allowed == {
        teacher: [session],
        given.user: [session],
        guest.user: [session],
        withdrawn.user: [],
        stranger.user: [],
        dan: [],
    }


def post(client, url, booking, **numbers):
    prefix = f"class-{booking.class_group_id}"
    return client.post(url, {f"{prefix}-{name}": value for name, value in numbers.items()})


def test_the_link_of_the_mail_counts_without_signing_in(client, session, booking, teacher):
    url = occasions.headcount_path(session, teacher)
    page = client.get(url)
    assert page["Referrer-Policy"] == "same-origin"
    assert "31 expected" in page.content.decode()
    assert counted(session) == []
    answer = post(client, url, booking, total=29, girls=15, boys="")
    assert answer.url == f"{url}?thanks"
    assert counted(session) == [("2de 4", "2GT", 29, 15, 0)]
    assert session.headcounts.get().source == "school"
    assert "Thank you!" in client.get(answer.url).content.decode()
    assert 'value="29"' in client.get(url).content.decode()


def test_a_wrong_sum_is_said_at_the_number(client, session, booking, teacher):
    answer = post(client, occasions.headcount_path(session, teacher), booking, total=20, girls=15, boys=10)
    assert answer.context["forms"][0].errors == {"total": ["Girls and boys together are more than the total."]}
    assert counted(session) == []


def test_the_level_is_asked_where_it_is_unknown(client, session, teacher):
    url = occasions.headcount_path(session, teacher)
    client.post(url, {"public-total": 80, "public-level": "3E"})
    assert counted(session) == [(None, "3E", 80, 0, 0)]


def test_the_link_says_that_it_did_not_take_place(client, session, teacher):
    url = occasions.headcount_path(session, teacher)
    assert client.post(url, {"not-held-reason": ""}).status_code == 200
    answer = client.post(url, {"not-held-reason": "La salle était fermée"}, follow=True)
    assert "did not take place" in answer.content.decode()
    session.refresh_from_db()
    assert session.state_reason == "La salle était fermée"


def test_the_link_opens_one_session_for_one_person_and_a_time(monday, client, session, teacher, booking):
    other = SessionFactory(school=session.school, starts_at=timezone.now() - dt.timedelta(days=2))
    path = occasions.headcount_path(other, teacher)
    assert client.get(path).status_code == 200
    token = path.split("/")[-2]
    assert client.get(reverse("activities:calendar-feed", args=[token])).status_code == 404
    calendar = links.sign(teacher, purpose="calendar")
    assert client.get(reverse("activities:headcount-link", args=[calendar])).status_code == 404
    monday.shift(dt.timedelta(days=61))
    assert client.get(path).status_code == 404


def test_the_link_dies_with_the_role(client, session, teacher):
    path = occasions.headcount_path(session, teacher)
    teacher.grants.update(ends_on=timezone.localdate() - dt.timedelta(days=1), starts_on=dt.date(2020, 1, 1))
    assert client.get(path).status_code == 404
    assert client.post(path, {"public-total": 3, "public-level": "3E"}).status_code == 404


def test_a_locked_period_shows_why_there_is_no_form(client, session, teacher):
    day = session.local_start.date()
    PeriodLockFactory(starts_on=day, ends_on=day, reason="bilan remis")
    page = client.get(occasions.headcount_path(session, teacher)).content.decode()
    assert "bilan remis" in page
    assert "Send the numbers" not in page


def test_a_volunteer_counts_signed_in(client_for, session, booking):
    volunteer = VolunteerFactory()
    AssignmentFactory(session=session, volunteer=volunteer)
    AttendanceFactory(session=session)
    post(client_for(volunteer.user), reverse("activities:session-headcount", args=[session.pk]), booking, total=7)
    assert (counted(session), session.headcounts.get().source) == ([("2de 4", "2GT", 7, 0, 0)], "volunteer")


def test_each_of_two_schools_counts_its_own_classes(session, booking, teacher, letters, client_for):
    """The other school's number is neither asked of a teacher nor theirs to change; and the other is still asked."""
    other = SchoolContactFactory()
    post = SchoolPostFactory(contact=other, school=SchoolFactory(), verified=True)
    theirs = ClassGroupFactory(school=post.school, name="3e B")
    BookingFactory(session=session, class_group=theirs, booked_by=other.user, seats=20)
    page = client_for(teacher).get(f"/sessions/{session.pk}/headcount/")
    assert [form.class_group for form in page.context["forms"]] == [booking.class_group]
    prefix = f"class-{booking.class_group.pk}"
    client_for(teacher).post(page.request["PATH_INFO"], {f"{prefix}-total": 30, f"{prefix}-level": "2GT"})
    assert counted(session) == [("2de 4", "2GT", 30, 0, 0)]
    page = client_for(other.user).get(f"/sessions/{session.pk}/headcount/")
    assert [form.class_group for form in page.context["forms"]] == [theirs]
    prefix = f"class-{theirs.pk}"
    client_for(other.user).post(page.request["PATH_INFO"], {f"{prefix}-total": 19, f"{prefix}-level": "3E"})
    assert counted(session) == [("2de 4", "2GT", 30, 0, 0), ("3e B", "2GT", 19, 0, 0)]


def test_the_public_beside_a_class_is_counted_too_and_stays(session, booking, teacher, client_for):
    """A teacher counts the class, and does not take the others away; whoever gives the session counts everybody."""
    BookingFactory(session=session, guest=GuestFactory(), class_group=None, seats=3)
    volunteer = VolunteerFactory()
    AssignmentFactory(session=session, volunteer=volunteer)
    path = reverse("activities:session-headcount", args=[session.pk])
    seen = {user: client_for(user).get(path).context["forms"] for user in (teacher, volunteer.user)}
    assert [form.class_group for form in seen[teacher]] == [booking.class_group]
    assert [(form.class_group, form.expected) for form in seen[volunteer.user]] == [
        (booking.class_group, booking.seats),
        (None, 3),
    ]
    said = {"total": 7, "level": "2GT"}
    data = {f"{form.prefix}-{name}": value for form in seen[volunteer.user] for name, value in said.items()}
    client_for(volunteer.user).post(path, data | {"public-total": 2, "public-level": "unknown"})
    client_for(teacher).post(path, {name: value for name, value in data.items() if "public" not in name})
    assert sorted(session.headcounts.values_list("class_group", "total"), key=str) == [
        (booking.class_group_id, 7),
        (None, 2),
    ]
