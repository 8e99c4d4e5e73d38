"""Looking for a speaker in rounds: who is asked, who is not, and how it ends."""

import datetime as dt
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants.accounts.roles import Role
from programs.activities import actions, fitting
from programs.activities.models import Activity, Asking, Assignment, QuietVolunteer, Session
from tests.factories.accounts import GrantFactory
from tests.factories.activities import (
    ActivityFactory,
    AskingFactory,
    AssignmentFactory,
    QuietVolunteerFactory,
    SessionFactory,
    TopicFactory,
    afternoon,
)
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory, SchoolFactory, TerritoryFactory
from tests.factories.people import ClearanceFactory, VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    home = TerritoryFactory(code="59", kind="departement")
    school = SchoolFactory(departement=home, latitude=50.63, longitude=3.06)
    return SessionFactory(school=school, volunteer_places=1, activity__title_en="Dare")


@pytest.fixture
def staff():
    grant = GrantFactory(role=Role.COORDINATOR, user__language="en", user__name="Cléo")
    GrantScopeFactory(grant=grant, organisation=OrganisationFactory(kind="center", name="Center"))
    return grant.user


@pytest.fixture
def volunteers():
    return [VolunteerFactory() for _number in range(6)]


def start(session, by, size=2, minutes=60):
    return actions.start_search(session=session, size=size, minutes=minutes, by=by)


def asked(session):
    """Round by round, who was asked."""
    rounds = {}
    for asking in Asking.objects.filter(search__session=session).order_by("pk"):
        rounds.setdefault(asking.round, []).append(asking.assignment.volunteer_id)
    return [rounds[number] for number in sorted(rounds)]


def order(session, by, seed=0):
    fits, _left_out = fitting.look(session, by=by, seed=seed)
    return [fit.volunteer for fit in fits]


def states(session):
    return Counter(session.assignments.values_list("state", flat=True))


def test_the_best_fit_is_asked_first_and_equals_are_drawn_by_the_seed(session, staff, volunteers):
    session.activity.topics.add(TopicFactory())
    old = VolunteerFactory(former_school=session.school, home_departement=session.school.departement)
    near = VolunteerFactory(member_school=OrganisationFactory(kind="member_school", latitude=50.6, longitude=3.1))
    far = VolunteerFactory(member_school=OrganisationFactory(kind="member_school", latitude=48.7, longitude=2.2))
    done = AssignmentFactory(session=SessionFactory(past=True, activity__kind=session.activity.kind)).volunteer
    done.assignments.get().session.activity.topics.set(session.activity.topics.all())
    fits, left_out = fitting.look(session, by=staff, seed=7)
    said = {fit.volunteer: fit.reasons for fit in fits}
    assert said[old] == ["former_school", "home"]
    assert said[near] == ["near"]
    assert said[far] == []
    assert said[done] == ["same_kind", "same_topic"]
    found = order(session, staff, seed=7)
    assert found[:2] == [old, done]
    assert found[2] == near
    assert set(found[3:]) == {far, *volunteers}
    assert order(session, staff, seed=7) == found
    assert any(order(session, staff, seed=seed)[3:] != found[3:] for seed in range(5))
    assert left_out == []


def test_why_the_others_are_not_asked(session, staff, volunteers):
    session.activity.required_clearances = ["training"]
    session.activity.save()
    day = session.local_start.date()
    for volunteer in volunteers:
        ClearanceFactory(volunteer=volunteer, kind="training", checked_on=day - dt.timedelta(days=30))
    free, busy, quiet, pestered, by_hand, loaded = volunteers
    untrained = VolunteerFactory()
    ClearanceFactory(
        volunteer=untrained, kind="training", checked_on=day - dt.timedelta(days=30), valid_until=day - dt.timedelta(1)
    )
    VolunteerFactory(recognised=False)
    VolunteerFactory(ended_on=timezone.localdate())
    declined = AssignmentFactory(session=session, state="declined").volunteer
    AssignmentFactory(volunteer=busy, session=SessionFactory(starts_at=session.starts_at))
    QuietVolunteerFactory(volunteer=quiet)
    for _time in range(2):
        AskingFactory(assignment__volunteer=pestered)
        AssignmentFactory(volunteer=by_hand, state="invited")
    for number in range(4):
        AssignmentFactory(volunteer=loaded, session=SessionFactory(starts_at=afternoon(12 + number)))
    # What lies too far back, or is only one, counts for nothing.
    AskingFactory(assignment__volunteer=free)
    AskingFactory(assignment__volunteer=free, asked_at=timezone.now() - dt.timedelta(days=8))
    fits, left_out = fitting.look(session, by=staff)
    assert [fit.volunteer for fit in fits] == [free]
    others = Assignment.objects.exclude(volunteer__in=[*volunteers, untrained]).exclude(session=session)
    assert not others.exists()
    assert {str(label): count for label, count in left_out} == {
        "already in the session or asked for it": 1,
        "busy at that time": 1,
        "without a clearance that is needed": 1,
        "does not want to be asked at short notice": 1,
        "asked often in the last days": 2,
        "gives a lot around that day": 1,
    }
    assert declined not in volunteers


