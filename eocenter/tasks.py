"""The clock's front door to the house."""

from celery import shared_task

from eocenter import actions


@shared_task(expires=60)
def heartbeat(queue):
    """Sent to each queue twice a minute."""
    actions.beat(queue=queue)


@shared_task
def tidy_doors():
    """Delete the marks at the door whose time is over."""
    actions.tidy_doors()
