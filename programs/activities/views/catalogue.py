"""The public catalogue: what is coming, for everybody. Nothing personal is in it, and it does not know who reads."""

import io

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from participants.accounts.paging import BoundedPaginator
from programs.activities import calendars, registration
from programs.activities.catalogue import addresses, availability, card, feeds, listing, structured
from programs.activities.catalogue.filters import Filters
from programs.activities.models import Activity
from programs.activities.views.sharing import in_each_language, keep, shared

PAGE_SIZE = 20
IN_A_FEED = 100
IN_THE_MAP = 5000
AN_HOUR = 3600


@login_not_required
@require_safe
def enter(request):
    """The door: the list in the visitor's language."""
    response = redirect(addresses.path(query=request.GET.urlencode()))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@shared
def catalogue(request):
    """What is coming: by place, date, level, kind, topic."""
    form = Filters(request.GET)
    sessions = form.filter(listing.for_catalogue(listing.coming()))
    context = {"form": form, "is_filtered": bool(form.query)}
    return _list(
        request, "programs/activities/catalogue/list.html", sessions, form.query, context, path=addresses.path()
    )


@shared
def programme(request, code):
    """A programme and its coming dates."""
    found = get_object_or_404(listing.programmes().select_related("lead"), code=code)
    sessions = listing.for_catalogue(listing.coming().filter(activity__programme=found))
    path = addresses.path("programme", code=code)
    return _list(
        request,
        "programs/activities/catalogue/programme.html",
        sessions,
        f"programme={code}",
        {"programme": found},
        path=path,
    )


@shared
def organisation(request, pk):
    """A member school and its coming dates."""
    found = get_object_or_404(listing.organisations(), pk=pk)
    form = Filters({"organisation": pk})
    sessions = form.filter(listing.for_catalogue(listing.coming()))
    path = addresses.path("organisation", pk=pk)
    return _list(
        request,
        "programs/activities/catalogue/organisation.html",
        sessions,
        form.query,
        {"organisation": found},
        path=path,
    )


@shared
def session(request, pk):
    """One date: what, for whom, where, when, whether there is room, how to register."""
    found = get_object_or_404(listing.for_catalogue(listing.shown()), pk=pk)
    activity = found.activity
    image = addresses.absolute(addresses.path("card", pk=pk))
    others = listing.for_catalogue(listing.shown().upcoming().filter(activity=activity).exclude(pk=pk))
    context = {
        "session": found,
        "activity": activity,
        "standing": availability.of(found),
        "register_url": registration.address(found),
        "is_whole": activity.is_booked_as_a_whole,
        "audiences": [str(Activity.Audience(one).label) for one in activity.registration_for],
        "topics": activity.topics.all(),
        "others": [(other, structured.where(other)) for other in others[:PAGE_SIZE]],
        "image": image,
        "where": structured.where(found),
        "description": structured.short(activity.description),
        "structured": structured.block(structured.event(found, image)),
    }
    is_old = found.has_begun or not found.is_planned
    return _page(
        request,
        "programs/activities/catalogue/session.html",
        context,
        path=addresses.path("session", pk=pk),
        is_indexed=not is_old,
    )


@shared(seconds=AN_HOUR)
def session_card(request, pk):
    """The picture of a date, for where its link is shared."""
    found = get_object_or_404(listing.for_catalogue(listing.shown()), pk=pk)
    return HttpResponse(card.of(found), content_type=card.MIME)


@shared
def session_calendar(request, pk):
    """One date as a file for a calendar."""
    found = get_object_or_404(listing.for_catalogue(listing.shown()), pk=pk)
    response = HttpResponse(feeds.calendar([found]), content_type=calendars.MIME)
    response["Content-Disposition"] = f'attachment; filename="session-{pk}.ics"'
    return response


@shared
def calendar(request):
    """The list, as filtered, for a calendar that comes back for it."""
    form = Filters(request.GET)
    sessions = form.filter(listing.for_catalogue(listing.coming()))[:IN_A_FEED]
    return HttpResponse(feeds.calendar(sessions), content_type=calendars.MIME)


@shared
def atom(request):
    """The list, as filtered, as a feed."""
    form = Filters(request.GET)
    sessions = form.filter(listing.for_catalogue(listing.coming()))[:IN_A_FEED]
    page, own = addresses.path(query=form.query), addresses.path("feed", query=form.query)
    return HttpResponse(feeds.atom(sessions, page=page, own=own), content_type="application/atom+xml; charset=utf-8")


@login_not_required
@require_safe
def sitemap(request):
    """Every public page, for search engines."""
    pages = [("", {})]
    pages += [("programme", {"code": code}) for code in listing.programmes().values_list("code", flat=True)]
    pages += [("organisation", {"pk": pk}) for pk in listing.organisations().values_list("pk", flat=True)]
    coming = listing.coming().order_by("starts_at", "pk").values_list("pk", flat=True)
    pages += [("session", {"pk": pk}) for pk in coming[:IN_THE_MAP]]
    out = io.StringIO()
    feeds.sitemap(out, pages)
    return keep(request, HttpResponse(out.getvalue(), content_type="application/xml"), AN_HOUR)


@login_not_required
@require_safe
def robots(request):
    """What search engines may read: the door, the catalogue, and how to join. A demonstration stays out of them."""
    lines = ["User-agent: *"]
    if settings.IS_DEMONSTRATION:
        lines.append("Disallow: /")
    else:
        lines += [f"Allow: {path}" for path in ("/$", "/catalogue/", "/join/", "/static/")]
        lines += ["Disallow: /", f"Sitemap: {addresses.absolute('/sitemap.xml')}"]
    return keep(request, HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8"), AN_HOUR)


def _list(request, template, sessions, query, context, *, path):
    page = BoundedPaginator(sessions, PAGE_SIZE).get_page(request.GET.get("page"))
    for each in page.object_list:
        each.standing, each.said_where = availability.of(each), structured.where(each)
    context |= {"page": page, "filters": query}
    is_indexed = set(request.GET) <= {"page"}
    return _page(request, template, context, path=path, is_indexed=is_indexed)


def _page(request, template, context, *, path, is_indexed):
    return render(request, template, context | in_each_language(request, path, is_indexed=is_indexed))
