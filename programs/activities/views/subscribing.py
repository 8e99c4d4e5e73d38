"""Where people follow the catalogue by e-mail, confirm it from their mailbox, and leave."""

from functools import wraps

from allauth.core.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from participants.accounts import links
from participants.people import limits
from programs.activities import actions, subscribers, subscription_links
from programs.activities.catalogue import addresses
from programs.activities.catalogue.filters import Filters
from programs.activities.forms.catalogue import SubscribeForm
from programs.activities.views.sharing import in_each_language

READ_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
SUBSCRIPTIONS_AN_HOUR = 20


@login_not_required
@READ_AND_POST
def subscribe(request, language):
    """Ask for what is new, with the filters of the list. The answer is the same whether the address is known or not."""
    with translation.override(language):
        filters = Filters(request.GET)
        form = SubscribeForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            if limits.asks_too_often(request, what="subscription", most=SUBSCRIPTIONS_AN_HOUR):
                return respond_429(request)
            actions.subscribe(email=form.cleaned_data["email"], language=language, query=filters.lasting_query)
            return redirect(addresses.path("subscribe", query="done"))
        context = {
            "form": form,
            "filters": Filters.of(filters.lasting_query).in_words,
            "back_url": addresses.path(query=filters.query),
            "is_done": "done" in request.GET,
        }
        context |= in_each_language(request, addresses.path("subscribe"), is_indexed=False)
        return render(request, "programs/activities/catalogue/subscribe.html", context)


def opened_by_subscription(view):
    """A public view that a link to a subscription opens, in its language."""

    @links.opened_with(subscription_links.read)
    @READ_AND_POST
    @wraps(view)
    def opened(request, found):
        with translation.override(found.language):
            return view(request, found)

    return opened


@opened_by_subscription
def subscription(request, found):
    """How the subscription stands: confirm it, or end it. Looking changes nothing."""
    answer = request.POST.get("answer")
    if answer == "stop":
        return _ended(request, found)
    if answer == "confirm":
        actions.confirm_subscription(subscription=found)
    if request.method == "POST":
        return redirect(subscription_links.url(found))
    context = {
        "subscription": found,
        "filters": subscribers.filters_in_words(found),
        "catalogue_url": addresses.path(query=found.query),
        "is_over": False,
    }
    return render(request, "programs/activities/catalogue/subscription.html", context)


@csrf_exempt  # A mail program posts here by itself (RFC 8058); the link is the key, and it ends something only.
@opened_by_subscription
def subscription_stop(request, found):
    """End it in one click from the mail program; who comes by a browser decides on the page."""
    if request.method == "POST":
        return _ended(request, found)
    return redirect(subscription_links.url(found))


def _ended(request, found):
    actions.end_subscription(subscription=found)
    context = {"is_over": True, "catalogue_url": addresses.path()}
    return render(request, "programs/activities/catalogue/subscription.html", context)
