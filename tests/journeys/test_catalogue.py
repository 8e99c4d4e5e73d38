"""A visitor looks for something in the catalogue, reads about a date, and follows what they look for by e-mail."""

import pytest
from django.urls import reverse

from programs.activities import subscription_links
from programs.activities.models import Activity, Subscription
from tests.factories.activities import ActivityFactory, SessionFactory
from tests.factories.organisations import OrganisationFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE


@pytest.mark.a11y
@pytest.mark.parametrize(("width", "theme"), [(PHONE, "dark"), (DESK, "light")])
def test_a_visitor_finds_a_date_and_follows(open_page, width, theme):
    house = OrganisationFactory(kind="member_school", name="École Zéro", city="Massy", latitude=48.73, longitude=2.27)
    facts = {"is_public": True, "registration_for": [Activity.Audience.PUBLIC], "organisation": house}
    stars = ActivityFactory(title_en="A night of stars", description_en="Bring a coat.", kind="event", **facts)
    SessionFactory(activity=stars, school=None, campus=house)
    camp = ActivityFactory(title_en="A camp", kind="camp", programme=stars.programme, **facts)
    SessionFactory(activity=camp, school=None, campus=house)
    page = open_page(width=width, theme=theme, language="en")
    page.get_by_role("link", name="See what is coming").click()
    look(page)
    page.locator("summary").get_by_text("Filter").click()
    page.fill("[name=near]", "Massy")
    page.select_option("[name=kind]", "event")
    page.locator("form").get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="A night of stars").wait_for()
    assert page.get_by_role("link", name="A camp").count() == 0
    look(page)
    filtered = page.url
    page.get_by_role("link", name="A night of stars").click()
    page.get_by_text("Bring a coat.").wait_for()
    assert page.get_by_role("link", name="Register").get_attribute("href").endswith("/register/")
    look(page)
    for name in ("École Zéro", str(stars.programme)):
        page.get_by_role("definition").get_by_role("link", name=name).click()
        page.get_by_role("link", name="A camp").wait_for()
        look(page)
        page.go_back()
    page.goto(filtered)
    page.get_by_role("link", name="By e-mail").click()
    page.get_by_text("You will hear of: Massy (25 km), event.").wait_for()
    page.fill("[name=email]", "ada@example.org")
    look(page)
    page.get_by_role("button", name="Follow").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    look(page)
    confirm_and_leave(page)
    assert page.request.get(page.url).status == 404
    page.goto(reverse("activities:catalogue", kwargs={"language": "en"}))
    page.get_by_role("link", name="Français").click()
    page.get_by_role("heading", name="Prochaines dates", exact=True).wait_for()


def confirm_and_leave(page):
    page.goto(page.url.split("/catalogue/")[0] + subscription_links.url(Subscription.objects.get()))
    look(page)
    page.get_by_role("button", name="Yes, it is me").click()
    page.get_by_role("heading", name="You follow what is coming").wait_for()
    assert Subscription.objects.get().confirmed_at
    look(page)
    page.get_by_role("button", name="No longer receive this").click()
    page.get_by_role("heading", name="It is over").wait_for()
    look(page)


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)
