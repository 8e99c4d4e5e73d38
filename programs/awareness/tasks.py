"""What the clock starts."""

from celery import shared_task

from programs.awareness import actions


@shared_task
def tidy():
    """Delete drafts that nobody came back to."""
    actions.forget_old_drafts()
