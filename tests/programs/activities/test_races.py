"""Many people at the same moment, with threads on PostgreSQL."""

import datetime as dt
import threading
import time
import uuid
from collections import Counter
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from programs.activities import actions
from programs.activities.actions.roll import StillRunning
from programs.activities.models import Asking, Assignment, Booking, RollEntry
from tests.factories.activities import (
    ActivityFactory,
    AskingFactory,
    AttendanceFactory,
    LevelQuotaFactory,
    PriorityCriterionFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import EnrolmentFactory, VolunteerFactory
from tests.harness.scorecard import for_the_scorecard
from tests.harness.threads import at_once, meeting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

INSERT = 'INSERT INTO "activities_'


def before_insert(execute, sql, params, many, context):
    """A moment between looking and writing, in which a missing lock lets everybody in."""
    if sql.startswith(INSERT):
        time.sleep(0.05)
    return execute(sql, params, many, context)


def sign_ups(session, volunteers):
    return [partial(actions.sign_up, session=session, volunteer=volunteer) for volunteer in volunteers]


def states(session):
    return Counter(session.assignments.values_list("state", flat=True))


@for_the_scorecard
def test_nobody_oversells_in_ten_thousand_attempts(record_property):
    """The same race again and again, on a date of its own each time."""
    rounds, oversold = 160, 0
    volunteers = [VolunteerFactory() for _number in range(64)]
    for number in range(rounds):
        starts_at = timezone.now() + dt.timedelta(days=7 + number)
        session = SessionFactory(volunteer_places=3, starts_at=starts_at)
        results = at_once(sign_ups(session, volunteers))
        assert [result for result in results if not isinstance(result, Assignment)] == []
        oversold += states(session)["confirmed"] != 3
    record_property("tried", rounds * len(volunteers))
    assert oversold == 0


def test_searches_at_the_same_moment_ask_nobody_more_than_twice_in_a_week(cleo):
    """Six sessions look for somebody at once, and everybody was asked once already this week."""
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind="center"))
    sessions = [SessionFactory(starts_at=timezone.now() + dt.timedelta(days=7 + number)) for number in range(6)]
    volunteers = [VolunteerFactory() for _number in range(3)]
    for volunteer in volunteers:
        AskingFactory(assignment__volunteer=volunteer)
    calls = [partial(actions.start_search, session=one, size=3, minutes=60, by=cleo) for one in sessions]
    results = at_once(calls, slow=before_insert)
    assert [result for result in results if isinstance(result, Exception)] == []
    for volunteer in volunteers:
        assert Asking.objects.filter(assignment__volunteer=volunteer).count() == 2
    # A search that was overtaken goes on at once, and asks nobody a third time.
    assert actions.go_on_searching() > 0
    assert Asking.objects.count() == 6


def test_64_volunteers_race_for_3_places(cleo, record_property):
    record_property("tried", 64)
    session = SessionFactory(volunteer_places=3)
    volunteers = [VolunteerFactory() for _number in range(64)]
    results = at_once(sign_ups(session, volunteers))
    assert [result for result in results if not isinstance(result, Assignment)] == []
    assert states(session) == {"confirmed": 3, "applied": 61}
    # In line in the order of arrival: whoever was written later stands later, and everybody got in before the line.
    line = list(session.assignments.in_line().values_list("pk", "applied_at"))
    assert line == sorted(line)
    last = max(session.assignments.confirmed().values_list("applied_at", flat=True))
    assert last < line[0][1]
    first = session.assignments.in_line().first()
    actions.withdraw(assignment=session.assignments.confirmed().first(), by=cleo)
    first.refresh_from_db()
    assert (first.state, states(session)["confirmed"]) == ("confirmed", 3)


@pytest.mark.sabotage
def test_without_the_lock_there_is_no_clean_line(monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "signup_lock")
    session = SessionFactory(volunteer_places=3)
    results = at_once(sign_ups(session, [VolunteerFactory() for _number in range(6)]), slow=meeting(6, INSERT))
    # The second net still holds: nobody is over the limit. But people were turned away instead of put in line.
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (states(session), len(refused)) == ({"confirmed": 3}, 3)
    assert {refusal.code for refusal in refused} == {"activities_session_volunteers_within_limit"}


def test_one_person_two_sessions_at_once():
    for _round in range(5):
        first = SessionFactory()
        second = SessionFactory(starts_at=first.starts_at)
        volunteer = VolunteerFactory()
        calls = [call for session in (first, second) for call in sign_ups(session, [volunteer])]
        results = at_once(calls, slow=before_insert)
        assert Counter(type(result).__name__ for result in results) == {"Assignment": 1, "ValidationError": 1}
        refusal = next(result for result in results if isinstance(result, ValidationError))
        assert (first if states(first) else second).activity.title in refusal.messages[0]
        assert states(first) + states(second) == {"confirmed": 1}


