import re

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from participants.accounts.models import User
from participants.people.models import SchoolContact, SchoolPost, Volunteer
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory, SchoolFactory, TerritoryFactory
from tests.factories.people import SchoolPostFactory, VolunteerFactory

CONTACT = {"first_name": "Marie", "last_name": "Curie", "function": "teacher", "language": "fr"}
LOCAL_MAIL = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")


def code_of(message):
    return re.search(r"^\s*([A-Z0-9]{3}-[A-Z0-9]{3})\s*$", message.body, re.MULTILINE)[1]


@pytest.fixture
def cleo_at_center(cleo):
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind="center"))
    return cleo


@LOCAL_MAIL
def test_a_teacher_comes_in_by_code(client, db):
    school = SchoolFactory(uai="0932030B")
    answer = client.post(f"/join/school/{school.pk}/", CONTACT | {"email": "marie@ac-creteil.fr"})
    assert answer.url == "/accounts/login/code/confirm/?next=/"
    assert SchoolContact.objects.count() == 0
    answer = client.post("/accounts/login/code/confirm/", {"code": code_of(mail.outbox[0]), "next": "/"})
    assert answer.url == "/"
    post = SchoolPost.objects.get()
    assert (post.contact.user.email, post.school, post.state) == ("marie@ac-creteil.fr", school, "verified")


@LOCAL_MAIL
def test_nobody_writes_on_the_account_of_another(client, db):
    victim, school = UserFactory(email="victim@ac-creteil.fr", name="Victim"), SchoolFactory()
    answers = [
        client.post(f"/join/school/{school.pk}/", CONTACT | {"email": email})
        for email in ("victim@ac-creteil.fr", "unknown@ac-creteil.fr")
    ]
    assert answers[0].url == answers[1].url
    victim.refresh_from_db()
    assert (victim.name, SchoolContact.objects.count(), SchoolPost.objects.count()) == ("Victim", 0, 0)


@LOCAL_MAIL
def test_a_volunteer_comes_in_by_code(client, db):
    member, home = OrganisationFactory(email_domain="polytechnique.example.org"), TerritoryFactory()
    form = {
        "first_name": "Ben",
        "last_name": "Étudiant",
        "email": "ben@polytechnique.example.org",
        "kind": "student",
        "member_school": member.pk,
        "languages": ["fr", "en"],
        "home_departement": home.pk,
        "language": "en",
        "charter": "on",
    }
    assert client.post("/join/volunteer/", form).url == "/accounts/login/code/confirm/?next=/"
    client.post("/accounts/login/code/confirm/", {"code": code_of(mail.outbox[0])})
    volunteer = Volunteer.objects.get()
    assert (volunteer.user.email, volunteer.languages, volunteer.home_departement) == (
        form["email"],
        ["fr", "en"],
        home,
    )
    assert User.objects.get(pk=volunteer.user_id).live_roles == {"volunteer"}


def test_a_form_error_keeps_what_was_typed(client, db):
    school = SchoolFactory()
    answer = client.post(f"/join/school/{school.pk}/", CONTACT | {"email": "not an address"})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"email"}
    assert 'value="Curie"' in answer.content.decode()


@pytest.mark.parametrize(("decision", "state"), [("approve", "verified"), ("refuse", "refused")])
def test_a_coordinator_decides(client_for, cleo_at_center, decision, state):
    post = SchoolPostFactory()
    client_for(cleo_at_center).post(f"/contacts/posts/{post.pk}/{decision}/")
    post.refresh_from_db()
    assert (post.state, post.decided_by) == (state, cleo_at_center)


def test_others_cannot_decide(client_for, ada, ben, dan):
    post = SchoolPostFactory()
    for user in (ada, ben, dan):
        client = client_for(user)
        assert client.post(f"/contacts/posts/{post.pk}/approve/").status_code == 404
        assert client.get("/contacts/").status_code == 404
        assert client.get("/volunteers/").status_code == 404
    post.refresh_from_db()
    assert post.state == "pending"


def test_undecided_contacts_come_first(client_for, cleo_at_center):
    verified, pending = SchoolPostFactory(verified=True), SchoolPostFactory()
    page = client_for(cleo_at_center).get("/contacts/").context["page"]
    assert list(page) == [pending, verified]


def test_volunteers_are_found_without_accents(client_for, cleo_at_center):
    found, _other = VolunteerFactory(last_name="Éluard"), VolunteerFactory(last_name="Zola")
    page = client_for(cleo_at_center).get("/volunteers/?q=eluard").context["page"]
    assert list(page) == [found]


def test_a_word_is_looked_for_in_names_and_then_in_addresses(client_for, cleo_at_center):
    client = client_for(cleo_at_center)
    named = SchoolPostFactory(contact__last_name="Zola", contact__user__email="emile@example.org")
    other = SchoolPostFactory(contact__last_name="Sand", contact__user__email="zola.amie@example.org")
    assert list(client.get("/contacts/?q=Zola").context["page"]) == [named]
    assert list(client.get("/contacts/?q=Zola.").context["page"]) == [other]
    assert list(client.get("/contacts/?q=mile@").context["page"]) == [named]
    assert list(client.get("/contacts/?q=hugo").context["page"]) == []


@pytest.mark.parametrize(("url", "make"), [("/contacts/", SchoolPostFactory), ("/volunteers/", VolunteerFactory)])
def test_lists_count_the_same_queries_for_more_rows(client_for, cleo_at_center, url, make):
    client, counts = client_for(cleo_at_center), []
    for more in (1, 2):
        for _ in range(more):
            make()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_a_school_shows_its_contacts_to_those_who_see_contacts(client_for, cleo_at_center):
    post, elsewhere = SchoolPostFactory(verified=True), SchoolPostFactory(verified=True)
    page = client_for(cleo_at_center).get(f"/schools/{post.school_id}/").content.decode()
    assert post.contact.user.email in page
    assert elsewhere.contact.user.email not in page
