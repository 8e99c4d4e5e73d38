"""Every page of ours that a role may open, with one's own objects, on a phone: read by axe, one after another."""

import pytest
from django.test import Client

from participants.accounts.roles import Role
from tests.harness.matrix import named_routes, paths
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE
from tests.world import build_world, users_of


def pages_for(client, objects):
    """The addresses that answer this visitor with a whole page."""
    for route in named_routes():
        for whose, path in paths(route, objects):
            if whose == "own":
                answer = client.get(path)
                if answer.status_code == 200 and is_page(answer):
                    yield path


def is_page(answer):
    return not answer.streaming and answer.content.lstrip()[:15].lower() == b"<!doctype html>"


@pytest.mark.timeout(900)
@pytest.mark.a11y
@pytest.mark.parametrize("role", ["anonymous", *Role.values])
def test_every_page_is_accessible(role, open_page, client_for):
    side = build_world().a
    user = None if role == "anonymous" else users_of(side)[role]
    client = client_for(user) if user else Client()
    page, wrong = open_page(user=user, width=PHONE), []
    for path in pages_for(client, [side.objects] * 2):
        page.goto(path)
        try:
            assert_accessible(page)
        except AssertionError as found:
            wrong.append(str(found))
    assert not wrong, "\n".join(wrong)
