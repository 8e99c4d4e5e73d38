"""What the clock starts."""

from celery import shared_task

from impact.measurement import actions


@shared_task
def follow_changes():
    """Bring the figures up to date; what does not fit in one round waits for the next."""
    actions.follow_changes()
