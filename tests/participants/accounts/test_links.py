"""Personal links open one thing for one person, until they end or are taken back."""

import string
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from participants.accounts import actions, links
from participants.accounts.links import Link


def test_a_link_says_whom_and_what(ada):
    token = links.sign(ada, purpose="headcount", object_id=7)
    assert links.read(token, purpose="headcount") == Link(ada, 7)
    assert links.read(links.sign(ada, purpose="calendar"), purpose="calendar") == Link(ada, None)


def test_a_link_opens_nothing_else(ada, ben):
    token = links.sign(ada, purpose="headcount", object_id=7)
    _user, object_id, end, signature = token.split(".")
    for forged in (
        f"{ben.pk}.{object_id}.{end}.{signature}",
        f"{ada.pk}.8.{end}.{signature}",
        f"{ada.pk}.7.9.{signature}",
    ):
        with pytest.raises(Http404):
            links.read(forged, purpose="headcount")
    with pytest.raises(Http404):
        links.read(token, purpose="calendar")


def test_a_link_ends_on_time(ada):
    end = timezone.now() + timedelta(days=2)
    token = links.sign(ada, purpose="headcount", expires=end)
    with time_machine.travel(end - timedelta(minutes=1)):
        assert links.read(token, purpose="headcount").user == ada
    with time_machine.travel(end + timedelta(minutes=1)), pytest.raises(Http404):
        links.read(token, purpose="headcount")


def test_all_links_of_a_person_are_taken_back_at_once(ada, ben):
    tokens = [links.sign(ada, purpose=purpose, object_id=3) for purpose in ("calendar", "headcount")]
    other = links.sign(ben, purpose="calendar")
    actions.revoke_links(user=ada)
    for token, purpose in zip(tokens, ("calendar", "headcount"), strict=True):
        with pytest.raises(Http404):
            links.read(token, purpose=purpose)
    assert links.read(other, purpose="calendar").user == ben


def test_a_closed_account_has_no_links(ada):
    token = links.sign(ada, purpose="calendar")
    ada.is_active = False
    ada.save()
    with pytest.raises(Http404):
        links.read(token, purpose="calendar")


def test_every_changed_character_is_refused(ada):
    token = links.sign(ada, purpose="calendar", object_id=12)
    assert len(token.rpartition(".")[2]) * 6 >= 256
    refused = 0
    for place in range(len(token)):
        for other in {string.ascii_letters[place % 52], "0", "-"} - {token[place]}:
            with pytest.raises(Http404):
                links.read(token[:place] + other + token[place + 1 :], purpose="calendar")
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("junk", ["", ".", "...", "1.2.3", "a.b.c.d", "1.2.3.4.5", "9" * 300 + ".0.0.x", "1.0.0.é"])
def test_junk_is_refused_alike(ada, junk):
    with pytest.raises(Http404):
        links.read(junk, purpose="calendar")


def test_a_view_opened_by_a_link_leaves_no_copy(ada):
    @links.opened_by("calendar")
    def feed(request, link):
        return HttpResponse(link.user.email)

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    answer = feed(request, links.sign(ada, purpose="calendar"))
    assert answer.content.decode() == ada.email
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert feed.login_required is False
    with pytest.raises(Http404):
        feed(request, "x")
