"""A real browser on a real server; where no Chromium is found the journeys are skipped by name."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import sync_playwright

from tests.journeys import axe
from tests.journeys.platform import Platform

HERE = Path(__file__).parent
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE, DESK = 390, 1280


def find_chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def count_looks(request, record_property):
    """Says how many pages axe read; the scorecard finds its tests by their marker."""
    axe.LOOKED_AT.clear()
    yield
    if axe.LOOKED_AT:
        record_property("tried", len(axe.LOOKED_AT))
        assert request.node.get_closest_marker("a11y"), "a test that asks axe carries the marker a11y"


@pytest.fixture(scope="session")
def browser(django_db_setup):
    executable = find_chromium()
    if executable is None:
        pytest.skip("no Chromium on this machine: the browser journeys did not run")
    connection_of_the_tests = connections["default"]
    with pytest.MonkeyPatch.context() as monkeypatch, sync_playwright() as playwright:
        # Playwright waits in an event loop of this thread; the rows are still only touched between its steps.
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Where a loop runs Django opens a connection of its own, which could not bring back what migrations wrote.
        connections["default"] = connection_of_the_tests
        chromium = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server, client_for):
    """`open_page("/", user=ada, width=PHONE, theme="dark", language="fr")` is a page in a browser of its own.

    Whatever the browser complains about (blocked code, missing file, error in a script) fails the test at the end.
    """
    contexts, complaints = [], []

    def open_one(path="/", user=None, width=DESK, theme="light", language="fr"):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 844},
            color_scheme=theme,
            locale=language,
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            type(user).objects.filter(pk=user.pk).update(language=language)
            cookies[settings.SESSION_COOKIE_NAME] = client_for(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": cookies[name], "url": live_server.url} for name in cookies])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def platform(live_server, settings):
    """The worker, beat and a mail server around the pages of `live_server`, all on the test's database."""
    settings.SITE_URL = live_server.url
    # The test runner replaces it by one that keeps mails in memory.
    settings.EMAIL_BACKEND = "participants.correspondence.mail.OutboxBackend"
    with Platform(live_server.url) as running:
        yield running
