"""Nothing of the other side comes out: every search, file, picker and letter that side A gets is read for its words. The
pages themselves are read where every role opens them, in `test_access.py`."""

import json
import logging
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from participants.accounts.roles import Role
from participants.correspondence import actions, letters
from participants.correspondence.models import Job, Message
from participants.correspondence.occasions import Pointless
from tests.harness.canaries import READERS, leaks, unpacked, words_in, words_logged
from tests.harness.matrix import Cell, ask, named_routes
from tests.harness.scorecard import IS_SCORECARD
from tests.world import CANARY, users_of

pytestmark = [
    pytest.mark.canary,
    pytest.mark.timeout(600),
    pytest.mark.django_db,
    pytest.mark.usefixtures("unread_templates", "known_reader"),
]

# Words that a stranger's rows would be found by: pages and pickers are also searched.
SEARCHES = [{"q": "zqx"}, {"q": "a"}, {"view": "map"}, {"view": "uncounted"}]
# Of each table, the last ones first: those of the other side.
ROWS = 6 if IS_SCORECARD else 2
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("role", ["anonymous", *READERS])
def test_searches(role, world, client_for, caplog, record_property):
    """Every page that one comes to without an address of a thing, searched, and as a part of a page."""
    caplog.set_level(logging.DEBUG)
    client = Client() if role == "anonymous" else client_for(users_of(world.a)[role])
    found, scanned = {}, 0
    for route in named_routes():
        for search in SEARCHES if not route.arguments else ():
            cell = Cell("", "", route, "searched", "GET", f"{reverse(route.name)}?{urlencode(search)}")
            response = ask(client, cell, headers=HTMX if scanned % 2 else {})
            scanned += 1
            if out := leaks(role, words_in(response), world):
                found[str(cell)] = out
    record_property("tried", scanned)
    assert not found, "\n".join(f"{cell}: {sorted(out)}" for cell, out in found.items())
    assert words_logged(caplog, world) == set()


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.PROTECTION_OFFICER, Role.PARTNER])
def test_back_office(role, world, client_for, record_property):
    """Lists, searches, forms, histories, pickers and exports of every table."""
    client, found, scanned = client_for(users_of(world.a)[role]), {}, 0
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths = [reverse(f"{name}_changelist"), f"{reverse(f'{name}_changelist')}?q=zqx", reverse(f"{name}_add")]
        paths += [
            reverse(f"{name}_{page}", args=[pk])
            for page in ("change", "history", "delete")
            for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:ROWS]
        ]
        paths += [f"{reverse('admin:autocomplete')}?{query}" for query in pickers(model)]
        for path in paths:
            scanned += 1
            if out := leaks(role, words_in(client.get(path)), world):
                found[path] = out
    record_property("tried", scanned)
    assert not found, "\n".join(f"{path}: {sorted(out)}" for path, out in found.items())


def pickers(model):
    """What the pickers of a table ask for, with nothing typed and with the strangers' word."""
    for field in getattr(admin.site._registry[model], "autocomplete_fields", ()):
        for term in ("", "zqx"):
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
            yield urlencode({"term": term, "field_name": field} | asked)


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.PARTNER, Role.GOVERNMENT_READER])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exports(role, ending, world, client_for, record_property):
    """The figures as a file: asked for, made by the worker with the owner's rights, fetched."""
    client = client_for(users_of(world.a)[role])
    client.post(reverse("measurement:export"), {"format": ending})
    job = Job.objects.filter(owner=world.a.users[role]).latest("pk")
    actions.work()
    response = client.post(reverse("correspondence:job-download", args=[job.pk]))
    response.kept = b"".join(response.streaming_content)
    record_property("tried", len(unpacked(response.kept)))
    assert leaks(role, words_in(response), world) == set()
    assert not CANARY.search(json.dumps(job.parameters))


def test_letters(world, record_property):
    """Every letter that side A would get now holds only what side A may read."""
    roles = {user.pk: role for role, user in world.a.users.items()}
    found, tried = {}, 0
    for message in Message.objects.filter(recipient__in=roles).select_related("rule", "recipient"):
        try:
            letter = letters.compose(message)
        except Pointless:
            continue
        mail = letters.to_email(message, letter).message().as_bytes().decode(errors="replace")
        words = {word.lower() for word in CANARY.findall(f"{letter.text}{letter.html}{mail}")}
        tried += 1
        if out := leaks(roles[message.recipient_id], words, world):
            found[message.pk] = out
    record_property("tried", tried)
    assert tried
    assert found == {}


@pytest.mark.sabotage
def test_canaries_sing_when_scopes_are_off(world, client_for, monkeypatch):
    client = client_for(users_of(world.a)[Role.PARTNER])
    path = reverse("activities:session-detail", args=[world.b.objects["session"]])
    assert leaks(Role.PARTNER, words_in(client.get(path)), world) == set()
    monkeypatch.setenv("EOC_SABOTAGE", "scope")
    assert "activities.Session.place" in leaks(Role.PARTNER, words_in(client.get(path)), world)