@pytest.mark.parametrize(("languages", "is_asked"), [(["fr"], False), ([], False), (["fr", "en"], True)])
def test_nobody_is_asked_for_a_talk_in_a_language_they_do_not_speak(languages, is_asked, session, staff):
    session.activity.language = "en"
    session.activity.save()
    volunteer = VolunteerFactory(languages=languages)
    start(session, staff)
    assert asked(session) == ([[volunteer.pk]] if is_asked else [])
    assert [asking.reasons for asking in Asking.objects.all()] == ([["language"]] if is_asked else [])
    left_out = {str(label): count for label, count in fitting.look(session, by=staff)[1]}
    assert left_out.get("does not speak the language of the talk", 0) == (not is_asked)


def test_who_alone_can_do_something_rarer_soon_is_asked_last(session, staff, volunteers):
    rare = volunteers[0]
    rare.former_school = session.school
    rare.save()
    ClearanceFactory(volunteer=rare, kind="first_aid", checked_on=timezone.localdate() - dt.timedelta(days=30))
    assert order(session, staff)[0] == rare
    other = SessionFactory(starts_at=afternoon(15), activity__required_clearances=["first_aid"])
    assert order(session, staff)[-1] == rare
    # Once three can do it, nobody is kept.
    for volunteer in volunteers[1:3]:
        ClearanceFactory(volunteer=volunteer, kind="first_aid", checked_on=timezone.localdate() - dt.timedelta(days=30))
    assert order(session, staff)[0] == rare
    # The rarer session itself asks for it, and so does what lies far ahead.
    assert order(other, staff)[0] in volunteers[:3]


def test_rounds_follow_each_other_until_the_place_is_taken(monday, session, staff, volunteers, letters):
    Session.objects.filter(pk=session.pk).update(starts_at=afternoon(3), ends_at=afternoon(3) + dt.timedelta(hours=2))
    session.refresh_from_db()
    search = start(session, staff)
    assert [len(people) for people in asked(session)] == [2]
    assert actions.go_on_searching() == 0
    monday.shift(dt.timedelta(minutes=59))
    assert actions.go_on_searching() == 0
    monday.shift(dt.timedelta(minutes=2))
    assert actions.go_on_searching() == 1
    assert actions.go_on_searching() == 0
    assert [len(people) for people in asked(session)] == [2, 2]
    first = session.assignments.get(volunteer=asked(session)[0][0])
    # Whoever answers after the round has ended may still be the first.
    assert actions.accept(assignment=first, by=first.volunteer.user).state == "confirmed"
    search.refresh_from_db()
    assert (search.state, search.ended_at) == ("filled", timezone.now())
    assert states(session) == {"confirmed": 1, "lapsed": 3}
    told = [recipient for occasion, recipient in letters(about=session) if occasion == "volunteer_not_needed"]
    assert {user.volunteer.pk for user in told} == {pk for people in asked(session) for pk in people} - {
        first.volunteer_id
    }
    late = session.assignments.filter(state="lapsed").first()
    with pytest.raises(ValidationError, match="Somebody was faster"):
        actions.accept(assignment=late, by=late.volunteer.user)
    monday.shift(dt.timedelta(hours=2))
    assert actions.go_on_searching() == 0


