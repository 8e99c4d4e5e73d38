"""What the clock starts."""

from celery import shared_task

from programs.activities import actions


@shared_task
def pass_on_offers():
    """End the offers that nobody answered and offer what is free to the next."""
    actions.pass_on_offers()


@shared_task
def go_on_searching():
    """Send the next round of every search for a speaker whose last one ended without enough."""
    actions.go_on_searching()


@shared_task
def forget_guests():
    """Empty the addresses of guests whose term is over."""
    actions.forget_guests()


@shared_task
def tell_subscribers():
    """Write to those who follow the catalogue what is new this week."""
    actions.tell_subscribers()


@shared_task
def forget_unconfirmed():
    """Forget the addresses of those who never confirmed that they want to follow."""
    actions.forget_unconfirmed()


@shared_task
def forget_roll():
    """Delete words of roll calls whose time is over."""
    actions.forget_roll()


@shared_task
def delete_overdue_answers():
    """Delete the sensitive answers whose day has come."""
    actions.delete_overdue_answers()


@shared_task
def forget_marks():
    """Delete old marks on things to do."""
    actions.forget_marks()
