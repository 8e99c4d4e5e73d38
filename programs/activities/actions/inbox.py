"""What people do with a thing to do besides doing it: put it off, give it to a colleague, take it back."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.activities import inbox
from programs.activities.models import InboxMark

LONGEST = dt.timedelta(days=92)
KEPT = dt.timedelta(days=400)


@transaction.atomic
def snooze_item(*, key, by, until) -> InboxMark:
    """Put a thing to do off until a day, for everybody who sees it; no day brings it back at once."""
    _check(key, by)
    today = timezone.localdate()
    if until is not None and not today < until <= today + LONGEST:
        raise ValidationError(_("Choose a day from tomorrow on, within three months."))
    return _mark(key, snoozed_until=until)


@transaction.atomic
def assign_item(*, key, by, to) -> InboxMark:
    """Give a thing to do to a colleague who can do something about it, or to nobody."""
    _check(key, by)
    if to is not None and inbox.inbox_of(to).find(key) is None:
        raise ValidationError(_("%(name)s cannot do anything about this: choose somebody else.") % {"name": to})
    return _mark(key, assigned_to=to)


@transaction.atomic
def forget_marks() -> int:
    """Delete the marks of long ago: what they were about is over. Returns how many."""
    return InboxMark.objects.filter(changed_at__lt=timezone.now() - KEPT).delete()[0]


def _check(key, by):
    """One's own things only; what is done meanwhile is no longer there."""
    if inbox.inbox_of(by).find(key) is None:
        raise ValidationError(_("This is done already, or not yours to do."))


def _mark(key, **values):
    # Two colleagues at once: the later word stands.
    mark, _is_new = InboxMark.objects.update_or_create(key=key, defaults=values)
    return mark
