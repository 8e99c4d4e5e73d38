"""Writing messages down, and calling them off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from participants.accounts import sabotage
from participants.accounts.models import User
from participants.correspondence import occasions
from participants.correspondence.addressees import Addressee
from participants.correspondence.models import Message
from participants.correspondence.spans import zone_of

# The rules are read where the messages are written, in one statement: who signs up holds a lock for which others wait.
# `AT TIME ZONE` twice: the offset is counted on the wall clock, so one day before 18:00 is 18:00 on any night.
INSERT = """
    WITH letter AS (
        SELECT rule.id AS rule_id, wanted.*, rule."offset",
               CASE rule."offset" WHEN interval '0' THEN wanted.anchor
                   ELSE ((wanted.anchor AT TIME ZONE wanted.zone) + rule."offset") AT TIME ZONE wanted.zone
               END AS due_at
        FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
                    %s::text[], %s::bigint[], %s::text[], %s::bool[], %s::timestamptz[], %s::text[])
             AS wanted (recipient_id, addressee, name, address, language,
                        occasion, about, key, is_urgent, anchor, zone)
        JOIN correspondence_rule AS rule ON rule.occasion = wanted.occasion AND rule.is_active
    )
    INSERT INTO correspondence_message
        (rule_id, recipient_id, addressee, name, address, language, occasion, about, key, is_urgent, due_at)
    SELECT letter.rule_id, recipient.id, letter.addressee, letter.name, coalesce(recipient.email, letter.address),
           coalesce(recipient.language, letter.language), letter.occasion, letter.about, letter.key,
           letter.is_urgent, letter.due_at
    FROM letter LEFT JOIN accounts_user AS recipient ON recipient.id = letter.recipient_id
    WHERE (recipient.is_active OR letter.addressee <> '') AND (letter."offset" >= interval '0' OR letter.due_at > %s)
    ORDER BY recipient.id, letter.address, letter.rule_id
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Plan:
    """What is to be written to whom: one message per active rule of the occasion and recipient."""

    occasion: str
    recipients: Iterable[User | Addressee]
    about: int
    key: str
    anchor: datetime | None = None


def plan(
    *, occasion: str, recipients: Iterable[User | Addressee], about: int, key: str, anchor: datetime | None = None
) -> int:
    """Write one message per active rule of the occasion and recipient, due at the anchor (now, if none) moved by the
    rule's offset on the anchor's wall clock; what is already written stays as it is. Returns how many are new.

    A message that should have left before now is not written when it comes before its anchor (a reminder for
    tomorrow that nobody could have had), and leaves at once when it comes after.
    """
    return plan_all([Plan(occasion, recipients, about, key, anchor)])


@transaction.atomic(savepoint=False)
def plan_all(plans: Iterable[Plan]) -> int:
    """The same for several at once, in one statement."""
    now = timezone.now()
    rows = [row for planned in plans for row in _rows(planned, now)]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*(list(column) for column in zip(*rows, strict=True)), now])
        return cursor.rowcount


def _rows(planned: Plan, now: datetime) -> Iterator[tuple]:
    """The columns of INSERT, a row a recipient."""
    definition = occasions.find(planned.occasion)
    if definition is None:
        raise ValueError(f"No app has registered the occasion {planned.occasion}.")
    key = f"{planned.key}!{now.timestamp()}" if sabotage.is_on("unique_key") else planned.key
    anchor = planned.anchor or now
    zone = zone_of(anchor)
    for person in {_whom(recipient) for recipient in planned.recipients}:
        if person:
            yield *person, planned.occasion, planned.about, key, definition.is_urgent, anchor, zone


def _whom(recipient: User | Addressee) -> tuple | None:
    """A user by their key, since the row says the rest; somebody without an account by what a mail needs, or nothing
    when there is no address to write to."""
    if isinstance(recipient, Addressee):
        whole = recipient.reference, recipient.name, recipient.email.lower(), recipient.language
        return (None, *whole) if recipient.email else None
    return recipient.pk, "", "", "", ""


@transaction.atomic
def call_off(
    *,
    about: int,
    occasions: Iterable[str],
    reason: str,
    recipients: Iterable[User | Addressee] | None = None,
    except_key: str | None = None,
) -> int:
    """Cancel the messages not yet sent about this, for everyone or for these recipients, but for those of one key.

    The reason is an English sentence marked with `gettext_noop`. Returns how many messages will not leave.
    """
    unsent = Message.objects.unsent().filter(about=about, occasion__in=list(occasions))
    if recipients is not None:
        people = list(recipients)
        accounts = [person.pk for person in people if not isinstance(person, Addressee)]
        references = [person.reference for person in people if isinstance(person, Addressee)]
        unsent = unsent.filter(Q(recipient__in=accounts) | Q(recipient=None, addressee__in=references))
    if except_key is not None:
        unsent = unsent.exclude(key=except_key)
    return unsent.update(state=Message.State.CANCELLED, reason=reason, claim=None, lease_until=None)
