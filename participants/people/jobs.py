"""The background work of people, and who may ask for it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.correspondence import jobs
from participants.people import actions
from participants.people.actions.rosters.sending import KIND


def run_roster(job, report) -> str:
    """Do what comes next with a class list; the answer stands on its page."""
    actions.work_on_roster(pk=job.parameters["roster"], by=job.owner, report=report)
    return ""


def may_send(user) -> bool:
    return user.is_active and user.can(Permission.ROSTER_SEND)


def page_of_roster(job) -> str:
    return reverse("people:roster-detail", args=[job.parameters["roster"]])


def register():
    """Make the kinds known."""
    jobs.register(jobs.Kind(KIND, _("class list"), run_roster, may_send, page_of_roster))
