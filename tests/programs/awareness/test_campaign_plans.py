"""A plan of a campaign: read from the rows, worked out, steered, applied by what the spine can do."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job, Message
from participants.organisations import calendar
from programs.activities import actions as activities
from programs.activities.models import Activity, Assignment, Booking, Session
from programs.awareness import actions, background, casting
from programs.awareness.actions import applying
from programs.awareness.half_days import half_days_of, half_days_touched
from programs.awareness.models import CampaignPlan, PairRule, PlannedTalk
from tests.factories.activities import AssignmentFactory, SessionFactory
from tests.factories.awareness import (
    CampaignFactory,
    CampaignPlanFactory,
    CampaignSchoolFactory,
    CampaignSpeakerFactory,
    CampaignTalkFactory,
    PairRuleFactory,
    PlannedSpeakerFactory,
    PlannedTalkFactory,
)
from tests.factories.organisations import TerritoryFactory
from tests.factories.people import VolunteerFactory
from tests.harness.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_day_is_a_school_day(monkeypatch, request):
    if "holidays" not in request.fixturenames:
        monkeypatch.setattr(calendar, "zone_days_off", lambda zone, first, last: {})


@pytest.fixture
def holidays(monkeypatch, campaign):
    monkeypatch.setattr(calendar, "zone_days_off", lambda zone, first, last: {campaign.first_week: "winter"})


@pytest.fixture
def campaign(programme):
    return CampaignFactory(programme=programme)


@pytest.fixture
def place(campaign, school, teacher):
    return CampaignSchoolFactory(
        campaign=campaign, school=school, contact=teacher, note="Sonner deux fois", yes=True, half_days=["1-afternoon"]
    )


@pytest.fixture
def talk(place):
    return CampaignTalkFactory(place=place)


def willing(campaign, how_many=2, **facts):
    return [CampaignSpeakerFactory(campaign=campaign, yes=True, **facts) for _ in range(how_many)]


def worked_out(campaign, by=None, **how):
    plan = actions.ask_plan(campaign=campaign, by=by, **how)
    actions.work_out(plan=plan, seconds=2)
    plan.refresh_from_db()
    return plan


def group_of(plan, talk):
    return {chosen.speaker for chosen in plan.talks.get(talk=talk).speakers.all()}


# --- What the search is told ------------------------------------------------------------------------------------------


def test_half_days_are_those_to_come_with_school():
    monday = dt.date(2027, 1, 4)
    wanted = ["1-morning", "1-afternoon", "5-morning"]
    found = half_days_of([monday], wanted, off={dt.date(2027, 1, 8)}, today=monday - dt.timedelta(days=1))
    assert found == [(monday, "morning"), (monday, "afternoon")]
    assert half_days_of([monday], wanted, today=monday) == [(dt.date(2027, 1, 8), "morning")]
    assert len(half_days_of([monday], [], today=monday - dt.timedelta(days=9))) == 10


def test_a_commitment_takes_the_half_days_it_touches_with_the_way_to_it():
    def at(day, hour, minute=0):
        return dt.datetime(2027, 1, day, hour, minute, tzinfo=dt.UTC)

    monday, tuesday = dt.date(2027, 1, 4), dt.date(2027, 1, 5)
    touched = partial(half_days_touched, zone="Europe/Paris")
    assert touched(at(4, 8), at(4, 10)) == [(monday, "morning")]
    assert touched(at(4, 11, 40), at(4, 12)) == [(monday, "morning"), (monday, "afternoon")]
    assert touched(at(4, 19), at(4, 20)) == []
    assert touched(at(4, 14), at(5, 9)) == [(monday, "afternoon"), (tuesday, "morning")]


def test_reads_the_campaign_as_it_stands(campaign, place, talk, school):
    school.latitude, school.longitude = 48.7, 2.2
    school.save()
    essonne = TerritoryFactory(code="91")
    volunteer = VolunteerFactory(languages=["fr", "en"], home_departement=essonne)
    volunteer.member_school.latitude, volunteer.member_school.longitude = 48.8, 2.3
    volunteer.member_school.save()
    speaker = CampaignSpeakerFactory(
        campaign=campaign, volunteer=volunteer, yes=True, own_school=school, leaves_from_home=True, gender="woman",
        half_days=["1-afternoon", "2-morning"],
    )  # fmt: skip
    CampaignSpeakerFactory(campaign=campaign)  # has not answered
    CampaignSpeakerFactory(yes=True)  # of another campaign
    gone = VolunteerFactory(ended_on=timezone.localdate())
    CampaignSpeakerFactory(campaign=campaign, volunteer=gone, yes=True)
    CampaignTalkFactory(place=CampaignSchoolFactory(campaign=campaign, no=True))
    busy = dt.datetime.combine(campaign.first_week, dt.time(14), tzinfo=dt.UTC)
    other = SessionFactory(starts_at=busy, ends_at=busy + dt.timedelta(hours=1))
    AssignmentFactory(volunteer=volunteer, session=other)
    rule = PairRuleFactory(talk=talk, speaker=speaker, kind="forbid")
    problem = casting.read(campaign)
    [asked], [known] = problem.talks, problem.speakers
    mondays = [(monday, "afternoon") for monday in campaign.mondays]
    assert (asked.pk, list(asked.slots), asked.place) == (talk.pk, mondays, (48.7, 2.2))
    assert (asked.departement, asked.least, asked.most, asked.already) == (school.departement_id, 2, 3, 0)
    assert known.pk == speaker.pk
    assert known.origins == ((48.8, 2.3), (48.7, 2.2))
    assert known.free == {*mondays, *((monday + dt.timedelta(days=1), "morning") for monday in campaign.mondays)}
    assert (known.languages, known.is_woman, known.own_school, known.departement) == (
        {"fr", "en"}, True, school.pk, essonne.pk,
    )  # fmt: skip
    assert known.busy == {mondays[0]}
    assert (known.taken, known.given) == (frozenset(), 0)
    assert problem.forbidden == {(rule.speaker_id, talk.pk)}


def test_no_talk_on_a_day_without_school(campaign, talk, holidays):
    assert casting.read(campaign).talks[0].slots == tuple((monday, "afternoon") for monday in campaign.mondays[1:])


def test_reading_asks_as_often_for_three_talks_as_for_one(campaign, talk, django_assert_num_queries):
    willing(campaign, 1)
    with django_assert_num_queries(6):
        casting.read(campaign)
    for _ in range(2):
        CampaignTalkFactory(place=CampaignSchoolFactory(campaign=campaign, yes=True))
    willing(campaign, 2)
    with django_assert_num_queries(6):
        casting.read(campaign)


# --- Working it out ---------------------------------------------------------------------------------------------------


def test_a_plan_says_who_speaks_where_and_why(campaign, talk, coordinator):
    one, two = willing(campaign)
    plan = worked_out(campaign, by=coordinator)
    assert (plan.state, plan.asked_by, plan.gap_percent) == ("ready", coordinator, 0)
    [planned] = plan.talks.all()
    assert (planned.talk, planned.half_day, planned.day in campaign.mondays) == (talk, "afternoon", True)
    assert group_of(plan, talk) == {one, two}
    assert planned.speakers.first().facts == {
        "minutes": None, "own_school": False, "home": "", "turn": 1, "locked": False, "kept": False,
    }  # fmt: skip
    assert Session.objects.count() == 0
    assert Message.objects.filter(occasion__startswith="activities.").count() == 0


def test_a_talk_left_unfilled_says_whom_each_rule_leaves_out(campaign, talk):
    willing(campaign, 1)
    willing(campaign, 1, half_days=["3-morning"])
    willing(campaign, 1, volunteer__languages=["en"])
    planned = worked_out(campaign).talks.get()
    assert (planned.day, planned.facts["cause"], planned.facts["candidates"]) == (None, "few", 1)
    assert planned.facts["excluded"] == {"free": 1, "language": 1}


def test_nothing_that_is_kept_tells_how_somebody_counts_in_a_group(campaign, talk):
    campaign.needs_woman = True
    campaign.save()
    willing(campaign, 1, gender="woman")
    willing(campaign, 2, gender="man")
    plan = worked_out(campaign)
    assert len(group_of(plan, talk)) == 3
    kept = str([planned.facts for planned in plan.talks.all()])
    kept += str([chosen.facts for planned in plan.talks.all() for chosen in planned.speakers.all()])
    assert "woman" not in kept
    assert "man" not in kept.replace("many", "")


def test_a_plan_is_asked_for_once_and_written_once(campaign, talk, coordinator):
    willing(campaign)
    plan = actions.ask_plan(campaign=campaign, by=coordinator)
    assert actions.ask_plan(campaign=campaign, by=coordinator) == plan
    actions.work_out(plan=CampaignPlan.objects.get(pk=plan.pk), seconds=1)
    actions.work_out(plan=plan, seconds=1)  # a worker that was thought dead
    assert PlannedTalk.objects.count() == 1
    assert actions.ask_plan(campaign=campaign, by=coordinator) != plan


def test_there_is_something_to_plan(campaign, coordinator):
    with pytest.raises(ValidationError, match="Nobody has said"):
        actions.ask_plan(campaign=campaign, by=coordinator)
    willing(campaign)
    with pytest.raises(ValidationError, match="No school has said yes"):
        actions.ask_plan(campaign=campaign, by=coordinator)


def test_what_a_coordinator_decides_holds_in_the_next_plan(campaign, talk, coordinator):
    campaign.least_speakers = campaign.most_speakers = 1
    campaign.save()
    near, other = willing(campaign)
    actions.rule_pair(speaker=near, talk=talk, kind="lock", by=coordinator)
    assert group_of(worked_out(campaign), talk) == {near}
    rule = actions.rule_pair(speaker=near, talk=talk, kind="forbid", by=coordinator)
    assert (PairRule.objects.get(), rule.made_by) == (rule, coordinator)
    assert group_of(worked_out(campaign), talk) == {other}
    actions.free_pair(speaker=near, talk=talk, by=coordinator)
    assert PairRule.objects.count() == 0
    plan = worked_out(campaign)
    assert group_of(plan, talk) == {other}  # as in the last plan
    assert actions.lock_talk(planned=plan.talks.get(), by=coordinator) == 1
    assert PairRule.objects.get().kind == "lock"
    with pytest.raises(ValidationError, match="same campaign"):
        actions.rule_pair(speaker=CampaignSpeakerFactory(yes=True), talk=talk, kind="lock", by=coordinator)
    with pytest.raises(ValidationError, match="Choose"):
        actions.rule_pair(speaker=near, talk=talk, kind="maybe", by=coordinator)


# --- Making it real ---------------------------------------------------------------------------------------------------


def test_applying_makes_sessions_bookings_and_assignments(campaign, place, talk, teacher, coordinator):
    second = CampaignTalkFactory(place=place)
    people = willing(campaign, 4)
    plan = worked_out(campaign)
    assert actions.apply_plan(plan=plan, by=coordinator) == 2
    plan.refresh_from_db()
    activity = Activity.objects.get()
    assert (plan.state, activity.organisation, activity.programme) == (
        "applied",
        campaign.organisation,
        campaign.programme,
    )
    assert activity.levels == sorted({talk.class_group.level, second.class_group.level})
    for held in (talk, second):
        held.refresh_from_db()
        session = held.session
        assert (session.local_start.hour, session.school, session.briefing) == (14, place.school, "Sonner deux fois")
        assert session.local_start.date() in campaign.mondays
        assert (session.volunteer_places, session.volunteers_confirmed, session.seats) == (2, 2, 30)
        assert session.bookings.get().booked_by == teacher.user
        assert {one.volunteer for one in session.assignments.all()} == {one.volunteer for one in group_of(plan, held)}
    assert actions.progress_of(campaign) == {"sessions": 2, "staffed": 2, "held": 0, "reached": 0}
    assert Message.objects.filter(occasion="activities.volunteer_confirmed").count() == 4
    assert {message.recipient for message in Message.objects.filter(occasion="activities.school_confirmed")} == {
        teacher.user
    }
    assert len(people) == Assignment.objects.confirmed().count()


def test_applying_again_makes_nothing_twice(campaign, talk, coordinator):
    willing(campaign)
    plan = worked_out(campaign)
    assert actions.apply_plan(plan=plan, by=coordinator) == 1
    assert actions.apply_plan(plan=plan, by=coordinator) == 0
    counts = (Session.objects.count(), Booking.objects.count(), Assignment.objects.count())
    assert counts == (1, 1, 2)
    with pytest.raises(ValidationError, match="still being worked out"):
        actions.apply_plan(plan=CampaignPlanFactory(campaign=campaign), by=coordinator)


def test_it_goes_on_where_it_stopped(campaign, place, coordinator):
    for _ in range(3):
        CampaignTalkFactory(place=place)
    willing(campaign, 6)
    plan = worked_out(campaign)

    class PowerCutError(Exception):
        pass

    def stop(done, total):
        assert total == 3
        if done == 2:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        actions.apply_plan(plan=plan, by=coordinator, report=stop)
    assert Session.objects.count() == 2
    assert actions.apply_plan(plan=plan, by=coordinator) == 1
    assert Session.objects.count() == 3


def test_whoever_is_busy_by_now_is_named_and_the_others_come(campaign, talk, coordinator):
    free, busy = willing(campaign)
    plan = worked_out(campaign)
    planned = plan.talks.get()
    start = dt.datetime.combine(planned.day, dt.time(14, 30), tzinfo=dt.UTC)
    AssignmentFactory(
        volunteer=busy.volunteer, session=SessionFactory(starts_at=start, ends_at=start + dt.timedelta(hours=1))
    )
    actions.apply_plan(plan=plan, by=coordinator)
    said = {chosen.speaker: chosen.refusal for chosen in planned.speakers.all()}
    assert said[free] == ""
    assert said[busy].startswith("You are already taking part") or "already" in said[busy]
    session = Session.objects.get(campaign_talk=talk)
    assert session.volunteers_confirmed == 1


def test_a_school_that_took_its_yes_back_is_left_alone(campaign, place, talk, teacher, coordinator):
    willing(campaign)
    plan = worked_out(campaign)
    place.state, place.reason, place.weeks = "no", "dates", []
    place.save()
    assert actions.apply_plan(plan=plan, by=coordinator) == 0
    assert plan.talks.get().refusal == "The school has taken back its yes."
    assert Session.objects.count() == 0


def test_a_new_plan_keeps_what_is_settled_and_adds_who_is_missing(campaign, place, talk, coordinator):
    people = willing(campaign, 3, most_talks=1)
    plan = worked_out(campaign)
    actions.apply_plan(plan=plan, by=coordinator)
    talk.refresh_from_db()
    assert talk.session.volunteers_confirmed == 3
    first = talk.session.assignments.order_by("pk").first()
    activities.withdraw(assignment=first, by=coordinator)
    activities.withdraw(assignment=talk.session.assignments.confirmed().order_by("pk").first(), by=coordinator)
    [newcomer] = willing(campaign, 1)
    second = CampaignTalkFactory(place=place)
    again = worked_out(campaign)
    planned = again.talks.get(talk=talk)
    assert (planned.day, planned.half_day) == (talk.session.local_start.date(), "afternoon")
    stays = talk.session.assignments.confirmed().get().volunteer
    added = {chosen.speaker.volunteer for chosen in planned.speakers.all()}
    assert stays not in added
    actions.apply_plan(plan=again, by=coordinator)
    talk.refresh_from_db()
    second.refresh_from_db()
    confirmed = talk.session.assignments.confirmed()
    assert {one.volunteer for one in confirmed} == {stays, *added}
    # Who withdrew may be asked again; nobody has more talks than they wished.
    given = Assignment.objects.confirmed().values_list("volunteer", flat=True)
    assert len(given) == len(set(given)) or newcomer.volunteer_id in given
    assert all(one.volunteer_id in {person.volunteer_id for person in [*people, newcomer]} for one in confirmed)


def test_a_settled_and_complete_talk_is_not_planned_again(campaign, talk, coordinator):
    willing(campaign, 2)
    actions.apply_plan(plan=worked_out(campaign), by=coordinator)
    assert worked_out(campaign).talks.count() == 0


def test_a_talk_that_was_moved_or_called_off_since_is_left_alone(campaign, place, talk, coordinator):
    people = willing(campaign, 3)
    plan = worked_out(campaign)
    actions.apply_plan(plan=plan, by=coordinator)
    talk.refresh_from_db()
    late = PlannedTalkFactory(talk=talk, day=campaign.last_week, half_day="morning")
    PlannedSpeakerFactory(planned=late, speaker=people[0])
    assert not applying.apply_talk(number=late.pk, by=coordinator)
    late.refresh_from_db()
    assert late.refusal == "This talk has its session already, on another half-day."
    activities.cancel_session(session=talk.session, reason="grève", by=coordinator)
    off = PlannedTalkFactory(talk=talk, day=plan.talks.get().day)
    assert not applying.apply_talk(number=off.pk, by=coordinator)
    off.refresh_from_db()
    assert off.refusal == "The session of this talk was called off."
    again = worked_out(campaign)
    assert again.talks.get().day in set(campaign.mondays) - {off.day}
    assert actions.apply_plan(plan=again, by=coordinator) == 1
    talk.refresh_from_db()
    assert (talk.session.is_planned, talk.session.volunteers_confirmed) == (True, 3)


# --- In the background ------------------------------------------------------------------------------------------------


def test_the_worker_searches_and_applies_in_the_name_of_who_asked(campaign, talk, coordinator):
    willing(campaign)
    plan = actions.ask_plan(campaign=campaign, by=coordinator)
    job = correspondence.start_job(kind=background.PLAN, owner=coordinator, parameters={"plan": plan.pk})
    correspondence.work()
    job.refresh_from_db()
    assert (job.state, job.file_name, job.page_url) == ("done", "", f"/talks/campaigns/plans/{plan.pk}/")
    job = correspondence.start_job(kind=background.APPLY, owner=coordinator, parameters={"plan": plan.pk})
    correspondence.work()
    job.refresh_from_db()
    assert (job.state, Session.objects.count()) == ("done", 1)


def test_nobody_works_on_the_plan_of_others(campaign, talk, second_coordinator, programme):
    foreign = CampaignPlanFactory()
    grant = second_coordinator.grants.get()
    grant.scopes.update(organisation=CampaignFactory().organisation)
    job = correspondence.start_job(kind=background.APPLY, owner=second_coordinator, parameters={"plan": foreign.pk})
    correspondence.work()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "This plan is gone.")


def test_what_cannot_be_applied_is_not_tried_again(campaign, coordinator):
    plan = CampaignPlanFactory(campaign=campaign)
    job = correspondence.start_job(kind=background.APPLY, owner=coordinator, parameters={"plan": plan.pk})
    correspondence.work()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 1)
    assert "still being worked out" in Job.objects.get().error


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_apply_one_plan_make_it_once(campaign, place, coordinator, second_coordinator):
    for _ in range(3):
        CampaignTalkFactory(place=place)
    willing(campaign, 6)
    plan = worked_out(campaign)

    def apply(by):
        with translation.override("en"):
            return actions.apply_plan(plan=CampaignPlan.objects.get(pk=plan.pk), by=by)

    applied = at_once([partial(apply, coordinator), partial(apply, second_coordinator)])
    assert sum(applied) == 3
    assert (Activity.objects.count(), Session.objects.count(), Booking.objects.count()) == (1, 3, 3)
    assert Assignment.objects.confirmed().count() == 6
    assert not plan.talks.exclude(refusal="").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_invite_at_once_make_two_waves_of_different_schools(campaign, coordinator, second_coordinator):
    for _ in range(4):
        CampaignSchoolFactory(campaign=campaign)
    calls = [partial(actions.invite_wave, campaign=campaign, most=2, by=by) for by in (coordinator, second_coordinator)]
    assert at_once(calls) == [2, 2]
    assert sorted(campaign.schools.values_list("wave", flat=True)) == [1, 1, 2, 2]
