"""Following the catalogue by e-mail: asked, confirmed from the mailbox, told what is new, left in one click."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from participants.correspondence.letters import compose, to_email, without_key
from participants.correspondence.models import Message
from participants.correspondence.occasions import Pointless
from programs.activities import actions, subscribers, subscription_links
from programs.activities.models import Activity, Session, Subscription
from tests.factories.activities import ActivityFactory, SessionFactory, SubscriptionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

SUBSCRIBE = "/catalogue/en/subscribe/"
DAY = 24 * 3600


def published(title, **rules):
    activity = ActivityFactory(
        title_fr=title, title_en=title, is_public=True, registration_for=[Activity.Audience.PUBLIC], **rules
    )
    return SessionFactory(activity=activity, school=None, campus=activity.organisation)


def asked():
    return list(Message.objects.filter(occasion=subscribers.ASKED).order_by("pk"))


def digests():
    return list(Message.objects.filter(occasion=subscribers.DIGEST).order_by("pk"))


def test_somebody_follows_by_way_of_their_mailbox(client):
    answer = client.post(f"{SUBSCRIBE}?kind=camp&after=2026-12-01&page=2", {"email": "Ada@Example.org"})
    assert answer.url == f"{SUBSCRIBE}?done"
    assert "Look into your mailbox" in client.get(answer.url).content.decode()
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.query, subscription.language) == ("ada@example.org", "kind=camp", "en")
    assert subscription.confirmed_at is None
    [message] = asked()
    letter = compose(message)
    assert "science camp" in letter.text
    url = subscription_links.url(subscription)
    assert letter.action_url.endswith(url)
    assert subscription_links.sign(subscription) not in without_key(message.occasion, letter).text
    answer = client.get(url)
    assert "One click is missing" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    subscription.refresh_from_db()
    assert subscription.confirmed_at is None
    assert client.post(url, {"answer": "confirm"}).url == url
    subscription.refresh_from_db()
    assert subscription.confirmed_at is not None
    assert "You follow what is coming" in client.get(url).content.decode()
    with pytest.raises(Pointless):
        compose(message)


def test_the_answer_says_nothing_about_who_follows(client):
    SubscriptionFactory(email="ada@example.org", query="")
    answers = [client.post(SUBSCRIBE, {"email": f"{name}@example.org"}) for name in ("ada", "bob")]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, f"{SUBSCRIBE}?done")}
    assert [message.address for message in asked()] == ["bob@example.org"]
    assert "Enter a valid email address" in client.post(SUBSCRIBE, {"email": "x"}).content.decode()


def test_nobody_fills_a_mailbox_with_questions(client, monday):
    for kind in ("camp", "camp", "talk", "event", "outing"):
        client.post(f"{SUBSCRIBE}?kind={kind}", {"email": "ada@example.org"})
    assert [message.address for message in asked()] == ["ada@example.org"] * 3
    monday.shift(DAY)
    client.post(f"{SUBSCRIBE}?kind=camp", {"email": "ada@example.org"})
    assert len(asked()) == 4


def test_a_line_of_the_network_asks_at_a_bearable_pace(client):
    answers = [client.post(SUBSCRIBE, {"email": f"n{number}@example.org"}).status_code for number in range(22)]
    assert answers == [302] * 20 + [429] * 2
    assert Subscription.objects.count() == 20


# --- what is new


def follow(query="", language="en"):
    subscription = SubscriptionFactory(query=query, language=language, confirmed_at=None)
    actions.confirm_subscription(subscription=subscription)
    return subscription


def test_only_what_is_new_and_fits_is_told_once(monday):
    published("Old evening")
    draft = published("Draft evening", state=Activity.State.DRAFT)
    everything, camps = follow(), follow("kind=camp", "fr")
    SubscriptionFactory(email="never@example.org", confirmed_at=None)
    assert actions.tell_subscribers() == 0
    new = published("New evening")
    SessionFactory(activity=ActivityFactory(title_en="School talk", is_public=True))
    assert actions.tell_subscribers() == 0  # once a week
    monday.shift(7 * DAY)
    assert actions.tell_subscribers() == 1
    [message] = digests()
    assert message.address == everything.email
    letter = compose(message)
    assert "New evening" in letter.text
    assert f"/catalogue/en/sessions/{new.pk}/" in letter.text
    for hidden in ("Old evening", "Draft evening", "School talk"):
        assert hidden not in letter.text
    monday.shift(7 * DAY)
    assert actions.tell_subscribers() == 0
    Activity.objects.filter(pk=draft.activity_id).update(state=Activity.State.OPEN)
    published("Camp", kind="camp")
    Session.objects.update(starts_at=_later(), ends_at=_later() + dt.timedelta(hours=2))
    monday.shift(7 * DAY)
    assert actions.tell_subscribers() == 2
    told = {message.address: message for message in digests()[1:]}
    of_everything, of_camps = told[everything.email], told[camps.email]
    assert "Draft evening" in compose(of_everything).text
    letter = compose(of_camps)
    assert "Draft evening" not in letter.text
    assert "Ne plus recevoir" in letter.text


def _later():
    return dt.datetime(2027, 3, 1, 13, 0, tzinfo=dt.UTC)


def test_a_letter_that_has_nothing_new_to_say_any_more_does_not_leave():
    subscription = follow()
    session = published("Evening")
    actions.tell_subscribers()
    [message] = digests()
    assert "Evening" in compose(message).text
    Session.objects.filter(pk=session.pk).update(state="cancelled", state_reason="x")
    with pytest.raises(Pointless):
        compose(message)
    assert Subscription.objects.get(pk=subscription.pk).told == [session.pk]


def test_the_mail_can_be_ended_by_the_mail_program():
    subscription = follow()
    published("Evening")
    actions.tell_subscribers()
    [message] = digests()
    letter = compose(message)
    sent = to_email(message, letter)
    link = f"http://127.0.0.1:8000{subscription_links.stop_url(subscription)}"
    assert sent.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in sent.body
    kept = without_key(message.occasion, letter)
    assert subscription_links.sign(subscription) not in f"{kept.text}{kept.html}{kept.unsubscribe_url}"
    strict = Client(enforce_csrf_checks=True)
    path = subscription_links.stop_url(subscription)
    assert strict.get(path).url == subscription_links.url(subscription)
    assert Subscription.objects.exists()
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert "Your address is deleted" in answer.content.decode()
    assert not Subscription.objects.exists()
    assert not Message.objects.filter(address=subscription.email).exists()
    assert strict.post(path).status_code == 404


def test_the_page_ends_it_with_its_token_only():
    subscription, other = follow(), follow("kind=camp")
    url = subscription_links.url(subscription)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url, {"answer": "stop"}).status_code == 403
    assert "Your address is deleted" in Client().post(url, {"answer": "stop"}).content.decode()
    assert list(Subscription.objects.all()) == [other]
    assert (
        Client().get(reverse("activities:subscription", args=[f"s.{other.pk}.1.forged-signature"])).status_code == 404
    )


def test_who_never_confirms_is_forgotten_after_a_week(client, monday):
    kept = follow()
    client.post(SUBSCRIBE, {"email": "ada@example.org"})
    monday.shift(6 * DAY)
    assert actions.forget_unconfirmed() == 0
    monday.shift(2 * DAY)
    assert actions.forget_unconfirmed() == 1
    assert list(Subscription.objects.all()) == [kept]
    assert asked() == []


def test_telling_asks_the_same_for_one_and_three(django_assert_num_queries):
    published("Evening")
    SubscriptionFactory()
    with django_assert_num_queries(6):
        assert actions.tell_subscribers() == 1
    SubscriptionFactory.create_batch(3)
    with django_assert_num_queries(6):
        assert actions.tell_subscribers() == 3
