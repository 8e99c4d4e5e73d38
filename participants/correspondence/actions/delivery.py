"""Sending what is due, so that a worker killed at any point loses nothing and repeats at most one mail.

A batch is claimed under a lease. Then, message by message, one statement says what became of the last one and that
the next one is on its way; only the message on its way at the moment of a crash is uncertain. A message is on its way
only if the row was still planned and still ours, so what is called off in the meantime stays here.
These actions are not atomic on purpose: every step must be committed before the next one.
"""

import logging
import time
import uuid
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_noop

from participants.accounts import sabotage
from participants.correspondence import letters, mail, occasions
from participants.correspondence.models import Message
from participants.correspondence.occasions import Pointless
from participants.correspondence.spans import morning_after, start_of_day

log = logging.getLogger(__name__)
State = Message.State

BATCH = 100
MAX_ATTEMPTS = 3
BACKOFF = (timedelta(minutes=1), timedelta(minutes=10))

MERGED = gettext_noop("A later message about the same thing takes its place.")
POSTPONED = gettext_noop("Put off to the next morning: this person has had enough messages today.")
CRASHED = gettext_noop("The worker stopped while this message was leaving: it may or may not have arrived.")
CRASHED_OFTEN = gettext_noop("The worker stopped three times while sending this message.")
UNWRITABLE = gettext_noop("The text could not be written: an error in the platform.")
REFUSED = gettext_noop("The mail server refuses this address.")
NOT_TAKEN = gettext_noop("The mail server did not take the message.")
CUT_OFF = gettext_noop("The mail server stopped answering while the message was leaving: it may have arrived.")


def deliver(*, seconds: float = 10) -> int:
    """Send what is due until nothing is or the time is up; returns how many mails have left."""
    sweep()
    sent, ends = 0, time.monotonic() + seconds
    transport = None
    try:
        while time.monotonic() < ends and (batch := claim()):
            try:
                transport = transport or mail.open_transport()
            except Exception as error:  # whatever the transport's library raises: nothing was tried, all goes back
                log.error("The mail server cannot be reached: %s", type(error).__name__)
                give_back(batch)
                break
            with commits_as_sure_as_needed(batch):
                sent += send(batch, transport)
    finally:
        if transport:
            transport.close()
    return sent


@contextmanager
def commits_as_sure_as_needed(batch: list[Message]):
    """Do not wait for the disk after each mail, unless a family is written to.

    What is committed outlives the worker either way. Only a crash of the database server itself can forget the last
    half second, and then sends those mails again under the same Message-ID; to families that must not happen.
    """
    families = occasions.keys(for_families=True)
    if any(message.occasion in families for message in batch):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("SET synchronous_commit TO DEFAULT")


def sweep() -> int:
    """Decide on the messages that were leaving when their worker stopped: families are not written to a second time
    on a guess, all others are, three times at most."""
    lost = Message.objects.filter(state=State.SENDING, lease_until__lt=timezone.now())
    for_families = Q(occasion__in=occasions.keys(for_families=True))
    is_poison = Q(attempts__gte=MAX_ATTEMPTS)
    return lost.update(
        state=Case(
            When(for_families, Value(State.UNKNOWN)), When(is_poison, Value(State.FAILED)), default=Value(State.PLANNED)
        ),
        reason=Case(When(for_families, Value(CRASHED)), When(is_poison, Value(CRASHED_OFTEN)), default=Value("")),
        claim=None,
        lease_until=None,
    )


def claim() -> list[Message]:
    """Lease the most pressing due messages, and set aside those that are merged or put off."""
    now, mine = timezone.now(), uuid.uuid4()
    is_free = Q(lease_until=None)
    if not sabotage.is_on("takeover"):
        is_free |= Q(lease_until__lt=now)
    due = Message.objects.filter(is_free, state=State.PLANNED, due_at__lte=now).order_by(
        F("is_urgent").desc(), "due_at"
    )
    if not sabotage.is_on("claim"):
        due = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    with transaction.atomic():
        ids = list(due.values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=ids).update(claim=mine, lease_until=now + settings.MAIL_LEASE)
    if not ids:
        return []
    merge(mine, now)
    batch = list(
        Message.objects.filter(pk__in=ids, state=State.PLANNED)
        .select_related("rule", "recipient")
        .order_by(F("is_urgent").desc(), "due_at", "pk")
    )
    for message in batch:
        message.claim = mine  # also when another worker has taken it since: then our next step finds nothing
    return list(put_off_what_is_too_much(batch, now))


def merge(mine: uuid.UUID, now: datetime) -> None:
    """Of several due messages on one occasion about one thing to one person, the last one says it all."""
    same_person = Q(recipient=OuterRef("recipient")) | Q(
        **{name: OuterRef(name) for name in ("addressee", "address")}, recipient=None
    ) & ~Q(addressee="")
    later = Message.objects.filter(
        Q(due_at__gt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__gt=OuterRef("pk")),
        same_person,
        state__in=(State.PLANNED, State.SENDING),
        due_at__lte=now,
        rule__isnull=False,
        **{name: OuterRef(name) for name in ("occasion", "about")},
    )
    Message.objects.filter(Exists(later), claim=mine, rule__isnull=False).update(
        state=State.CANCELLED, reason=MERGED, claim=None, lease_until=None
    )


def put_off_what_is_too_much(batch: list[Message], now: datetime) -> Iterable[Message]:
    """The messages that may leave today; beyond the daily limit of a person the others wait for the morning.

    What other workers have in hand counts as sent: two of them together do not exceed the limit.
    """
    counted = [message for message in batch if message.rule_id and not message.is_urgent]
    left = _left_today(counted, now)
    too_much = set()
    for message in counted:
        left[message.address] -= 1
        if left[message.address] < 0:
            too_much.add(message.pk)
    if too_much:
        Message.objects.filter(pk__in=too_much, claim=counted[0].claim).update(
            due_at=morning_after(now), reason=POSTPONED, claim=None, lease_until=None
        )
    return (message for message in batch if message.pk not in too_much)


