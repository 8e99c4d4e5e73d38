"""The page of one's own account, and the list of sessions."""

import re

from django.test import Client

from participants.accounts import links
from participants.accounts.models import User
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory
from tests.participants.accounts.conftest import sign_in_by_code


def test_the_profile_needs_a_sign_in(client, db):
    assert client.get("/account/").url == "/accounts/login/?next=/account/"
    assert client.post("/account/links/revoke/").url.startswith("/accounts/login/")


def test_one_reads_and_changes_ones_own_account(client_for, ada, ben):
    GrantFactory(user=ada, role=Role.VOLUNTEER, ends_on="2099-01-31")
    client = client_for(ada)
    page = client.get("/account/").content.decode()
    assert ada.email in page
    assert "2099" in page
    answer = client.post(
        "/account/", {"name": "Ada L.", "language": "en", "email": "eve@evil.example", "is_active": "", "link_key": 9}
    )
    assert answer.url == "/account/"
    changed = User.objects.get(pk=ada.pk)
    assert (changed.name, changed.language, changed.email) == ("Ada L.", "en", ada.email)
    assert (changed.is_active, changed.link_key) == (True, ada.link_key)
    assert "Your account is up to date." in client.get("/account/").content.decode()
    assert User.objects.get(pk=ben.pk).name == "Ben"


def test_the_profile_costs_the_same_with_one_role_and_three(client_for, ada, django_assert_num_queries):
    client = client_for(ada)
    client.get("/account/")
    with django_assert_num_queries(3):
        client.get("/account/")
    GrantFactory(user=ada, role=Role.VOLUNTEER)
    GrantFactory(user=ada, role=Role.PARTNER)
    with django_assert_num_queries(3):
        client.get("/account/")


def test_one_takes_back_ones_own_links(client_for, ada, ben):
    token, other = links.sign(ada, purpose="calendar"), links.sign(ben, purpose="calendar")
    client_for(ada).post("/account/links/revoke/")
    ada.refresh_from_db()
    assert links.sign(ada, purpose="calendar") != token
    assert links.read(other, purpose="calendar").user == ben
    assert client_for(ada).get("/account/links/revoke/").status_code == 405


def test_sessions_are_listed_and_ended(ada, ben):
    here, there = Client(HTTP_USER_AGENT="Here"), Client(HTTP_USER_AGENT="There")
    foreign = Client(HTTP_USER_AGENT="Foreign")
    for browser, user in ((here, ada), (there, ada), (foreign, ben)):
        sign_in_by_code(browser, user.email)
    page = here.get("/accounts/sessions/").content.decode()
    assert len(re.findall("row-title", page)) == 2
    assert "Foreign" not in page
    here.post("/accounts/sessions/")
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert foreign.get("/account/").status_code == 200


def test_the_language_of_the_account_follows_its_owner(ada):
    client = Client(HTTP_ACCEPT_LANGUAGE="fr")
    ada.language = "en"
    ada.save()
    sign_in_by_code(client, ada.email)
    assert client.get("/account/").headers["Content-Language"] == "en"
    client.post("/language/", {"language": "fr"})
    assert User.objects.get(pk=ada.pk).language == "fr"
    assert client.get("/account/").headers["Content-Language"] == "fr"
    assert client.get("/language/").status_code == 405