def test_a_form_sent_many_times_makes_one_row(client_for):
    session, volunteer = SessionFactory(), VolunteerFactory()
    clients = [client_for(volunteer.user) for _tab in range(8)]
    url = reverse("activities:session-join", args=[session.pk])
    answers = at_once([partial(client.post, url) for client in clients])
    assert [answer.url for answer in answers] == [session.get_absolute_url()] * 8
    assert states(session) == {"confirmed": 1}


def test_withdrawing_and_joining_at_once_leaves_no_place_empty(cleo):
    session = SessionFactory(volunteer_places=4)
    inside = [actions.sign_up(session=session, volunteer=VolunteerFactory()) for _number in range(4)]
    leaving = [partial(actions.withdraw, assignment=assignment, by=cleo) for assignment in inside]
    joining = sign_ups(session, [VolunteerFactory() for _number in range(12)])
    results = at_once(leaving + joining)
    assert [result for result in results if not isinstance(result, Assignment)] == []
    assert states(session) == {"withdrawn": 4, "confirmed": 4, "applied": 8}


@pytest.fixture
def searcher(cleo):
    """A coordinator of the whole center: sees every volunteer."""
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind="center"))
    return cleo


def test_five_who_are_asked_say_yes_at_once_and_one_holds_the_place(searcher):
    session = SessionFactory(volunteer_places=1)
    for _number in range(5):
        VolunteerFactory()
    search = actions.start_search(session=session, size=5, minutes=60, by=searcher)
    asked = list(session.assignments.select_related("session__activity", "volunteer__user"))
    calls = [partial(actions.accept, assignment=assignment, by=assignment.volunteer.user) for assignment in asked]
    # The clock ticks twice meanwhile, on two workers.
    results = at_once([*calls, actions.go_on_searching, actions.go_on_searching])[:5]
    assert Counter(type(result).__name__ for result in results) == {"Assignment": 1, "ValidationError": 4}
    assert states(session) == {"confirmed": 1, "lapsed": 4}
    search.refresh_from_db()
    assert (search.state, search.askings.count()) == ("filled", 5)


def test_two_clocks_send_one_round(searcher):
    session = SessionFactory(volunteer_places=1)
    for _number in range(6):
        VolunteerFactory()
    search = actions.start_search(session=session, size=2, minutes=60, by=searcher)
    session.assignments.update(state="declined")
    at_once([actions.go_on_searching] * 4, slow=before_insert)
    assert Counter(search.askings.values_list("round", flat=True)) == {1: 2, 2: 2}


def test_classes_race_for_the_last_seats(cleo):
    session = SessionFactory(seats=100)
    classes = [ClassGroupFactory(school=session.school) for _number in range(12)]
    results = at_once(
        [partial(actions.book, session=session, class_group=class_group, by=cleo) for class_group in classes],
        slow=before_insert,
    )
    assert [result for result in results if not isinstance(result, Booking)] == []
    assert Counter(session.bookings.values_list("stage", flat=True)) == {"confirmed": 3, "waitlisted": 9}


def activity_with_every_limit():
    activity = ActivityFactory(seats_in_all=3, school_cap=3, needs_two_adults=True)
    LevelQuotaFactory(activity=activity, levels=["2GT"], seats=3)
    PriorityCriterionFactory(activity=activity)
    return activity


def registrations(activity, people=64):
    """Pupils of one school and level, half of them for each of two dates with room for three."""
    school = SchoolFactory()
    sessions = [SessionFactory(activity=activity, seats=3, staff_adults=2) for _number in range(2)]
    years = [EnrolmentFactory(school=school, level="2GT", school_year=activity.school_year) for _n in range(people)]
    return [
        partial(actions.book, session=sessions[number % 2], pupil=year.pupil, by=None)
        for number, year in enumerate(years)
    ]


def test_64_pupils_race_for_3_places_with_every_limit(record_property):
    record_property("tried", 64)
    activity = activity_with_every_limit()
    results = at_once(registrations(activity))
    assert [result for result in results if not isinstance(result, Booking)] == []
    stages = Counter(Booking.objects.of_activity(activity).values_list("stage", flat=True))
    assert stages == {"confirmed": 3, "waitlisted": 61}


@pytest.mark.sabotage
def test_without_the_lock_of_the_activity_more_than_3_get_in(monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "booking_lock,signup_lock")
    activity = activity_with_every_limit()
    at_once(registrations(activity, 6), slow=meeting(6, INSERT))
    assert Booking.objects.of_activity(activity).filter(stage="confirmed").count() > 3


