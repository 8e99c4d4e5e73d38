"""Coming in: by code, by password; the same answer to friend and stranger; limits that hit the attacker alone."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from participants.accounts import actions
from participants.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.participants.accounts.conftest import (
    PASSWORD,
    last_code,
    sign_in_by_code,
    sign_in_by_password,
    with_password,
)


def signed_in(client):
    return "_auth_user_id" in client.session


def outside(answer, email):
    """What a stranger sees of an answer: nothing that changes by itself, and not the address that they typed."""
    text = answer.content.decode().replace(email, "ADDRESS")
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1", text)
    return answer.status_code, answer.get("Location", ""), text


def test_an_opened_account_comes_in_by_code_and_its_address_is_proved(client, db):
    user = actions.open_account(email="ada@lycee.example")
    answer = sign_in_by_code(client, "Ada@Lycee.example")
    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified
    assert re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", last_code())
    assert mail.outbox[-1].to == ["ada@lycee.example"]


def test_the_code_is_the_first_way_on_the_page(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert page.count("button-primary") == 1
    assert (
        page.index('action="/accounts/login/code/"')
        < page.index("button-primary")
        < page.index('action="/accounts/login/"')
    )


def test_a_code_works_once_and_not_for_long(client, ada):
    client.post("/accounts/login/code/", {"email": ada.email})
    with time_machine.travel("2099-01-01"):
        client.post("/accounts/login/code/confirm/", {"code": last_code()})
    assert not signed_in(client)
    assert sign_in_by_code(client, ada.email).status_code == 302
    client.post("/accounts/logout/")
    client.post("/accounts/login/code/confirm/", {"code": last_code()})
    assert not signed_in(client)


def test_three_wrong_codes_end_the_attempt(client, ada):
    client.post("/accounts/login/code/", {"email": ada.email})
    for _attempt in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "BAD-BAD"})
    client.post("/accounts/login/code/confirm/", {"code": last_code()})
    assert not signed_in(client)


def test_a_password_signs_in_once_the_address_is_proved(client, ada):
    with_password(ada)
    sign_in_by_password(client, ada.email)
    assert not signed_in(client)
    answer = client.post("/accounts/confirm-email/", {"code": last_code()})
    assert (answer.status_code, signed_in(client)) == (302, True)


def test_passwords_are_kept_with_argon2id(ada):
    assert with_password(ada).password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("girafe banane camion", True),
        ("v7#kQ-pL2!xZw9", True),
        ("Azerty123456!", False),
        ("motdepasse2026", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("ada.lovelace.2026", False),
        ("k9#Lq", False),
    ],
)
def test_a_new_password_is_hard_to_guess_whatever_it_is_made_of(client_for, db, password, accepted):
    user = UserFactory(email="ada.lovelace@lycee.example", name="Ada Lovelace")
    client = client_for(user)
    client.post("/accounts/password/set/", {"password1": password, "password2": password})
    assert User.objects.get(pk=user.pk).has_usable_password() is accepted


def test_nobody_signs_up_on_the_general_page(client, db):
    answer = client.post("/accounts/signup/", {"email": "eve@example.org", "password1": PASSWORD})
    assert "account/signup_closed.html" in [template.name for template in answer.templates]
    assert not User.objects.exists()


def someone_unknown():
    return "stranger@nowhere.example"


def someone_known():
    return actions.open_account(email="known@lycee.example").email


def someone_proved():
    user = with_password(UserFactory(email="proved@lycee.example"))
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user.email


def someone_closed():
    return UserFactory(email="closed@lycee.example", is_active=False).email


@pytest.mark.parametrize(
    ("path", "field", "extra"),
    [
        ("/accounts/login/code/", "email", {}),
        ("/accounts/password/reset/", "email", {}),
        ("/accounts/login/", "login", {"password": "wrong password here"}),
    ],
)
def test_friend_and_stranger_get_the_same_bytes(db, path, field, extra):
    answers, mails = set(), set()
    for someone in (someone_unknown, someone_known, someone_proved, someone_closed):
        email, client = someone(), Client()
        mail.outbox.clear()
        answer = client.post(path, {field: email, **extra})
        follow = client.get(answer.url) if answer.status_code == 302 else answer
        wrong = client.post("/accounts/login/code/confirm/", {"code": "BAD-BAD"}) if "code" in path else answer
        answers.add((outside(answer, email), outside(follow, email), outside(wrong, email)))
        mails.add((len(mail.outbox), tuple(mail.outbox[0].to) == (email,) if mail.outbox else None))
    assert len(answers) == 1
    assert len(mails) == 1


def test_a_closed_account_is_told_so_only_with_the_right_password(client, db):
    user = with_password(UserFactory(email="closed@lycee.example", is_active=False))
    assert sign_in_by_password(client, user.email).url == "/accounts/inactive/"
    assert sign_in_by_password(client, user.email, "wrong password here").status_code == 200


@pytest.mark.usefixtures("db")
class TestLimits:
    SCHOOL, ATTACKER, HOME = "192.0.2.1", "198.51.100.7", "203.0.113.9"

    def proved(self, count):
        users = [with_password(UserFactory()) for _ in range(count)]
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
        )
        return users

    def test_forty_of_one_school_sign_in_within_a_minute(self, settings):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        came_in = 0
        with time_machine.travel("2026-11-23 08:00:00+01:00", tick=False):
            for number, user in enumerate(self.proved(40)):
                client = Client(REMOTE_ADDR=self.SCHOOL)
                if number % 4 == 0:  # one in four mistypes first
                    sign_in_by_password(client, user.email, "wrong password here")
                if number % 2:
                    sign_in_by_code(client, user.email)
                else:
                    sign_in_by_password(client, user.email)
                came_in += signed_in(client)
        assert came_in == 40

    def test_an_attacker_is_stopped_and_the_victim_comes_in(self):
        victim = self.proved(1)[0]
        attacker = Client(REMOTE_ADDR=self.ATTACKER)
        with time_machine.travel("2026-11-23 08:00:00+01:00", tick=False):
            for _attempt in range(5):
                sign_in_by_password(attacker, victim.email, "wrong password here")
            answer = sign_in_by_password(attacker, victim.email)
            assert not signed_in(attacker)
            assert "Too many failed" in answer.content.decode() or "Trop" in answer.content.decode()
            home = Client(REMOTE_ADDR=self.HOME)
            sign_in_by_password(home, victim.email)
            assert signed_in(home)

    def test_a_mailbox_is_not_flooded_and_its_owner_still_gets_a_code(self):
        victim = self.proved(1)[0]
        with time_machine.travel("2026-11-23 08:00:00+01:00", tick=False):
            for _attempt in range(30):
                Client(REMOTE_ADDR=self.ATTACKER).post("/accounts/login/code/", {"email": victim.email})
            assert len(mail.outbox) == 5
            home = Client(REMOTE_ADDR=self.HOME)
            sign_in_by_code(home, victim.email)
            assert signed_in(home)

    def test_many_names_from_one_address_are_stopped(self):
        with time_machine.travel("2026-11-23 08:00:00+01:00", tick=False):
            for number in range(130):
                attacker = Client(REMOTE_ADDR=self.ATTACKER)
                attacker.post("/accounts/login/code/", {"email": f"guess{number}@lycee.example"})
        assert len(mail.outbox) == 120

    def test_the_address_of_a_visitor_is_the_one_that_our_proxy_saw(self, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        victim = self.proved(1)[0]
        with time_machine.travel("2026-11-23 08:00:00+01:00", tick=False):
            for number in range(5):
                forged = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"8.8.8.{number}, {self.ATTACKER}")
                sign_in_by_password(forged, victim.email, "wrong password here")
            blocked = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=self.ATTACKER)
            sign_in_by_password(blocked, victim.email)
            free = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=self.HOME)
            sign_in_by_password(free, victim.email)
        assert (signed_in(blocked), signed_in(free)) == (False, True)


def test_every_form_needs_its_token(db, ada):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    for path in (
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/login/code/confirm/",
        "/accounts/logout/",
        "/accounts/password/reset/",
        "/accounts/password/set/",
        "/accounts/email/",
        "/accounts/sessions/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/login/",
        "/account/",
        "/account/links/revoke/",
        "/language/",
    ):
        assert strict.post(path).status_code == 403, path
