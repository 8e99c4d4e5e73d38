"""A campaign of forty schools, planned and carried out: chosen by need, invited by mail, answered by a teacher who follows
the link, wishes said on a phone, planned by the real worker, steered, applied; the students and the teacher see it."""

import datetime as dt
import re

import pytest

from participants.organisations import calendar
from participants.organisations.models import Organisation
from programs.activities.models import Assignment, Session
from programs.awareness.models import Campaign, CampaignPlan, CampaignSchool, CampaignSpeaker
from tests.factories.activities import ProgrammeFactory
from tests.factories.awareness import CampaignSpeakerFactory, CampaignTalkFactory, next_monday
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import SchoolPostFactory, VolunteerFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.timeout(240)
SCHOOLS = 40


@pytest.fixture
def center(cleo, monkeypatch):
    """Forty lycées, of one of which we know a teacher; forty students, of whom Ben is asked last."""
    monkeypatch.setattr(calendar, "days_off", lambda school, first, last: {})
    home = OrganisationFactory(kind=Organisation.Kind.CENTER, name="Centre", latitude=48.71, longitude=2.2)
    GrantScopeFactory(grant=cleo.grants.get(), organisation=home)
    member = OrganisationFactory(name="École du Plateau", short_name="Plateau", latitude=48.71, longitude=2.21)
    ProgrammeFactory(name_fr="Sciences près de chez vous", name_en="Science near you", lead=home)
    schools = [
        SchoolFactory(
            name=f"Lycée numéro {n:02}", kind="lycee_gt", latitude=48.6 + n / 200, longitude=2.2, email=f"ce.{n}@ac.org"
        )
        for n in range(SCHOOLS)
    ]
    teacher = SchoolPostFactory(school=schools[0], verified=True).contact.user
    students = [VolunteerFactory(member_school=member, last_name=f"Student {n:02}") for n in range(SCHOOLS)]
    return {"teacher": teacher, "students": students, "school": schools[0]}


@pytest.mark.a11y
def test_a_campaign_of_forty_schools_planned_and_carried_out(platform, open_page, center, cleo):
    desk = open_page("/talks/campaigns/new/", user=cleo, width=DESK, language="en")
    campaign = begin(desk)
    choose_and_invite(desk, campaign)
    say_yes(platform, open_page, center)
    say_wishes(platform, open_page, desk, center, campaign)
    others_answer(campaign)
    plan = work_out(desk, campaign)
    steer(desk, plan)
    apply(desk, campaign)
    carried_out(platform, open_page, center)


def begin(page):
    look(page)
    page.fill("[name=name_fr]", "Retour au lycée")
    page.fill("[name=name_en]", "Back to school")
    page.locator("[name=programme]").select_option(label="Science near you")
    page.locator("[name=organisation]").select_option(label="Centre")
    page.fill("[name=first_week]", next_monday().isoformat())
    page.fill("[name=last_week]", next_monday(5).isoformat())
    page.locator("[name=needs_woman]").uncheck()
    page.fill("[name=letter_en]", "Dear colleagues,")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The campaign is begun").wait_for()
    look(page)
    return Campaign.objects.get()


def choose_and_invite(page, campaign):
    """The first forty of the list, then all in one wave; the figures follow."""
    page.get_by_role("link", name="Choose schools").click()
    look(page)
    page.get_by_role("button", name="Choose the first 40").click()
    page.get_by_text("40 schools are chosen").wait_for()
    page.get_by_role("button", name="Invite this wave").click()
    page.get_by_text("40 schools are invited").wait_for()
    assert campaign.schools.filter(state="invited", wave=1).count() == SCHOOLS
    look(page)


def say_yes(platform, open_page, center):
    """The teacher follows the link of the mail on a phone; without signing in, it says what it is about."""
    mail = platform.mail_to(center["teacher"].email)
    link = re.search(r"https?://\S*/invitation/\S+", mail.get_body(("plain",)).get_content()).group()
    stranger = open_page(link, width=PHONE, language="en")
    stranger.get_by_text("Dear colleagues").wait_for()
    look(stranger)
    page = open_page("/", user=center["teacher"], width=PHONE, language="en")
    look(page)
    page.goto(link)
    look(page)
    page.fill("[name=classes-0-name]", "2de 4")
    page.locator("[name=classes-0-level]").select_option("2GT")
    page.fill("[name=classes-0-head_count]", "31")
    for week in range(3):  # bank holidays fall on one day of two weeks at most
        page.locator("[name=weeks]").nth(week).check()
    page.locator("[name=half_days][value='2-morning']").check()
    page.get_by_role("button", name="Yes, with pleasure").click()
    page.get_by_text("You said yes").wait_for()
    look(page)
    assert CampaignSchool.objects.get(school=center["school"]).state == "yes"


