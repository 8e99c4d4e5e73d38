"""Who may open what: every route of ours, tried by every role on one's own, a stranger's and an absent object.

The decisions stand in `decisions/access.yaml`; a route without one fails.
"""

import logging

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from participants.accounts.models import User
from participants.accounts.roles import Permission, Role
from programs.activities.admin import ManagedAdmin
from tests.factories.accounts import UserFactory
from tests.harness.canaries import READERS, is_opened_by_a_key, leaks, words_in, words_logged
from tests.harness.matrix import (
    ABSENT,
    ABSENT_ID,
    IN,
    OUTSIDERS,
    Cell,
    ask,
    decisions,
    expected,
    fits,
    missing_headers,
    named_routes,
    outcome,
    paths,
    plain,
    roles_of,
)
from tests.world import users_of

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.timeout(600),
    pytest.mark.django_db,
    pytest.mark.usefixtures("unread_templates", "known_reader"),
]

ROUTES = {route.name: route for route in named_routes()}
# Those whose counterpart on the other side is somebody else: they are tried from both sides.
OF_ONE_SIDE = [Role.PROGRAMME_MANAGER, Role.VOLUNTEER, Role.CLUB_OFFICER, Role.SCHOOL_CONTACT, Role.PARTNER]
ACTORS = [
    *OUTSIDERS,
    "no role",
    "without second factor",
    *Role.values,
    *(f"{role} of the other side" for role in OF_ONE_SIDE),
]
# Those who stand on side A and do not see the whole center.
LISTENERS = ["anonymous", *READERS]


def test_every_route_has_a_rule():
    assert set(ROUTES) == set(decisions()["routes"])


def enter(actor, world, client_for):
    """(client, role, own objects, others' objects) of an actor."""
    sides = world.a, world.b
    role = actor.removesuffix(" of the other side")
    if role != actor:
        sides = world.b, world.a
    objects = [side.objects for side in sides]
    if actor == "anonymous":
        return Client(), actor, objects
    if actor == "deactivated":
        user = users_of(world.a)[Role.COORDINATOR]
        client = client_for(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        return client, actor, objects
    if actor == "no role":
        return client_for(UserFactory()), actor, objects
    if actor == "without second factor":
        return client_for(users_of(world.a)[Role.ADMINISTRATOR], second_factor=False), actor, objects
    return client_for(users_of(sides[0])[role]), role, objects


@pytest.mark.canary
@pytest.mark.parametrize("actor", ACTORS)
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


def office_tables():
    return {f"{model._meta.app_label}.{model._meta.model_name}" for model in admin.site._registry}


def test_every_table_of_the_back_office_has_a_rule():
    assert office_tables() == set(decisions()["office"])


@pytest.mark.parametrize("actor", ACTORS)
def test_back_office(actor, world, client_for, record_property):
    """Each table opens to those named for it, and to nobody else; each row obeys the same scope as the pages."""
    client, role, _objects = enter(actor, world, client_for)
    wrong, tried = [], 0
    for model in admin.site._registry:
        table = f"{model._meta.app_label}.{model._meta.model_name}"
        look, change = (roles_of(decisions()["office"][table][which]) for which in ("look", "change"))
        addresses = {
            "changelist": (reverse(f"admin:{table.replace('.', '_')}_changelist"), look),
            "search": (reverse(f"admin:{table.replace('.', '_')}_changelist") + "?q=zqx", look),
            "add": (reverse(f"admin:{table.replace('.', '_')}_add"), change),
            "absent": (reverse(f"admin:{table.replace('.', '_')}_change", args=[ABSENT_ID]), look),
        }
        for what, (path, may) in addresses.items():
            response = client.get(path)
            tried += 1
            inside = response.status_code == 200 or (
                what == "absent" and response.headers.get("Location") == "/office/"
            )
            if inside != (role in may):
                wrong.append(f"{actor} {path}: {response.status_code} {response.headers.get('Location', '')}")
            if response.status_code >= 500:
                wrong.append(f"{actor} {path}: {response.status_code}")
            wrong += [f"{path}: {problem}" for problem in missing_headers(response, path)]
    record_property("tried", tried)
    assert not wrong, "\n".join(wrong)


# What an address of a table in the back office does, by the end of its name; one that no name fits fails.
OF_A_ROW = ("change", "history", "delete")
OF_FILES = ("import", "process_import", "export")


def office_routes(model):
    """Name of what it does -> name of the route, of all that the back office has for a table."""
    prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
    names = [url.name for url in admin.site._registry[model].get_urls() if getattr(url, "name", None)]
    return {name.removeprefix(prefix): f"admin:{name}" for name in names}


def test_every_address_of_the_back_office_is_of_a_known_kind():
    kinds = {kind for model in admin.site._registry for kind in office_routes(model)}
    assert kinds == {*OF_A_ROW, *OF_FILES, "changelist", "add"}


def may(table, kind):
    """The roles to whom an address of a table opens."""
    rule = decisions()["office"][table]
    usual = rule["look" if kind in {"change", "history", "export"} else "change"]
    return roles_of(rule.get(kind.removeprefix("process_"), usual) if kind != "change" else usual)


# Who finds something there by one rule or another, and one who does not.
OF_THE_OFFICE = [Role.COORDINATOR, Role.PROGRAMME_MANAGER, Role.PROTECTION_OFFICER, Role.SCHOOL_CONTACT]


@pytest.mark.parametrize("actor", OF_THE_OFFICE)
def test_rows_and_files_of_the_back_office(actor, world, client_for, record_property):
    """What belongs to a table, and its rows: those that one sees on the pages (or manages, where the table is for those
    who do), and no other."""
    client, role, _objects = enter(actor, world, client_for)
    user = User.objects.filter(pk=client.session.get("_auth_user_id")).first()
    wrong, tried = [], 0
    for model in admin.site._registry:
        table = f"{model._meta.app_label}.{model._meta.model_name}"
        routes = office_routes(model)
        rows = {"own": first_of(model, user, seen=True), "foreign": first_of(model, user, seen=False)}
        asked = [(kind, "table", reverse(name)) for kind, name in routes.items() if kind in OF_FILES]
        asked += [
            (kind, whose, reverse(routes[kind], args=[pk]))
            for kind in OF_A_ROW
            for whose, pk in rows.items()
            if pk and kind in routes
        ]
        for kind, whose, path in asked:
            response = client.post(path) if kind == "process_import" else client.get(path)
            tried += 1
            found = "in" if response.status_code == 200 else response.headers.get("Location", response.status_code)
            is_in = role in may(table, kind)
            good = found == "in" if is_in and whose != "foreign" else found != "in"
            if not good:
                wrong.append(f"{actor} {kind} {whose} {path}: {found}")
    record_property("tried", tried)
    assert not wrong, "\n".join(wrong)


def first_of(model, user, *, seen):
    """The key of a row that is this person's to see, or of one that is not."""
    rows = model._base_manager.all()
    if hasattr(model._default_manager, "visible_to"):
        own = _own(model, user).values("pk") if user else model._default_manager.none()
        rows = rows.filter(pk__in=own) if seen else rows.exclude(pk__in=own)
    elif not seen:
        return None
    return rows.order_by("pk").values_list("pk", flat=True).first()


def _own(model, user):
    if isinstance(admin.site._registry[model], ManagedAdmin):
        return model.objects.managed_by(user, Permission.SESSION_MANAGE)
    return model._default_manager.visible_to(user)
