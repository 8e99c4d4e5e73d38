"""A random walk through registrations of an activity with every limit: whatever happens, in whatever order, no limit is
passed without a name and a reason, and after every step exactly those are confirmed, offered and waiting whom the rules
name, read a second time in plain Python (`reference.py`)."""

import datetime as dt
from contextlib import suppress

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import TestCase
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from programs.activities import actions
from programs.activities.models import Activity, Booking, Session
from tests.factories.accounts import UserFactory
from tests.factories.activities import ActivityFactory, GuestFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import EnrolmentFactory, VolunteerFactory
from tests.programs.activities.reference import Date, Reference, Row

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LEVELS = ["3E", "2GT"]
which, what = st.integers(0, 1), st.integers(0, 11)


class LifeOfPlaces(RuleBasedStateMachine):
    """Two dates of one activity with a total, a share for each school, a quota, two adults and one criterion."""

    steps = 0

    @initialize(
        seats=st.tuples(st.integers(0, 8), st.integers(0, 8)), total=st.integers(3, 12), share=st.integers(1, 6)
    )
    def begin(self, seats, total, share):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = time_machine.travel(NOW, tick=False)
        self.traveller = self.clock.start()
        self.cleo = UserFactory()
        self.activity = ActivityFactory(needs_two_adults=True, offer_hours=24, offer_margin_hours=24)
        actions.set_places(
            activity=self.activity,
            by=self.cleo,
            quotas=[(["3E"], 4)],
            priorities={"scholarship": 2},
            seats_in_all=total,
            school_cap=share,
        )
        self.sessions = [
            SessionFactory(activity=self.activity, seats=n, volunteer_places=2, starts_at=NOW + days * 24 * HOUR).pk
            for n, days in zip(seats, (2, 6), strict=True)
        ]
        self.guests = self._guests()
        self.volunteers = [VolunteerFactory(), VolunteerFactory()]
        self.rules = Reference(now=NOW, total=total, share=share, quota=4)
        self.dates = {
            pk: Date(Session.objects.get(pk=pk).starts_at, n) for pk, n in zip(self.sessions, seats, strict=True)
        }
        self.known = {}

    def _guests(self):
        """Two schools with two classes each, four pupils (one of them with priority), four guests of the public."""
        schools = [SchoolFactory(), SchoolFactory()]
        year = self.activity.school_year
        told = {"scholarship": "yes", "scholarship_source": "school", "scholarship_on": NOW.date()}
        classes = [{"class_group": ClassGroupFactory(school=s, level=lv)} for s in schools for lv in LEVELS]
        years = [
            EnrolmentFactory(school=schools[n % 2], level="3E", school_year=year, **(told if n == 3 else {}))
            for n in range(4)
        ]
        pupils = [{"pupil": row.pupil} for row in years]
        self.facts = [{"school": row["class_group"].school_id, "level": row["class_group"].level} for row in classes]
        self.facts += [
            {"school": row.school_id, "level": "3E", "is_pupil": True, "points": 2 if n == 3 else 0}
            for n, row in enumerate(years)
        ]
        self.facts += [{}] * 4
        return [*classes, *pupils, *({"guest": GuestFactory()} for _number in range(4))]

    def teardown(self):
        if hasattr(self, "undo"):
            self.clock.stop()
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def session(self, number):
        return Session.objects.select_related("activity").get(pk=self.sessions[number])

    def bookings(self, **facts):
        return Booking.objects.filter(session__in=self.sessions, **facts).order_by("pk")

    def attempt(self, act, **arguments):
        """As a request does it, with what follows the commit; a refusal is an answer too."""
        with suppress(ValidationError), TestCase.captureOnCommitCallbacks(execute=True):
            act(**arguments)

    def row_of(self, booking):
        return self.known[booking.pk]

    def settle(self):
        """After each step: who is grown up and there is told, then the rules give what is free."""
        for session in Session.objects.filter(pk__in=self.sessions):
            self.dates[session.pk].adults = session.adults
        self.rules.settle()

    @rule(number=which, who=what, seats=st.integers(1, 5), goes_over=st.booleans())
    def book(self, number, who, seats, goes_over):
        whom, is_proven = self.guests[who], True
        if "guest" in whom:
            is_proven = who % 2 == 0
            whom = {"guest": GuestFactory(email=whom["guest"].email, is_proven=is_proven)}
        seats = 1 if "pupil" in whom else seats
        reason = "parce que" if goes_over and who % 4 == 0 else ""
        row = Row(who, self.dates[self.sessions[number]], seats, self.rules.now, **self.facts[who])
        self.attempt(
            actions.book, session=self.session(number), by=self.cleo, seats=seats, override_reason=reason, **whom
        )
        self.rules.book(row, is_proven=is_proven, with_reason=bool(reason))
        if row in self.rules.rows:
            self.known[Booking.objects.latest("pk").pk] = row
        self.settle()

    @rule(pick=what)
    def cancel(self, pick):
        live = list(self.bookings(stage__in=Booking.LIVE))
        if live:
            booking = live[pick % len(live)]
            self.attempt(actions.cancel_booking, booking=booking, by=self.cleo)
            self.rules.cancel(self.row_of(booking))
            self.settle()

    @rule(pick=what, says_yes=st.booleans())
    def answer(self, pick, says_yes):
        offered = list(self.bookings(stage="offered"))
        if offered:
            booking = offered[pick % len(offered)]
            self.attempt(actions.accept_offer if says_yes else actions.decline_offer, booking=booking)
            self.rules.answer(self.row_of(booking), says_yes=says_yes)
            self.settle()

    @rule(pick=what, goes_over=st.booleans())
    def seat_by_hand(self, pick, goes_over):
        waiting = list(self.bookings(stage="waitlisted"))
        if waiting:
            booking, reason = waiting[pick % len(waiting)], "parce que" if goes_over else ""
            self.attempt(actions.seat_booking, booking=booking, by=self.cleo, override_reason=reason)
            self.rules.seat(self.row_of(booking), with_reason=goes_over)
            self.settle()

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.traveller.shift(hours * HOUR)
        self.rules.now += hours * HOUR
        self.the_clock_ticks()

    def the_clock_ticks(self):
        actions.pass_on_offers()
        self.rules.expire()
        self.settle()

    @rule(number=which, seats=st.integers(0, 9), adults=st.integers(0, 2))
    def resize(self, number, seats, adults):
        self.attempt(actions.resize, session=self.session(number), seats=seats, staff_adults=adults, by=self.cleo)
        self.rules.resize(self.dates[self.sessions[number]], seats)
        self.settle()

    @rule(number=which, hours=st.integers(-40, 40))
    def move(self, number, hours):
        session = self.session(number)
        start, end = session.starts_at + hours * HOUR, session.ends_at + hours * HOUR
        self.attempt(actions.move_session, session=session, starts_at=start, ends_at=end, by=self.cleo)
        self.rules.move(self.dates[session.pk], start)
        self.settle()
        self.the_clock_ticks()

    @rule(number=which, person=which)
    def volunteer_comes(self, number, person):
        self.attempt(actions.sign_up, session=self.session(number), volunteer=self.volunteers[person])
        self.settle()

    @rule(number=which, person=which)
    def volunteer_leaves(self, number, person):
        for assignment in self.volunteers[person].assignments.live().filter(session=self.sessions[number]):
            self.attempt(actions.withdraw, assignment=assignment, by=self.cleo)
        self.settle()

    @rule(total=st.integers(2, 14), share=st.integers(1, 8), quota=st.integers(1, 8))
    def change_limits(self, total, share, quota):
        rules = {"seats_in_all": total, "school_cap": share}
        self.attempt(
            actions.set_places,
            activity=self.activity,
            by=self.cleo,
            quotas=[(["3E"], quota)],
            priorities={"scholarship": 2},
            **rules,
        )
        self.rules.change_limits(total, share, quota)
        self.settle()

    @rule(number=which)
    def cancel_and_plan_anew(self, number):
        session = self.session(number)
        if session.has_begun:
            return
        self.attempt(actions.cancel_session, session=session, reason="grève", by=self.cleo)
        anew = SessionFactory(activity=self.activity, starts_at=session.starts_at, seats=3, volunteer_places=2)
        self.sessions[number] = anew.pk
        self.dates[session.pk].is_planned = False
        self.dates[anew.pk] = Date(anew.starts_at, 3)
        self.settle()

    @invariant()
    def no_limit_is_passed_without_a_name_and_a_reason(self):
        LifeOfPlaces.steps += 1
        if not hasattr(self, "sessions"):
            return
        activity = Activity.objects.get(pk=self.activity.pk)
        # Counted here by hand, row by row, and not by the rule under test.
        rows = [
            booking
            for booking in Booking.objects.filter(session__activity=activity, session__state="planned")
            if booking.stage in Booking.SEATED and (booking.is_out_of_turn or not booking.override_reason)
        ]
        assert sum(row.seats for row in rows) <= activity.seats_in_all
        for school in {row.school_id for row in rows} - {None}:
            assert sum(row.seats for row in rows if row.school_id == school) <= activity.school_cap
        for quota in activity.quotas.all():
            assert sum(row.seats for row in rows if row.level in quota.levels) <= quota.seats
        for session in Session.objects.filter(pk__in=self.sessions):
            assert sum(row.seats for row in rows if row.session_id == session.pk) <= session.seats

    @invariant()
    def exactly_those_have_places_whom_the_rules_name(self):
        """Nobody who could have a place waits, and whoever got one stood first among those whom the limits admitted."""
        if hasattr(self, "rules"):
            rows = Booking.objects.filter(session__activity=self.activity).values_list("pk", "stage", "offered_until")
            given = {pk: (stage, until) for pk, stage, until in rows}
            assert given == {pk: row.says() for pk, row in self.known.items()}


@pytest.mark.django_db
@pytest.mark.stateful
@pytest.mark.timeout(0)
def test_whatever_happens_places_are_given_by_rule(record_property):
    run_state_machine_as_test(
        LifeOfPlaces,
        settings=settings(max_examples=settings.default.max_examples // 6, stateful_step_count=20, deadline=None),
    )
    record_property("tried", LifeOfPlaces.steps)
