"""The page of one booking, behind the link in a letter: how it stands, yes or no to an offer, seats given back. A GET
never acts: mail programs follow links."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.accounts import links
from participants.accounts.answers import attempt, settle
from participants.people.models import Pupil
from programs.activities import actions, health, limits, place_links, priority, registration, tickets
from programs.activities.forms.questions import AnsweringForm
from programs.activities.models import AskedQuestion, Booking

Stage = Booking.Stage


@links.opened_with(place_links.read)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request, link):
    """What holds, in the language of whoever was written to."""
    with translation.override(link.language):
        form = _second_form(request, link)
        if request.method == "POST" and request.POST.get("answer") == "questions" and form:
            if form.is_valid() and settle(form, _save, link=link, said=form):
                messages.success(request, _("Thank you: your answers are recorded."))
                return redirect(request.path)
        elif request.method == "POST":
            return _answer(request, link.booking)
        return _page(request, link, form)


def _second_form(request, link):
    """What is asked of those accepted, until the date begins."""
    booking, agreement = link.booking, None
    if booking.stage != Stage.CONFIRMED or (booking.session and booking.session.has_begun):
        return None
    asked = booking.of.asked.filter(moment=AskedQuestion.Moment.ACCEPTED).select_related(
        "question", "only_if__question"
    )
    if booking.pupil_id:
        asked, agreement = health.askable(list(asked), Pupil.objects.filter(pk=booking.pupil_id), link.person)
    if not (asked := list(asked)):
        return None
    is_sent = request.method == "POST" and request.POST.get("answer") == "questions"
    told = booking.answers.filter(asked__in=asked, file="").select_related("asked")
    initial = {answer.asked.name: answer.value for answer in told}
    said = (request.POST, request.FILES) if is_sent else (None, None)
    return AnsweringForm(*said, asked=asked, agreement=agreement, initial=initial)


@transaction.atomic
def _save(*, link, said):
    if said.is_agreed:
        health.agree(link.booking.pupil, link.person)
    actions.save_answers(booking=link.booking, answers=said.answers())
    return True


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


def _page(request, link, form):
    booking, session = link.booking, link.booking.session
    is_waiting = booking.stage == Stage.WAITLISTED
    is_offered = booking.stage == Stage.OFFERED and booking.offered_until > timezone.now()
    blocks = limits.blocking(booking.place, booking) if is_waiting else []
    has_seats = booking.stage in Booking.GIVEN
    may_change = session is None or (session.is_planned and not session.has_begun)
    context = {
        "booking": booking,
        "session": session,
        "activity": booking.of,
        "dates": registration.dates_of_whole(booking.place),
        "who": booking.pupil.short_name if booking.pupil else booking.class_group,
        "is_waiting": is_waiting,
        "is_offered": is_offered and may_change,
        "has_seats": has_seats,
        "ticket": tickets.of_booking(booking) if has_seats else None,
        "may_leave": may_change and booking.stage in {Stage.WAITLISTED, Stage.CONFIRMED},
        "number": limits.place_in_line(booking) if is_waiting else 0,
        "blocks": blocks or ([limits.waits_for_the_team(booking.place)] if is_waiting else []),
        "form": form,
        "order": priority.order_in_words(booking.of),
        "priorities": priority.in_words(booking.of),
    }
    return render(request, "programs/activities/place.html", context)
