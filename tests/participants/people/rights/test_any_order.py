"""Erasing, merging, moving into the next year and taking both back, in any order: every figure stays what it says
(design.md, section 5), and nothing is left of whoever was erased."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.measurement import actions as measurement
from impact.measurement.models import Participation
from participants.accounts.roles import Role
from participants.people import actions
from participants.people.models import DuplicatePair, Merge, Promotion, Pupil, Tombstone
from participants.people.promotion import propose
from participants.people.rights import erasure
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AttendanceFactory,
    BookingFactory,
    HeadcountFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
)
from tests.harness import dump
from tests.participants.people.rights.test_erasure import figures, private_root

__all__ = ["private_root"]

pytestmark = [pytest.mark.erasure, pytest.mark.stateful]

PEOPLE = 4
WHO = st.integers(0, PEOPLE - 1)
STEP = st.one_of(
    st.tuples(st.just("erase"), WHO),
    st.tuples(st.just("merge"), WHO, WHO, st.booleans()),
    st.tuples(st.just("undo_merge")),
    st.tuples(st.just("promote")),
    st.tuples(st.just("undo_promotion")),
)
PRESENCE = st.tuples(*[st.sampled_from([None, "present", "absent"])] * 2)


class Population:
    """Four pupils of one school under words of their own, and what we expect of them: who is one with whom."""

    def __init__(self, presences):
        grant = GrantFactory(user=UserFactory(), role=Role.COORDINATOR)
        GrantScopeFactory(grant=grant, organisation=OrganisationFactory(kind="center"))
        self.by, self.school = grant.user, SchoolFactory(kind="college")
        group = ClassGroupFactory(school=self.school, school_year=2025, name="4eB", level="4E")
        activity = ActivityFactory(school_year=2025)
        sessions = [
            SessionFactory(activity=activity, school=self.school, starts_at=dt.datetime(2026, 3, day, 9, tzinfo=dt.UTC))
            for day in (3, 4)
        ]
        HeadcountFactory(session=sessions[0], class_group=group, total=3, girls=1, boys=1)
        eve = GuardianFactory(last_name="zqpguardian")
        self.numbers, self.came = [], []
        for i, statuses in enumerate(presences):
            lou = PupilFactory(first_name=f"zqp{i}a", last_name=f"zqp{i}b", email=f"zqp{i}c@example.org")
            EnrolmentFactory(pupil=lou, school=self.school, school_year=2025, class_group=group, level="4E")
            ConsentFactory(pupil=lou, signature=f"zqp{i}d")
            for session, status in zip(sessions, statuses, strict=True):
                if status:
                    minutes = 60 if status == "present" else 0
                    AttendanceFactory(session=session, pupil=lou, status=status, minutes=minutes)
            BookingFactory(session=sessions[1], class_group=None, pupil=lou, seats=1, stage="completed")
            if i < 2:
                GuardianshipFactory(guardian=eve, pupil=lou)
            self.numbers.append(lou.pk)
            self.came.append("present" in statuses)
        # Who is one person: the number of the record -> whom it stands for. Erased people are counted and have no number.
        self.living = {number: {i} for i, number in enumerate(self.numbers)}
        self.erased: list[set[int]] = []
        self.merges: list[tuple[int, int, set, set]] = []
        measurement.rebuild()

    def record_of(self, who):
        return next((number for number, those in self.living.items() if who in those), None)

    @property
    def accompanied(self):
        return sum(any(self.came[i] for i in those) for those in [*self.living.values(), *self.erased])

    # --- what may happen; True when no figure may change by it
    def erase(self, who):
        number = self.record_of(who)
        if number is None:
            return True
        assert isinstance(erasure.erase(kind="pupil", pk=number, ground="request"), Tombstone)
        self.erased.append(self.living.pop(number))
        return True

    def merge(self, one, other, takes_other_name):
        one, other = self.record_of(one), self.record_of(other)
        if one is None or other is None or one == other:
            return True
        low, high = Pupil.objects.get(pk=min(one, other)), Pupil.objects.get(pk=max(one, other))
        known = DuplicatePair.objects.filter(one=low, other=high).first()
        pair = known or DuplicatePairFactory(one=low, other=high)
        named = high.pk if takes_other_name else low.pk
        choices = dict.fromkeys(("first_name", "last_name", "email"), named)
        merge = actions.merge_pupils(pair=pair, by=self.by, choices=choices)
        kept, gone = merge.kept_id, merge.gone_id
        self.merges.append((merge.pk, gone, self.living[kept], self.living[gone]))
        self.living[kept] = self.living[kept] | self.living.pop(gone)
        return False

    def undo_merge(self):
        if not self.merges:
            return True
        pk, gone, theirs, others = self.merges[-1]
        merge = Merge.objects.filter(pk=pk).first()
        if merge:  # else it went with the person
            actions.undo_merge(merge=merge, by=self.by)
        self.merges.pop()
        if merge is None:
            return True
        self.living[merge.kept_id], self.living[gone] = theirs, others
        return False

    def promote(self):
        plan = propose(self.school, 2026)
        actions.promote(school=self.school, school_year=2026, plan=plan, by=self.by)
        return True

    def undo_promotion(self):
        if standing := Promotion.objects.standing().first():
            actions.undo_promotion(promotion=standing, by=self.by)
        return True


def counted():
    """The figures without the years in which nobody was anywhere yet."""
    return {name: value for name, value in figures().items() if name != "profiles"}


@pytest.mark.timeout(600)
@settings(max_examples=max(settings.default.max_examples // 8, 5))
@given(presences=st.tuples(*[PRESENCE] * PEOPLE), steps=st.lists(STEP, min_size=2, max_size=7))
def test_figures_stay_and_the_erased_are_nowhere(db, presences, steps):
    with transaction.atomic():
        people = Population(presences)
        for name, *arguments in steps:
            before = counted()
            try:
                with transaction.atomic():
                    stays = getattr(people, name)(*arguments)
            except ValidationError:
                stays = True
            measurement.follow_changes()
            assert Participation.objects.filter(within="all", attended__gte=1).count() == people.accompanied
            if stays:
                assert counted() == before
            followed = counted()
            measurement.rebuild()
            assert counted() == followed
            if name == "erase":
                assert left_of(people) == {}
        assert left_of(people) == {}
        transaction.set_rollback(True)


def left_of(people):
    """Where a word of somebody erased still stands."""
    words = [f"zqp{i}[abcd]" for those in people.erased for i in those]
    if set(range(2)) <= set().union(*people.erased):
        words.append("zqpguardian")
    return dump.lines_with(words) if words else {}
