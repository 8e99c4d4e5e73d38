"""Accounts open, get and lose roles, close."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from participants.accounts import actions
from participants.accounts.models import Grant, GrantEvent, User
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory
from tests.participants.accounts.conftest import sign_in_by_code

pytestmark = pytest.mark.usefixtures("english")


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def test_an_account_is_opened_once(db):
    user = actions.open_account(email=" Ada@Lycee.example ", name="Ada", language="en", role=Role.SCHOOL_CONTACT)
    assert (user.email, user.name, user.language) == ("ada@lycee.example", "Ada", "en")
    assert not user.has_usable_password()
    assert EmailAddress.objects.filter(user=user, email=user.email, primary=True, verified=False).count() == 1
    again = actions.open_account(email="ADA@lycee.example", name="Eve", language="fr", role=Role.SCHOOL_CONTACT)
    again.refresh_from_db()
    assert (again.pk, again.name, again.language) == (user.pk, "Ada", "en")
    assert [grant.role for grant in user.grants.all()] == [Role.SCHOOL_CONTACT]


def test_a_closed_account_stays_closed_at_the_door(db, boss):
    user = actions.open_account(email="ada@lycee.example")
    actions.close_account(user=user, by=boss)
    again = actions.open_account(email="ada@lycee.example", role=Role.SCHOOL_CONTACT)
    assert (again.pk, again.is_active, again.grants.count()) == (user.pk, False, 0)


def test_nobody_opens_a_staff_account_for_themselves(db, cleo):
    for by in (None, cleo):
        with pytest.raises(ValidationError, match="ask an administrator"):
            actions.open_account(email="eve@example.org", role=Role.COORDINATOR, by=by)
    assert not User.objects.filter(email="eve@example.org").exists()


def test_a_role_given_again_gets_its_new_end(dan, boss):
    first = actions.grant_role(user=dan, role=Role.VOLUNTEER, by=None, ends_on=today(10))
    second = actions.grant_role(user=dan, role=Role.VOLUNTEER, by=boss, ends_on=today(20))
    assert (second.pk, second.ends_on) == (first.pk, today(20))
    assert GrantEvent.objects.filter(pgh_obj=first).count() == 2


def test_a_role_cannot_end_before_it_begins(dan, boss):
    with pytest.raises(ValidationError) as refusal:
        actions.grant_role(user=dan, role=Role.VOLUNTEER, by=boss, ends_on=today(-1))
    assert list(refusal.value.message_dict) == ["ends_on"]


def test_a_role_is_taken_back_at_once_even_on_its_first_day(dan, boss):
    grant = actions.grant_role(user=dan, role=Role.COORDINATOR, by=boss)
    assert User.objects.get(pk=dan.pk).is_staff
    actions.end_grant(grant=grant, by=boss)
    assert not User.objects.get(pk=dan.pk).is_staff
    actions.grant_role(user=dan, role=Role.COORDINATOR, by=boss)
    assert dan.grants.count() == 2


def test_a_role_is_taken_back_after_a_last_day(ben, boss):
    grant = actions.end_grant(grant=ben.grants.get(), by=boss, on=today(3))
    assert grant.ends_on == today(3)
    assert list(Grant.objects.live().filter(user=ben)) == [grant]


def test_a_coordinator_takes_back_no_staff_role(cleo, boss):
    with pytest.raises(ValidationError, match="ask an administrator"):
        actions.end_grant(grant=boss.grants.get(), by=cleo)
    assert boss.grants.get().ends_on is None


def test_the_last_administrator_stays(boss):
    for refused in (
        lambda: actions.end_grant(grant=boss.grants.get(), by=boss),
        lambda: actions.close_account(user=boss, by=boss),
    ):
        with pytest.raises(ValidationError, match="name another one first"):
            refused()
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.grants.get().ends_on is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once():
    first, second = (GrantFactory(role=Role.ADMINISTRATOR) for _ in range(2))
    barrier, refused = Barrier(2), []

    def remove(grant, by):
        try:
            barrier.wait()
            actions.end_grant(grant=grant, by=by)
        except ValidationError:
            refused.append(grant)
        finally:
            connection.close()

    threads = [Thread(target=remove, args=pair) for pair in ((first, second.user), (second, first.user))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Grant.objects.live().filter(role=Role.ADMINISTRATOR).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_door_pushed_by_many_opens_one_account():
    barrier = Barrier(6)

    def push():
        try:
            barrier.wait()
            actions.open_account(email="ada@lycee.example", role=Role.SCHOOL_CONTACT)
        finally:
            connection.close()

    threads = [Thread(target=push) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(email="ada@lycee.example").count() == 1
    assert Grant.objects.filter(user__email="ada@lycee.example").count() == 1
    assert EmailAddress.objects.filter(email="ada@lycee.example").count() == 1


def test_closing_ends_everything_and_reopening_gives_nothing_back(client, ada, boss):
    sign_in_by_code(client, ada.email)
    Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={})
    GrantFactory(user=ada, role=Role.VOLUNTEER, starts_on=today(5))
    assert client.get("/account/").status_code == 200
    assert UserSession.objects.filter(user=ada).count() == 1
    key = ada.link_key
    actions.close_account(user=ada, by=boss)
    ada.refresh_from_db()
    assert client.get("/account/").status_code == 302
    assert (ada.is_active, ada.link_key) == (False, key + 1)
    assert not UserSession.objects.filter(user=ada).exists()
    assert not Session.objects.exists()
    assert not Authenticator.objects.filter(user=ada).exists()
    assert [grant.ends_on for grant in ada.grants.all()] == [today(-1)]
    actions.reopen_account(user=ada, by=boss)
    assert User.objects.get(pk=ada.pk).live_roles == frozenset()


def test_a_session_that_nobody_listed_ends_with_the_account(client_for, ada, boss):
    client = client_for(ada)
    actions.close_account(user=ada, by=boss)
    User.objects.filter(pk=ada.pk).update(is_active=True)
    assert client.get("/account/").status_code == 302


def test_a_new_address_is_proved_anew(client, ada, boss):
    sign_in_by_code(client, ada.email)
    assert EmailAddress.objects.get(user=ada).verified
    actions.change_email(user=ada, email="New@Lycee.example", by=boss)
    address = EmailAddress.objects.get(user=ada)
    assert (address.email, address.verified, address.primary) == ("new@lycee.example", False, True)
    assert client.get("/account/").status_code == 302
    with pytest.raises(ValidationError):
        actions.change_email(user=ada, email=boss.email, by=boss)


def test_lost_second_factors_are_forgotten(ada, boss):
    Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={})
    actions.reset_second_factors(user=ada, by=boss)
    assert not Authenticator.objects.filter(user=ada).exists()


def test_grants_start_today(db):
    assert GrantFactory().starts_on == date.today()  # noqa: DTZ011
