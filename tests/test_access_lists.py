"""Every list, search, filter and feed of every app: nobody finds what is the other side's, whatever they write behind the
address.

What is tried comes from the routes and from what each page offers to a coordinator, who sees everything. Lists in which
nothing of another side can stand are named with their reason in `decisions/lists.yaml`, texts that everybody may read of
strangers in `decisions/canaries.yaml`. Lists of people are in `test_access_beyond.py`.
"""

import pytest
import yaml
from django.urls import reverse

from participants.accounts.roles import Role
from tests.harness.canaries import leaks, words_in
from tests.harness.matrix import DECISIONS, Cell, ask, named_routes
from tests.harness.questions import FIELDS_OF_FILTERS, body_of, of_code, of_page
from tests.harness.scorecard import some_every_day
from tests.test_access_beyond import OF_ONE_SIDE
from tests.world import users_of

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.timeout(600),
    pytest.mark.canary,
    pytest.mark.django_db,
    pytest.mark.usefixtures("unread_templates", "known_reader"),
]

NOBODYS = yaml.safe_load((DECISIONS.parent / "lists.yaml").read_text())
# Whoever is most likely to be shown a row of their own comes first: the first who is ends the search.
WITNESSES = [Role.COORDINATOR, Role.SCHOOL_CONTACT, Role.VOLUNTEER, Role.PUPIL, Role.PROTECTION_OFFICER, *Role.values]
# Who has most lists of their own; the others for the scorecard.
SOME = [Role.VOLUNTEER]


def lists():
    """Every page without an object: whatever it shows, it has chosen itself."""
    return [route for route in named_routes() if not route.arguments and not route.name.startswith("people:")]


def theirs(world):
    """What the other side's things are called in an address."""
    return world.b.objects | {"departement": "92", "page": 2, "q": "zqx"}


@pytest.mark.parametrize("role", some_every_day(OF_ONE_SIDE, SOME))
def test_no_list_search_filter_or_feed_shows_strangers(role, world, client_for, record_property):
    client, everywhere = client_for(users_of(world.a)[role]), client_for(users_of(world.a)[Role.COORDINATOR])
    found, tried = [], 0
    for route in lists():
        path = reverse(route.name)
        if not (known := body_of(client, role, route, path)):
            continue  # closed to this role, whatever one writes behind it
        questions = of_page(body_of(everywhere, role, route, path), theirs(world), known)
        questions |= of_page(known, theirs(world))
        names = [*of_code(route), *FIELDS_OF_FILTERS]
        questions |= {f"?{name}={theirs(world).get(name, world.b.objects['session'])}" for name in names}
        for question in sorted(questions):
            response = ask(client, Cell(role, role, route, "searched", "GET", path + question))
            tried += 1
            found += [f"{path}{question}: {response.status_code}"] * (response.status_code >= 500)
            if out := leaks(role, words_in(response), world):
                found.append(f"{path}{question}: {sorted(out)}")
    record_property("tried", tried)
    assert tried > 20
    assert found == []


def test_every_list_shows_the_other_side_to_its_own_or_says_why_it_never_does(world, client_for):
    """The test above would see nothing where nothing can be seen."""
    clients = {role: client_for(users_of(world.b)[role]) for role in dict.fromkeys(WITNESSES)}
    silent = {
        route.name
        for route in lists()
        if not any(
            words_in(ask(client, Cell(role, role, route, "own", "GET", reverse(route.name))))
            for role, client in clients.items()
        )
    }
    assert silent == set(NOBODYS["pages"])
