"""Whatever two records hold: merged they are one person in every figure, and undone all is as it was."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.measurement import actions as measurement
from impact.measurement.models import Participation
from participants.people import actions
from participants.people.models import Look, Pupil
from tests.factories.accounts import UserFactory
from tests.factories.activities import ActivityFactory, AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import (
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
)
from tests.participants.people.duplicates.dump import dump, pointers_to

SESSIONS, GUARDIANS = 3, 4
ANSWER = st.sampled_from(["yes", "no", "unknown"])
STATUS = st.sampled_from([None, "present", "late", "left_early", "excused", "absent"])
STAGE = st.sampled_from([None, "requested", "waitlisted", "confirmed", "withdrawn", "completed"])
WORD = st.sampled_from([None, "given", "refused", "withdrawn"])
RECORD = st.fixed_dictionaries(
    {
        "names": st.tuples(st.sampled_from(["Lou", "LOU", "Lou-Ann"]), st.sampled_from(["Lefevre", "Lefèvre"])),
        "sex": st.sampled_from("FMN"),
        "born": st.sampled_from([dt.date(2010, 3, 4), dt.date(2010, 4, 3)]),
        "years": st.dictionaries(st.sampled_from([2025, 2026]), st.tuples(ANSWER, ANSWER, st.integers(0, 2))),
        "presences": st.lists(st.tuples(STATUS, st.integers(1, 50)), min_size=SESSIONS, max_size=SESSIONS),
        "stages": st.lists(STAGE, min_size=SESSIONS, max_size=SESSIONS),
        "guardians": st.lists(st.integers(0, GUARDIANS - 1), unique=True, max_size=2),
        "words": st.lists(st.tuples(WORD, st.integers(0, 40)), min_size=GUARDIANS + 1, max_size=GUARDIANS + 1),
        "is_apart": st.booleans(),
        "has_account": st.booleans(),
    }
)
UTC = dt.UTC


class World:
    def __init__(self):
        year = {2025: ActivityFactory(school_year=2025), 2026: ActivityFactory(school_year=2026)}
        moment = dt.datetime(2026, 10, 7, 8, tzinfo=UTC)
        self.sessions = [
            SessionFactory(activity=year[2025 + i % 2], starts_at=moment + dt.timedelta(days=i), seats=30)
            for i in range(SESSIONS)
        ]
        self.classes = {y: [ClassGroupFactory(school_year=y) for _ in range(2)] for y in year}
        self.guardians = [GuardianFactory(first_name="Eve", last_name=f"G{i // 2}", email=f"g{i // 2}@example.org")
                          for i in range(GUARDIANS)]  # fmt: skip
        self.user, self.stranger = UserFactory(), PupilFactory(last_name="Etrangère")

    def record(self, told, may_have_account):
        user = UserFactory() if told["has_account"] and may_have_account else None
        first, last = told["names"]
        pupil = PupilFactory(first_name=first, last_name=last, birth_date=told["born"], sex=told["sex"], user=user)
        for year, facts in told["years"].items():
            self._year(pupil, year, *facts)
        for session, (status, minutes), stage in zip(self.sessions, told["presences"], told["stages"], strict=True):
            if status:
                was_there = status in {"present", "late", "left_early"}
                AttendanceFactory(session=session, pupil=pupil, status=status, minutes=minutes * was_there)
            if stage:
                BookingFactory(session=session, pupil=pupil, class_group=None, seats=1, stage=stage)
        for rank, i in enumerate(told["guardians"], 1):
            GuardianshipFactory(guardian=self.guardians[i], pupil=pupil, rank=rank)
        for signer, (word, days) in zip([None, *self.guardians], told["words"], strict=True):
            self._word(pupil, signer, word, days)
        Look.objects.create(user=self.user, pupil=pupil, what="page", hour=dt.datetime(2026, 10, 1, 9, tzinfo=UTC))
        return pupil

    def _year(self, pupil, year, scholarship, origin, which):
        group = self.classes[year][which] if which < 2 else None
        facts = {}
        if scholarship != "unknown":
            facts |= {"scholarship": scholarship, "scholarship_source": "school", "scholarship_on": "2026-09-09"}
        if origin != "unknown":
            facts |= {"first_generation": origin, "generation_source": "family", "generation_on": "2026-09-09"}
        school = {"school": group.school} if group else {}
        EnrolmentFactory(pupil=pupil, school_year=year, class_group=group, **school, **facts)

    def _word(self, pupil, guardian, word, days):
        if word:
            said = dt.datetime(2026, 9, 1, tzinfo=UTC) + dt.timedelta(days=days)
            withdrawn = {"withdrawn_at": said + dt.timedelta(days=3)} if word == "withdrawn" else {}
            decision = "refused" if word == "refused" else "given"
            ConsentFactory(pupil=pupil, guardian=guardian, decision=decision, said_at=said, **withdrawn)

    def pair(self, one, other, told):
        for pupil, each in ((one, told[0]), (other, told[1])):
            state = {"state": "apart", "decided_at": dt.datetime(2026, 10, 2, tzinfo=UTC)} if each["is_apart"] else {}
            DuplicatePairFactory(one=self.stranger, other=pupil, **state)
        return DuplicatePairFactory(one=one, other=other)


def accompanied():
    """Who attended something, over everything, as the figures have it."""
    return set(Participation.objects.filter(within="all", attended__gte=1).values_list("pupil", flat=True))


def figures():
    whole = dump()
    return whole["measurement.ReachUnit"], whole["measurement.Participation"]


@pytest.mark.timeout(600)
@settings(max_examples=settings.default.max_examples // 5)
@given(told=st.tuples(RECORD, RECORD), data=st.data())
def test_merged_is_one_and_undone_is_as_it_was(db, told, data):
    with transaction.atomic():
        world = World()
        one, other = world.record(told[0], True), world.record(told[1], not told[0]["has_account"])
        pair = world.pair(one, other, told)
        measurement.follow_changes()
        before, came = dump(), accompanied()
        choices = {"birth_date": data.draw(st.sampled_from([one.pk, other.pk]))}
        try:
            merge = actions.merge_pupils(pair=pair, by=world.user, choices=choices)
        except ValidationError:
            assert dump() == before
        else:
            _check_merged(merge, came, {one.pk, other.pk})
            actions.undo_merge(merge=merge, by=world.user)
            measurement.follow_changes()
            assert dump() == before
        transaction.set_rollback(True)


def _check_merged(merge, came, both):
    measurement.follow_changes()
    assert pointers_to(merge.gone_id) == {}
    assert not Pupil.objects.filter(pk=merge.gone_id).exists()
    expected = {pk for pk in came if pk not in both} | ({merge.kept_id} if came & both else set())
    assert accompanied() == expected
    followed = figures()
    measurement.rebuild()
    assert figures() == followed
