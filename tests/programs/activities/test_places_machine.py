"""A random walk through registrations of an activity with every limit: whatever happens, in whatever order, no limit is
passed without a name and a reason, nobody who could have a free place waits, and the order is kept."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from programs.activities import actions, limits
from programs.activities.models import Activity, Booking, Session
from tests.factories.accounts import UserFactory
from tests.factories.activities import ActivityFactory, GuestFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import EnrolmentFactory, VolunteerFactory

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
            for n, days in zip(seats, (6, 10), strict=True)
        ]
        self.guests = self._guests()
        self.volunteers = [VolunteerFactory(), VolunteerFactory()]

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
        try:
            act(**arguments)
        except ValidationError:
            return

    @rule(number=which, who=what, seats=st.integers(1, 5), goes_over=st.booleans())
    def book(self, number, who, seats, goes_over):
        whom = self.guests[who]
        if "guest" in whom:
            whom = {"guest": GuestFactory(email=whom["guest"].email, is_proven=who % 2 == 0)}
        seats = 1 if "pupil" in whom else seats
        reason = "parce que" if goes_over and who % 4 == 0 else ""
        self.attempt(
            actions.book, session=self.session(number), by=self.cleo, seats=seats, override_reason=reason, **whom
        )

    @rule(pick=what)
    def cancel(self, pick):
        live = list(self.bookings(stage__in=Booking.LIVE))
        if live:
            self.attempt(actions.cancel_booking, booking=live[pick % len(live)], by=self.cleo)

    @rule(pick=what, says_yes=st.booleans())
    def answer(self, pick, says_yes):
        offered = list(self.bookings(stage="offered"))
        if offered:
            act = actions.accept_offer if says_yes else actions.decline_offer
            self.attempt(act, booking=offered[pick % len(offered)])

    @rule(pick=what, goes_over=st.booleans())
    def seat_by_hand(self, pick, goes_over):
        waiting = list(self.bookings(stage="waitlisted"))
        if waiting:
            booking, reason = waiting[pick % len(waiting)], "parce que" if goes_over else ""
            self.attempt(actions.seat_booking, booking=booking, by=self.cleo, override_reason=reason)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.traveller.shift(hours * HOUR)
        actions.pass_on_offers()

    @rule(number=which, seats=st.integers(0, 9), adults=st.integers(0, 2))
    def resize(self, number, seats, adults):
        self.attempt(actions.resize, session=self.session(number), seats=seats, staff_adults=adults, by=self.cleo)

    @rule(number=which, hours=st.integers(-40, 40))
    def move(self, number, hours):
        session = self.session(number)
        start, end = session.starts_at + hours * HOUR, session.ends_at + hours * HOUR
        self.attempt(actions.move_session, session=session, starts_at=start, ends_at=end, by=self.cleo)
        actions.pass_on_offers()

    @rule(number=which, person=which)
    def volunteer_comes(self, number, person):
        self.attempt(actions.sign_up, session=self.session(number), volunteer=self.volunteers[person])

    @rule(number=which, person=which)
    def volunteer_leaves(self, number, person):
        for assignment in self.volunteers[person].assignments.live().filter(session=self.sessions[number]):
            self.attempt(actions.withdraw, assignment=assignment, by=self.cleo)

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

    @rule(number=which)
    def cancel_and_plan_anew(self, number):
        session = self.session(number)
        if session.has_begun:
            return
        self.attempt(actions.cancel_session, session=session, reason="grève", by=self.cleo)
        anew = SessionFactory(activity=self.activity, starts_at=session.starts_at, seats=3, volunteer_places=2)
        self.sessions[number] = anew.pk

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
            if booking.stage in Booking.SEATED and not booking.override_reason
        ]
        assert sum(row.seats for row in rows) <= activity.seats_in_all
        for school in {row.school_id for row in rows} - {None}:
            assert sum(row.seats for row in rows if row.school_id == school) <= activity.school_cap
        for quota in activity.quotas.all():
            assert sum(row.seats for row in rows if row.level in quota.levels) <= quota.seats
        for session in Session.objects.filter(pk__in=self.sessions):
            assert sum(row.seats for row in rows if row.session_id == session.pk) <= session.seats

    @invariant()
    def nobody_who_could_have_a_place_waits(self):
        for pk in getattr(self, "sessions", []):
            session = Session.objects.select_related("activity").get(pk=pk)
            if limits.offers_until(session) is None:
                continue
            held = limits.Held(session.activity)
            assert [b for b in session.bookings.in_line() if not limits.blocking(session, b, held)] == []

    @invariant()
    def the_order_is_kept(self):
        """Who holds an offer comes before everybody who waits for the same date with the same needs."""
        for pk in getattr(self, "sessions", []):
            for offer in Booking.objects.filter(session=pk, stage="offered"):
                alike = Booking.objects.filter(
                    session=pk,
                    stage="waitlisted",
                    school=offer.school,
                    level=offer.level,
                    seats__lte=offer.seats,
                    pupil__isnull=offer.pupil_id is None,
                    booked_at__lt=offer.booked_at,
                    priority__gte=offer.priority,
                )
                assert list(alike) == []

    @invariant()
    def offers_end_before_the_start(self):
        for pk in getattr(self, "sessions", []):
            for offer in Booking.objects.filter(session=pk, stage="offered").select_related("session"):
                # Seats are also held, for two hours, until somebody proves an address.
                last = max(offer.session.starts_at - 24 * HOUR, offer.booked_at + 2 * HOUR)
                assert timezone.now() < offer.offered_until <= min(last, offer.session.starts_at)


@pytest.mark.django_db
@pytest.mark.stateful
@pytest.mark.timeout(0)
def test_whatever_happens_places_are_given_by_rule(record_property):
    run_state_machine_as_test(
        LifeOfPlaces,
        settings=settings(max_examples=settings.default.max_examples // 6, stateful_step_count=20, deadline=None),
    )
    record_property("tried", LifeOfPlaces.steps)
