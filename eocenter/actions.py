"""What the house does for itself."""

from django.utils import timezone

from eocenter.models import DoorMark, Heartbeat


def beat(*, queue):
    """Note that a worker of this queue lives."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(queue=queue, beaten_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["queue"],
        update_fields=["beaten_at"],
    )


def tidy_doors():
    """Delete the marks whose time is over; returns how many."""
    return DoorMark.objects.filter(expires__lt=timezone.now()).delete()[0]