def say_wishes(platform, open_page, desk, center, campaign):
    """All students are asked; Ben answers on his phone and wants to go back to his own lycée."""
    desk.goto(f"/talks/campaigns/{campaign.pk}/speakers/")
    look(desk)
    desk.get_by_role("button", name="Ask them").click()
    desk.get_by_text(f"{SCHOOLS} volunteers are asked").wait_for()
    ben = center["students"][0].user
    platform.mail_to(ben.email)
    page = open_page("/", user=ben, width=PHONE, language="en")
    page.get_by_role("link", name="Back to school").click()
    look(page)
    for week in range(3):
        page.locator("[name=weeks]").nth(week).check()
    page.fill("[name=own_school_name]", "lycée numéro 00")
    page.get_by_role("button", name="Send my wishes").click()
    page.get_by_text("You take part").wait_for()
    look(page)
    assert CampaignSpeaker.objects.get(volunteer__user=ben).own_school == center["school"]


def others_answer(campaign):
    """Half of the other schools say yes, each for one class; nearly all students are free in every week."""
    for number, place in enumerate(campaign.schools.filter(state="invited").order_by("pk")[: SCHOOLS // 2]):
        place.state, place.answered_at, place.weeks = "yes", place.invited_at, campaign.mondays
        place.half_days = [f"{1 + number % 5}-morning"]
        place.save()
        CampaignTalkFactory(place=place)
    for speaker in campaign.speakers.filter(state="invited"):
        speaker.state, speaker.answered_at, speaker.weeks = "yes", speaker.invited_at, campaign.mondays
        speaker.save()
    # The talk that nobody can staff: in another language.
    alone = campaign.schools.filter(state="yes", contact=None).order_by("-pk").first()
    alone.language = "en"
    alone.save()
    assert CampaignSpeakerFactory._meta.model.objects.filter(volunteer__languages__contains=["en"]).count() == 0


def work_out(page, campaign):
    page.goto(f"/talks/campaigns/{campaign.pk}/plan/")
    look(page)
    page.get_by_role("button", name="Work out a plan").click()
    page.get_by_role("button", name="Apply").wait_for(timeout=60_000)
    look(page)
    plan = CampaignPlan.objects.get()
    assert plan.talks.filter(day__isnull=False).count() == SCHOOLS // 2
    page.get_by_role("link", name=re.compile("Left unfilled")).click()
    page.get_by_text("do not speak the language").wait_for()
    look(page)
    return plan


def steer(page, plan):
    """Ben is in his own lycée, and stays there."""
    page.goto(f"/talks/campaigns/plans/{plan.pk}/")
    talk = plan.talks.get(talk__place__contact__isnull=False)
    assert "Student 00" in {chosen.speaker.volunteer.last_name for chosen in talk.speakers.all()}
    page.goto(f"/talks/campaigns/talks/{talk.talk_id}/")
    look(page)
    page.get_by_role("button", name="Wanted here Ben Student 00").click()
    page.get_by_text("stays together").wait_for()
    look(page)
    page.goto(f"/talks/campaigns/plans/{plan.pk}/")
    page.get_by_role("button", name="Work it out again, keeping what holds").click()
    page.get_by_role("button", name="Apply").wait_for(timeout=60_000)
    again = CampaignPlan.objects.order_by("-pk").first()
    assert again != plan
    assert "Student 00" in {c.speaker.volunteer.last_name for c in again.talks.get(talk=talk.talk).speakers.all()}


def apply(page, campaign):
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("schools and students have been told").wait_for(timeout=60_000)
    look(page)
    assert Session.objects.filter(campaign_talk__place__campaign=campaign).count() == SCHOOLS // 2
    for session in Session.objects.all():
        assert session.volunteers_confirmed >= campaign.least_speakers


def carried_out(platform, open_page, center):
    """Ben has the invitation in his mail and the session on his page; the teacher sees when it is."""
    ben = center["students"][0].user
    session = Assignment.objects.get(volunteer__user=ben, session__school=center["school"]).session
    assert session.local_start.weekday() == 1
    assert session.local_start.date() - dt.timedelta(days=1) in {next_monday(2), next_monday(3), next_monday(4)}
    platform.mail_to(ben.email, with_calendar=True)
    page = open_page("/sessions/mine/", user=ben, width=PHONE, language="en")
    page.get_by_text("Lycée numéro 00").first.wait_for()
    look(page)
    place = CampaignSchool.objects.get(school=center["school"])
    page = open_page(f"/talks/campaigns/answers/{place.pk}/", user=center["teacher"], width=PHONE, language="en")
    page.get_by_role("link", name=re.compile("10")).first.wait_for()
    look(page)


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)
