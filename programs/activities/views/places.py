"""What staff do with places: the rules of an activity, who has seats, who waits and what blocks them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from participants.accounts.answers import settle
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from programs.activities import actions, limits, priority
from programs.activities.circles import booking_names
from programs.activities.forms.places import PlaceRulesForm, SeatForm
from programs.activities.models import Activity, Booking, Session

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One booking as the page shows it: a pupil's name only to whoever may see the pupil."""

    booking: Booking
    name: str
    number: int = 0
    blocks: tuple = ()


def session_places(request, pk):
    """The bookings of a date: who has seats, who waits, in order, and which limit blocks each."""
    sessions = Session.objects.managed_by(request.user).select_related("activity", "school", "campus")
    return _places(request, get_object_or_404(sessions, pk=pk))


def activity_places(request, pk):
    """The same for what is booked as a whole."""
    return _places(request, get_object_or_404(_managed(request).select_related("programme"), pk=pk))


def _places(request, place):
    activity, held = limits.activity_of(place), limits.Held(limits.activity_of(place))
    bookings = place.bookings.select_related("class_group__school", "pupil", "guest", "booked_by", "override_by")
    seated = bookings.seated().order_by("stage", "booked_at", "pk")
    page = BoundedPaginator(seated, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = list(bookings.in_line())
    names = booking_names(request.user, [*page.object_list, *waiting])
    context = {
        "place": place,
        "session": place if isinstance(place, Session) else None,
        "activity": activity,
        "counts": [count for count in limits.counts(place, held) if count.code != "school"],
        "adults": limits.adults_missing(place),
        "page": page,
        "seated": [Row(booking, names[booking.pk]) for booking in page.object_list],
        "waiting": [_in_line(place, held, booking, names, n) for n, booking in enumerate(waiting, start=1)],
        "order": priority.order_in_words(activity),
        "answers_url": reverse(
            f"activities:{'session' if isinstance(place, Session) else 'activity'}-answers", args=[place.pk]
        ),
        "rules_url": reverse("activities:place-rules", args=[activity.pk]),
    }
    return render(request, "programs/activities/places.html", context)


def _in_line(place, held, booking, names, number):
    blocks = limits.blocking(place, booking, held) or [limits.waits_for_the_team(place)]
    return Row(booking, names[booking.pk], number, tuple(blocks))


def booking_seat(request, pk):
    """Give seats by hand to one that waits: by the rule, or over it with a reason."""
    activities = _managed(request)
    bookings = Booking.objects.filter(session__activity__in=activities) | Booking.objects.filter(
        activity__in=activities
    )
    related = ("session__activity", "session__school", "session__campus", "activity", "class_group", "pupil", "guest")
    waiting = bookings.filter(stage=Booking.Stage.WAITLISTED).select_related(*related)
    booking = get_object_or_404(waiting, pk=pk)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["override_reason"]
        if settle(form, actions.seat_booking, booking=booking, by=request.user, override_reason=reason):
            return redirect(places_url(booking.place))
    context = {
        "form": form,
        "booking": booking,
        "name": booking_names(request.user, [booking])[booking.pk],
        "blocks": limits.blocking(booking.place, booking),
        "back_url": places_url(booking.place),
    }
    return render(request, "programs/activities/booking_seat.html", context)


def place_rules(request, pk):
    """Who may register for an activity, what binds its bookings, who comes first."""
    activity = get_object_or_404(_managed(request).prefetch_related("quotas", "priorities"), pk=pk)
    form = PlaceRulesForm(request.POST or None, instance=activity)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_places(activity=activity, by=request.user, **form.rules())
            return redirect(activity)
        except ValidationError as refusal:
            form.take(refusal)
    return render(request, "programs/activities/place_rules.html", {"form": form, "activity": activity})


def places_url(place):
    """Where the bookings of a date, or of a whole activity, stand."""
    name = "activities:session-places" if isinstance(place, Session) else "activities:activity-places"
    return reverse(name, args=[place.pk])


def _managed(request):
    return Activity.objects.managed_by(request.user, Permission.SESSION_MANAGE)
