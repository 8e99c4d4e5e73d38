"""The tables of users and roles in the back office."""

import pytest
from django.contrib import admin
from django.contrib.admin.sites import site
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.accounts.models import Grant, GrantEvent, User, UserEvent
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.people import GuardianFactory, PupilFactory, SchoolContactFactory, VolunteerFactory

USERS, GRANTS = "/office/accounts/user/", "/office/accounts/grant/"


@pytest.fixture
def office(client_for, boss):
    return client_for(boss)


def act(office, path, action, *objects):
    chosen = [str(item.pk) for item in objects]
    return office.post(path, {"action": action, admin.helpers.ACTION_CHECKBOX_NAME: chosen}, follow=True)


def test_the_tables_with_secrets_are_not_there():
    names = {model._meta.label for model in site._registry}
    assert {"accounts.User", "accounts.Grant", "accounts.UserEvent", "accounts.GrantEvent"} <= names
    assert not names & {
        "mfa.Authenticator",
        "socialaccount.SocialApp",
        "socialaccount.SocialToken",
        "socialaccount.SocialAccount",
        "account.EmailAddress",
        "usersessions.UserSession",
        "auth.Group",
    }


@pytest.mark.parametrize("path", [USERS, GRANTS, "/office/accounts/userevent/", "/office/accounts/grantevent/"])
def test_tables_open_to_administrators_alone(office, client_for, cleo, ada, path):
    assert office.get(path).status_code == 200
    assert client_for(cleo).get(path).status_code == 403
    assert client_for(ada).get(path).status_code == 302


def test_no_page_shows_a_password(office, ada):
    ada.set_password("girafe banane camion")
    ada.save()
    for path in (USERS, f"{USERS}{ada.pk}/change/", f"{USERS}{ada.pk}/history/"):
        page = office.get(path).content.decode()
        assert ada.email in page or "history" in path
        assert "argon2" not in page
        assert 'name="password"' not in page


def test_an_account_is_opened_from_the_office(office):
    answer = office.post(f"{USERS}add/", {"email": "New@Lycee.example", "name": "New", "language": "en"})
    user = User.objects.get(email="new@lycee.example")
    assert answer.status_code == 302
    assert (user.name, user.language, user.has_usable_password()) == ("New", "en", False)


def test_a_new_address_goes_through_the_action(office, ada):
    fields = {"email": "other@lycee.example", "name": "Ada", "language": "fr"}
    no_grants = {"grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0}
    assert office.post(f"{USERS}{ada.pk}/change/", fields | no_grants).status_code == 302
    assert User.objects.get(pk=ada.pk).link_key == ada.link_key + 1
    assert list(ada.emailaddress_set.values_list("email", "verified")) == [("other@lycee.example", False)]
    assert UserEvent.objects.filter(pgh_obj=ada, email="other@lycee.example").exists()


def test_accounts_are_closed_and_opened_again_but_not_one_s_own_last(office, boss, ada, ben):
    act(office, USERS, "close_accounts", ada, ben, boss)
    assert set(User.objects.filter(is_active=False)) == {ada, ben}
    act(office, USERS, "reopen_accounts", ada)
    assert set(User.objects.filter(is_active=False)) == {ben}
    assert office.get(f"{USERS}{ben.pk}/delete/").status_code == 403


# Where the grant counts is a table of its own inside the form.
GRANT_FORM = {"ends_on": "", "scopes-TOTAL_FORMS": "0", "scopes-INITIAL_FORMS": "0"}


def test_roles_are_given_and_taken_back(office, boss, dan):
    office.post(f"{GRANTS}add/", GRANT_FORM | {"user": dan.pk, "role": Role.COORDINATOR})
    grant = dan.grants.get()
    assert (grant.role, grant.given_by) == (Role.COORDINATOR, boss)
    act(office, GRANTS, "take_back", grant, boss.grants.get())
    assert list(Grant.objects.live()) == [boss.grants.get()]
    assert GrantEvent.objects.filter(pgh_obj=grant).count() == 2


@pytest.mark.parametrize(("path", "make"), [(USERS, UserFactory), (GRANTS, GrantFactory)])
def test_lists_cost_the_same_with_few_rows_and_many(office, path, make):
    make()
    office.get(path)
    with CaptureQueriesContext(connection) as few:
        office.get(path)
    make.create_batch(3)
    with CaptureQueriesContext(connection) as many:
        office.get(path)
    assert len(few) == len(many)


@pytest.mark.parametrize("typed", ["Hélène", "helene", "DUPRÉ Hélène", "%le", "œuvre"])
def test_names_are_found_with_and_without_accents_in_every_table(office, typed):
    for factory in (PupilFactory, VolunteerFactory, SchoolContactFactory, GuardianFactory):
        factory(first_name="Hélène", last_name="Dupré-Oeuvré")
        factory(first_name="Ada", last_name="Lovelace")
    wanted = [] if typed == "%le" else ["Hélène Dupré-Oeuvré"]
    for table in ("pupil", "volunteer", "schoolcontact", "guardian"):
        found = office.get(f"/office/people/{table}/", {"q": typed}).context["cl"].queryset
        assert [str(person) for person in found] == wanted, table