def test_one_freed_place_is_offered_once_whatever_happens_at_once():
    activity = activity_with_every_limit()
    inside, *waiting = [call() for call in registrations(activity, 12)][2:]
    offers = [partial(actions.pass_on_offers) for _worker in range(4)]
    at_once([partial(actions.cancel_booking, booking=inside, by=None), *offers], slow=before_insert)
    stages = Counter(Booking.objects.of_activity(activity).values_list("stage", flat=True))
    assert stages == {"confirmed": 2, "offered": 1, "withdrawn": 1, "waitlisted": 8}
    [offered] = Booking.objects.of_activity(activity).filter(stage="offered")
    assert offered == waiting[0]


def test_saying_yes_in_two_windows_while_the_clock_ends_the_offer():
    activity = activity_with_every_limit()
    inside = [call() for call in registrations(activity, 5)][0]
    actions.cancel_booking(booking=inside, by=None)
    [offered] = Booking.objects.of_activity(activity).filter(stage="offered")
    yes, no = partial(actions.accept_offer, booking=offered), partial(actions.decline_offer, booking=offered)
    at_once([yes, yes, no, actions.pass_on_offers], slow=before_insert)
    held = Booking.objects.of_activity(activity).filter(stage__in=["confirmed", "offered"])
    assert held.count() == 3


def test_a_class_booked_twice_at_once_is_booked_once(cleo):
    session, class_group = SessionFactory(), ClassGroupFactory()
    calls = [partial(actions.book, session=session, class_group=class_group, by=cleo)] * 6
    assert len({result.pk for result in at_once(calls, slow=before_insert)}) == 1
    assert session.bookings.count() == 1


def test_two_people_count_at_once_and_one_word_stays(cleo):
    session = SessionFactory(past=True)
    calls = [
        partial(
            actions.confirm_headcount,
            session=session,
            by=cleo,
            source="staff",
            counts=[(None, "3E", total, 0, 0)],
        )
        for total in (20, 21, 22, 23)
    ]
    at_once(calls, slow=before_insert)
    assert session.headcounts.count() == 1


def roll_words(pupils, status, minutes):
    seen_at = timezone.now() - dt.timedelta(minutes=minutes)
    return [RollEntry(nonce=uuid.uuid4(), pupil=pupil, status=status, observed_at=seen_at) for pupil in pupils]


def call(session, by, words):
    pupils = {word.pupil_id for word in words}
    return actions.take_roll(
        session=session, by=by, source="volunteer", words=words, pupils=pupils, classes=set()
    )  # fmt: skip


@pytest.fixture
def list_of_pupils():
    session = SessionFactory(past=True)
    return session, [AttendanceFactory(session=session, status="excused", minutes=0).pupil for _n in range(12)]


def test_two_phones_on_one_list_at_once_leave_the_later_words(list_of_pupils, cleo, dan):
    session, pupils = list_of_pupils
    for _round in range(3):
        earlier, later = roll_words(pupils, "absent", 5), roll_words(pupils[::-1], "present", 2)
        results = at_once([partial(call, session, cleo, earlier), partial(call, session, dan, later)])
        assert [len(result) for result in results] == [12, 12]
        assert Counter(session.attendances.values_list("status", flat=True)) == {"present": 12}
        session.roll.all().delete()


@pytest.mark.sabotage
def test_without_the_lock_the_earlier_word_would_stand(list_of_pupils, cleo, dan, monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "signup_lock")
    session, pupils = list_of_pupils
    earlier, later = roll_words(pupils, "absent", 5), roll_words(pupils, "present", 2)
    about_to_write, written = threading.Event(), threading.Event()

    def held_back(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "activities_attendance"'):
            about_to_write.set()
            assert written.wait(30)
        return execute(sql, params, many, context)

    def earlier_but_written_last():
        with connection.execute_wrapper(held_back):
            return call(session, cleo, earlier)

    def later_in_between():
        assert about_to_write.wait(30)
        call(session, dan, later)
        written.set()

    results = at_once([earlier_but_written_last, later_in_between])
    assert [result for result in results if isinstance(result, Exception)] == []
    assert Counter(session.attendances.values_list("status", flat=True)) == {"absent": 12}


def test_the_same_words_sent_twice_at_once_are_written_once(list_of_pupils, cleo):
    session, pupils = list_of_pupils
    words = roll_words(pupils, "late", 5)
    again = [RollEntry(nonce=w.nonce, pupil=w.pupil, status="late", observed_at=w.observed_at) for w in words]
    results = at_once([partial(call, session, cleo, words), partial(call, session, cleo, again)], slow=before_insert)
    told = [result for result in results if isinstance(result, dict)]
    assert {type(result) for result in results} <= {dict, StillRunning}
    assert [answer.outcome for answer in told[0].values()] == ["stands"] * 12
    assert session.roll.filter(status="late").count() == 12
    assert call(session, cleo, again) == told[0]
