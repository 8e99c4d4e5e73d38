"""What the house does for itself."""

from django.utils import timezone

from eocenter.models import Heartbeat


def beat(*, queue):
    """Note that a worker of this queue lives."""
    Heartbeat.objects.update_or_create(queue=queue, defaults={"beaten_at": timezone.now()})
