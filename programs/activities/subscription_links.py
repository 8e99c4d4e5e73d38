"""Personal links to one subscription: who has it confirms or ends it, without signing in. It holds as long as the
subscription stands; whatever is wrong with it, nothing is found."""

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from programs.activities.models import Subscription

SEPARATOR = "."
# The shape of every personal link of the house, so that logs leave it out (eocenter/logs.py).
KIND, VERSION = "s", "1"


def sign(subscription) -> str:
    return _signer().sign(SEPARATOR.join([KIND, str(subscription.pk), VERSION]))


def url(subscription) -> str:
    """The page of the subscription."""
    return reverse("activities:subscription", args=[sign(subscription)])


def stop_url(subscription) -> str:
    """Where a mail program ends it in one click."""
    return reverse("activities:subscription-stop", args=[sign(subscription)])


def read(token: str) -> Subscription:
    try:
        number = int(_signer().unsign(token).split(SEPARATOR)[1])
        return Subscription.objects.get(pk=number)
    except (BadSignature, ValueError, IndexError, OverflowError, Subscription.DoesNotExist):
        raise Http404 from None


def _signer():
    return Signer(sep=SEPARATOR, salt="activities.subscription")