def _left_today(counted: list[Message], now: datetime) -> dict[int, int]:
    """Address -> how many more messages it may have today, with an account or without."""
    left = {message.address: settings.MAIL_DAILY_LIMIT for message in counted}
    if not left:
        return left
    had = (
        Message.objects.filter(address__in=left, rule__isnull=False, is_urgent=False)
        .filter(Q(sent_at__gte=start_of_day(now)) | Q(lease_until__gte=now))
        .exclude(claim=counted[0].claim)
    )
    for address, number in had.order_by().values_list("address").annotate(number=Count("pk")):
        left[address] -= number
    return left


def give_back(batch: list[Message]) -> None:
    """Drop the lease on what was not tried."""
    Message.objects.filter(pk__in=[message.pk for message in batch], state=State.PLANNED, claim=batch[0].claim).update(
        claim=None, lease_until=None
    )


@dataclass(frozen=True)
class Outcome:
    """What became of the message that was on its way."""

    id: int
    state: str
    reason: str = ""
    subject: str = ""
    text: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None


NOTHING = Outcome(0, State.CANCELLED)
# One round trip and one commit per mail. What a rule's mail said is kept as it left; what a mail of the house said is
# erased once it is of no more use.
STEP = """
    WITH settled AS (
        UPDATE correspondence_message
        SET state = %(state)s, reason = %(reason)s, subject = coalesce(nullif(%(subject)s, ''), subject),
            due_at = coalesce(%(due_at)s, due_at), sent_at = %(sent_at)s, claim = NULL, lease_until = NULL,
            text = CASE %(state)s WHEN 'planned' THEN text ELSE %(text)s END,
            html = CASE %(state)s WHEN 'planned' THEN html ELSE '' END
        WHERE id = %(last)s AND state = 'sending' AND claim = %(claim)s
    )
    UPDATE correspondence_message
    SET state = 'sending', attempts = attempts + 1, lease_until = %(lease_until)s, address = %(address)s,
        claim = %(claim)s, sent_at = NULL
    WHERE id = %(next)s AND {still_ours}
    RETURNING id
"""


def send(batch: list[Message], transport) -> int:
    """Send the messages one after the other over an open connection; returns how many have left."""
    last, sent = NOTHING, 0
    for message in batch:
        is_ours = step(last, message)
        last = attempt(message, transport) if is_ours else NOTHING
        sent += last.state == State.SENT
    settle(last, batch[0].claim)
    return sent


def step(last: Outcome, message: Message) -> bool:
    """Write what became of the last message and that this one is leaving; False when it is no longer ours to send."""
    if message.rule_id and message.person and message.person.email:
        message.address = message.person.email
    return _step(last, message.claim, next=message.pk, address=message.address)


def settle(last: Outcome, mine: uuid.UUID) -> None:
    """Write what became of the last message of a batch."""
    _step(last, mine, next=0, address="")


def _step(last: Outcome, mine: uuid.UUID, **leaving) -> bool:
    still_ours = "TRUE" if sabotage.is_on("claim") else "state = 'planned' AND claim = %(claim)s"
    values = asdict(last) | leaving
    values |= {"last": last.id, "claim": mine, "lease_until": timezone.now() + settings.MAIL_LEASE}
    with connection.cursor() as cursor:
        cursor.execute(STEP.format(still_ours=still_ours), values)
        return cursor.fetchone() is not None


def attempt(message: Message, transport) -> Outcome:
    """Write the letter and hand it to the mail server."""
    try:
        letter = letters.compose(message)
    except Pointless as reason:
        return Outcome(message.pk, State.CANCELLED, str(reason))
    except Exception as error:  # an error in the app that knows the occasion must not stop the others' mail
        log.error("Message %s could not be written: %s", message.pk, type(error).__name__)
        return later_or_never(message, UNWRITABLE)
    try:
        transport.send_messages([letters.to_email(message, letter)])
    except Exception as error:  # every transport has errors of its own
        log.warning("Message %s did not leave: %s", message.pk, type(error).__name__)
        return judge(message, error, transport)
    text = "" if message.is_private else letters.without_key(message.occasion, letter).text
    return Outcome(message.pk, State.SENT, subject=letter.subject[:300], text=text, sent_at=timezone.now())


def judge(message: Message, error: Exception, transport) -> Outcome:
    """What an error of the mail server means: refused for good, not taken, or nobody knows."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        if min(codes) >= 500:
            return Outcome(message.pk, State.FAILED, REFUSED)
        return later_or_never(message, NOT_TAKEN)
    if isinstance(error, SMTPResponseException):
        return later_or_never(message, NOT_TAKEN)
    transport.close()  # the next message opens it again
    if message.occasion in occasions.keys(for_families=True):
        return Outcome(message.pk, State.UNKNOWN, CUT_OFF)
    return later_or_never(message, CUT_OFF)


def later_or_never(message: Message, reason: str) -> Outcome:
    """Try again after a while, three times in all."""
    tried = message.attempts + 1
    if tried >= MAX_ATTEMPTS:
        return Outcome(message.pk, State.FAILED, reason)
    return Outcome(message.pk, State.PLANNED, reason, due_at=timezone.now() + BACKOFF[tried - 1])


def erase_private_texts() -> int:
    """Erase what mails of the house said once they have ended, however they did."""
    ended = Message.objects.filter(rule=None, state__in=(State.SENT, State.FAILED, State.CANCELLED, State.UNKNOWN))
    return ended.exclude(text="", html="").update(text="", html="")
