"""What staff do with a message: hold it back, let it go, call it off, send it again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from participants.correspondence.models import Message

State = Message.State
BY_STAFF = gettext_noop("Cancelled by the staff.")


@transaction.atomic
def hold(*, message: Message) -> Message:
    """Keep a planned message back until someone releases it."""
    message = _locked(message)
    if not message.can_hold:
        raise ValidationError(_("Only a planned message can be held: this one is %(state)s."), params=_state(message))
    return _change(message, state=State.HELD, reason="")


@transaction.atomic
def release(*, message: Message) -> Message:
    """Plan a held or cancelled message again; it leaves at its moment, or at once when that has passed."""
    message = _locked(message)
    if not message.can_release:
        raise ValidationError(
            _("Only a held or cancelled message can be released: this one is %(state)s."), params=_state(message)
        )
    return _change(message, state=State.PLANNED, reason="", attempts=0)


@transaction.atomic
def cancel(*, message: Message) -> Message:
    """Decide that a message does not leave; it can be released again."""
    message = _locked(message)
    if not message.can_cancel:
        raise ValidationError(_("This message can no longer be stopped: it is %(state)s."), params=_state(message))
    return _change(message, state=State.CANCELLED, reason=BY_STAFF)


@transaction.atomic
def resend(*, message: Message) -> Message:
    """Send again what failed, may not have arrived, or was lost by its recipient; the last is a new message."""
    message = _locked(message)
    if not message.can_resend:
        raise ValidationError(_("This message has not left yet: it is %(state)s."), params=_state(message))
    if message.state != State.SENT:
        return _change(message, state=State.PLANNED, reason="", attempts=0, due_at=timezone.now())
    same = {name: getattr(message, name) for name in ("rule_id", "recipient_id", "addressee", "about")}
    copies = Message.objects.filter(**same).count()
    return Message.objects.create(
        **same,
        name=message.name,
        address=message.address,
        language=message.language,
        occasion=message.occasion,
        is_urgent=True,  # someone waits for it
        key=f"{message.key[:100]}#{copies}",
        due_at=timezone.now(),
    )


def _locked(message: Message) -> Message:
    return Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)


def _change(message: Message, **values) -> Message:
    values |= {"claim": None, "lease_until": None}
    for name, value in values.items():
        setattr(message, name, value)
    message.save(update_fields=list(values))
    return message


def _state(message: Message) -> dict:
    return {"state": message.get_state_display()}
