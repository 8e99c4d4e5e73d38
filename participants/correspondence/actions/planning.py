"""Writing messages down, and calling them off."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from participants.accounts import sabotage
from participants.accounts.models import User
from participants.correspondence import occasions
from participants.correspondence.models import Message, Rule
from participants.correspondence.spans import shift

INSERT = """
    INSERT INTO correspondence_message
        (rule_id, recipient_id, address, language, occasion, about, key, is_urgent, due_at)
    SELECT rule.id, recipient.id, recipient.email, recipient.language, %(occasion)s, %(about)s,
           %(key)s, %(is_urgent)s, rule.due_at
    FROM unnest(%(rules)s::bigint[], %(due)s::timestamptz[]) AS rule (id, due_at),
         accounts_user AS recipient
    WHERE recipient.id = ANY(%(recipients)s) AND recipient.is_active
    ORDER BY recipient.id, rule.id
    ON CONFLICT (rule_id, recipient_id, key) DO NOTHING
"""


@transaction.atomic
def plan(*, occasion: str, recipients: Iterable[User], about: int, key: str, anchor: datetime | None = None) -> int:
    """Write one message per active rule of the occasion and recipient, due at the anchor (now, if none) moved by the
    rule's offset on the anchor's wall clock; what is already written stays as it is. Returns how many are new.

    A message that should have left before now is not written when it comes before its anchor (a reminder for
    tomorrow that nobody could have had), and leaves at once when it comes after.
    """
    definition = occasions.find(occasion)
    if definition is None:
        raise ValueError(f"No app has registered the occasion {occasion}.")
    now = timezone.now()
    due = _due_moments(occasion, anchor or now, now)
    ids = {recipient.pk for recipient in recipients}
    if not due or not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "occasion": occasion,
                "about": about,
                "key": f"{key}!{now.timestamp()}" if sabotage.is_on("unique_key") else key,
                "is_urgent": definition.is_urgent,
                "rules": list(due),
                "due": list(due.values()),
                "recipients": list(ids),
            },
        )
        return cursor.rowcount


def _due_moments(occasion: str, anchor: datetime, now: datetime) -> dict[int, datetime]:
    """Rule id -> moment, without the reminders whose moment has passed."""
    moments = {
        rule.pk: (rule.offset, shift(anchor, rule.offset)) for rule in Rule.objects.active().filter(occasion=occasion)
    }
    return {pk: due for pk, (offset, due) in moments.items() if offset >= timedelta() or due > now}


@transaction.atomic
def call_off(
    *,
    about: int,
    occasions: Iterable[str],
    reason: str,
    recipients: Iterable[User] | None = None,
    except_key: str | None = None,
) -> int:
    """Cancel the messages not yet sent about this, for everyone or for these recipients, but for those of one key.

    The reason is an English sentence marked with `gettext_noop`. Returns how many messages will not leave.
    """
    unsent = Message.objects.unsent().filter(about=about, occasion__in=list(occasions))
    if recipients is not None:
        unsent = unsent.filter(recipient__in=[recipient.pk for recipient in recipients])
    if except_key is not None:
        unsent = unsent.exclude(key=except_key)
    return unsent.update(state=Message.State.CANCELLED, reason=reason, claim=None, lease_until=None)
