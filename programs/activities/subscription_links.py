"""Personal links to one subscription: who has it confirms or ends it, without signing in. It holds as long as the
subscription stands; whatever is wrong with it, nothing is found."""

from django.urls import reverse

from participants.accounts.links import ToRow
from programs.activities.models import Subscription

LINK = ToRow("s", "activities.subscription")
sign = LINK.sign


def url(subscription) -> str:
    """The page of the subscription."""
    return reverse("activities:subscription", args=[sign(subscription)])


def stop_url(subscription) -> str:
    """Where a mail program ends it in one click."""
    return reverse("activities:subscription-stop", args=[sign(subscription)])


def read(token: str) -> Subscription:
    return LINK.read(token, Subscription.objects.all())
