"""The pages of a campaign: for those who run it, for a school, for a volunteer."""

import datetime as dt

import pytest
from django.urls import reverse

from participants.correspondence.models import Job
from programs.awareness import invitations
from programs.awareness.models import Campaign, CampaignPlan, PairRule
from tests.factories.activities import HeadcountFactory, SessionFactory
from tests.factories.awareness import (
    CampaignFactory,
    CampaignPlanFactory,
    CampaignSchoolFactory,
    CampaignSpeakerFactory,
    CampaignTalkFactory,
    PairRuleFactory,
    PlannedSpeakerFactory,
    PlannedTalkFactory,
    next_monday,
)
from tests.factories.organisations import ClassGroupFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_day_is_a_school_day(monkeypatch):
    monkeypatch.setattr("participants.organisations.calendar.zone_days_off", lambda zone, first, last: {})


@pytest.fixture
def campaign(programme):
    return CampaignFactory(programme=programme, name_en="Winter campaign", letter_en="Dear colleagues")


@pytest.fixture
def browser(client_for, coordinator):
    return client_for(coordinator)


def address(name, *args):
    return reverse(f"awareness:{name}", args=args)


def text_of(answer):
    return " ".join(answer.content.decode().split())


# --- Those who run it -------------------------------------------------------------------------------------------------


def test_a_campaign_begins_and_changes(browser, programme, center):
    assert "No campaign yet" in text_of(browser.get(address("campaign-list")))
    form = {
        "name_fr": "Hiver", "programme": programme.pk, "organisation": center.pk, "first_week": next_monday(),
        "last_week": next_monday(5), "least_speakers": 2, "most_speakers": 3, "needs_woman": "on",
    }  # fmt: skip
    assert "A week is named by its Monday" in text_of(
        browser.post(address("campaign-new"), form | {"first_week": next_monday() + dt.timedelta(days=1)})
    )
    assert "ends before it starts" in text_of(
        browser.post(address("campaign-new"), form | {"last_week": next_monday(1)})
    )
    answer = browser.post(address("campaign-new"), form)
    campaign = Campaign.objects.get()
    assert answer.url == campaign.get_absolute_url()
    assert "Hiver" in text_of(browser.get(address("campaign-list")))
    browser.post(address("campaign-edit", campaign.pk), form | {"most_speakers": 4})
    campaign.refresh_from_db()
    assert campaign.most_speakers == 4


def test_many_schools_are_chosen_at_once(browser, campaign):
    OrganisationFactory(kind="member_school", latitude=48.7, longitude=2.2)
    schools = [SchoolFactory(kind="lycee_gt", latitude=48.7, longitude=2.2) for _ in range(3)]
    page = browser.get(address("campaign-choose", campaign.pk), {"reach": "never", "page": "x", "territory": "moon"})
    assert [row.id for row in page.context["rows"]] == [school.pk for school in sorted(schools, key=str)]
    assert "never reached" in text_of(page)
    answer = browser.post(address("campaign-choose", campaign.pk), {"school": [schools[0].pk, "x"]})
    assert answer.url == campaign.get_absolute_url()
    assert set(campaign.schools.values_list("school", flat=True)) == {schools[0].pk}
    browser.post(address("campaign-choose", campaign.pk), {"first": "40"})
    assert campaign.schools.count() == 3
    assert "No school fits" in text_of(browser.get(address("campaign-choose", campaign.pk)))


def test_the_board_follows_the_answers(browser, campaign):
    chosen, invited = CampaignSchoolFactory(campaign=campaign), CampaignSchoolFactory(campaign=campaign, invited=True)
    yes, no = CampaignSchoolFactory(campaign=campaign, yes=True), CampaignSchoolFactory(campaign=campaign, no=True)
    CampaignSchoolFactory(yes=True)  # of another campaign
    page = browser.get(campaign.get_absolute_url())
    assert page.context["counts"] == {"every": 4, "chosen": 1, "invited": 1, "silent": 0, "yes": 1, "no": 1}
    assert set(page.context["page"]) == {chosen, invited, yes, no}
    for state, expected in (("yes", {yes}), ("silent", set()), ("no", {no}), ("moon", {chosen, invited, yes, no})):
        assert set(browser.get(campaign.get_absolute_url(), {"state": state}).context["page"]) == expected
    live = text_of(browser.get(campaign.get_absolute_url(), headers={"HX-Request": "true"}))
    assert live.startswith('<dl class="tally"')
    browser.post(address("campaign-invite", campaign.pk), {"most": "1"})
    chosen.refresh_from_db()
    assert (chosen.state, chosen.wave) == ("invited", 2)
    browser.post(address("campaign-school-leave-out", invited.pk))
    assert campaign.schools.filter(pk=invited.pk).exists()


