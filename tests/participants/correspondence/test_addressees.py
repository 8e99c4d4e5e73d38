"""Writing to somebody without an account: looked up again when the mail leaves, once, merged and limited per address."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from participants.correspondence import actions, addressees, letters
from participants.correspondence.actions import delivery
from participants.correspondence.addressees import Addressee
from participants.correspondence.models import Message
from participants.correspondence.occasions import Occasion, register
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import MessageFactory, RuleFactory
from tests.participants.correspondence.conftest import describe_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(monkeypatch):
    """Who is there today, by number."""
    there = {
        1: Addressee("aunt:1", "Eve", "home@example.org", "fr"),
        2: Addressee("aunt:2", "Adam", "home@example.org", "en"),
    }
    monkeypatch.setattr(addressees, "_finders", {"aunt": there.get})
    return there


def plan(*recipients, occasion="family", key="k", about=1):
    return actions.plan(occasion=occasion, recipients=recipients, about=about, key=key)


@pytest.fixture
def family_rule():
    return RuleFactory(occasion="family")


def test_two_who_share_an_address_get_their_own_mail_once(postbox, people, family_rule):
    for _time in range(2):
        plan(people[1], key="for:1")
        plan(people[2], key="for:2")
    assert actions.deliver() == 2
    assert sorted((mail["To"], mail["Subject"]) for mail in postbox.mails) == [
        ("home@example.org", "Votre rencontre : meeting 1"),
        ("home@example.org", "Your meeting: meeting 1"),
    ]
    assert "have an account" not in postbox.mails[0].get_body(("plain",)).get_content()


def test_users_and_people_without_account_are_planned_together(people, family_rule):
    user = UserFactory()
    assert plan(user, people[1], replace(people[2], email="")) == 2
    assert set(Message.objects.values_list("recipient", "addressee", "name", "address", "language")) == {
        (user.pk, "", "", user.email, "en"),
        (None, "aunt:1", "Eve", "home@example.org", "fr"),
    }


def test_the_address_and_the_person_of_the_day_of_sending_count(postbox, people, family_rule):
    plan(people[1], key="a")
    plan(people[2], key="b", about=2)
    people[1] = replace(people[1], email="new@example.org")
    del people[2]
    assert actions.deliver() == 1
    assert [mail["To"] for mail in postbox.mails] == ["new@example.org"]
    gone = Message.objects.get(addressee="aunt:2")
    assert (gone.state, gone.reason) == ("cancelled", "This person is gone, or has no address any more.")


def test_later_mails_about_one_thing_take_the_place_of_earlier_ones_for_the_same_person(postbox, people):
    RuleFactory(occasion="family"), RuleFactory(occasion="family")
    plan(people[1], key="a")
    plan(people[2], key="b")
    assert actions.deliver() == 2
    assert Message.objects.filter(reason=delivery.MERGED).count() == 2


def test_the_daily_limit_counts_an_address_with_and_without_account(postbox, people, family_rule, settings):
    settings.MAIL_DAILY_LIMIT = 2
    user = UserFactory(email="home@example.org")
    for about in range(2):
        plan(people[1], key=f"p{about}", about=about)
        plan(user, key=f"u{about}", about=about)
    assert actions.deliver() == 2
    assert Message.objects.filter(state="planned", reason=delivery.POSTPONED).count() == 2


def test_calling_off_is_for_the_named_person_only(people, family_rule):
    plan(people[1], key="a")
    plan(people[2], key="b")
    assert actions.call_off(about=1, occasions=["family"], reason="Gone.", recipients=[people[1]]) == 1
    assert set(Message.objects.values_list("addressee", "state")) == {("aunt:1", "cancelled"), ("aunt:2", "planned")}


def test_sent_again_it_goes_to_the_same_person(postbox, people, family_rule):
    plan(people[1])
    actions.deliver()
    again = actions.resend(message=Message.objects.get())
    assert (again.addressee, again.name, again.recipient_id) == ("aunt:1", "Eve", None)
    assert actions.deliver() == 1


@pytest.mark.parametrize("facts", [{"addressee": ""}, {"addressee": "aunt:1", "key": "k"}])
def test_the_database_refuses_a_message_to_nobody_and_a_second_one(people, family_rule, facts):
    plan(people[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory(**{"rule": family_rule, "recipient": None, "address": "home@example.org", "key": "x"} | facts)


def test_a_personal_link_is_kept_out_of_what_staff_read(postbox, people):
    register(Occasion("key", "key", ("title",), describe_meeting, has_personal_link=True))
    RuleFactory(occasion="key")
    plan(people[1], occasion="key")
    whole = letters.compose(Message.objects.get())
    assert "/meetings/1/" in whole.text
    actions.deliver()
    assert "/meetings/1/" in postbox.mails[0].get_body(("plain",)).get_content()
    assert "/meetings/1/" not in Message.objects.get().text


def test_a_reference_that_nobody_knows_is_nobody():
    assert [addressees.find(said) for said in ("", "aunt", "aunt:x", "uncle:1", "aunt:9")] == [None] * 5
