import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.utils import translation

from participants.accounts import second_factor
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory, UserFactory

PASSWORD = "girafe banane camion nuage"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def english():
    """The sentences of refusals as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def boss(db):
    """An administrator."""
    return GrantFactory(user=UserFactory(name="Boss"), role=Role.ADMINISTRATOR).user


def last_code():
    """The code in the last mail."""
    return mail.outbox[-1].subject.rpartition(": ")[2]


def sign_in_by_code(client, email, **fields):
    client.post("/accounts/login/code/", {"email": email, **fields})
    return client.post("/accounts/login/code/confirm/", {"code": last_code()})


def sign_in_by_password(client, email, password=PASSWORD, **headers):
    return client.post("/accounts/login/", {"login": email, "password": password}, **headers)


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def with_totp(user):
    """An authenticator app and two recovery codes on this account."""
    data = {"secret": second_factor.seal(TOTP_SECRET)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    codes = {"migrated_codes": [second_factor.seal(code) for code in ("11112222", "33334444")]}
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=codes)
    return user


def totp_code():
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
