"""What the clock starts. Any number of these may run at once, and any of them may die."""

from celery import shared_task

from participants.correspondence import actions


@shared_task
def deliver():
    """Send the mail that is due."""
    actions.deliver()


@shared_task
def work():
    """Do the background work that people have asked for."""
    actions.work()


@shared_task
def tidy():
    """Delete the files whose time is over, and texts that are of no more use."""
    actions.delete_expired_files()
    actions.erase_private_texts()
