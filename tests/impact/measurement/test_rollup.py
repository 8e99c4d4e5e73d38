"""Incremental equals rebuilt equals read by hand, whatever happened in whatever order."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impact.measurement import actions, rollup, tasks
from impact.measurement.models import Participation, ReachUnit
from participants.people.models import Enrolment
from programs.activities.models import Attendance, Change, Headcount, Session
from tests.factories.activities import ActivityFactory, ProgrammeFactory
from tests.factories.measurement import AttendanceFactory, HeadcountFactory, HeldSessionFactory
from tests.factories.organisations import ClassGroupFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import EnrolmentFactory, PupilFactory
from tests.impact.measurement import naive

UNIT = (
    "within", "within_id", "school_year", "level", "school_id", "organisation_id", "class_group_id", "pupil_id",
    "session_id", "count", "girls", "boys",
)  # fmt: skip
PART = (
    "within", "within_id", "school_year", "level", "school_id", "organisation_id", "pupil_id", "sex",
    "class_group_id", "session_id", "attended", "expected", "minutes",
)  # fmt: skip


def facts():
    units = list(ReachUnit.objects.order_by("pk").values_list(*UNIT))
    parts = list(Participation.objects.order_by("pk").values_list(*PART))
    assert len(units) == len(set(units))
    return set(units), set(parts)


def reached(within="all", within_id=0, year=2026):
    units = ReachUnit.objects.filter(within=within, within_id=within_id, school_year=year)
    return sum(units.order_by("pk").values_list("count", flat=True))


class TestCountingRule:
    """The rule of design.md 5.1, a sentence a test."""

    pytestmark = pytest.mark.django_db

    def test_a_class_met_twice_counts_once_at_its_highest(self):
        class_group = ClassGroupFactory()
        HeadcountFactory(class_group=class_group, total=27, girls=12, boys=14)
        winner = HeadcountFactory(class_group=class_group, total=29, girls=15, boys=13)
        actions.follow_changes()
        unit = ReachUnit.objects.get(within="all")
        assert (unit.count, unit.girls, unit.boys, unit.session) == (29, 15, 13, winner.session)
        assert (unit.school, unit.organisation) == (class_group.school, winner.session.activity.organisation)

    def test_levels_of_one_session_add_up_before_sessions_compare(self):
        class_group = ClassGroupFactory(level="CAP1")
        session = HeldSessionFactory()
        HeadcountFactory(session=session, class_group=class_group, level="CAP1", total=12)
        HeadcountFactory(session=session, class_group=class_group, level="CAP2", total=10)
        HeadcountFactory(class_group=class_group, level="CAP1", total=20)
        actions.follow_changes()
        assert set(ReachUnit.objects.filter(within="all").values_list("level", "count")) == {("CAP1", 12), ("CAP2", 10)}

    def test_more_named_pupils_than_heads_count_by_name(self):
        class_group = ClassGroupFactory()
        HeadcountFactory(class_group=class_group, total=2)
        session = HeldSessionFactory()
        for sex in "FFM":
            enrolment = EnrolmentFactory(pupil__sex=sex, class_group=class_group, school=class_group.school)
            AttendanceFactory(session=session, pupil=enrolment.pupil)
        actions.follow_changes()
        unit = ReachUnit.objects.get(within="all")
        assert (unit.class_group, unit.count, unit.girls, unit.boys, unit.level) == (class_group, 3, 2, 1, "2GT")

    def test_named_pupils_inside_a_counted_class_are_not_added(self):
        class_group = ClassGroupFactory()
        session = HeadcountFactory(class_group=class_group, total=30).session
        AttendanceFactory(
            session=session, pupil=EnrolmentFactory(class_group=class_group, school=class_group.school).pupil
        )
        actions.follow_changes()
        assert reached() == 30
        assert Participation.objects.filter(within="all").count() == 1

    def test_pupils_of_no_counted_class_and_the_open_public_are_added(self):
        AttendanceFactory(pupil=EnrolmentFactory().pupil)
        AttendanceFactory(pupil=PupilFactory())
        HeadcountFactory(class_group=None, total=80, level="unknown")
        HeadcountFactory(class_group=ClassGroupFactory(), total=25)
        actions.follow_changes()
        assert reached() == 1 + 1 + 80 + 25

    def test_a_cancelled_session_and_an_absent_pupil_count_nothing(self):
        cancelled = HeldSessionFactory(state=Session.State.CANCELLED, state_reason="strike")
        HeadcountFactory(session=cancelled, class_group=ClassGroupFactory())
        AttendanceFactory(session=cancelled, pupil=PupilFactory())
        AttendanceFactory(pupil=PupilFactory(), status="absent")
        actions.follow_changes()
        assert reached() == 0
        assert list(Participation.objects.filter(within="all").values_list("attended", "expected")) == [(0, 1)]

    def test_a_programme_and_an_organisation_count_their_own_highest(self):
        class_group = ClassGroupFactory()
        smaller = HeadcountFactory(class_group=class_group, total=20).session.activity
        larger = HeadcountFactory(class_group=class_group, total=28).session.activity
        actions.follow_changes()
        assert reached() == 28
        assert reached("programme", smaller.programme_id) == 20
        assert reached("programme", larger.programme_id) == 28
        assert reached("organisation", smaller.organisation_id) == 20
        assert reached("pillar", 1) == 28

    def test_years_are_apart(self):
        class_group = ClassGroupFactory(school_year=2025)
        HeadcountFactory(class_group=class_group, total=20, session__activity__school_year=2025)
        HeadcountFactory(class_group=ClassGroupFactory(), total=31)
        actions.follow_changes()
        assert (reached(year=2025), reached(year=2026)) == (20, 31)


class TestWhatFiguresFollow:
    """Not only counts: whatever a figure reads leaves a note when it changes."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def world(self):
        class_group = ClassGroupFactory(level="unknown")
        headcount = HeadcountFactory(class_group=class_group, level="unknown", total=3)
        enrolment = EnrolmentFactory(class_group=class_group, school=class_group.school)
        AttendanceFactory(session=headcount.session, pupil=enrolment.pupil)
        HeadcountFactory(class_group=None, session__school=SchoolFactory(), total=9)
        actions.follow_changes()
        return {"class_group": class_group, "session": headcount.session, "enrolment": enrolment}

    CHANGES = {
        "level of the class": lambda world: setattr(world["class_group"], "level", "TG"),
        "school of the class": lambda world: setattr(world["class_group"], "school", SchoolFactory()),
        "class of the pupil": lambda world: setattr(world["enrolment"], "class_group", None),
        "level of the pupil": lambda world: setattr(world["enrolment"], "level", "1G"),
        "sex of the pupil": lambda world: setattr(world["enrolment"].pupil, "sex", "F"),
        "organisation": lambda world: setattr(world["session"].activity, "organisation", OrganisationFactory()),
        "programme": lambda world: setattr(world["session"].activity, "programme", ProgrammeFactory(pillar=2)),
        "year": lambda world: setattr(world["session"].activity, "school_year", 2025),
        "pillar": lambda world: setattr(world["session"].activity.programme, "pillar", 3),
        "cancellation": lambda world: (
            setattr(world["session"], "state", "cancelled"), setattr(world["session"], "state_reason", "strike")
        ),
        "hour": lambda world: (
            setattr(world["session"], "starts_at", world["session"].starts_at - dt.timedelta(days=30))
        ),
    }  # fmt: skip

    @pytest.mark.parametrize("change", CHANGES)
    def test_follows(self, world, change):
        before = facts()
        self.CHANGES[change](world)
        for changed in (
            world["class_group"],
            world["enrolment"].pupil,
            world["enrolment"],
            world["session"].activity.programme,
            world["session"].activity,
            world["session"],
        ):
            changed.save()
        actions.follow_changes()
        assert facts() == (naive.reach(), naive.participations())
        assert change == "hour" or facts() != before

    def test_follows_the_school_of_an_open_event(self, world):
        event = Headcount.objects.get(class_group=None).session
        event.school = SchoolFactory()
        event.save()
        actions.follow_changes()
        assert ReachUnit.objects.get(within="all", session=event).school == event.school

    def test_follows_enrolments_that_come_and_go(self, world):
        Enrolment.objects.all().delete()
        actions.follow_changes()
        assert facts() == (naive.reach(), naive.participations())
        EnrolmentFactory(pupil=world["enrolment"].pupil, class_group=world["class_group"])
        actions.follow_changes()
        assert facts() == (naive.reach(), naive.participations())

    def test_what_says_nothing_new_leaves_no_note(self, world):
        for unchanged in (world["class_group"], world["enrolment"], world["session"], world["session"].activity):
            unchanged.save()
        assert not Change.objects.exists()


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("count"), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)),
        st.tuples(st.just("attend"), st.integers(0, 3), st.integers(0, 4), st.sampled_from(Attendance.Status.values)),
        st.tuples(st.just("uncount"), st.integers(0, 9)),
        st.tuples(st.just("unattend"), st.integers(0, 9)),
        st.tuples(st.just("cancel"), st.integers(0, 3)),
        st.tuples(st.just("move"), st.integers(0, 3), st.integers(0, 2)),
        st.tuples(st.just("later"), st.integers(0, 3), st.integers(1, 5)),
        st.tuples(st.just("change_class"), st.integers(0, 4), st.integers(0, 3)),
        st.tuples(st.just("follow")),
    ),
    min_size=1,
    max_size=14,
)


