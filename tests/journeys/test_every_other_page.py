"""The pages that libraries draw, read by axe on a phone: the back office, and signing in with a second factor."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.admin import site
from django.urls import reverse

from participants.accounts.roles import Role
from tests.harness.office import OF_A_ROW, first_of, routes_of
from tests.harness.scorecard import IS_SCORECARD
from tests.harness.sign_in import ADDRESSES
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE
from tests.world import build_world, users_of

pytestmark = [pytest.mark.a11y, pytest.mark.timeout(600)]

# It signs out, is a file, or needs a true passkey.
LEAVES = {"account_logout", "mfa_download_recovery_codes", "mfa_reauthenticate_webauthn", "mfa_authenticate"}
# The other tables have the same pages with other columns: all are read for the scorecard, some every day.
EVERY_DAY = {"Pupil", "TalkRequest", "PeriodicTask"}


def office_pages(user):
    """Every page of each table, and those of one row of it."""
    yield reverse("admin:index")
    for model in site._registry:
        if not IS_SCORECARD and model.__name__ not in EVERY_DAY:
            continue
        row = first_of(model, user, seen=True)
        for kind, name in routes_of(model).items():
            if kind not in OF_A_ROW:
                yield reverse(name)
            elif row:
                yield reverse(name, args=[row])


def read(page, client, paths):
    """What axe finds on those of the pages that open."""
    wrong = []
    for path in paths:
        if client.get(path).status_code != 200:
            continue
        page.goto(path)
        try:
            assert_accessible(page)
        except AssertionError as found:
            wrong.append(str(found))
    return wrong


def test_the_back_office(open_page, client_for):
    side = build_world().a
    user = users_of(side)[Role.ADMINISTRATOR]
    page = open_page(user=user, width=PHONE)
    wrong = read(page, client_for(user), office_pages(user))
    assert not wrong, "\n".join(wrong)


def test_signing_in_and_second_factors(open_page, client_for):
    user = users_of(build_world().a)[Role.ADMINISTRATOR]
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    page = open_page(user=user, width=PHONE)
    client = client_for(user)
    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie["value"]
    wrong = read(page, client, [path for name, path in ADDRESSES.items() if name not in LEAVES])
    session = client.session  # and what stands behind the pages that ask again
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session.save()
    behind = [path for name, path in ADDRESSES.items() if name.startswith("mfa_") and name not in LEAVES]
    wrong += read(page, client, behind)
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Téléphone", "credential": {}})
    wrong += read(page, client, [reverse(f"mfa_{what}_webauthn", args=[key.pk]) for what in ("edit", "remove")])
    assert not wrong, "\n".join(wrong)
