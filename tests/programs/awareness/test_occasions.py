"""What we write about a request, and when it makes no sense any more."""

import datetime as dt

import pytest
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence.models import Rule
from participants.correspondence.occasions import Pointless, find
from programs.awareness import occasions
from programs.awareness.models import TalkRequest
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.awareness import TalkRequestFactory, next_monday
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def describe(key, request, recipient):
    return find(key).context(request.pk, recipient)


def test_the_rules_come_with_the_house():
    codes = set(Rule.objects.filter(code__startswith="awareness-").values_list("code", flat=True))
    assert codes == {
        *(f"awareness-request-{name}" for name in ("received", "new", "unanswered", "declined")),
        *(
            f"awareness-campaign-{name}"
            for name in ("school-invited", "school-reminded", "speaker-asked", "speaker-reminded")
        ),
        "awareness-pool-invitation",
        *("awareness-self-entry-asked", "awareness-self-entry-guardian-asked"),
    }


def test_the_facts_of_a_request(sent, teacher, coordinator):
    facts = describe(occasions.RECEIVED, sent, teacher.user)
    assert (facts["school"], facts["town"]) == ("Lycée Marie-Curie", "Palaiseau")
    assert (facts["classes"], facts["young_people"]) == ("2de A4, 2de A5", 60)
    assert f"{next_monday().day}" in facts["weeks"]
    assert facts["action_url"] == f"/talks/requests/{sent.pk}/"
    assert describe(occasions.NEW, sent, coordinator)["action_url"] == f"/talks/board/{sent.pk}/"


@pytest.mark.parametrize("key", [occasions.RECEIVED, occasions.NEW, occasions.UNANSWERED])
def test_nothing_is_asked_about_an_answered_request(sent, coordinator, key):
    TalkRequest.objects.filter(pk=sent.pk).update(state="declined", decline_reason="dates", handled_at=timezone.now())
    with pytest.raises(Pointless, match="no longer waits"):
        describe(key, sent, coordinator)


def test_a_refusal_says_the_reason_and_the_words(sent, teacher):
    with pytest.raises(Pointless, match="no longer declined"):
        describe(occasions.DECLINED, sent, teacher.user)
    TalkRequest.objects.filter(pk=sent.pk).update(
        state="declined", decline_reason="distance", decline_text="So sorry", handled_at=timezone.now()
    )
    facts = describe(occasions.DECLINED, sent, teacher.user)
    assert (facts["reason"], facts["words"]) == ("the school is too far from our campuses", "So sorry")


def test_whoever_no_longer_handles_requests_is_not_written_to(sent, ben):
    with pytest.raises(Pointless, match="no longer handles"):
        describe(occasions.NEW, sent, ben)


def test_a_request_that_is_gone(sent, teacher):
    pk = sent.pk
    sent.delete()
    with pytest.raises(Pointless, match="no longer exists"):
        find(occasions.RECEIVED).context(pk, teacher.user)


def test_the_coordinators_of_the_center_are_concerned(coordinator, second_coordinator):
    elsewhere = GrantFactory(user=UserFactory(), role=Role.COORDINATOR)
    GrantScopeFactory(grant=elsewhere, organisation=OrganisationFactory())
    GrantFactory(role=Role.ADMINISTRATOR)
    assert set(occasions.concerned_staff()) == {coordinator, second_coordinator}
    coordinator.grants.update(starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 2, 1))
    second_coordinator.is_active = False
    second_coordinator.save()
    assert occasions.concerned_staff() == [elsewhere.user]


def test_messages_about_requests_are_seen_by_those_who_handle_them(sent, draft, coordinator, ben):
    seen = find(occasions.NEW).abouts_visible_to
    assert set(seen(coordinator)) == {sent}
    TalkRequestFactory(sent=True)
    assert list(seen(ben)) == []
