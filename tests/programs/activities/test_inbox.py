"""The inbox: each thing once, gone when the records say so, put off and given away by a mark."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participants.accounts.roles import Role
from participants.organisations.models import Organisation
from participants.organisations.school_years import current_school_year
from programs.activities import actions, inbox, to_do
from programs.activities.inbox import colleagues_of, inbox_of
from programs.activities.models import InboxMark
from programs.awareness import inbox as awareness
from programs.awareness.models import TalkRequest
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    BookingFactory,
    HeadcountFactory,
    KitFactory,
    KitOpeningFactory,
    ProgrammeScopeFactory,
    SessionFactory,
)
from tests.factories.awareness import TalkRequestFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory

pytestmark = pytest.mark.django_db


def coordinator_of(organisation):
    grant = GrantFactory(user=UserFactory(language="en"), role=Role.COORDINATOR)
    GrantScopeFactory(grant=grant, organisation=organisation)
    return grant.user


@pytest.fixture
def center():
    return OrganisationFactory(kind=Organisation.Kind.CENTER)


@pytest.fixture
def own():
    return OrganisationFactory(kind=Organisation.Kind.MEMBER_SCHOOL)


@pytest.fixture
def coordinator(own):
    return coordinator_of(own)


def session_of(organisation, *, days=3, **values):
    starts_at = timezone.now() + dt.timedelta(days=days)
    activity = ActivityFactory(programme__lead=organisation, organisation=organisation, **values.pop("activity", {}))
    return SessionFactory(activity=activity, starts_at=starts_at, **values)


def keys(user):
    return [item.key for item in inbox_of(user).mine]


def test_sessions_of_ten_days_without_enough_speakers(own, coordinator):
    missing = session_of(own, volunteer_places=2)
    session_of(own, volunteer_places=0)
    session_of(own, days=11, volunteer_places=2)
    session_of(own, volunteer_places=2, state="cancelled", state_reason="grève")
    session_of(OrganisationFactory(), volunteer_places=2)
    assert keys(coordinator) == [f"speakers:{missing.pk}"]
    [item] = inbox_of(coordinator).mine
    assert (item.detail, item.url) == (
        "0 of 2 volunteers confirmed",
        reverse("activities:session-people", args=[missing.pk]),
    )


def test_speakers_who_have_not_opened_their_kit(own, coordinator):
    soon, later, without = (session_of(own, days=days, volunteer_places=2) for days in (1, 4, 1))
    for session in (soon, later, without):
        AssignmentFactory.create_batch(2, session=session)
    KitFactory(activity=soon.activity)
    KitFactory(activity=later.activity)
    first, second = soon.assignments.all()
    KitOpeningFactory(assignment=first)
    assert keys(coordinator) == [f"kit:{soon.pk}"]
    assert inbox_of(coordinator).mine[0].detail == "1 speaker has not opened the kit"
    KitOpeningFactory(assignment=second)
    assert keys(coordinator) == []


def test_what_is_put_off_leaves_its_place_to_what_waits(own, coordinator, monkeypatch):
    monkeypatch.setattr(inbox, "MOST", 2)
    first, second, third = (session_of(own, days=days, volunteer_places=2) for days in (2, 3, 4))
    assert keys(coordinator) == [f"speakers:{first.pk}", f"speakers:{second.pk}"]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    actions.snooze_item(key=f"speakers:{first.pk}", by=coordinator, until=tomorrow)
    assert keys(coordinator) == [f"speakers:{second.pk}", f"speakers:{third.pk}"]


def test_head_counts_that_nobody_gave(own, coordinator):
    def held(organisation):
        session = session_of(organisation, days=-3, volunteer_places=0)
        BookingFactory(session=session, class_group=ClassGroupFactory(), seats=10)
        return session

    missing, counted = held(own), held(own)
    HeadcountFactory(session=counted, class_group=counted.bookings.get().class_group)
    held(OrganisationFactory())
    session_of(own, days=-3, volunteer_places=0)
    assert keys(coordinator) == [f"headcount:{missing.pk}"]


def test_a_school_that_has_not_counted_beside_one_that_has(own, coordinator):
    session = session_of(own, days=-3, volunteer_places=0)
    one, _other = (
        BookingFactory(session=session, class_group=ClassGroupFactory(school=SchoolFactory()), seats=10) for _ in "ab"
    )
    HeadcountFactory(session=session, class_group=one.class_group)
    assert keys(coordinator) == [f"headcount:{session.pk}"]
    HeadcountFactory(session=session, class_group=None)  # somebody counted all who were there
    assert keys(coordinator) == []


def test_a_free_place_for_which_it_is_too_late_to_make_an_offer(own, coordinator):
    late = session_of(own, days=0.5, seats=60, volunteer_places=0)
    waits(late)
    [item] = to_do.lines_blocked(coordinator, 50)
    assert item.key == f"line:s{late.pk}"
    assert item.detail.startswith("1 waits · waiting list: A place is free, but it is too late for an offer.")


def waits(session):
    return BookingFactory(session=session, class_group=ClassGroupFactory(), seats=30, stage="waitlisted")


def test_a_line_that_a_limit_blocks_says_which(own, coordinator):
    blocked = session_of(own, days=20, seats=10, volunteer_places=0)
    waits(blocked)
    waits(blocked)
    free = session_of(own, days=20, seats=60, volunteer_places=0)
    waits(free)
    waits(session_of(OrganisationFactory(), days=20, seats=10, volunteer_places=0))
    [item] = to_do.lines_blocked(coordinator, 50)
    assert item.key == f"line:s{blocked.pk}"
    assert item.detail.startswith("2 wait · seats of this date: 30 needed, 10 free of 10.")


def test_a_whole_activity_has_a_line_too(own, coordinator):
    camp = ActivityFactory(programme__lead=own, organisation=own, seats=20)
    BookingFactory(activity=camp, session=None, class_group=ClassGroupFactory(), seats=15)
    BookingFactory(activity=camp, session=None, class_group=ClassGroupFactory(), seats=15, stage="waitlisted")
    [item] = to_do.lines_blocked(coordinator, 50)
    assert (item.key, item.url) == (f"line:a{camp.pk}", reverse("activities:activity-places", args=[camp.pk]))


def request_of(days):
    talk = TalkRequestFactory(sent=True)
    TalkRequest.objects.filter(pk=talk.pk).update(sent_at=timezone.now() - dt.timedelta(days=days, minutes=1))
    return talk


def test_a_request_is_in_one_line_only(coordinator):
    old, _new, _other = request_of(5), request_of(4), request_of(0)
    TalkRequestFactory(accepted=True)
    assert keys(coordinator) == [f"request:{old.pk}", "new_requests"]
    assert inbox_of(coordinator).find("new_requests").title == "2 new requests"


def taught(school, year):
    activity = ActivityFactory(school_year=year)
    session = SessionFactory(activity=activity, school=school, past=True)
    BookingFactory(session=session, class_group=ClassGroupFactory(school=school), school=school, seats=10)


@pytest.mark.parametrize(("month", "is_there"), [(1, True), (8, True), (9, False), (12, False)])
def test_a_school_is_quiet_from_january_on(month, is_there, coordinator, monkeypatch):
    year = current_school_year()
    quiet, again, asked, former = (SchoolFactory() for _number in range(4))
    for school in (quiet, again, asked):
        taught(school, year - 1)
    taught(again, year)
    TalkRequestFactory(sent=True, school=asked, school_year=year)
    taught(former, year - 2)
    today = dt.date(year + (month < 9), month, 15)
    monkeypatch.setattr(awareness.timezone, "localdate", lambda *_moment: today)
    found = [item.key for item in awareness.schools_gone_quiet(coordinator, 50)]
    assert found == ([f"quiet:{year}:{quiet.pk}"] if is_there else [])


def test_put_off_until_a_day_for_everybody_and_back(own, coordinator):
    session = session_of(own, volunteer_places=2)
    key, colleague = f"speakers:{session.pk}", coordinator_of(own)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    actions.snooze_item(key=key, by=coordinator, until=tomorrow)
    assert [keys(user) for user in (coordinator, colleague)] == [[], []]
    assert [item.key for item in inbox_of(colleague).later] == [key]
    InboxMark.objects.update(snoozed_until=timezone.localdate())
    assert keys(coordinator) == [key]
    with pytest.raises(ValidationError, match="from tomorrow on"):
        actions.snooze_item(key=key, by=coordinator, until=timezone.localdate())


def test_what_is_given_to_a_colleague_waits_for_them_alone(own, center, coordinator):
    session = session_of(own, volunteer_places=2)
    key, colleague, stranger = f"speakers:{session.pk}", coordinator_of(own), coordinator_of(OrganisationFactory())
    with pytest.raises(ValidationError, match="cannot do anything about this"):
        actions.assign_item(key=key, by=coordinator, to=stranger)
    actions.assign_item(key=key, by=coordinator, to=colleague)
    assert (keys(coordinator), keys(colleague)) == ([], [key])
    assert [item.assigned_to for item in inbox_of(coordinator).colleagues] == [colleague]
    actions.assign_item(key=key, by=colleague, to=None)
    assert keys(coordinator) == [key]
    assert InboxMark.objects.count() == 1


def test_only_those_who_run_the_same_are_named(own, center, coordinator):
    colleague, above, stranger = coordinator_of(own), coordinator_of(center), coordinator_of(OrganisationFactory())
    director = GrantFactory(user=UserFactory(), role=Role.ADMINISTRATOR).user
    activity = ActivityFactory(programme__lead=own, organisation=own)
    of_programme = GrantFactory(user=UserFactory(), role=Role.PROGRAMME_MANAGER).user
    ProgrammeScopeFactory(grant=of_programme.grants.get(), programme=activity.programme)
    known = {coordinator, colleague, above, director, of_programme}
    assert set(colleagues_of(coordinator)) == set(colleagues_of(of_programme)) == known
    assert set(colleagues_of(above)) == known | {stranger}
    assert set(colleagues_of(stranger)) == {stranger, above, director}


def test_nobody_marks_what_is_not_theirs_or_done(own, coordinator):
    theirs = session_of(OrganisationFactory(), volunteer_places=2)
    done = session_of(own, volunteer_places=0)
    for session in (theirs, done):
        with pytest.raises(ValidationError, match="done already, or not yours"):
            actions.assign_item(key=f"speakers:{session.pk}", by=coordinator, to=coordinator)
    assert not InboxMark.objects.exists()


def test_the_page_shows_does_and_comes_back(own, coordinator, client_for):
    session = session_of(own, volunteer_places=2)
    theirs = session_of(OrganisationFactory(), volunteer_places=2)
    client, page = client_for(coordinator), reverse("activities:inbox")
    text = client.get(page).content.decode()
    assert f"/sessions/{session.pk}/people/" in text
    assert f"/sessions/{theirs.pk}/people/" not in text
    client.post(reverse("activities:inbox-snooze"), {"key": f"speakers:{session.pk}", "days": "7"})
    assert f"/sessions/{session.pk}/people/" not in client.get(page).content.decode()
    assert f"/sessions/{session.pk}/people/" in client.get(page, {"show": "later"}).content.decode()
    client.post(reverse("activities:inbox-assign"), {"key": f"speakers:{session.pk}", "to": coordinator.pk})
    assert InboxMark.objects.get().assigned_to == coordinator


def test_the_inbox_asks_the_same_number_of_questions(own, coordinator, client_for, django_assert_max_num_queries):
    def one_of_each():
        session_of(own, volunteer_places=2)
        request_of(6)
        waits(session_of(own, days=20, seats=10, volunteer_places=0))
        past = session_of(own, days=-3, volunteer_places=0)
        BookingFactory(session=past, class_group=ClassGroupFactory(), seats=10)

    client, page = client_for(coordinator), reverse("activities:inbox")
    one_of_each()
    client.get(page)
    with django_assert_max_num_queries(100) as one:
        client.get(page)
    one_of_each()
    one_of_each()
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(page)


def test_old_marks_are_forgotten():
    InboxMark.objects.create(key="speakers:1")
    InboxMark.objects.create(key="speakers:2")
    InboxMark.objects.filter(key="speakers:1").update(changed_at=timezone.now() - dt.timedelta(days=401))
    assert actions.forget_marks() == 1
    assert InboxMark.objects.get().key == "speakers:2"
