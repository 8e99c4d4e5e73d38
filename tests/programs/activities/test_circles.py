import datetime as dt

import pytest
import time_machine

from participants.accounts.roles import Role
from participants.people.models import Guardianship, Pupil
from tests.factories.accounts import GrantFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    ProgrammeScopeFactory,
    SessionFactory,
)
from tests.factories.people import EnrolmentFactory, GuardianshipFactory, PupilNoteFactory, SchoolPostFactory

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 12, 2, 13, tzinfo=dt.UTC)
END = START + dt.timedelta(hours=2)
MINUTE, WEEKS = dt.timedelta(minutes=1), dt.timedelta(days=14)


def seen_at(moment, user):
    with time_machine.travel(moment, tick=False):
        fresh = type(user).objects.get(pk=user.pk)
        return [pupil.last_name for pupil in Pupil.objects.visible_to(fresh).order_by("sort_name")]


@pytest.fixture
def held():
    """A tutor's session with one pupil; a colleague's with another."""
    with time_machine.travel(START - dt.timedelta(days=60), tick=False):
        session = SessionFactory(starts_at=START, ends_at=END)
        assignment = AssignmentFactory(session=session)
        ours = EnrolmentFactory(pupil__last_name="Ours", school_year=2026, scholarship="unknown").pupil
        BookingFactory(session=session, class_group=None, pupil=ours, seats=1, stage="confirmed")
        other = SessionFactory(starts_at=START, ends_at=END)
        theirs = EnrolmentFactory(pupil__last_name="Theirs").pupil
        BookingFactory(session=other, class_group=None, pupil=theirs, seats=1, stage="confirmed")
        AssignmentFactory(session=other)
    return assignment


def test_a_tutor_sees_the_pupils_from_14_days_before_to_14_days_after(held):
    user = held.volunteer.user
    assert [
        seen_at(moment, user)
        for moment in (
            START - WEEKS - MINUTE,
            START - WEEKS,
            START,
            END + WEEKS,
            END + WEEKS + MINUTE,
            END + WEEKS + dt.timedelta(days=1),
        )
    ] == [[], ["Ours"], ["Ours"], ["Ours"], [], []]


def test_who_gives_the_place_back_sees_nobody(held):
    held.state = "withdrawn"
    held.save()
    assert seen_at(START, held.volunteer.user) == []


def test_who_only_stands_in_line_sees_nobody(held):
    held.state = "applied"
    held.save()
    assert seen_at(START, held.volunteer.user) == []


def test_a_session_called_off_shows_nobody(held):
    type(held.session).objects.filter(pk=held.session_id).update(state="cancelled", state_reason="grève")
    assert seen_at(START, held.volunteer.user) == []


def test_a_seat_given_back_is_not_shown(held):
    held.session.bookings.update(stage="withdrawn")
    assert seen_at(START, held.volunteer.user) == []


def test_presence_shows_a_pupil_too_and_a_camp_is_booked_as_a_whole(held):
    came = AttendanceFactory(session=held.session, pupil=EnrolmentFactory(pupil__last_name="Came").pupil)
    camper = EnrolmentFactory(pupil__last_name="Camper").pupil
    activity = held.session.activity
    type(activity).objects.filter(pk=activity.pk).update(seats=20)
    BookingFactory(session=None, activity=activity, class_group=None, pupil=camper, seats=1, stage="confirmed")
    assert came.pupil.last_name == "Came"
    assert seen_at(START, held.volunteer.user) == ["Came", "Camper", "Ours"]


def test_without_the_role_the_circle_is_closed(held):
    held.volunteer.user.grants.all().delete()
    assert seen_at(START, held.volunteer.user) == []


def test_a_tutor_reads_less_than_the_school(held, client_for):
    pupil = Pupil.objects.get(last_name="Ours")
    GuardianshipFactory(pupil=pupil, guardian__last_name="Parentname")
    PupilNoteFactory(pupil=pupil, text="Secretnote")
    elsewhere = SessionFactory(activity__title_fr="Ailleurs", activity__title_en="", past=True)
    with time_machine.travel(START, tick=False):
        AttendanceFactory(session=elsewhere, pupil=pupil)
        page = client_for(held.volunteer.user).get(f"/pupils/{pupil.pk}/").content.decode()
        assert client_for(held.volunteer.user).get("/pupils/").status_code == 404
    assert "Ours" in page
    assert held.session.activity.title in page
    for word in ("Parentname", "Secretnote", "Ailleurs", "14 March", "March 14", "Scholarship", "Criteria met"):
        assert word not in page, word
    assert list(Guardianship.objects.visible_to(held.volunteer.user)) == []
    assert list(Pupil.objects.recorded_for(held.volunteer.user)) == []


def test_a_teacher_who_tutors_elsewhere_reads_the_records_of_the_own_school_only(held):
    user = held.volunteer.user
    post = SchoolPostFactory(verified=True)
    post.contact.user.grants.update(user=user)
    own = EnrolmentFactory(school=post.school, pupil__last_name="Own").pupil
    with time_machine.travel(START, tick=False):
        user = type(user).objects.get(pk=user.pk)
        assert {pupil.last_name for pupil in Pupil.objects.visible_to(user)} == {"Ours", "Own"}
        assert list(Pupil.objects.recorded_for(user)) == [own]


def test_a_programme_manager_sees_the_pupils_of_the_own_programmes():
    scope = ProgrammeScopeFactory()
    activity = ActivityFactory(programme=scope.programme, seats=5)
    asked, came, stranger = (EnrolmentFactory(pupil__last_name=name).pupil for name in ("Asked", "Came", "Stranger"))
    BookingFactory(session=None, activity=activity, class_group=None, pupil=asked, seats=1, stage="requested")
    AttendanceFactory(session=SessionFactory(activity=activity, past=True), pupil=came)
    AttendanceFactory(pupil=stranger)
    user = scope.grant.user
    assert set(Pupil.objects.visible_to(user)) == {asked, came}
    assert set(Pupil.objects.recorded_for(user)) == {asked, came}
    assert set(Pupil.objects.managed_by(user)) == set()
    scope.grant.ends_on = dt.date(2020, 1, 1)
    type(scope.grant).objects.filter(pk=scope.grant_id).update(
        starts_on=dt.date(2019, 1, 1), ends_on=dt.date(2020, 1, 1)
    )
    assert set(Pupil.objects.visible_to(type(user).objects.get(pk=user.pk))) == set()


def test_a_manager_of_nothing_sees_nobody():
    AttendanceFactory()
    user = GrantFactory(role=Role.PROGRAMME_MANAGER).user
    assert set(Pupil.objects.visible_to(user)) == set()


def test_the_session_names_its_pupils_to_those_who_may_see_them(held, client_for, cleo):
    path = f"/sessions/{held.session_id}/"
    with time_machine.travel(START - dt.timedelta(days=5), tick=False):
        other = AssignmentFactory(session=SessionFactory(starts_at=START, ends_at=END)).volunteer.user
        assert "Ours" in client_for(held.volunteer.user).get(path).content.decode()
        assert "Theirs" not in client_for(held.volunteer.user).get(path).content.decode()
        assert "Ours" not in client_for(other).get(path).content.decode()
        scope = ProgrammeScopeFactory(programme=held.session.activity.programme)
        assert "Ours" in client_for(scope.grant.user).get(f"{path}people/").content.decode()
