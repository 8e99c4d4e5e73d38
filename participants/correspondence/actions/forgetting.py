"""What has been of no more use for a year is deleted: messages that have ended, jobs that are finished."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participants.correspondence.models import Job, Message

State = Message.State

KEPT = timedelta(days=365)
ENDED = (State.SENT, State.CANCELLED, State.FAILED, State.UNKNOWN)
BITE = 5000


def forget() -> int:
    """Delete the messages that ended, and the jobs that finished, more than a year ago; returns how many. Not atomic
    on purpose: each bite is committed, so that no row is locked for long."""
    then = timezone.now() - KEPT
    finished = Job.objects.filter(finished_at__lt=then, stored_as="")
    return _delete(_ended_before(then)) + _delete(finished)


def _ended_before(then):
    """Those that left before then; of those that never left, those that should have."""
    ended = Message.objects.filter(state__in=ENDED, due_at__lt=then, created_at__lt=then)
    return ended.filter(Q(sent_at=None) | Q(sent_at__lt=then))


def _delete(rows):
    deleted = 0
    while bite := _delete_some(rows):
        deleted += bite
    return deleted


@transaction.atomic
def _delete_some(rows):
    free = rows.order_by("pk").select_for_update(skip_locked=True, no_key=True, of=("self",))
    return rows.filter(pk__in=list(free.values_list("pk", flat=True)[:BITE])).delete()[0]
