"""Which second factors count, whether this session has shown one, and how their secrets are kept."""

import base64

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()


def passed(request) -> bool:
    """Whether this person has shown a second factor in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def seal(text: str) -> str:
    """Encrypt a secret for the database: a copy of the tables alone does not give second factors away."""
    return MultiFernet(_keys()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Read a sealed secret; those sealed under a key of SECRET_KEY_FALLBACKS still open."""
    return MultiFernet(_keys()).decrypt(sealed).decode()


def _keys():
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("second_factor", "key", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return [Fernet(base64.urlsafe_b64encode(digest)) for digest in digests]
