"""A public registration with its waiting list and its offer, as people walk it: staff open it, three people register,
one confirms with one tap from the mail and gives the seats back, the next takes them; with the real worker, beat and
mail server."""

import re

import pytest

from participants.organisations.models import Organisation
from programs.activities.models import Activity, Booking
from tests.factories.activities import ActivityFactory, SessionFactory
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.timeout(240)


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)


@pytest.mark.a11y
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_public_registration_with_waiting_list_and_offer(platform, open_page, cleo, width):
    center = OrganisationFactory(kind=Organisation.Kind.CENTER)
    GrantScopeFactory(grant=cleo.grants.get(), organisation=center)
    session = SessionFactory(
        activity=ActivityFactory(programme__lead=center, title_en="A night of stars"), seats=2, volunteer_places=1
    )
    staff = open_page(f"/activities/{session.activity_id}/", user=cleo, width=width, language="fr")
    open_registration(staff, session)
    for name in ("anna", "bea", "carl"):
        register(open_page(width=width, language="en"), session, f"{name}@example.org")
        platform.wait_until(lambda name=name: link_of(platform, f"{name}@example.org"))
    anna = open_page(link_of(platform, "anna@example.org"), width=width, language="en")
    bea = open_page(link_of(platform, "bea@example.org"), width=width, language="en")
    bea.get_by_text("Number 1 in line").wait_for()
    bea.get_by_text("2 needed, 0 free of 2").wait_for()
    look(bea)
    take_it(anna)
    give_back(anna)
    platform.wait_until(lambda: any("A place for you" in mail["Subject"] for mail in platform.mails))
    take_it(open_page(link_of(platform, "bea@example.org"), width=width, language="en"))
    look_at_the_line(staff, session)
    stages = dict(Booking.objects.values_list("guest__email", "stage"))
    assert stages == {"anna@example.org": "withdrawn", "bea@example.org": "confirmed", "carl@example.org": "waitlisted"}


def open_registration(page, session):
    """Staff say who may register, and how many seats at once."""
    look(page)
    page.get_by_role("link", name="Limites et ordre").click()
    look(page)
    page.get_by_label("tout le monde, par nombre de places").check()
    page.fill("[name=public_seats]", "2")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_load_state()
    assert Activity.objects.get(pk=session.activity_id).registration_for == ["public"]


def register(page, session, email):
    page.goto(f"/sessions/{session.pk}/register/")
    look(page)
    page.fill("[name=public-email]", email)
    page.fill("[name=public-seats]", "3")
    send(page)
    page.get_by_text("You can take 2 seats at most.").first.wait_for()
    assert page.input_value("[name=public-email]") == email
    look(page)
    page.fill("[name=public-seats]", "2")
    send(page)
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    look(page)


def send(page):
    page.locator("main form button.button-primary").click()
    page.wait_for_load_state()


def give_back(page):
    page.get_by_role("heading", name="It is confirmed").wait_for()
    look(page)
    page.get_by_role("button", name="Give the seats back").click()
    page.wait_for_load_state()
    page.get_by_role("heading", name="This registration is over").wait_for()
    look(page)


def take_it(page):
    page.get_by_role("heading", name="A place for you").wait_for()
    look(page)
    page.get_by_role("button", name="Yes, I take it").click()
    page.wait_for_load_state()
    page.get_by_role("heading", name="It is confirmed").wait_for()
    look(page)


def look_at_the_line(page, session):
    page.goto(f"/sessions/{session.pk}/places/")
    page.get_by_text("1 · carl@example.org").wait_for()
    look(page)
    page.get_by_role("link", name=re.compile("Donner des places")).click()
    look(page)


def link_of(platform, address):
    """The path of the button in the last mail to this address."""
    mails = [mail for mail in platform.mails if mail["To"] == address]
    if not mails:
        return ""
    text = mails[-1].get_body(("plain",)).get_content()
    return re.search(r"https?://[^/]+(/places/\S+)", text).group(1)
