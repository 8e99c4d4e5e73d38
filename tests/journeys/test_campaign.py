"""A campaign of forty schools, planned and carried out: chosen by need, invited by mail, answered by a teacher who follows
the link, wishes said on a phone, planned by the real worker, steered, applied, a speaker replaced, everybody counted, and
the figures read. Staff work in English at a desk, teachers and students in French on a phone."""

import datetime as dt
import re

import pytest
from django.db.models import F

from participants.organisations import calendar
from participants.organisations.models import Organisation
from participants.people.models import Volunteer
from programs.activities import actions as activities
from programs.activities.models import Assignment, Session
from programs.awareness import actions
from programs.awareness.models import Campaign, CampaignPlan, CampaignSchool, CampaignSpeaker
from tests.factories.activities import ProgrammeFactory
from tests.factories.awareness import next_monday
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import SchoolPostFactory, VolunteerFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.timeout(240)
SCHOOLS = 40


@pytest.fixture
def center(cleo, monkeypatch):
    """Forty lycées, of thirty of which we know a teacher; forty students, of whom Ben is asked last."""
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
    teachers = [SchoolPostFactory(school=school, verified=True).contact for school in schools[: SCHOOLS * 3 // 4]]
    students = [VolunteerFactory(member_school=member, last_name=f"Student {n:02}") for n in range(SCHOOLS)]
    return {"teachers": teachers, "teacher": teachers[0].user, "students": students, "school": schools[0]}


@pytest.mark.a11y
def test_a_campaign_of_forty_schools_planned_and_carried_out(platform, open_page, center, cleo):
    desk = open_page("/talks/campaigns/new/", user=cleo, width=DESK, language="en")
    campaign = begin(desk)
    choose_and_invite(desk, campaign)
    say_yes(platform, open_page, center)
    say_wishes(platform, open_page, desk, center, campaign)
    others_answer(campaign, center)
    plan = work_out(desk, campaign)
    steer(desk, plan)
    apply(desk, campaign)
    session = told(platform, open_page, center)
    replace_a_speaker(platform, open_page, desk, session)
    count(open_page, desk, center, let_the_days_come(campaign))
    read_the_figures(desk, campaign)


def begin(page):
    look(page)
    page.fill("[name=name_fr]", "Retour au lycée")
    page.fill("[name=name_en]", "Back to school")
    page.locator("[name=programme]").select_option(label="Science near you")
    page.locator("[name=organisation]").select_option(label="Centre")
    page.fill("[name=first_week]", next_monday().isoformat())
    page.fill("[name=last_week]", next_monday(5).isoformat())
    page.locator("[name=needs_woman]").uncheck()
    page.fill("[name=letter_fr]", "Chers collègues,")
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
    stranger = open_page(link, width=PHONE, language="fr")
    stranger.get_by_text("Chers collègues").wait_for()
    look(stranger)
    page = open_page("/", user=center["teacher"], width=PHONE, language="fr")
    look(page)
    page.goto(link)
    look(page)
    page.fill("[name=classes-0-name]", "2de 4")
    page.locator("[name=classes-0-level]").select_option("2GT")
    page.fill("[name=classes-0-head_count]", "31")
    for week in range(3):  # bank holidays fall on one day of two weeks at most
        page.locator("[name=weeks]").nth(week).check()
    page.locator("[name=half_days][value='2-morning']").check()
    page.get_by_role("button", name="Oui, avec plaisir").click()
    page.get_by_text("Vous avez dit oui").wait_for()
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
    page = open_page("/", user=ben, width=PHONE, language="fr")
    page.get_by_role("link", name="Retour au lycée").click()
    look(page)
    for week in range(3):
        page.locator("[name=weeks]").nth(week).check()
    page.fill("[name=own_school_name]", "lycée numéro 00")
    page.get_by_role("button", name="Envoyer mes souhaits").click()
    page.get_by_text("Vous participez").wait_for()
    look(page)
    assert CampaignSpeaker.objects.get(volunteer__user=ben).own_school == center["school"]


def others_answer(campaign, center):
    """Twenty other schools say yes, each for one class, the last of them in a language that nobody speaks; nine say no,
    ten are silent. Nearly all students are free in every week."""
    yes, no = center["teachers"][1 : 1 + SCHOOLS // 2], center["teachers"][1 + SCHOOLS // 2 :]
    for number, contact in enumerate(yes):
        actions.say_yes(
            place=campaign.schools.get(school__posts__contact=contact),
            contact=contact,
            weeks=campaign.mondays,
            half_days=[f"{1 + number % 5}-morning"],
            classes=[{"name": "2de 1", "level": "2GT", "head_count": 30}],
            language="en" if contact == yes[-1] else "fr",
        )
    for contact in no:
        actions.say_no(place=campaign.schools.get(school__posts__contact=contact), contact=contact, reason="dates")
    answers = [campaign.schools.filter(state=state).count() for state in ("yes", "no", "invited")]
    assert answers == [1 + SCHOOLS // 2, 9, 10]
    wishes = {"half_days": [], "travel_minutes": 90, "own_school": None, "leaves_from_home": False, "most_talks": 2}
    for speaker in campaign.speakers.filter(state="invited"):
        actions.say_wishes(speaker=speaker, weeks=campaign.mondays, gender="", **wishes)
    assert not Volunteer.objects.filter(languages__contains=["en"]).exists()


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
    talk = plan.talks.get(talk__place__school__name="Lycée numéro 00")
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


def told(platform, open_page, center):
    """Ben has the invitation in his mail and the session on his page; the teacher sees when it is."""
    ben = center["students"][0].user
    session = Assignment.objects.get(volunteer__user=ben, session__school=center["school"]).session
    assert session.local_start.weekday() == 1
    assert session.local_start.date() - dt.timedelta(days=1) in {next_monday(2), next_monday(3), next_monday(4)}
    platform.mail_to(ben.email, with_calendar=True)
    page = open_page("/sessions/mine/", user=ben, width=PHONE, language="fr")
    page.get_by_text("Lycée numéro 00").first.wait_for()
    look(page)
    place = CampaignSchool.objects.get(school=center["school"])
    page = open_page(f"/talks/campaigns/answers/{place.pk}/", user=center["teacher"], width=PHONE, language="fr")
    page.get_by_role("link", name=re.compile("10")).first.wait_for()
    look(page)
    return session


def replace_a_speaker(platform, open_page, desk, session):
    """Somebody can no longer come; the search asks a few others, and the first to say yes has the place."""
    leaving = session.assignments.confirmed().order_by("-pk")[0]
    page = open_page(f"/sessions/{session.pk}/", user=leaving.volunteer.user, width=PHONE, language="fr")
    look(page)
    page.get_by_role("button", name="Je ne peux plus venir").click()
    page.wait_for_load_state()
    desk.goto(f"/sessions/{session.pk}/people/")
    look(desk)
    desk.get_by_role("link", name="Look for a speaker in rounds").click()
    look(desk)
    desk.get_by_role("button", name="Start the search").click()
    desk.get_by_text("The first round is on its way").wait_for()
    look(desk)
    newcomer = session.assignments.filter(state="invited").earliest("pk").volunteer.user
    platform.wait_until(lambda: f"/sessions/{session.pk}/" in mails_to(platform, newcomer.email))
    page = open_page(f"/sessions/{session.pk}/", user=newcomer, width=PHONE, language="fr")
    look(page)
    page.get_by_role("button", name="Oui, je viens").click()
    page.get_by_role("button", name="Je ne peux plus venir").wait_for()
    look(page)
    desk.get_by_text("Every place is taken").wait_for()  # by itself
    session.refresh_from_db()
    assert session.volunteers_confirmed == session.volunteer_places
    assert session.assignments.get(volunteer=leaving.volunteer).state == "withdrawn"


def mails_to(platform, address):
    return "".join(mail.get_body(("plain",)).get_content() for mail in platform.mails if mail["To"] == address)


def let_the_days_come(campaign):
    """All talks of the campaign lie behind us."""
    sessions = Session.objects.filter(campaign_talk__place__campaign=campaign)
    sessions.update(starts_at=F("starts_at") - dt.timedelta(weeks=8), ends_at=F("ends_at") - dt.timedelta(weeks=8))
    return list(sessions.order_by("pk"))


def count(open_page, desk, center, sessions):
    """The teacher counts on a phone, the coordinator at the desk, and in the other schools whoever spoke there."""
    own = next(session for session in sessions if session.school == center["school"])
    others = [session for session in sessions if session != own]
    page = open_page(f"/sessions/{own.pk}/headcount/", user=center["teacher"], width=PHONE, language="fr")
    send_number(page, 31)
    page.get_by_role("heading", name="Merci").wait_for()
    look(page)
    desk.goto(f"/sessions/{others[0].pk}/headcount/")
    send_number(desk, 19)
    desk.get_by_role("heading", name="Thank you").wait_for()
    look(desk)
    for number, session in enumerate(others[1:]):
        speaker, group = (
            session.assignments.confirmed().earliest("pk").volunteer.user,
            session.bookings.get().class_group,
        )
        counts = [(group, group.level, 20 + number % 7, 10, 9)]
        activities.confirm_headcount(session=session, by=speaker, source="volunteer", counts=counts)


def send_number(page, number):
    look(page)
    page.locator("[name$=total]").fill(str(number))
    page.locator("main form button.button-primary").click()
    page.wait_for_load_state()


def read_the_figures(page, campaign):
    """The page of the campaign, its schools one by one, and the dashboard say the same sum."""
    total = 31 + 19 + sum(20 + number % 7 for number in range(SCHOOLS // 2 - 2))
    page.goto(f"/talks/campaigns/{campaign.pk}/?state=yes")
    look(page)
    tally = page.locator("#campaign-tally")
    assert tally.locator("div", has_text="talks held").locator("dd").inner_text() == str(SCHOOLS // 2)
    assert tally.locator("div", has_text="young people reached").locator("dd").inner_text() == str(total)
    rows = page.locator("td[data-label='Young people']").all_inner_texts()
    assert len(rows) == 1 + SCHOOLS // 2
    assert sum(int(row) for row in rows if row != "–") == total
    assert rows.count("–") == 1  # the talk that nobody could give
    page.goto(f"/figures/?year={campaign.school_year}")
    for _ in range(50):
        if page.get_by_role("link", name=str(total), exact=True).first.is_visible():
            break
        page.wait_for_timeout(300)
        page.reload()
    look(page)
    page.get_by_role("link", name=str(total), exact=True).first.click()
    page.get_by_text("Lycée numéro 00").first.wait_for()
    look(page)


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)
