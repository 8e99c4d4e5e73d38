"""What the clock starts."""

from celery import shared_task

from participants.people import actions


@shared_task
def tidy_rosters():
    """Put aside class lists that nobody settled, delete lines and files whose time is over."""
    actions.delete_old_rosters()


@shared_task
def renew_consents():
    """Ask families again where their word has ended."""
    actions.renew()


@shared_task
def ask_for_studies():
    """Ask those who agree to be followed what they study this year."""
    actions.ask_for_studies()


@shared_task
def keep_terms():
    """Announce and erase what the terms say."""
    actions.keep_terms()


@shared_task
def find_duplicates(is_full=False):
    """Compare the pupils that have changed, or all of them."""
    actions.find_duplicates(is_full=is_full)


@shared_task
def forget_journals():
    """Delete what only served to undo merges that are too old to be undone."""
    actions.forget_journals()
