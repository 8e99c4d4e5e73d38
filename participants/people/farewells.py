"""What is written about terms: to whoever is going, and to those who watch over it."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from participants.accounts.dates import say_day
from participants.correspondence import occasions
from participants.correspondence.actions import RuleDefault
from participants.correspondence.occasions import Occasion, Pointless
from participants.people.actions.retention import FAREWELL, REPORT
from participants.people.models import Farewell, RetentionRun

ACTIVE_AGAIN = gettext_noop("The person is active again.")


def describe_farewell(about, recipient):
    """When the data go; whoever signs in before stays."""
    farewell = Farewell.objects.filter(pk=about).first()
    if farewell is None:
        raise Pointless(ACTIVE_AGAIN)
    return {"day": say_day(farewell.due_on), "action_url": reverse("home")}


def describe_night(about, recipient):
    """How many were announced, erased, held back."""
    run = RetentionRun.objects.filter(pk=about).first()
    if run is None:
        raise Pointless(gettext_noop("This night is no longer on record."))
    names = ("announced", "active_again", "erased", "held_back")
    return {name: getattr(run, name) for name in names} | {"action_url": reverse("people:term-list")}


def register():
    """Make the occasions known."""
    occasions.register(Occasion(FAREWELL, _("data that are no longer used will go"), ("day",), describe_farewell))
    words = ("announced", "active_again", "erased", "held_back")
    occasions.register(Occasion(REPORT, _("a night of the terms"), words, describe_night))


RULES = [
    RuleDefault(
        code="people.farewell",
        occasion=FAREWELL,
        offset=timedelta(),
        subject_fr="Vos données seront effacées le {day}",
        subject_en="Your data will be erased on {day}",
        body_fr="Bonjour {recipient_name},\n\nNous ne nous sommes pas vus depuis longtemps. Sans nouvelles de votre part, "
        "vos données seront effacées le {day}. Pour rester, il suffit de vous connecter avant cette date.",
        body_en="Hello {recipient_name},\n\nWe have not met for a long time. Unless we hear from you, your data will be "
        "erased on {day}. To stay, just sign in before that day.",
        action_label_fr="Me connecter",
        action_label_en="Sign in",
    ),
    RuleDefault(
        code="people.retention-report",
        occasion=REPORT,
        offset=timedelta(),
        subject_fr="Durées de conservation : le point de la nuit",
        subject_en="Retention terms: the report of the night",
        body_fr="Bonjour {recipient_name},\n\nAnnoncés : {announced}\nDe nouveau actifs : {active_again}\n"
        "Effacés : {erased}\nRetenus : {held_back}",
        body_en="Hello {recipient_name},\n\nAnnounced: {announced}\nActive again: {active_again}\n"
        "Erased: {erased}\nHeld back: {held_back}",
        action_label_fr="Voir les durées",
        action_label_en="See the terms",
    ),
]
