"""Sending: each message once, in its language, unless it has become pointless."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import Celery
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, send_mail
from django.utils import timezone

from participants.correspondence import actions
from participants.correspondence.actions import delivery
from participants.correspondence.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import MessageFactory, RuleFactory
from tests.participants.correspondence.conftest import CALLED_OFF

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def states():
    return dict(Message.objects.values_list("pk", "state"))


def test_deliver_sends_what_is_due_in_the_language_of_the_recipient(postbox, rule):
    french = MessageFactory(rule=rule, recipient__language="fr", recipient__name="Zoé")
    english = MessageFactory(rule=rule, recipient__language="en", recipient__name="Zed")
    later = MessageFactory(rule=rule, due_at=timezone.now() + HOUR)
    held = MessageFactory(rule=rule, state="held")

    assert actions.deliver() == 2

    assert {mail["To"]: mail["Subject"] for mail in postbox.mails} == {
        french.address: "Votre rencontre : meeting 1",
        english.address: "Your meeting: meeting 1",
    }
    assert states() == {french.pk: "sent", english.pk: "sent", later.pk: "planned", held.pk: "held"}
    french.refresh_from_db()
    assert (french.subject, french.attempts, french.claim, french.reason) == (
        "Votre rencontre : meeting 1",
        1,
        None,
        "",
    )
    assert french.sent_at is not None


def test_a_mail_is_whole(postbox, rule):
    message = MessageFactory(rule=rule, recipient__language="en", recipient__name="Zed <b>")
    actions.deliver()
    [mail] = postbox.mails
    message.refresh_from_db()
    assert mail["Message-ID"] == f"<{message.token}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text == (
        "Hello Zed <b>,\n\nSee you at meeting 1.\n\nSee the meeting:\n"
        f"{settings.SITE_URL}/meetings/1/\n\n-- \n{settings.CENTER_NAME}\n"
        f"You receive this message because you have an account with us.\n{settings.SITE_URL}\n\n"
    )
    assert "<p>Hello Zed &lt;b&gt;,</p>" in html
    assert f'<a href="{settings.SITE_URL}/meetings/1/">See the meeting</a>' in html


def test_the_address_of_the_day_of_sending_counts(postbox, rule):
    message = MessageFactory(rule=rule)
    message.recipient.email = "moved@example.org"
    message.recipient.save()
    actions.deliver()
    assert [mail["To"] for mail in postbox.mails] == ["moved@example.org"]
    message.refresh_from_db()
    assert message.address == "moved@example.org"


@pytest.mark.mail
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"about": CALLED_OFF}, "The meeting is called off."),
        ({"rule__is_active": False}, "The rule is switched off."),
        ({"recipient__is_active": False}, "The account is closed."),
        ({"occasion": "gone"}, "The part of the platform that wrote this message is gone."),
    ],
)
def test_a_pointless_message_is_cancelled_at_the_moment_of_sending(postbox, change, reason):
    message = MessageFactory(**change)
    assert actions.deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.reason, postbox.mails) == ("cancelled", reason, [])


@pytest.mark.sabotage
def test_a_pointless_message_leaves_without_the_check(postbox, rule, monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "pointless_check")
    MessageFactory(rule=rule, about=CALLED_OFF)
    assert actions.deliver() == 1


@pytest.mark.mail
def test_what_is_called_off_after_the_claim_does_not_leave(postbox, rule):
    first, second = MessageFactory(rule=rule), MessageFactory(rule=rule, about=2)
    batch = delivery.claim()
    actions.call_off(about=2, occasions=["meeting"], reason="Gone.")
    with postbox.transport() as transport:
        assert delivery.send(batch, transport) == 1
    assert states() == {first.pk: "sent", second.pk: "cancelled"}


def test_a_batch_taken_over_by_another_worker_is_left_to_it(postbox, rule):
    MessageFactory(rule=rule)
    slow = delivery.claim()
    Message.objects.update(lease_until=timezone.now() - HOUR)
    quick = delivery.claim()
    with postbox.transport() as transport:
        assert (delivery.send(slow, transport), delivery.send(quick, transport)) == (0, 1)


def test_the_later_of_two_messages_about_one_thing_is_enough(postbox, ada):
    week, day = RuleFactory(subject_fr="semaine"), RuleFactory(subject_fr="jour")
    first = MessageFactory(rule=week, recipient=ada, due_at=timezone.now() - 2 * HOUR)
    second = MessageFactory(rule=day, recipient=ada, due_at=timezone.now() - HOUR)
    other = MessageFactory(rule=day, recipient=ada, about=2)
    actions.deliver()
    assert states() == {first.pk: "cancelled", second.pk: "sent", other.pk: "sent"}
    first.refresh_from_db()
    assert first.reason == delivery.MERGED


def test_nobody_gets_more_than_the_daily_limit(postbox, rule, ada, settings):
    settings.MAIL_DAILY_LIMIT = 3
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False):
        MessageFactory(rule=rule, recipient=ada, about=100, state="sent", sent_at=timezone.now() - HOUR)
        MessageFactory(rule=rule, recipient=ada, about=101, state="sent", sent_at=timezone.now() - 24 * HOUR)
        for about in range(4):
            MessageFactory(rule=rule, recipient=ada, about=about, due_at=timezone.now() - HOUR * (10 - about))
        # Due now by this clock, not by the database's.
        urgent = {"rule": RuleFactory(occasion="alert"), "occasion": "alert", "is_urgent": True}
        MessageFactory(**urgent, recipient=ada, due_at=timezone.now())
        MessageFactory(rule=rule, due_at=timezone.now())
        assert actions.deliver() == 4
    put_off = Message.objects.filter(state="planned").values_list("about", "due_at", "reason")
    morning = datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert set(put_off) == {(2, morning, delivery.POSTPONED), (3, morning, delivery.POSTPONED)}
    with time_machine.travel(morning, tick=False):
        assert actions.deliver() == 2
    assert not Message.objects.exclude(state="sent").exists()


def test_urgent_mail_leaves_first(postbox, rule):
    for about in range(3):
        MessageFactory(rule=rule, about=about, due_at=timezone.now() - HOUR)
    MessageFactory(rule=None, about=None, recipient=None, address="x@example.org", is_urgent=True, subject="Code")
    actions.deliver()
    assert postbox.mails[0]["To"] == "x@example.org"


def test_an_error_in_the_text_is_tried_three_times_then_reported(postbox, meeting, monkeypatch):
    message = MessageFactory(about=5)
    monkeypatch.setitem(meeting.__dict__, "context", lambda about, recipient: {}["boom"])
    for attempt in range(1, 4):
        Message.objects.update(due_at=timezone.now())
        actions.deliver()
        message.refresh_from_db()
        assert message.attempts == attempt
    assert (message.state, message.reason) == ("failed", delivery.UNWRITABLE)
    assert actions.deliver() == 0


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [("550 no such person", "failed", delivery.REFUSED), ("451 try again", "planned", delivery.NOT_TAKEN)],
)
def test_a_refused_address_does_not_stop_the_others(postbox, rule, answer, state, reason):
    refused, other = MessageFactory(rule=rule, recipient__email="refused@example.org"), MessageFactory(rule=rule)
    postbox.refuse["refused@example.org"] = answer
    assert actions.deliver() == 1
    refused.refresh_from_db()
    assert (refused.state, refused.reason) == (state, reason)
    assert states()[other.pk] == "sent"


@pytest.mark.mail
@pytest.mark.parametrize(("occasion", "state"), [("family", "unknown"), ("meeting", "planned")])
def test_a_mail_server_that_goes_away_leaves_doubt(postbox, occasion, state):
    rule = RuleFactory(occasion=occasion)
    cut, other = (MessageFactory(rule=rule, occasion=occasion, about=about) for about in range(2))
    postbox.hang_up_on.add(cut.address)
    assert actions.deliver() == 1
    cut.refresh_from_db()
    assert (cut.state, cut.reason) == (state, delivery.CUT_OFF)
    assert states()[other.pk] == "sent"


def test_a_mail_server_that_is_away_costs_no_attempt(settings, rule):
    settings.MAIL_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 9,
    }  # fmt: skip
    message = MessageFactory(rule=rule)
    assert actions.deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts, message.claim, message.lease_until) == ("planned", 0, None, None)


@pytest.mark.mail
@pytest.mark.parametrize(
    ("occasion", "attempts", "state"),
    [("family", 1, "unknown"), ("meeting", 1, "sent"), ("meeting", 3, "failed")],
)
def test_a_message_that_was_leaving_when_its_worker_died(postbox, occasion, attempts, state):
    rule = RuleFactory(occasion=occasion)
    MessageFactory(rule=rule, occasion=occasion, state="sent", sent_at=timezone.now())
    lost = MessageFactory(
        rule=rule,
        about=2,
        occasion=occasion,
        state="sending",
        attempts=attempts,
        claim="00000000-0000-0000-0000-000000000001",
        lease_until=timezone.now() - HOUR,
    )
    actions.deliver()
    assert states()[lost.pk] == state


@pytest.fixture
def outbox_backend(settings):
    settings.EMAIL_BACKEND = "participants.correspondence.mail.OutboxBackend"


def test_a_mail_of_django_is_a_row_first_and_its_text_is_erased(outbox_backend, postbox, ada):
    send_mail("Your\ncode", "It is 123456", None, [f"Ada <{ada.email}>", "Stranger@example.org"])
    assert set(Message.objects.values_list("address", "recipient", "subject", "text", "state", "is_urgent")) == {
        (ada.email, ada.pk, "Your code", "It is 123456", "planned", True),
        ("stranger@example.org", None, "Your code", "It is 123456", "planned", True),
    }
    assert actions.deliver() == 2
    assert {mail["To"]: mail.get_content() for mail in postbox.mails} == {
        ada.email: "It is 123456\n",
        "stranger@example.org": "It is 123456\n",
    }
    assert set(Message.objects.values_list("text", "html", "state")) == {("", "", "sent")}


def test_the_html_of_a_mail_of_django_travels(outbox_backend, postbox):
    mail = EmailMultiAlternatives("Hello", "plain", None, ["a@example.org"])
    mail.attach_alternative("<b>rich</b>", "text/html")
    mail.send()
    actions.deliver()
    assert [part.get_content() for part in postbox.mails[0].iter_parts()] == ["plain", "<b>rich</b>"]


def test_a_mail_of_django_carries_no_attachment(outbox_backend):
    mail = EmailMultiAlternatives("Hello", "plain", None, ["a@example.org"])
    mail.attach("a.txt", b"x", "text/plain")
    with pytest.raises(ValueError, match="make it an occasion"):
        mail.send()


@pytest.fixture
def broker_away(monkeypatch):
    """The application as it is set up, but for the address of its broker, where nobody listens."""
    app = Celery("away", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = "redis://127.0.0.1:9/0"
    monkeypatch.setattr("participants.correspondence.mail.current_app", app)


def test_a_broker_that_is_away_does_not_hold_up_the_request(
    outbox_backend, broker_away, django_capture_on_commit_callbacks
):
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        send_mail("Code", "1", None, ["a@example.org"])
    assert (len(callbacks), Message.objects.count()) == (1, 1)
    assert time.monotonic() - started < 2


def test_an_invitation_is_attached(postbox, meeting, monkeypatch):
    invitation = ("meeting.ics", b"BEGIN:VCALENDAR", "text/calendar")
    monkeypatch.setitem(meeting.__dict__, "attachments", lambda about, recipient: [invitation])
    MessageFactory(recipient=UserFactory())
    actions.deliver()
    [part] = postbox.mails[0].iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("meeting.ics", "text/calendar")


def test_a_mail_server_that_takes_one_question_at_a_time_is_asked_so(postbox, rule):
    postbox.is_pipelining = False
    postbox.refuse["refused@example.org"] = "550 no such person"
    message = MessageFactory(rule=rule)
    MessageFactory(rule=rule, recipient__email="refused@example.org")
    assert actions.deliver() == 1
    assert [mail["To"] for mail in postbox.mails] == [message.address]


def test_lines_that_start_with_a_dot_arrive_whole(postbox, settings, outbox_backend):
    send_mail("Dots", ".first\n..second\n.\nend", None, ["a@example.org"])
    actions.deliver()
    assert postbox.mails[0].get_content() == ".first\n..second\n.\nend\n"