def test_when_everybody_said_no_the_next_are_asked_at_once(session, staff, volunteers):
    start(session, staff)
    for assignment in session.assignments.all():
        actions.decline(assignment=assignment, by=assignment.volunteer.user)
    assert actions.go_on_searching() == 1
    assert [len(people) for people in asked(session)] == [2, 2]
    assert states(session) == {"declined": 2, "invited": 2}


def test_two_places_are_searched_until_both_are_taken(session, staff, volunteers):
    actions.resize(session=session, by=staff, volunteer_places=2)
    search = start(session, staff, size=3)
    one, two, three = session.assignments.order_by("pk")
    actions.accept(assignment=one, by=one.volunteer.user)
    search.refresh_from_db()
    assert search.is_running
    actions.accept(assignment=two, by=two.volunteer.user)
    search.refresh_from_db()
    three.refresh_from_db()
    assert (search.state, three.state) == ("filled", "lapsed")


@pytest.mark.parametrize("way", ["sign_up", "resize"])
def test_a_place_that_is_gone_another_way_ends_the_search(way, session, staff, volunteers):
    search = start(session, staff)
    if way == "sign_up":
        actions.sign_up(session=session, volunteer=VolunteerFactory())
    else:
        actions.resize(session=session, by=staff, volunteer_places=0)
    search.refresh_from_db()
    assert search.state == "filled"
    assert states(session)["lapsed"] == 2


def test_it_stops_at_the_start_and_when_the_session_is_called_off(monday, staff, volunteers, letters):
    near = SessionFactory(starts_at=timezone.now() + dt.timedelta(minutes=30), volunteer_places=1)
    off = SessionFactory(volunteer_places=1)
    first, second = start(near, staff, size=1), start(off, staff, size=1)
    actions.cancel_session(session=off, reason="strike", by=staff)
    monday.shift(dt.timedelta(minutes=31))
    assert actions.go_on_searching() == 2
    for search in (first, second):
        search.refresh_from_db()
        assert search.state == "begun"
    assert states(near) == states(off) == {"lapsed": 1}
    # Who was told that the session is called off is not told a second thing.
    assert "volunteer_not_needed" not in {occasion for occasion, _recipient in letters()}


def test_it_stops_by_hand(session, staff, volunteers, letters):
    search = start(session, staff)
    actions.stop_search(search=search, by=staff)
    assert search.state == "stopped"
    assert states(session) == {"lapsed": 2}
    assert actions.go_on_searching() == 0
    assert [occasion for occasion, _user in letters(about=session, state="planned")] == ["volunteer_not_needed"] * 2
    # A new search asks others.
    start(session, staff)
    everybody = [
        pk for search in session.searches.all() for pk in search.askings.values_list("assignment__volunteer", flat=True)
    ]
    assert len(everybody) == len(set(everybody)) == 4


def test_there_is_one_search_and_something_to_search(session, staff, volunteers):
    start(session, staff)
    with pytest.raises(ValidationError, match="already running"):
        start(session, staff)
    with pytest.raises(ValidationError, match="nobody to look for"):
        start(SessionFactory(volunteer_places=0), staff)
    with pytest.raises(ValidationError, match="begun"):
        start(SessionFactory(past=True), staff)


def test_who_started_and_lost_the_role_asks_nobody_any_more(session, staff, volunteers):
    start(session, staff)
    staff.grants.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    session.assignments.update(state="declined")
    assert actions.go_on_searching() == 1
    assert len(asked(session)) == 1


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["clock", "wait", "no", "yes", "leave", "stop", "start"]), max_size=12))
def test_nobody_is_asked_twice_and_no_round_begins_while_one_is_open(monday, staff, steps):
    session = SessionFactory(volunteer_places=1, activity=ActivityFactory(kind=Activity.Kind.TALK))
    for _number in range(7):
        VolunteerFactory()
    search = start(session, staff)
    for step in steps:
        before, search_before = asked(session), session.searches.get(pk=search.pk)
        open_before = session.assignments.filter(asking__round=search_before.round, state="invited").exists()
        is_open = search_before.is_running and open_before and search_before.round_ends_at > timezone.now()
        _do(step, session, staff, monday)
        if step == "clock" and is_open:
            assert asked(session) == before
        search = session.searches.first()
    everybody = Asking.objects.filter(search__session=session).values_list("assignment__volunteer", flat=True)
    assert len(everybody) == len(set(everybody))
    assert session.assignments.confirmed().count() <= 1
    session.refresh_from_db()
    if session.volunteer_places_left == 0:
        assert not session.searches.running().exists()
        assert not session.assignments.filter(asking__isnull=False, state="invited").exists()
    session.searches.running().update(state="stopped")


