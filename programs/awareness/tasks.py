"""What the clock starts."""

from celery import shared_task

from programs.awareness import actions


@shared_task
def tidy():
    """Delete drafts that nobody came back to, what people said for the groups of campaigns that are over, and what was
    typed at the door of the pool."""
    actions.forget_old_drafts()
    actions.forget_composition()
    actions.forget_self_entries()
