"""The page of one booking, behind the link in a letter: how it stands, yes or no to an offer, seats given back. A GET
never acts: mail programs follow links."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.accounts.answers import attempt
from programs.activities import actions, limits, place_links, priority
from programs.activities.models import Booking

Stage = Booking.Stage


@place_links.opened_by_place
@require_http_methods(["GET", "HEAD", "POST"])
def place(request, link, token):
    """What holds, in the language of whoever was written to."""
    with translation.override(link.language):
        if request.method == "POST":
            return _answer(request, link.booking)
        return _page(request, link)


def _answer(request, booking):
    answer = request.POST.get("answer")
    if answer == "accept":
        said = attempt(request, actions.accept_offer, booking=booking)
        if said and said.stage == Stage.WAITLISTED:
            attempt(request, _say_adults)
    elif answer == "decline":
        attempt(request, actions.decline_offer, _("It is noted: the place goes to the next person."), booking=booking)
    elif answer == "leave":
        attempt(request, actions.cancel_booking, _("It is noted. Thank you for telling us."), booking=booking, by=None)
    return redirect(request.path)


def _say_adults():
    raise ValidationError(_("A second adult has left meanwhile. You keep your turn: we write as soon as one is found."))


def _page(request, link):
    booking, session = link.booking, link.booking.session
    is_waiting = booking.stage == Stage.WAITLISTED
    is_offered = booking.stage == Stage.OFFERED and booking.offered_until > timezone.now()
    blocks = limits.blocking(booking.place, booking) if is_waiting else []
    may_change = session is None or (session.is_planned and not session.has_begun)
    context = {
        "booking": booking,
        "session": session,
        "activity": booking.of,
        "who": booking.pupil.short_name if booking.pupil else booking.class_group,
        "is_waiting": is_waiting,
        "is_offered": is_offered and may_change,
        "has_seats": booking.stage in {Stage.CONFIRMED, Stage.COMPLETED},
        "may_leave": may_change and booking.stage in {Stage.WAITLISTED, Stage.CONFIRMED},
        "number": limits.place_in_line(booking) if is_waiting else 0,
        "blocks": blocks or ([limits.waits_for_the_team(booking.place)] if is_waiting else []),
        "order": priority.order_in_words(booking.of),
        "priorities": priority.in_words(booking.of),
    }
    return render(request, "programs/activities/place.html", context)
