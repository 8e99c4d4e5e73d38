"""Users, grants and what they open, at each day of their life."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from participants.accounts.models import Grant, User
from participants.accounts.roles import ROLES, STAFF_ROLES, Permission, Role
from tests.factories.accounts import GrantFactory, UserFactory

LAST_DAY = date(2027, 3, 31)


def again(user):
    """The user as the next request sees them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-21 23:59:59+01:00", False),
        ("2026-11-22 00:00:00+01:00", True),
        ("2027-03-31 23:59:59+02:00", True),
        ("2027-04-01 00:00:00+02:00", False),
    ],
)
def test_a_role_counts_from_its_first_to_its_last_day(db, moment, expected):
    user = GrantFactory(role=Role.COORDINATOR, starts_on=date(2026, 11, 22), ends_on=LAST_DAY).user
    with time_machine.travel(moment, tick=False):
        assert again(user).can(Permission.REQUEST_HANDLE) is expected
        assert again(user).is_staff is expected
        assert again(user).has_perm("activities.change_session") is expected
        assert again(user).needs_second_factor is expected


def test_the_office_closes_the_day_after_the_role(db, client_for):
    user = GrantFactory(role=Role.ADMINISTRATOR, starts_on=date(2026, 1, 1), ends_on=LAST_DAY).user
    with time_machine.travel("2027-03-31 12:00:00+02:00"):
        client = client_for(user)
        assert client.get("/office/").status_code == 200
    with time_machine.travel("2027-04-01 12:00:00+02:00"):
        answer = client.get("/office/", follow=True)
        assert answer.status_code == 403


def test_a_closed_account_may_nothing_in_its_next_request(db, client_for, cleo):
    client = client_for(cleo)
    assert client.get("/account/").status_code == 200
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert client.get("/account/").url == "/accounts/login/?next=/account/"
    assert not again(cleo).can(Permission.OFFICE)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_is_defined_and_the_office_opens_to_staff_roles_only(db, role):
    user = GrantFactory(role=role).user
    assert user.is_staff is (Permission.OFFICE in ROLES[role].permissions)
    assert user.is_staff is (role in STAFF_ROLES)


@pytest.mark.parametrize(
    ("role", "perm", "expected"),
    [
        (Role.ADMINISTRATOR, "accounts.change_user", True),
        (Role.ADMINISTRATOR, "django_celery_beat.change_periodictask", True),
        (Role.ADMINISTRATOR, "accounts.view_grantevent", True),
        (Role.ADMINISTRATOR, "accounts.change_grantevent", False),
        (Role.COORDINATOR, "accounts.view_user", False),
        (Role.COORDINATOR, "django_celery_beat.view_periodictask", False),
        (Role.COORDINATOR, "people.change_schoolcontact", True),
        (Role.COORDINATOR, "organisations.delete_school", True),
        (Role.PROGRAMME_MANAGER, "organisations.view_school", True),
        (Role.PROGRAMME_MANAGER, "organisations.change_school", False),
        (Role.PROTECTION_OFFICER, "correspondence.view_message", True),
        (Role.PROTECTION_OFFICER, "correspondence.change_message", False),
        (Role.PROTECTION_OFFICER, "accounts.view_grantevent", True),
        (Role.CLUB_OFFICER, "people.view_volunteer", False),
        (Role.VOLUNTEER, "activities.view_session", False),
    ],
)
def test_the_rights_of_the_back_office_follow_the_roles(db, role, perm, expected):
    user = GrantFactory(role=role).user
    assert user.has_perm(perm) is expected
    assert user.has_perms([perm, perm]) is expected


def test_who_sees_which_users_and_grants(db, ada, ben, cleo):
    boss = GrantFactory(role=Role.ADMINISTRATOR).user
    assert set(User.objects.visible_to(boss)) == {ada, ben, cleo, boss}
    assert set(User.objects.visible_to(cleo)) == {cleo}
    assert set(Grant.objects.visible_to(ben)) == set(ben.grants.all())
    assert Grant.objects.visible_to(boss).count() == 4


def test_create_superuser_makes_an_administrator(db):
    user = User.objects.create_superuser("Boss@Example.org", "girafe banane camion")
    assert user.email == "boss@example.org"
    assert user.live_roles == {Role.ADMINISTRATOR}
    assert User.objects.get_by_natural_key("BOSS@example.org") == user


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (lambda: UserFactory(email="Ada@example.org"), "accounts_user_email_lower_case"),
        (
            lambda: GrantFactory(starts_on=LAST_DAY, ends_on=LAST_DAY - timedelta(days=2)),
            "accounts_grant_dates_ordered",
        ),
        (
            lambda: GrantFactory(role=Role.VOLUNTEER, user=GrantFactory(role=Role.VOLUNTEER).user),
            "accounts_grant_one_open_per_role",
        ),
    ],
)
def test_the_database_refuses(db, make, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
