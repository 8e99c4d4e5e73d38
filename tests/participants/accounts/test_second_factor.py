"""Staff show a second factor in every session, by whichever way they come in."""

import subprocess
import sys

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from participants.accounts import second_factor
from participants.accounts.roles import STAFF_ROLES, Role
from tests.factories.accounts import GrantFactory
from tests.participants.accounts.conftest import (
    PASSWORD,
    TOTP_SECRET,
    last_code,
    sign_in_by_code,
    sign_in_by_password,
    totp_code,
    with_password,
    with_totp,
)

pytestmark = pytest.mark.sign_in

SET_UP = "/accounts/2fa/?next=%2Faccount%2F"


@pytest.fixture
def guarded(cleo):
    """A coordinator with a password, a proved address, an authenticator app and recovery codes."""
    EmailAddress.objects.create(user=cleo, email=cleo.email, primary=True, verified=True)
    return with_totp(with_password(cleo))


def show(client, code):
    return client.post("/accounts/2fa/authenticate/", {"code": code})


def opens(client):
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_staff_roles_are_led_to_the_set_up_and_others_are_not(db, client_for, role):
    client = client_for(GrantFactory(role=role).user, second_factor=False)
    answer = client.get("/account/")
    assert (answer.status_code, answer.get("Location")) == ((302, SET_UP) if role in STAFF_ROLES else (200, None))


def test_until_it_is_set_up_nothing_else_opens(client_for, cleo):
    client = client_for(cleo, second_factor=False)
    for path in (
        "/",
        "/account/",
        "/office/",
        "/accounts/email/",
        "/accounts/sessions/",
        "/accounts/2fa/recovery-codes/",
    ):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.url.startswith("/accounts/2fa/?"), path
    assert client.post("/account/", {"name": "x", "language": "fr"}).url == "/accounts/2fa/"
    for path in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/logout/"):
        assert client.get(path).status_code == 200, path
    assert client.post("/language/", {"language": "en"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_pages_at_once(client_for, cleo, monkeypatch):
    client = client_for(cleo, second_factor=False)
    client.get("/accounts/2fa/totp/activate/")
    monkeypatch.setattr("tests.participants.accounts.conftest.TOTP_SECRET", client.session["mfa.totp.secret"])
    answer = client.post("/accounts/2fa/totp/activate/", {"code": totp_code()})
    assert answer.url == "/accounts/2fa/recovery-codes/"
    assert client.get(answer.url).status_code == 200
    assert opens(client)
    assert [message.to for message in mail.outbox] == [[cleo.email]]


def test_without_the_middleware_the_page_would_open(settings, client_for, cleo):
    settings.MFA_FORCED = False
    assert opens(client_for(cleo, second_factor=False))


class TestWaysRound:
    """Each ends where a second factor is asked for."""

    def test_a_session_from_before_the_role(self, client, dan):
        sign_in_by_code(client, dan.email)
        assert opens(client)
        GrantFactory(user=dan, role=Role.COORDINATOR)
        assert client.get("/account/").url == SET_UP

    def test_a_session_from_before_the_app_may_not_add_another(self, client_for, guarded):
        client = client_for(guarded, second_factor=False)
        for path in ("/accounts/2fa/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/deactivate/", "/office/"):
            assert client.get(path).url.startswith("/accounts/2fa/reauthenticate/"), path
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert not opens(client)
        client.post("/accounts/2fa/reauthenticate/", {"code": totp_code()})
        assert opens(client)

    def test_a_password(self, client, guarded):
        assert sign_in_by_password(client, guarded.email).url == "/accounts/2fa/authenticate/"
        assert not opens(client)
        show(client, totp_code())
        assert opens(client)

    def test_a_code_by_mail(self, client, guarded):
        assert sign_in_by_code(client, guarded.email).url == "/accounts/2fa/authenticate/"
        assert not opens(client)

    def test_a_new_password(self, client, guarded):
        client.post("/accounts/password/reset/", {"email": guarded.email})
        client.post("/accounts/password/reset/confirm/", {"code": last_code()})
        client.post("/accounts/password/reset/complete/", {"password1": PASSWORD + " b", "password2": PASSWORD + " b"})
        guarded.refresh_from_db()
        assert guarded.check_password(PASSWORD + " b")
        assert not opens(client)
        sign_in_by_password(client, guarded.email, PASSWORD + " b")
        assert not opens(client)

    def test_a_code_used_twice(self, guarded):
        opened = []
        with time_machine.travel("2026-12-01 12:00:10", tick=False):
            code = totp_code()
            for _attempt in range(2):
                client = Client()
                sign_in_by_password(client, guarded.email)
                show(client, code)
                opened.append(opens(client))
        assert opened == [True, False]

    def test_a_recovery_code_used_twice(self, guarded):
        opened = []
        for _attempt in range(2):
            client = Client()
            sign_in_by_password(client, guarded.email)
            show(client, "11112222")
            opened.append(opens(client))
        assert opened == [True, False]

    def test_a_remembered_device(self, client, guarded):
        sign_in_by_password(client, guarded.email)
        show(client, totp_code())
        client.post("/accounts/logout/")
        assert "mfa_trusted" not in client.cookies
        assert sign_in_by_password(client, guarded.email).url == "/accounts/2fa/authenticate/"

    def test_the_sign_in_of_the_office(self, client, guarded):
        assert client.get("/office/login/").url.startswith("/accounts/login/")
        client.post("/office/login/", {"username": guarded.email, "password": PASSWORD})
        assert not opens(client)

    def test_guessing_codes(self, client, guarded):
        sign_in_by_password(client, guarded.email)
        for _attempt in range(6):
            show(client, "000000")
        show(client, totp_code())
        assert not opens(client)


def test_staff_keep_their_last_second_factor(client_for, guarded):
    client = client_for(guarded)
    client.post("/accounts/2fa/reauthenticate/", {"code": totp_code()})
    client.post("/accounts/2fa/totp/deactivate/")
    assert second_factor.has_one(guarded)


def test_others_may_give_theirs_up(client_for, ada):
    client = client_for(with_totp(ada))
    client.post("/accounts/2fa/reauthenticate/", {"code": totp_code()})
    client.post("/accounts/2fa/totp/deactivate/")
    assert not second_factor.has_one(ada)


def test_secrets_are_sealed_in_the_database_and_survive_a_new_key(settings, guarded):
    stored = Authenticator.objects.get(user=guarded, type=Authenticator.Type.TOTP).data["secret"]
    assert TOTP_SECRET not in stored
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert second_factor.unseal(stored) == TOTP_SECRET


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "True"),
        ({"EOC_DEMONSTRATION": "1"}, "False"),
        ({"EOC_DEMONSTRATION": "1", "EOC_MFA_FORCED": "1"}, "True"),
        ({"EOC_MFA_FORCED": "0"}, "EOC_MFA_FORCED can only be off together with EOC_DEMONSTRATION."),
    ],
)
def test_it_is_off_in_a_demonstration_only(environment, expected):
    answer = subprocess.run(
        [sys.executable, "-c", "from eocenter import settings; print(settings.MFA_FORCED)"],
        env={"EOC_MODE": "local", **environment},
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stdout.strip() or answer.stderr.strip().rpartition(": ")[2]) == expected
