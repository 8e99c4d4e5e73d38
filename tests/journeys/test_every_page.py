"""Every page of ours that a role may open, with one's own objects, on a phone: read by axe, one after another."""

import re

import pytest
from django.test import Client

from participants.accounts.roles import Role
from tests.harness.matrix import IN, Cell, expected, named_routes, paths
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE
from tests.world import build_world, users_of

CENTER = [Role.ADMINISTRATOR, Role.COORDINATOR, Role.PROGRAMME_MANAGER, Role.PROTECTION_OFFICER]
OTHERS = ["anonymous", *(role for role in Role.values if role not in CENTER)]
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
TEXT = re.compile(r">\s*[^<\s][^<]*<")
OWN_VALUE = re.compile(r' (href|value|id|for|action|name|title|datetime|style|aria-\w+)="[^"]*"')


def pages_for(client, role, objects):
    """(address, text) of what answers this visitor with a whole page."""
    for route in named_routes():
        for whose, path in paths(route, objects):
            if whose == "own" and expected(Cell(role, role, route, whose, "GET", path)) == IN:
                answer = client.get(path)
                if answer.status_code == 200 and is_page(answer):
                    yield path, answer.content.decode()


def is_page(answer):
    return not answer.streaming and answer.content.lstrip()[:15].lower() == b"<!doctype html>"


def shape_of(text):
    """What a page is made of, without its words: two roles often get the same one, and an empty text is another."""
    return OWN_VALUE.sub(r" \1", TEXT.sub(">·<", MAIN.search(text)[0]))


@pytest.mark.timeout(900)
@pytest.mark.a11y
@pytest.mark.parametrize("roles", [CENTER, OTHERS], ids=["center", "others"])
def test_every_page_is_accessible(roles, open_page, client_for):
    """Whatever is made alike is read once; of every role at least the page that it comes to first, with its header."""
    side, seen, wrong = build_world().a, set(), []
    for role in roles:
        user = None if role == "anonymous" else users_of(side)[role]
        page = open_page(user=user, width=PHONE)
        assert_accessible(page)
        for path, text in pages_for(client_for(user) if user else Client(), role, [side.objects] * 2):
            if (shape := shape_of(text)) in seen:
                continue
            seen.add(shape)
            page.goto(path)
            try:
                assert_accessible(page)
            except AssertionError as found:
                wrong.append(f"{role} {found}")
    assert not wrong, "\n".join(wrong)
