"""Who may open what: every route of ours, tried by every role on one's own, a stranger's and an absent object.

The decisions stand in `decisions/access.yaml`; a route without one fails.
"""

import logging

import pytest
from django.urls import reverse

from participants.accounts.roles import Role
from programs.activities.models import Session
from tests.harness.canaries import READERS, is_opened_by_a_key, leaks, words_in, words_logged
from tests.harness.matrix import (
    ABSENT,
    ACTORS,
    IN,
    ONE_SIDE,
    Cell,
    ask,
    decisions,
    enter,
    expected,
    fits,
    missing_headers,
    named_routes,
    outcome,
    paths,
    plain,
)
from tests.harness.scorecard import some_every_day
from tests.world import users_of

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.timeout(600),
    pytest.mark.django_db,
    pytest.mark.usefixtures("unread_templates", "known_reader"),
]

ROUTES = {route.name: route for route in named_routes()}
# Those who stand on side A and do not see the whole center.
LISTENERS = ["anonymous", *READERS]


def test_every_route_has_a_rule():
    assert set(ROUTES) == set(decisions()["routes"])


@pytest.mark.canary
@pytest.mark.parametrize("actor", some_every_day(ACTORS, ONE_SIDE))
def test_matrix(actor, world, client_for, caplog, record_property):
    """Allowed, or as if it did not exist; a stranger's object and an absent one answer alike, byte by byte; and no word
    of the other side comes out, in an answer or in a log."""
    caplog.set_level(logging.DEBUG)
    client, role, objects = enter(actor, world, client_for)
    wrong, answers = [], {}
    for cell in cells(actor, role, objects):
        try:
            response = ask(client, cell)
        except Exception as problem:  # what breaks one page must not hide the others
            wrong.append(f"{cell}: {type(problem).__name__}: {str(problem)[:200]}")
            continue
        answers[cell] = plain(response, cell.path)
        if not fits(outcome(response), expected(cell), cell):
            wrong.append(f"{cell}: {outcome(response)}, not {expected(cell)}")
        wrong += [f"{cell}: {problem}" for problem in missing_headers(response, cell.path)]
        if actor in LISTENERS and not is_opened_by_a_key(cell):
            wrong += [f"{cell}: shows {field}" for field in sorted(leaks(actor, words_in(response), world))]
    record_property("tried", len(answers))
    record_property("gets", sum(cell.method != "POST" for cell in answers))
    assert not wrong, "\n".join(wrong)
    assert told_apart(answers) == []
    assert actor not in LISTENERS or words_logged(caplog, world) == set()


def cells(actor, role, objects):
    """Read and post to everything; HEAD, which Django answers with the views of GET, on one's own only."""
    for route in ROUTES.values():
        for whose, path in paths(route, objects):
            for method in ("GET", "POST") if whose != "own" or actor != Role.COORDINATOR else ("GET", "HEAD", "POST"):
                yield Cell(actor, role, route, whose, method, path)


def told_apart(answers):
    """Where somebody who may not see a stranger's object can tell it from one that does not exist."""
    absent = {(cell.route.name, cell.method): answer for cell, answer in answers.items() if cell.whose == "absent"}
    return [
        str(cell)
        for cell, answer in answers.items()
        if cell.whose == "foreign" and expected(cell) != IN and answer != absent[cell.route.name, cell.method]
    ]


@pytest.mark.parametrize("role", ["anonymous", Role.COORDINATOR, Role.SCHOOL_CONTACT])
def test_what_is_not_published_is_nobodys(role, world, client_for):
    """Of the same kinds as what the matrix opens, and there: the catalogue answers as if it were not, its manager too."""
    client, _role, [own, _others] = enter(role, world, client_for)
    session = Session.objects.select_related("activity__programme").get(pk=own["session"])
    hidden = {f"catalogue-{name}": {"pk": session.pk} for name in ("session", "card", "session-calendar")}
    hidden["catalogue-programme"] = {"code": session.activity.programme.code}
    hidden["catalogue-organisation"] = {"pk": own["organisation"]}
    hidden |= {"session-register": {"pk": session.pk}, "activity-register": {"pk": session.activity_id}}
    answers = {name: client.get(reverse(f"activities:{name}", kwargs=named)) for name, named in hidden.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(hidden, 404)


SCOPED = ["activities:session-detail", "activities:session-calendar", "awareness:request-detail"]


@pytest.mark.sabotage
@pytest.mark.parametrize("name", SCOPED)
def test_the_matrix_notices_when_scopes_are_off(name, world, client_for, monkeypatch):
    client, role, objects = enter(Role.SCHOOL_CONTACT, world, client_for)
    [path] = [path for whose, path in paths(ROUTES[name], objects) if whose == "foreign"]
    cell = Cell(role, role, ROUTES[name], "foreign", "GET", path)
    assert outcome(ask(client, cell)) == expected(cell) == ABSENT
    monkeypatch.setenv("EOC_SABOTAGE", "scope")
    assert not fits(outcome(ask(client, cell)), expected(cell), cell)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.SCHOOL_CONTACT, Role.VOLUNTEER])
def test_nothing_is_posted_without_the_token(role, world, record_property, client_for):
    client = client_for(users_of(world.a)[role])
    client.handler.enforce_csrf_checks = True
    answers = {
        name: ask(client, Cell(role, role, route, "own", "POST", paths(route, [world.a.objects] * 2)[0][1]))
        for name, route in ROUTES.items()
    }
    record_property("tried", len(answers))
    assert {name for name, answer in answers.items() if answer.status_code != 403} == set(decisions()["without_token"])
