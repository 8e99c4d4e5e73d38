"""The token of a personal link stands in no log, no error report and no history."""

import io
import json
import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from eocenter.logs import MASK, MaskTokens, masked, masked_event
from eocenter.middleware import History
from participants.accounts import links
from participants.people import family_links
from tests.factories.people import GuardianFactory


@pytest.fixture
def log():
    """What the handler of the platform writes."""
    [handler] = [handler for handler in logging.getLogger().handlers if handler.name == "console"]
    before = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(before)


@pytest.fixture
def token(ada):
    return links.sign(ada, purpose="calendar")


def test_an_address_that_opens_nothing_is_logged_without_its_token(client, log, token):
    for path in (
        reverse("activities:calendar-feed", args=[token]) + "x",
        reverse("activities:headcount-link", args=[token]),
        reverse("activities:headcount-link", args=[token[:-9]]),
    ):
        assert client.get(path).status_code == 404
    assert client.delete(reverse("activities:calendar-feed", args=[token])).status_code == 405
    lines = log.getvalue().splitlines()
    assert lines == [
        f"WARNING django.request Not Found: /calendar/{MASK}/sessions.icsx",
        f"WARNING django.request Not Found: /headcounts/{MASK}/",
        f"WARNING django.request Not Found: /headcounts/{MASK}/",
        f"WARNING django.request Method Not Allowed (DELETE): /calendar/{MASK}/sessions.ics",
    ]


def test_a_traceback_is_masked_too(log, token):
    try:
        raise ValueError(f"no place for {token}")
    except ValueError:
        logging.getLogger("anything").exception("at %s", {"path": token})
    assert token.rpartition(".")[2] not in log.getvalue()
    assert f"ValueError: no place for {MASK}" in log.getvalue()


def test_the_link_of_a_family_is_masked(db):
    token = family_links.sign(GuardianFactory())
    assert masked(reverse("people:family-page", args=[token])) == f"/family/{MASK}/"


def test_what_is_no_token_stays():
    for text in ("from 127.0.0.1 with Django 5.2.19", "1.2.3.4567", "2026.11.25.final", "fe80::1"):
        assert masked(text) == text
    assert masked("/family/g.12.1769212345.Zq8-abcdefgh/withdraw/") == f"/family/{MASK}/withdraw/"
    assert masked({"a": ["1.2.0.abcdefgh", (3, "1.2.0.abcdefgh")]}) == {"a": [MASK, (3, MASK)]}


def test_a_broken_line_does_not_break_the_page():
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "%s and %s", ("one",), None)
    assert MaskTokens().filter(record)
    assert record.getMessage() == "a line that cannot be written, from x.py:1"


def test_an_error_report_leaves_without_it(token):
    event = {"request": {"url": f"https://eo.example.org/calendar/{token}/sessions.ics"}}
    assert token not in json.dumps(masked_event(event, {}))


def test_the_history_knows_the_page_and_not_the_token(ada, token):
    request = RequestFactory().post(f"/headcounts/{token}/")
    request.user = ada
    context = History(lambda request: HttpResponse()).get_context(request)
    assert context == {"user": ada.pk, "url": f"/headcounts/{MASK}/"}