class World:
    """Four sessions in three activities of two years, three classes, five pupils; small, so that things collide."""

    def __init__(self):
        programmes = [ProgrammeFactory(pillar=1), ProgrammeFactory(pillar=2)]
        member = OrganisationFactory()
        self.activities = [
            ActivityFactory(programme=programmes[0], school_year=2026),
            ActivityFactory(programme=programmes[1], organisation=member, school_year=2026),
            ActivityFactory(programme=programmes[0], organisation=member, school_year=2025),
        ]
        self.sessions = [HeldSessionFactory(activity=self.activities[n % 3]) for n in range(4)]
        self.classes = [ClassGroupFactory(level=level) for level in ("2GT", "unknown", "TG")]
        self.pupils = [PupilFactory(sex=sex) for sex in "FMNFM"]
        for pupil, class_group in zip(self.pupils, [*self.classes, self.classes[0], None], strict=True):
            school = class_group.school if class_group else self.classes[0].school
            EnrolmentFactory(pupil=pupil, class_group=class_group, school=school)

    def count(self, session, which, total, level):
        class_group = [*self.classes, None][which]
        Headcount.objects.update_or_create(
            session=self.sessions[session],
            class_group=class_group,
            level=("unknown", "2GT", "TG")[level],
            defaults={"total": total, "girls": total // 2, "source": "staff", "confirmed_at": dt.datetime.now(dt.UTC)},
        )

    def attend(self, session, pupil, status):
        Attendance.objects.update_or_create(
            session=self.sessions[session],
            pupil=self.pupils[pupil],
            defaults={"status": status, "minutes": 45 if status in Attendance.WAS_THERE else 0},
        )

    def uncount(self, n):
        if headcount := Headcount.objects.order_by("pk")[n : n + 1].first():
            headcount.delete()

    def unattend(self, n):
        if attendance := Attendance.objects.order_by("pk")[n : n + 1].first():
            attendance.delete()

    def cancel(self, n):
        session = self.sessions[n]
        session.state = "planned" if session.state == "cancelled" else "cancelled"
        session.state_reason = "strike" if session.state == "cancelled" else ""
        session.save()

    def move(self, n, activity):
        self.sessions[n].activity = self.activities[activity]
        self.sessions[n].save()

    def later(self, n, hours):
        session = self.sessions[n]
        session.starts_at += dt.timedelta(hours=hours)
        session.ends_at += dt.timedelta(hours=hours)
        session.save()

    def change_class(self, pupil, which):
        self.pupils[pupil].enrolments.update(class_group=[*self.classes, None][which])

    def follow(self):
        actions.follow_changes()


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(operations=OPERATIONS)
def test_incremental_equals_rebuilt_equals_read_by_hand(operations):
    with transaction.atomic():
        world = World()
        for name, *arguments in operations:
            getattr(world, name)(*arguments)
        actions.follow_changes()
        followed = facts()
        assert followed == (naive.reach(), naive.participations())
        actions.rebuild()
        assert facts() == followed
        assert not Change.objects.exists()
        transaction.set_rollback(True)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestWorkers:
    def test_two_workers_share_the_notes_and_lose_none(self):
        classes = [ClassGroupFactory() for _ in range(6)]
        actions.follow_changes()
        stop = threading.Event()

        def worker():
            while not stop.is_set():
                tasks.follow_changes()
            connection.close()

        workers = [threading.Thread(target=worker) for _ in range(2)]
        for thread in workers:
            thread.start()
        for total in (20, 25, 23):
            for class_group in classes:
                HeadcountFactory(class_group=class_group, total=total)
        stop.set()
        for thread in workers:
            thread.join()
        tasks.follow_changes()
        assert reached() == 25 * 6
        assert facts() == (naive.reach(), naive.participations())
        assert not Change.objects.exists()

    def test_a_second_computation_steps_aside(self):
        HeadcountFactory(class_group=ClassGroupFactory())
        answers = []

        def second():
            answers.append(actions.follow_changes())
            connection.close()

        with transaction.atomic():
            actions.follow_changes()
            thread = threading.Thread(target=second)
            thread.start()
            thread.join()
        assert answers == [0]
        assert reached() == 30

    def test_a_worker_that_dies_half_way_leaves_its_notes(self, monkeypatch):
        HeadcountFactory(class_group=ClassGroupFactory())
        noted = Change.objects.count()
        with monkeypatch.context() as patch:
            patch.setattr(rollup, "COMPUTE", (*rollup.COMPUTE[:5], "SELECT pg_terminate_backend(pg_backend_pid())"))
            with pytest.raises(Exception, match="terminating connection"):
                actions.follow_changes()
        connection.close()
        assert (Change.objects.count(), reached()) == (noted, 0)
        actions.follow_changes()
        assert (Change.objects.count(), reached()) == (0, 30)
