"""From a school's request to a figure, as the people walk it: a teacher, a coordinator, two volunteers; with the real
worker, beat and mail server."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone

from participants.correspondence.models import Message
from participants.organisations.models import Organisation
from participants.organisations.school_years import current_school_year
from programs.activities.models import Headcount, Session
from tests.factories.activities import ProgrammeFactory, TopicFactory
from tests.factories.organisations import (
    GrantScopeFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
)
from tests.factories.people import VolunteerFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def center(cleo):
    """A school, a member school with two students, a coordinator of the whole center."""
    home = OrganisationFactory(kind=Organisation.Kind.CENTER, name="Centre", latitude=48.71, longitude=2.2)
    GrantScopeFactory(grant=cleo.grants.get(), organisation=home)
    member = OrganisationFactory(name="École du Plateau", short_name="Plateau", latitude=48.71, longitude=2.21)
    school = SchoolFactory(uai="0932030B", name="Lycée Maurice Utrillo", commune="Stains")
    SchoolFactory(name="Lycée Jean Moulin", commune="Torcy")
    SchoolYearProfileFactory(
        school=school, school_year=current_school_year(), ips=85.1, ips_series="ap2023", ips_quintile=1
    )
    ProgrammeFactory(name_fr="Sciences près de chez vous", name_en="Science near you", lead=home)
    TopicFactory(name_fr="Climat et énergie", name_en="Climate and energy")
    return {
        "school": school,
        "ben": VolunteerFactory(first_name="Ben", member_school=member).user,
        "bea": VolunteerFactory(first_name="Béa", member_school=member).user,
    }


@pytest.mark.a11y
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_a_request_to_a_figure(platform, open_page, center, cleo, width):
    teacher = ask_for_a_talk(platform, open_page, width)
    plan_it(open_page(user=cleo, width=width, language="en"))
    session = Session.objects.get()
    sign_up_and_withdraw(platform, open_page, center, session, width)
    remind(platform, center, session)
    count(platform, teacher, session)
    read_the_figure(open_page(user=cleo, width=width, language="en"))
    take_it_home(open_page("/figures/", user=cleo, width=width, language="en"))


def ask_for_a_talk(platform, open_page, width):
    """The teacher finds the school with a mistake in its name, comes in by a code, and asks in five short pages."""
    page = open_page("/", width=width, language="en")
    look(page)
    page.get_by_role("link", name="Ask for a talk").first.click()
    look(page)
    page.locator("#id_q").press_sequentially("lycee utrilo stain")
    page.get_by_role("link", name="Lycée Maurice Utrillo").click()
    look(page)
    page.fill("[name=first_name]", "Marie")
    page.fill("[name=last_name]", "Curie")
    page.fill("[name=email]", "marie@ac-creteil.fr")
    page.locator("[name=function][value=teacher]").check()
    page.locator("select[name=language]").select_option("en")
    go_on(page)
    look(page)
    page.fill("[name=code]", platform.code_for("marie@ac-creteil.fr"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{platform.site_url}/")
    look(page)
    page.get_by_role("link", name="Ask for a talk").first.click()
    if page.url.endswith("/new/"):
        look(page)
        go_on(page)
    look(page)
    page.fill("[name=classes-0-name]", "2de 4")
    page.locator("[name=classes-0-level]").select_option("2GT")
    page.fill("[name=classes-0-head_count]", "31")
    go_on(page)
    look(page)
    weeks = page.locator("[name=weeks]")
    weeks.nth(2).check()
    weeks.nth(3).check()
    go_on(page)
    look(page)
    page.get_by_label("Climate and energy").check()
    page.fill("[name=needs]", "Ring at the gate, second floor, there is a projector.")
    go_on(page)
    look(page)
    go_on(page)
    page.get_by_text("Your request has arrived").wait_for()
    look(page)
    return page


def plan_it(page):
    """The coordinator finds the request on the board and makes a session of it, with one place for a student."""
    look(page)
    page.goto("/talks/board/")
    look(page)
    page.get_by_role("link", name="Lycée Maurice Utrillo").first.click()
    look(page)
    page.get_by_role("button", name="Plan it").click()
    look(page)
    day = next_open_day()
    page.fill("[name=sessions-0-day]", day.isoformat())
    page.fill("[name=sessions-0-start]", "14:00")
    page.fill("[name=sessions-0-end]", "16:00")
    page.fill("[name=sessions-0-volunteer_places]", "1")
    page.locator("[name=organisation]").select_option(label="Plateau")
    page.locator("[name=programme]").select_option(label="Science near you")
    page.get_by_role("button", name="Plan and tell the school").click()
    page.wait_for_load_state()
    look(page)
    session = Session.objects.get()
    assert (session.local_start.date(), session.local_start.hour, session.volunteer_places) == (day, 14, 1)


def sign_up_and_withdraw(platform, open_page, center, session, width):
    """Ben takes the only place, Béa stands in line and gets it when he withdraws; both are told, with an invitation."""
    ben = open_page("/sessions/", user=center["ben"], width=width, language="en")
    look(ben)
    ben.get_by_role("button", name="Sign up").first.click()
    ben.locator(".session-end[role=status]").wait_for()
    assert session.assignments.get().state == "confirmed"
    look(ben)
    bea = open_page("/sessions/?view=map", user=center["bea"], width=width, language="en")
    look(bea)
    bea.goto(f"/sessions/{session.pk}/")
    look(bea)
    bea.get_by_role("button", name="Join the line").click()
    bea.get_by_text("Number 1 in line").wait_for()
    ben.goto(f"/sessions/{session.pk}/")
    ben.locator("form[action$='/leave/'] button").click()
    ben.wait_for_load_state()
    assert list(session.assignments.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "confirmed"]
    bea.goto("/sessions/mine/")
    look(bea)
    bea.get_by_role("link", name=re.compile("Utrillo|students|Students")).first.wait_for()
    invitation = platform.mail_to(center["bea"].email, with_calendar=True)
    assert "METHOD:REQUEST" in calendar_of(invitation)
    assert "METHOD:CANCEL" in calendar_of(platform.mail_to(center["ben"].email, with_calendar=True, latest=True))


def remind(platform, center, session):
    """Seven days and one day before, the teacher and the volunteer who is in are reminded, once each."""
    reminders = Message.objects.filter(state="planned", about=session.pk, due_at__lt=session.starts_at)
    for days in (7, 1):
        due = session.starts_at - dt.timedelta(days=days)
        round_of = reminders.filter(due_at__range=(due - dt.timedelta(hours=14), due + dt.timedelta(hours=14)))
        expected = sorted(round_of.values_list("recipient__email", flat=True))
        assert expected == sorted([center["bea"].email, "marie@ac-creteil.fr"])
        before = len(platform.mails)
        round_of.update(due_at=timezone.now())
        platform.wait_for_mails(before + len(expected))
        assert sorted(mail["To"] for mail in platform.mails[before:]) == expected
    assert not reminders.exists()


def count(platform, page, session):
    """The day after, the teacher follows the link of the mail and says how many there were."""
    yesterday = timezone.now() - dt.timedelta(days=1)
    Session.objects.filter(pk=session.pk).update(
        starts_at=yesterday, ends_at=yesterday + dt.timedelta(hours=2), version=session.version
    )
    before = len(platform.mails)
    asking = Message.objects.filter(state="planned", about=session.pk, recipient__email="marie@ac-creteil.fr")
    first, again = asking.filter(rule__code__contains="count").order_by("due_at")
    Message.objects.filter(pk=first.pk).update(due_at=timezone.now())
    platform.wait_for_mails(before + 1)
    text = platform.mails[-1].get_body(("plain",)).get_content()
    page.goto(re.search(r"https?://\S*/headcounts/\S+", text).group())
    assert Headcount.objects.count() == 0
    look(page)
    page.locator("[name$=total]").fill("29")
    page.locator("[name$=girls]").fill("15")
    page.locator("[name$=boys]").fill("14")
    go_on(page)
    look(page)
    assert list(Headcount.objects.values_list("total", "girls", "boys", "source")) == [(29, 15, 14, "school")]
    again.refresh_from_db()
    assert again.state == "cancelled"


def read_the_figure(page):
    """The coordinator sees the figure and, one click away, its rows."""
    page.goto("/figures/")
    for _ in range(50):
        if page.get_by_text("29", exact=True).first.is_visible():
            break
        page.wait_for_timeout(300)
        page.reload()
    look(page)
    page.get_by_role("link", name="29", exact=True).first.click()
    page.get_by_text("Lycée Maurice Utrillo").first.wait_for()
    look(page)


def take_it_home(page):
    """The file is made by the worker, and says what the screen says."""
    page.get_by_role("button", name="CSV").click()
    download = page.get_by_role("button", name="Download")
    download.wait_for()
    look(page)
    with page.expect_download() as arriving:
        download.click()
    text = Path(arriving.value.path()).read_bytes().decode()
    assert re.search(r"29\D", text), text


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)


def go_on(page):
    page.locator("main form button.button-primary").last.click()
    page.wait_for_load_state()


def next_open_day():
    """A weekday far enough that both reminders still lie ahead."""
    day = timezone.localdate() + dt.timedelta(days=16)
    return day + dt.timedelta(days=(7 - day.weekday()) % 7 + 1 if day.weekday() > 4 else 0)


def calendar_of(mail):
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return part.get_payload(decode=True).decode()
