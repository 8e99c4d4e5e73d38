"""The background work of campaigns, and who may ask for it."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from participants.accounts.roles import Permission
from participants.correspondence import jobs
from programs.awareness.actions.applying import apply_plan
from programs.awareness.actions.plans import work_out
from programs.awareness.models import CampaignPlan

PLAN, APPLY = "awareness.campaign_plan", "awareness.campaign_apply"


def run_plan(job, report) -> str:
    """Search; the answer stands on the page of the plan."""
    work_out(plan=_plan(job), report=report)
    return ""


def run_apply(job, report) -> str:
    """Make a plan real; the answer stands on the page of the plan."""
    try:
        apply_plan(plan=_plan(job), by=job.owner, report=report)
    except ValidationError as refusal:
        raise jobs.Refused(" ".join(refusal.messages)) from None
    return ""


def _plan(job):
    plan = CampaignPlan.objects.visible_to(job.owner).filter(pk=job.parameters["plan"]).first()
    if plan is None:
        raise jobs.Refused(gettext_noop("This plan is gone."))
    return plan


def may_plan(user) -> bool:
    return user.is_active and user.can(Permission.REQUEST_HANDLE)


def page_of_plan(job) -> str:
    return reverse("awareness:plan-detail", args=[job.parameters["plan"]])


def register() -> None:
    """Make the kinds known."""
    for key, label, run in (
        (PLAN, _("plan of a campaign"), run_plan),
        (APPLY, _("sessions of a campaign"), run_apply),
    ):
        jobs.register(jobs.Kind(key, label, run, may_plan, page=page_of_plan))