def test_the_campaign_says_whom_it_reached(browser, campaign):
    """School by school and in all; a talk that was called off reached nobody, and one to come nobody yet."""
    first, second = (
        CampaignSchoolFactory(campaign=campaign, yes=True),
        CampaignSchoolFactory(campaign=campaign, yes=True),
    )
    CampaignSchoolFactory(campaign=campaign)
    assert "young people reached" not in text_of(browser.get(campaign.get_absolute_url()))
    held = {"past": True, "volunteer_places": 0}
    for place, facts, totals in (
        (first, held, [12, 9]),
        (first, held, [30]),
        (first, held | {"state": "cancelled", "state_reason": "grève"}, [7]),
        (second, held, []),
        (second, {}, []),
    ):
        talk = CampaignTalkFactory(place=place, session=SessionFactory(school=place.school, **facts))
        for level, total in zip(("2GT", "1G"), totals, strict=False):
            count = {"level": level, "total": total, "girls": 0, "boys": 0}
            HeadcountFactory(session=talk.session, class_group=talk.class_group, **count)
    HeadcountFactory(session=CampaignTalkFactory(session=SessionFactory(past=True)).session)  # of another campaign
    page = browser.get(campaign.get_absolute_url())
    assert page.context["progress"] == {"sessions": 4, "staffed": 0, "held": 3, "reached": 51}
    assert {place.pk: place.reached for place in page.context["page"] if place.talk_count} == {
        first.pk: 51,
        second.pk: None,
    }
    assert "<dt>young people reached</dt><dd>51</dd>" in text_of(page)


def test_volunteers_are_asked_by_member_school(browser, campaign):
    ours, other = VolunteerFactory(), VolunteerFactory()
    VolunteerFactory(member_school=ours.member_school, recognised=False)
    browser.post(address("campaign-speakers-ask", campaign.pk), {"member_school": ours.member_school.pk})
    assert {speaker.volunteer for speaker in campaign.speakers.all()} == {ours}
    browser.post(address("campaign-speakers-ask", campaign.pk), {})
    assert {speaker.volunteer for speaker in campaign.speakers.all()} == {ours, other}
    page = browser.get(address("campaign-speakers", campaign.pk))
    assert page.context["tally"] == {"asked": 2, "yes": 0, "no": 0}


def test_nobody_reads_how_somebody_counts_in_a_group(browser, campaign):
    talk = CampaignTalkFactory(place__campaign=campaign)
    CampaignSpeakerFactory(campaign=campaign, yes=True, gender="woman", volunteer__last_name="Zed")
    for page in (address("campaign-speakers", campaign.pk), address("talk-detail", talk.pk)):
        shown = text_of(browser.get(page))
        assert "Zed" in shown
        assert "a woman" not in shown


