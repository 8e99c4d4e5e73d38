"""A random walk through the life of two sessions: whatever happens, in whatever order, the promises hold."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from programs.activities import actions, eligibility
from programs.activities.models import Assignment, Session
from tests.factories.accounts import UserFactory
from tests.factories.activities import SessionFactory
from tests.factories.people import VolunteerFactory
from tests.harness.scorecard import for_the_scorecard

PEOPLE, HOUR = 7, timedelta(hours=1)
who = st.integers(0, PEOPLE - 1)
which = st.integers(0, 1)


class LifeOfSessions(RuleBasedStateMachine):
    """Two sessions that overlap, seven volunteers, a coordinator."""

    steps = 0

    @initialize(places=st.tuples(st.integers(0, 3), st.integers(0, 3)))
    def begin(self, places):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cleo = UserFactory()
        self.volunteers = [VolunteerFactory() for _number in range(PEOPLE)]
        first = SessionFactory(volunteer_places=places[0], starts_at=timezone.now() + timedelta(days=10))
        second = SessionFactory(volunteer_places=places[1], starts_at=first.starts_at + HOUR)
        self.sessions = [first.pk, second.pk]
        self.line = {first.pk: [], second.pk: []}

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def session(self, number):
        return Session.objects.select_related("activity").get(pk=self.sessions[number])

    def attempt(self, act, **arguments):
        try:
            act(**arguments)
        except ValidationError:
            return

    @rule(number=which, person=who)
    def sign_up(self, number, person):
        self.attempt(actions.sign_up, session=self.session(number), volunteer=self.volunteers[person])

    @rule(number=which, person=who)
    def invite_and_answer(self, number, person):
        volunteer = self.volunteers[person]
        self.attempt(actions.invite, session=self.session(number), volunteer=volunteer, by=self.cleo)
        for assignment in Assignment.objects.filter(volunteer=volunteer, state="invited").order_by("pk"):
            self.attempt(actions.accept, assignment=assignment, by=volunteer.user)

    @rule(number=which, person=who)
    def withdraw(self, number, person):
        for assignment in Assignment.objects.live().filter(
            session=self.sessions[number], volunteer=self.volunteers[person]
        ):
            self.attempt(actions.withdraw, assignment=assignment, by=self.volunteers[person].user)

    @rule(number=which, person=who)
    def replace(self, number, person):
        confirmed = Assignment.objects.filter(session=self.sessions[number], state="confirmed").order_by("pk").first()
        if confirmed:
            self.attempt(actions.replace, assignment=confirmed, volunteer=self.volunteers[person], by=self.cleo)

    @rule(number=which, places=st.integers(0, 5))
    def resize(self, number, places):
        self.attempt(actions.resize, session=self.session(number), volunteer_places=places, by=self.cleo)

    @rule(number=which, hours=st.integers(-4, 4))
    def move(self, number, hours):
        session = self.session(number)
        start, end = session.starts_at + hours * HOUR, session.ends_at + hours * HOUR
        self.attempt(actions.move_session, session=session, starts_at=start, ends_at=end, by=self.cleo)

    @rule(number=which)
    def cancel_and_plan_anew(self, number):
        session = self.session(number)
        self.attempt(actions.cancel_session, session=session, reason="grève", by=self.cleo)
        anew = SessionFactory(activity=session.activity, starts_at=session.starts_at, volunteer_places=2)
        self.sessions[number] = anew.pk
        self.line[anew.pk] = []

    @invariant()
    def never_more_than_places(self):
        LifeOfSessions.steps += 1
        for session in Session.objects.filter(pk__in=getattr(self, "sessions", [])):
            assert session.assignments.confirmed().count() == session.volunteers_confirmed <= session.volunteer_places

    @invariant()
    def nobody_who_could_come_waits_while_a_place_is_free(self):
        for session in Session.objects.filter(pk__in=getattr(self, "sessions", [])):
            if session.volunteer_places_left > 0:
                waiting = [part.volunteer for part in session.assignments.in_line().select_related("volunteer")]
                assert [volunteer for volunteer in waiting if not eligibility.clash_of(session, volunteer)] == []

    @invariant()
    def the_line_keeps_its_order(self):
        for pk in getattr(self, "sessions", []):
            now = list(Assignment.objects.filter(session=pk).in_line().values_list("pk", flat=True))
            stayed = [waiting for waiting in self.line[pk] if waiting in now]
            assert now[: len(stayed)] == stayed

            self.line[pk] = now

    @invariant()
    def nobody_is_in_two_places_at_once(self):
        for volunteer in getattr(self, "volunteers", []):
            periods = sorted(
                (part.period.lower, part.period.upper)
                for part in volunteer.assignments.confirmed().exclude(period=None)
            )
            assert all(before[1] <= after[0] for before, after in pairwise(periods))


@pytest.mark.django_db
@pytest.mark.stateful
@pytest.mark.timeout(0)
def test_whatever_happens_the_promises_hold(record_property):
    run_state_machine_as_test(
        LifeOfSessions,
        settings=settings(max_examples=settings.default.max_examples // 6, stateful_step_count=20, deadline=None),
    )
    record_property("tried", LifeOfSessions.steps)


@pytest.mark.django_db
@pytest.mark.sabotage
@for_the_scorecard
def test_the_walks_notice_when_nobody_moves_up(monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "promotion")
    at_once = settings(
        max_examples=100, stateful_step_count=20, deadline=None, database=None, phases=[Phase.generate]
    )  # the first walk that fails is enough: none is made shorter
    with pytest.raises(AssertionError):
        run_state_machine_as_test(LifeOfSessions, settings=at_once)
