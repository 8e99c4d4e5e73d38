"""The pages of the house, in both themes, languages and widths, and without scripts."""

import itertools

import pytest

from tests.factories.accounts import GrantFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

VIEWS = list(itertools.product((PHONE, DESK), ("light", "dark")))
PUBLIC = ["/", "/accounts/login/", "/accounts/login/code/", "/accounts/signup/", "/accounts/password/reset/"]
OWN = ["/", "/account/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/set/"]


@pytest.mark.a11y
@pytest.mark.parametrize(("width", "theme"), VIEWS)
def test_public_pages_are_accessible(open_page, width, theme):
    for path, language in zip(PUBLIC, itertools.cycle(("fr", "en")), strict=False):
        assert_accessible(open_page(path, width=width, theme=theme, language=language))


@pytest.mark.a11y
@pytest.mark.parametrize(("width", "theme"), VIEWS)
def test_gallery_and_its_dialog_are_accessible(open_page, cleo, width, theme):
    page = open_page("/gallery/", user=cleo, width=width, theme=theme)
    assert_accessible(page)
    page.locator("a[data-dialog]").click()
    page.locator("dialog").wait_for()
    assert_accessible(page)


@pytest.mark.a11y
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_own_pages_are_accessible(open_page, ada, width):
    for path in OWN:
        assert_accessible(open_page(path, user=ada, width=width))


@pytest.mark.a11y
def test_homes_are_accessible(open_page, ada, ben, cleo, dan):
    for user in (ada, ben, cleo, dan):
        assert_accessible(open_page("/", user=user, width=PHONE))


def test_theme_changes_without_leaving_the_page_and_is_remembered(open_page):
    page = open_page("/accounts/login/")
    page.locator("#id_code_email").fill("ada@example.org")
    paper = "getComputedStyle(document.body).backgroundColor"
    by_day = page.evaluate(paper)
    page.locator("details.menu:visible summary").first.click()
    page.locator("button[name=theme][value=dark]:visible").click()
    assert page.evaluate(paper) != by_day
    assert page.locator("#id_code_email").input_value() == "ada@example.org"
    page.goto("/")
    assert page.evaluate(paper) != by_day
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_everything_in_the_header_works_without_scripts(browser, live_server, cleo, client_for):
    GrantFactory(user=cleo, role="volunteer")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": PHONE, "height": 844}
    )
    session = client_for(cleo).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/")

    def choose(selector):
        page.locator("summary:visible").first.click()
        page.locator(f"{selector}:visible").click()

    choose("button[name=language][value=fr]")
    assert page.locator("html").get_attribute("lang") == "fr"
    choose("button[name=theme][value=dark]")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    choose("button[name=role][value=volunteer]")
    assert page.locator("body").get_attribute("class") == "layout-public"
    context.close()


@pytest.mark.a11y
def test_errors_are_said_first_and_lead_to_their_field(open_page):
    page = open_page("/accounts/login/", width=PHONE)
    page.locator("main summary").click()
    page.locator("form[action$='/login/'] button").click()
    page.locator("[data-form-errors]:focus").wait_for()
    assert_accessible(page)
    page.locator("[data-form-errors] a").first.click()
    assert page.evaluate("document.activeElement.name") == "login"


def test_skip_link_is_the_first_stop(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_escape_closes_a_menu_and_gives_the_focus_back(open_page, ben):
    page = open_page("/", user=ben, width=PHONE)
    page.locator("summary:visible").click()
    assert page.locator("details.menu[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_back_office_runs_under_its_own_policy(open_page, cleo):
    page = open_page("/office/", user=cleo)
    assert page.evaluate("typeof window.Alpine") == "object"
