"""Who follows the catalogue, as somebody to write to; and what we write: whether it was really them, and once a week
what is new. A letter is composed when it leaves, so it names only what still holds."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.dates import say_span
from participants.correspondence import addressees, occasions
from participants.correspondence.addressees import Addressee
from participants.correspondence.occasions import Occasion, Pointless
from programs.activities import subscription_links
from programs.activities.answerers import UNNAMED
from programs.activities.catalogue import addresses, listing, structured
from programs.activities.catalogue.filters import Filters
from programs.activities.models import Subscription

SUBSCRIBER = "activities.subscription"
ASKED = "activities.subscription_asked"
DIGEST = "activities.subscription_digest"
ENDED = gettext_noop("The subscription is over.")
KNOWN = gettext_noop("The subscription is confirmed already.")
NOTHING_NEW = gettext_noop("Nothing of what was new is still to come.")


def register() -> None:
    addressees.register(SUBSCRIBER, find_subscriber)
    asked = gettext_lazy("catalogue: is it really you")
    occasions.register(Occasion(ASKED, asked, ("filters",), describe_asked, has_personal_link=True, is_urgent=True))
    occasions.register(Occasion(DIGEST, gettext_lazy("catalogue: what is new"), ("filters", "list"), describe_digest))


def find_subscriber(number: int) -> Addressee | None:
    subscription = Subscription.objects.filter(pk=number).first()
    return addressee_of(subscription) if subscription else None


def addressee_of(subscription) -> Addressee:
    return Addressee(
        reference_of(subscription),
        UNNAMED[subscription.language],
        subscription.email,
        subscription.language,
        is_of_family=False,
    )


def reference_of(subscription) -> str:
    return addressees.reference(SUBSCRIBER, subscription.pk)


def describe_asked(about, recipient):
    subscription = _found(about)
    if subscription.confirmed_at:
        raise Pointless(KNOWN)
    return {"filters": filters_in_words(subscription), "action_url": subscription_links.url(subscription)}


def describe_digest(about, recipient):
    subscription = _found(about)
    sessions = listing.for_catalogue(listing.coming().filter(pk__in=subscription.fresh))
    if not sessions:
        raise Pointless(NOTHING_NEW)
    return {
        "filters": filters_in_words(subscription),
        "list": "\n\n".join(_entry(session) for session in sessions),
        "action_url": addresses.path(query=subscription.query),
        "unsubscribe_url": subscription_links.stop_url(subscription),
    }


def filters_in_words(subscription) -> str:
    return Filters.of(subscription.query).in_words or _("everything")


def _entry(session):
    when = say_span(session.starts_at, session.ends_at, session.zone)
    link = addresses.absolute(addresses.path("session", pk=session.pk))
    return f"{session.activity.title}\n{when} · {structured.where(session)}\n{link}"


def _found(about):
    subscription = Subscription.objects.filter(pk=about).first()
    if subscription is None:
        raise Pointless(ENDED)
    return subscription
