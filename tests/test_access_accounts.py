"""The addresses of the library that signs people in: which open to anybody, which ask who one is, and whose keys they
are. The decisions stand in `decisions/access.yaml` under `accounts`."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse

from participants.accounts.roles import Role
from tests.harness.matrix import DOOR, FACTOR, IN, OUTSIDERS, Cell, ask, decisions, enter, faults, outcome
from tests.harness.sign_in import ADDRESSES
from tests.world import users_of

pytestmark = [pytest.mark.matrix, pytest.mark.django_db, pytest.mark.usefixtures("unread_templates", "known_reader")]

ACTORS = [*OUTSIDERS, "without second factor", Role.VOLUNTEER, Role.COORDINATOR]


def rules():
    return decisions()["accounts"]


def test_every_address_has_a_rule():
    assert sorted([*rules()["public"], *rules()["signed_in"]]) == sorted(ADDRESSES)


@pytest.mark.parametrize("actor", ACTORS)
def test_who_comes_in(actor, world, client_for, record_property):
    client, _role, _objects = enter(actor, world, client_for)
    for user in users_of(world.a).values():  # as whoever opens an account has one
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    wrong, tried = [], 0
    for name, path in ADDRESSES.items():
        for method in ("GET", "POST"):
            if (name, method) == ("account_logout", "POST"):
                continue  # tried below: whoever signs out asks nothing more
            response = ask(client, Cell(actor, actor, None, "own", method, path))
            tried += 1
            found, wanted = outcome(response), expected(actor, name)
            if wanted and found != wanted:
                wrong.append(f"{actor} {method} {path}: {found}, not {wanted}")
            wrong += [f"{actor} {method} {path}: {problem}" for problem in faults(response, path)]
    record_property("tried", tried)
    assert not wrong, "\n".join(wrong)


def expected(actor, name):
    """What must come; where a page depends on what one did before (a code that was sent, say) only that nothing breaks."""
    if name in rules()["public"]:
        return None
    if actor in OUTSIDERS:
        return DOOR
    if actor == "without second factor" and name not in rules()["before_second_factor"]:
        return FACTOR
    return None


def test_who_signs_out_is_out(world, client_for):
    client, _role, _objects = enter(Role.VOLUNTEER, world, client_for)
    page = reverse("accounts:profile")
    assert client.get(page).status_code == 200
    assert outcome(client.post(ADDRESSES["account_logout"])) == IN
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert outcome(client.get(page)) == DOOR


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_nobody_reaches_the_key_of_somebody_else(name, world, client_for):
    data = {"name": "zqx99999", "credential": {}}
    theirs, own = (
        Authenticator.objects.create(user=users_of(side)[Role.VOLUNTEER], type="webauthn", data=data)
        for side in (world.b, world.a)
    )
    client, _role, _objects = enter(Role.VOLUNTEER, world, client_for)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session.save()
    for method in (client.get, client.post):
        absent, answer = (method(reverse(name, args=[pk])) for pk in (987654321, theirs.pk))
        assert (answer.status_code, b"zqx99999" in answer.content) == (404, False)
        assert absent.status_code == 404
    assert client.get(reverse(name, args=[own.pk])).status_code == 200
    assert Authenticator.objects.filter(pk=theirs.pk).exists()
