"""Who sees which rows: what must not be seen is always there."""

import datetime as dt

import pytest
from django.utils import timezone

from participants.accounts.roles import Role
from programs.activities.models import (
    Activity,
    Assignment,
    Attendance,
    Booking,
    Headcount,
    PeriodLock,
    Programme,
    ProgrammeScope,
    Session,
)
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    HeadcountFactory,
    PeriodLockFactory,
    ProgrammeFactory,
    ProgrammeScopeFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory
from tests.factories.people import EnrolmentFactory, SchoolContactFactory, SchoolPostFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


class World:
    """Two organisations with a session each, past and to come, everything in them; one draft."""

    def __init__(self):
        self.ours, self.theirs = (self.side(name) for name in ("ours", "theirs"))
        self.draft = SessionFactory(activity=ActivityFactory(programme=self.theirs["programme"], state="draft"))
        self.lock = PeriodLockFactory()

    def side(self, name):
        lead = OrganisationFactory(name=name)
        programme = ProgrammeFactory(lead=lead)
        activity = ActivityFactory(programme=programme)
        coming = SessionFactory(activity=activity)
        past = SessionFactory(activity=activity, past=True, school=coming.school)
        class_group = ClassGroupFactory(school=coming.school)
        pupil = EnrolmentFactory(school=coming.school, class_group=class_group).pupil
        return {
            "lead": lead,
            "programme": programme,
            "activity": activity,
            "coming": coming,
            "past": past,
            "school": coming.school,
            "assignment": AssignmentFactory(session=past),
            "booking": BookingFactory(session=past, class_group=class_group),
            "headcount": HeadcountFactory(session=past, class_group=class_group),
            "attendance": AttendanceFactory(session=past, pupil=pupil),
            "scope": ProgrammeScopeFactory(programme=programme),
        }


MODELS = (Session, Assignment, Booking, Headcount, Attendance, Activity)


@pytest.fixture
def world():
    return World()


def seen(user):
    return {model.__name__: set(model.objects.visible_to(user)) for model in MODELS}


def everything(world, *sides):
    return {
        "Session": {side[name] for side in sides for name in ("coming", "past")},
        "Assignment": {side["assignment"] for side in sides},
        "Booking": {side["booking"] for side in sides},
        "Headcount": {side["headcount"] for side in sides},
        "Attendance": {side["attendance"] for side in sides},
        "Activity": {world.ours["activity"], world.theirs["activity"]},
    }


def test_an_administrator_sees_all(world):
    expected = everything(world, world.ours, world.theirs)
    expected["Session"] |= {world.draft}
    expected["Activity"] |= {world.draft.activity}
    assert seen(GrantFactory(role=Role.ADMINISTRATOR).user) == expected


def test_a_coordinator_sees_the_sessions_of_the_scope_and_no_draft_of_others(world):
    grant = GrantFactory(role=Role.COORDINATOR)
    GrantScopeFactory(grant=grant, organisation=world.ours["lead"])
    expected = everything(world, world.ours)
    # Whoever handles requests knows every class, whoever works with pupils knows pupils: so much of the others.
    found = seen(grant.user)
    assert found["Session"] == expected["Session"]
    assert found["Assignment"] == expected["Assignment"]
    assert found["Headcount"] == expected["Headcount"]
    assert found["Activity"] == expected["Activity"]


def test_a_programme_manager_sees_the_sessions_of_the_programme(world):
    scope = ProgrammeScopeFactory(programme=world.ours["programme"])
    found = seen(scope.grant.user)
    assert found["Session"] == {world.ours["coming"], world.ours["past"]}
    assert found["Assignment"] == {world.ours["assignment"]}
    assert found["Headcount"] == {world.ours["headcount"]}


def test_a_grant_that_ended_shows_nothing(world):
    yesterday = timezone.localdate() - DAY
    grant = GrantFactory(role=Role.COORDINATOR, starts_on=yesterday, ends_on=yesterday)
    GrantScopeFactory(grant=grant, organisation=world.ours["lead"])
    assert seen(grant.user) == {model.__name__: set() for model in MODELS} | {
        "Activity": {world.ours["activity"], world.theirs["activity"]}
    }


def test_a_volunteer_sees_open_sessions_and_their_own(world):
    volunteer = VolunteerFactory()
    own = AssignmentFactory(volunteer=volunteer, session=world.ours["past"])
    AssignmentFactory(volunteer=volunteer, session=world.theirs["past"], state="withdrawn")
    assert seen(volunteer.user) == {
        "Session": {world.ours["coming"], world.theirs["coming"], world.ours["past"]},
        "Assignment": set(volunteer.assignments.all()),
        "Booking": set(),
        "Headcount": {world.ours["headcount"]},
        "Attendance": {world.ours["attendance"]},  # of the pupils they tutored ten days ago
        "Activity": {world.ours["activity"], world.theirs["activity"]},
    }
    assert own in volunteer.assignments.all()


def test_a_volunteer_without_the_role_sees_not_even_their_own(world):
    volunteer = VolunteerFactory(recognised=False)
    AssignmentFactory(volunteer=volunteer, session=world.ours["past"])
    assert seen(volunteer.user)["Session"] == set()
    assert seen(volunteer.user)["Headcount"] == set()


def test_a_school_contact_sees_the_sessions_of_the_school_and_where_its_classes_go(world):
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, school=world.ours["school"], verified=True)
    visit = BookingFactory(
        session=SessionFactory(school=None), class_group=ClassGroupFactory(school=world.ours["school"])
    )
    found = seen(contact.user)
    assert found["Session"] == {world.ours["coming"], world.ours["past"], visit.session}
    assert found["Booking"] == {world.ours["booking"], visit}
    assert found["Headcount"] == {world.ours["headcount"]}
    assert found["Attendance"] == {world.ours["attendance"]}
    assert found["Assignment"] == set()


@pytest.mark.parametrize(
    "role", [Role.GUARDIAN, Role.PUPIL, Role.PARTNER, Role.GOVERNMENT_READER, Role.RESEARCHER, Role.SCHOOL_CONTACT]
)
def test_other_roles_see_no_session(world, role):
    user = GrantFactory(role=role).user
    for model in (Session, Assignment, Booking, Headcount, Attendance):
        assert set(model.objects.visible_to(user)) == set(), model


def test_a_stranger_sees_no_session(world):
    for model in (Session, Assignment, Booking, Headcount, Attendance, ProgrammeScope):
        assert set(model.objects.visible_to(UserFactory())) == set(), model


def test_scopes_are_seen_by_their_owner_and_public_facts_by_all(world):
    assert set(ProgrammeScope.objects.visible_to(world.ours["scope"].grant.user)) == {world.ours["scope"]}
    user = UserFactory()
    assert set(Programme.objects.visible_to(user)) == {world.ours["programme"], world.theirs["programme"]}
    assert set(PeriodLock.objects.visible_to(user)) == {world.lock}
