"""What the app itself writes about: the end of a background job."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from participants.correspondence import jobs, occasions
from participants.correspondence.actions import RuleDefault
from participants.correspondence.actions.jobs import JOB_DONE, JOB_FAILED, JOB_READY
from participants.correspondence.models import Job
from participants.correspondence.occasions import Occasion, Pointless

SEEN = gettext_noop("The person has already seen how it ended.")


def describe(about, recipient):
    """The words of a notice about a job; pointless for who was watching."""
    for job in Job.objects.filter(pk=about, seen_at=None):
        url = job.page_url or reverse("correspondence:job-detail", args=[about])
        return {"work": jobs.label_of(job.kind), "error": gettext(job.error) if job.error else "", "action_url": url}
    raise Pointless(SEEN)


def register():
    """Make the occasions known."""
    occasions.register(Occasion(JOB_READY, _("a file is ready"), ("work",), describe, is_urgent=True))
    occasions.register(Occasion(JOB_DONE, _("a piece of work is done"), ("work",), describe, is_urgent=True))
    occasions.register(Occasion(JOB_FAILED, _("a file could not be made"), ("work", "error"), describe, is_urgent=True))


# A minute later: who waited in front of the page needs no mail.
PAUSE = timedelta(minutes=1)
RULES = [
    RuleDefault(
        code="correspondence.job-ready",
        occasion=JOB_READY,
        offset=PAUSE,
        subject_fr="Votre fichier est prêt : {work}",
        subject_en="Your file is ready: {work}",
        body_fr="Bonjour {recipient_name},\n\nLe fichier que vous avez demandé est prêt ({work}). "
        "Il est gardé quelques jours, pour vous seul·e.",
        body_en="Hello {recipient_name},\n\nThe file you asked for is ready ({work}). "
        "It is kept for a few days, for you alone.",
        action_label_fr="Ouvrir la page du fichier",
        action_label_en="Open the page of the file",
    ),
    RuleDefault(
        code="correspondence.job-done",
        occasion=JOB_DONE,
        offset=PAUSE,
        subject_fr="C’est fait : {work}",
        subject_en="It is done: {work}",
        body_fr="Bonjour {recipient_name},\n\nCe que vous avez demandé est fait ({work}). "
        "La suite vous attend sur la page.",
        body_en="Hello {recipient_name},\n\nWhat you asked for is done ({work}). What comes next stands on the page.",
        action_label_fr="Ouvrir la page",
        action_label_en="Open the page",
    ),
    RuleDefault(
        code="correspondence.job-failed",
        occasion=JOB_FAILED,
        offset=PAUSE,
        subject_fr="Votre fichier n’a pas pu être préparé : {work}",
        subject_en="Your file could not be made: {work}",
        body_fr="Bonjour {recipient_name},\n\n"
        "Le fichier que vous avez demandé ({work}) n’a pas pu être préparé.\n\n{error}",
        body_en="Hello {recipient_name},\n\nThe file you asked for ({work}) could not be made.\n\n{error}",
        action_label_fr="Voir ce qui s’est passé",
        action_label_en="See what happened",
    ),
]
