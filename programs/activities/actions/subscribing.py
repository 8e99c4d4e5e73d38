"""How people follow the catalogue by e-mail: they ask, confirm from their mailbox, hear of what is new, and leave."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from participants.correspondence.actions import Plan, plan, plan_all
from participants.correspondence.models import Message
from programs.activities import subscribers
from programs.activities.catalogue import listing
from programs.activities.catalogue.filters import Filters
from programs.activities.models import Subscription

# Nobody fills somebody else's mailbox with questions.
OPEN_QUESTIONS = 3
UNCONFIRMED = dt.timedelta(days=7)


@transaction.atomic
def subscribe(*, email, language, query):
    """Note who wants to follow, and ask whether it was really them: once a day for the same, three things at a time."""
    asked = Subscription.objects.filter(email=email.lower())
    subscription = asked.filter(query=query).first()
    if subscription is None:
        if asked.filter(confirmed_at=None).count() >= OPEN_QUESTIONS:
            return
        values = {"language": language}
        subscription, _is_new = Subscription.objects.get_or_create(email=email.lower(), query=query, defaults=values)
    if subscription.confirmed_at is None:
        recipients = [subscribers.addressee_of(subscription)]
        key = f"asked:{subscription.pk}:{timezone.localdate()}"
        plan(occasion=subscribers.ASKED, recipients=recipients, about=subscription.pk, key=key)


@transaction.atomic
def confirm_subscription(*, subscription):
    """From now on they hear of what is new; what they can read today is not."""
    locked = Subscription.objects.select_for_update(no_key=True, of=("self",)).filter(pk=subscription.pk).first()
    if locked and locked.confirmed_at is None:
        locked.confirmed_at = timezone.now()
        locked.told = _coming(locked.query)
        locked.save(update_fields=["confirmed_at", "told"])


@transaction.atomic
def end_subscription(*, subscription):
    """Forget the address, and all that was written to it for this."""
    _forget(Subscription.objects.filter(pk=subscription.pk))


@transaction.atomic
def forget_unconfirmed():
    """Forget who never said that it was them. Returns how many."""
    return _forget(Subscription.objects.filter(confirmed_at=None, asked_at__lte=timezone.now() - UNCONFIRMED))


@transaction.atomic
def tell_subscribers():
    """Once a week, write to those for whom there is something new. Returns how many letters are written."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    due = Subscription.objects.confirmed().exclude(told_on__gte=monday).order_by("pk")
    coming: dict[str, list[int]] = {}
    changed, plans = [], []
    for one in due.select_for_update(no_key=True, of=("self",), skip_locked=True):
        if one.query not in coming:
            coming[one.query] = _coming(one.query)
        now = coming[one.query]
        one.fresh, one.told, one.told_on = [pk for pk in now if pk not in set(one.told)], now, today
        changed.append(one)
        if one.fresh:
            plans.append(Plan(subscribers.DIGEST, [subscribers.addressee_of(one)], one.pk, f"{one.pk}:{monday}"))
    Subscription.objects.bulk_update(changed, ["fresh", "told", "told_on"], batch_size=500)
    return plan_all(plans)


def _coming(query):
    return list(Filters.of(query).filter(listing.for_catalogue(listing.coming())).values_list("pk", flat=True))


def _forget(subscriptions):
    found = list(subscriptions)
    Message.objects.filter(addressee__in=[subscribers.reference_of(one) for one in found]).delete()
    Subscription.objects.filter(pk__in=[one.pk for one in found]).delete()
    return len(found)
