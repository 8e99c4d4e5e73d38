"""From nomination to pool to invitation, as people walk it: a teacher nominates, the pupil says yes by the link in the
mail, a coordinator invites, the pupil opens the invitation and takes it up; with the real worker, beat and mail server."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from participants.organisations.models import Organisation
from participants.organisations.school_years import current_school_year
from programs.activities.models import Booking
from programs.awareness.models import PoolEntry, PoolInvitation
from tests.factories.activities import ActivityFactory, ProgrammeFactory, SessionFactory
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    SchoolContactFactory,
    SchoolPostFactory,
)
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.timeout(240)
REASON = "Your teacher says that you are curious about sciences."


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)


@pytest.fixture
def school():
    return SchoolFactory(name="Lycée Marie-Curie")


@pytest.fixture
def pupil(school):
    """Sixteen, with an address; a guardian has agreed to taking part."""
    born = timezone.localdate() - dt.timedelta(days=16 * 366)
    year = {"school": school, "school_year": current_school_year(), "level": "2GT"}
    pupil = EnrolmentFactory(**year, pupil__birth_date=born, pupil__email="lou@example.org").pupil
    link = GuardianshipFactory(pupil=pupil, guardian=GuardianFactory(email="eve@example.org"))
    ConsentFactory(pupil=pupil, guardian=link.guardian)
    return pupil


@pytest.mark.a11y
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nomination_to_pool_to_invitation(platform, open_page, cleo, school, pupil, width):
    center = OrganisationFactory(kind=Organisation.Kind.CENTER)
    GrantScopeFactory(grant=cleo.grants.get(), organisation=center)
    teacher = SchoolPostFactory(contact=SchoolContactFactory(), school=school, verified=True).contact.user
    activity = ActivityFactory(
        programme=ProgrammeFactory(lead=center),
        title_en="A day in the laboratory",
        kind="campus_day",
        registration_for=["pupils"],
    )
    SessionFactory(activity=activity, seats=10, school=None, campus=center)
    nominate(open_page("/talks/pool/nominations/", user=teacher, width=width, language="fr"), pupil)
    say_yes(open_page(link_in(platform, "lou@example.org", "/family/"), width=width, language="en"))
    invite(open_page("/talks/pool/", user=cleo, width=width, language="en"), pupil)
    take_up(open_page(link_in(platform, "lou@example.org", "/talks/pool/family/"), width=width, language="en"))
    assert Booking.objects.get().pupil == pupil
    assert PoolInvitation.objects.with_answer().get().has_seat


def nominate(page, pupil):
    look(page)
    page.get_by_role("link", name=f"{pupil.last_name} {pupil.first_name}").click()
    look(page)
    page.locator("[name=is_curious][value=yes]").check()
    page.locator("main form button.button-primary").click()
    page.wait_for_load_state()
    page.get_by_text("proposé·e", exact=True).wait_for()
    assert PoolEntry.objects.get().door == "nomination"
    look(page)


def say_yes(page):
    """Yes to being written to, no to the rest."""
    look(page)
    questions = page.locator("input[type=radio]")
    names = {questions.nth(number).get_attribute("name") for number in range(questions.count())}
    for name in sorted(names):
        answer = "given" if "follow_up" in name else "refused"
        page.locator(f"[name='{name}'][value={answer}]").check()
    page.fill("[name=signature]", "Lou")
    page.get_by_role("button", name="Sign my answers").click()
    page.wait_for_load_state()
    assert PoolEntry.objects.contactable().exists()


def invite(page, pupil):
    page.get_by_role("link", name=f"{pupil.last_name} {pupil.first_name}").wait_for()
    look(page)
    page.get_by_role("link", name="Invite", exact=True).click()
    look(page)
    page.get_by_role("button", name="See how many fit").click()
    page.wait_for_load_state()
    page.get_by_text("1 young person fits.").wait_for()
    look(page)
    page.fill("[name=reason]", REASON)
    page.get_by_role("button", name="Send the invitations").click()
    page.wait_for_load_state()
    page.get_by_text("1 young person invited").wait_for()
    look(page)


def take_up(page):
    page.get_by_text(REASON).wait_for()
    look(page)
    page.locator("main").get_by_role("link", name="A day in the laboratory").last.click()
    look(page)
    page.locator("main form button.button-primary").click()
    page.wait_for_load_state()
    # A pupil is written to in French.
    page.get_by_role("heading", name="C’est confirmé").wait_for()


def link_in(platform, address, path):
    """The path of the button in the last mail to this address that leads there."""

    def found():
        texts = [mail.get_body(("plain",)).get_content() for mail in platform.mails if mail["To"] == address]
        links = [match[1] for text in texts for match in re.finditer(rf"https?://[^/]+({path}\S+)", text)]
        return links[-1] if links else ""

    platform.wait_until(found)
    return found()