def _do(step, session, staff, clock):
    """One thing that may happen; what is refused changes nothing."""
    invited = session.assignments.filter(state="invited").order_by("pk").first()
    held = session.assignments.confirmed().first()
    search = session.searches.running().first()
    session.refresh_from_db()
    if step == "clock":
        actions.go_on_searching()
    elif step == "wait":
        clock.shift(dt.timedelta(minutes=45))
    elif step == "no" and invited:
        actions.decline(assignment=invited, by=invited.volunteer.user)
    elif step == "yes" and invited:
        actions.accept(assignment=invited, by=invited.volunteer.user)
    elif step == "leave" and held:
        actions.withdraw(assignment=held, by=staff)
    elif step == "stop" and search:
        actions.stop_search(search=search, by=staff)
    elif step == "start" and not search and session.volunteer_places_left:
        start(session, staff)


def test_the_coordinator_starts_watches_and_stops(client_for, session, staff, volunteers):
    browser, url = client_for(staff), reverse("activities:session-search", args=[session.pk])
    assert browser.get(session.get_absolute_url()).text.count(url) == 1
    first = browser.get(url).text
    assert "6 people could be asked" in first
    assert "hx-get" not in first
    assert browser.post(url, {"size": "0", "minutes": "60"}).status_code == 200
    assert not session.searches.exists()
    assert browser.post(url, {"size": "2", "minutes": "30"}).url == url
    page = browser.get(url).text
    piece = browser.get(url, headers={"hx-request": "true"}).text
    for shown in (page, piece):
        assert 'hx-trigger="every 5s"' in shown
        assert shown.count("no answer yet") == 2
        assert "4 people could be asked" in shown
    assert "<html" not in piece
    part = session.assignments.first()
    answer = client_for(part.volunteer.user)
    answer.post(reverse("activities:invitation-accept", args=[session.pk]))
    watched = browser.get(url, headers={"hx-request": "true"}).text
    assert "hx-get" not in watched
    assert "Every place is taken" in watched
    assert watched.count("no longer needed") == 1
    late = session.assignments.get(state="lapsed").volunteer.user
    late.language = "en"
    late.save()
    slow = client_for(late)
    assert "Somebody was faster" in slow.get(session.get_absolute_url()).text
    refused = slow.post(reverse("activities:invitation-accept", args=[session.pk]), follow=True)
    assert "Somebody was faster: the place is taken" in refused.text
    assert states(session) == {"confirmed": 1, "lapsed": 1}
    assert browser.post(reverse("activities:search-stop", args=[session.searches.get().pk])).url == url


def test_the_page_asks_the_same_for_two_and_for_six(client_for, session, staff, volunteers, django_assert_num_queries):
    browser, url = client_for(staff), reverse("activities:session-search", args=[session.pk])
    start(session, staff)
    browser.get(url)
    with django_assert_num_queries(20):
        browser.get(url)
    session.searches.update(round_ends_at=timezone.now())
    actions.go_on_searching()
    with django_assert_num_queries(20):
        browser.get(url)


def test_a_volunteer_may_say_do_not_ask_me(client_for, volunteers):
    volunteer = volunteers[0]
    browser, url = client_for(volunteer.user), reverse("activities:short-notice")
    assert browser.post(url, {"asked": "no"}).url == reverse("activities:my-sessions")
    browser.post(url, {"asked": "no"})
    assert QuietVolunteer.objects.get().volunteer == volunteer
    assert 'value="yes"' in browser.get(reverse("activities:my-sessions")).text
    browser.post(url, {"asked": "yes"})
    assert not QuietVolunteer.objects.exists()
