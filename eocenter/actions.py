"""What the house does for itself."""

from django.utils import timezone

from eocenter.models import Heartbeat


def beat(*, queue):
    """Note that a worker of this queue lives."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(queue=queue, beaten_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["queue"],
        update_fields=["beaten_at"],
    )