def test_a_plan_is_asked_for_looked_at_and_applied(browser, campaign, coordinator):
    assert "Work out a plan" in text_of(browser.get(address("campaign-plans", campaign.pk)))
    assert browser.post(address("plan-ask", campaign.pk)).url == address("campaign-plans", campaign.pk)
    talk = CampaignTalkFactory(place__campaign=campaign)
    CampaignSpeakerFactory(campaign=campaign, yes=True)
    answer = browser.post(address("plan-ask", campaign.pk))
    plan = CampaignPlan.objects.get()
    assert answer.url == address("plan-detail", plan.pk)
    assert browser.get(address("campaign-plans", campaign.pk)).url == address("plan-detail", plan.pk)
    waiting = browser.get(address("plan-detail", plan.pk), headers={"HX-Request": "true"})
    assert "Waiting for its turn" in text_of(waiting)
    browser.post(address("plan-apply", plan.pk))  # too early: nothing is started
    assert Job.objects.count() == 1
    Job.objects.update(state="failed", finished_at="2026-01-01T00:00Z", error="x")
    assert browser.get(address("plan-detail", plan.pk), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "being worked out" in text_of(browser.get(address("plan-detail", plan.pk)))
    ready = CampaignPlanFactory(campaign=campaign, ready=True)
    planned = PlannedTalkFactory(plan=ready, talk=talk)
    chosen = PlannedSpeakerFactory(planned=planned, facts={"minutes": 30, "turn": 1, "own_school": True})
    planned.facts = {"candidates": 2, "others": 1, "next": {"speaker": chosen.speaker_id, "why": "load"}}
    planned.save()
    left = PlannedTalkFactory(plan=ready, talk=CampaignTalkFactory(place__campaign=campaign), unfilled=True)
    left.facts |= {"excluded": {"travel": 3}, "alone": {"travel": 2}, "candidates": 1, "unmet": [chosen.speaker_id]}
    left.save()
    shown = text_of(browser.get(address("plan-detail", ready.pk)))
    for words in ("own former lycée", "about 30 min", "first talk", "has as many talks as they wish", "10.0 % below"):
        assert words in shown
    shown = text_of(browser.get(address("plan-detail", ready.pk), {"show": "unfilled"}))
    for words in ("Too few can come at all", "would travel longer", "2 could come but for this", "was wanted here"):
        assert words in shown
    browser.post(address("planned-lock", planned.pk))
    assert PairRule.objects.get().speaker == chosen.speaker
    browser.post(address("plan-apply", ready.pk))
    assert set(Job.objects.values_list("kind", flat=True)) == {"awareness.campaign_plan", "awareness.campaign_apply"}


def test_who_could_come_is_shown_talk_by_talk(browser, campaign):
    talk = CampaignTalkFactory(place__campaign=campaign)
    can = CampaignSpeakerFactory(campaign=campaign, yes=True)
    cannot = CampaignSpeakerFactory(campaign=campaign, yes=True, volunteer__languages=["en"])
    PairRuleFactory(talk=talk, speaker=cannot, kind="forbid")
    page = browser.get(address("talk-detail", talk.pk))
    assert [entry["speaker"] for entry in page.context["candidates"]] == [can]
    assert [rule.speaker for rule in page.context["other_rules"]] == [cannot]
    assert "kept apart by a coordinator" in text_of(page)
    pair = address("talk-pair", talk.pk)
    browser.post(pair, {"speaker": can.pk, "kind": "lock"})
    assert PairRule.objects.get(speaker=can).kind == "lock"
    browser.post(pair, {"speaker": can.pk, "kind": "free"})
    assert not PairRule.objects.filter(speaker=can).exists()
    assert browser.post(pair, {"speaker": CampaignSpeakerFactory().pk, "kind": "lock"}).status_code == 404


@pytest.mark.parametrize("name", ["campaign-detail", "campaign-speakers", "plan-detail", "campaign-choose"])
def test_lists_ask_as_often_for_three_rows_as_for_one(
    browser, campaign, name, django_assert_max_num_queries, django_assert_num_queries
):
    plan = CampaignPlanFactory(campaign=campaign, ready=True)

    def grow():
        talk = CampaignTalkFactory(place__campaign=campaign)
        planned = PlannedTalkFactory(plan=plan, talk=talk)
        PlannedSpeakerFactory(planned=planned)
        SchoolFactory(kind="lycee_gt", latitude=48.7, longitude=2.2)

    page = address(name, plan.pk if name == "plan-detail" else campaign.pk)
    grow()
    browser.get(page)
    with django_assert_max_num_queries(24) as asked:
        browser.get(page)
    grow()
    grow()
    with django_assert_num_queries(len(asked)):
        browser.get(page)


def test_the_list_of_campaigns_asks_as_often_for_three_as_for_one(browser, campaign, django_assert_num_queries):
    browser.get(address("campaign-list"))
    with django_assert_num_queries(6):
        browser.get(address("campaign-list"))
    CampaignFactory()
    CampaignFactory()
    with django_assert_num_queries(6):
        browser.get(address("campaign-list"))


# --- A school ---------------------------------------------------------------------------------------------------------


def answer_form(place, **changes):
    return {
        "weeks": [place.campaign.first_week.isoformat()], "half_days": ["2-morning"], "language": "fr", "note": "",
        "classes-TOTAL_FORMS": 1, "classes-INITIAL_FORMS": 0, "classes-0-name": "2de A", "classes-0-level": "2GT",
        "classes-0-head_count": 31,
    } | changes  # fmt: skip


def test_a_link_shows_the_invitation_and_leads_to_the_answer(client, client_for, campaign, school, teacher, stranger):
    place = CampaignSchoolFactory(campaign=campaign, school=school, invited=True)
    link = invitations.link(place)
    shown = text_of(client.get(link, headers={"Accept-Language": "en"}))
    assert "Dear colleagues" in shown
    assert reverse("people:contact-join-school", args=[school.pk]) in shown
    assert client_for(teacher.user).get(link).url == address("campaign-answer", place.pk)
    assert "I speak for this school" in text_of(client_for(stranger.user).get(link))
    assert client.get(link[:-2] + "/").status_code == 404
    chosen = CampaignSchoolFactory(campaign=campaign)
    assert client.get(invitations.link(chosen)).status_code == 404


def test_a_teacher_says_yes_then_changes_then_says_no(client_for, campaign, school, teacher, colleague):
    place = CampaignSchoolFactory(campaign=campaign, school=school, invited=True)
    known = ClassGroupFactory(school=school, school_year=campaign.school_year, name="Tle 1", head_count=28)
    browser, page = client_for(teacher.user), address("campaign-answer", place.pk)
    assert "at least one class" in text_of(browser.post(page, answer_form(place, **{"classes-TOTAL_FORMS": 0})))
    assert "at least one week" in text_of(browser.post(page, answer_form(place, weeks=[])))
    assert browser.post(page, answer_form(place, known=[known.pk])).url == page
    place.refresh_from_db()
    assert (place.state, place.contact, place.half_days) == ("yes", teacher, ["2-morning"])
    assert {talk.class_group.name for talk in place.talks.all()} == {"2de A", "Tle 1"}
    shown = text_of(client_for(colleague.user).get(page))
    assert "You said yes" in shown
    assert "We are looking for students" in shown
    client_for(colleague.user).post(address("campaign-refuse", place.pk), {})
    place.refresh_from_db()
    assert place.state == "yes"
    client_for(colleague.user).post(address("campaign-refuse", place.pk), {"reason": "people"})
    place.refresh_from_db()
    assert (place.state, place.reason, place.contact) == ("no", "people", colleague)


def test_a_campaign_that_is_over_takes_no_answer(client_for, programme, school, teacher):
    past = CampaignFactory(programme=programme, first_week=next_monday(-8), last_week=next_monday(-7))
    place = CampaignSchoolFactory(campaign=past, school=school, invited=True)
    assert "are over" in text_of(client_for(teacher.user).get(address("campaign-answer", place.pk)))


# --- A volunteer ------------------------------------------------------------------------------------------------------


def wishes_form(campaign, **changes):
    return {
        "weeks": [campaign.first_week.isoformat()], "half_days": [], "most_talks": "3", "travel_minutes": "60",
        "own_school_name": "", "gender": "",
    } | changes  # fmt: skip


def test_a_volunteer_says_wishes_on_one_page(client_for, campaign):
    speaker = CampaignSpeakerFactory(campaign=campaign)
    browser, page = client_for(speaker.volunteer.user), speaker.get_absolute_url()
    lycee = SchoolFactory(name="Lycée Henri-IV", commune="Paris")
    SchoolFactory(name="Lycée Henri-Wallon", commune="Aubervilliers")
    several = browser.post(page, wishes_form(campaign, own_school_name="lycée henri"))
    assert "Several schools fit" in text_of(several)
    assert "No school fits" in text_of(browser.post(page, wishes_form(campaign, own_school_name="xyzzy")))
    browser.post(page, wishes_form(campaign, own_school_name="lycée henri", own_school=lycee.pk, gender="woman"))
    speaker.refresh_from_db()
    assert (speaker.state, speaker.own_school, speaker.most_talks, speaker.gender) == ("yes", lycee, 3, "woman")
    assert "You take part" in text_of(browser.get(page))
    browser.post(page, wishes_form(campaign, own_school_name=str(lycee)))
    speaker.refresh_from_db()
    assert (speaker.own_school, speaker.gender) == (lycee, "")
    browser.post(page, wishes_form(campaign, own_school_name="aubervilliers wallon"))
    speaker.refresh_from_db()
    assert speaker.own_school.name == "Lycée Henri-Wallon"
    browser.post(address("campaign-stay-out", speaker.pk))
    speaker.refresh_from_db()
    assert speaker.state == "no"
