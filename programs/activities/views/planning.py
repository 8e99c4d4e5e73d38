"""What coordinators do with sessions: the week, the changes, the people and classes in a session."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, need
from participants.accounts.paging import BoundedPaginator, bounded_count, said
from participants.accounts.roles import Permission
from participants.people.models import Volunteer
from programs.activities import actions
from programs.activities.circles import booking_names, named_in
from programs.activities.forms import (
    BookForm,
    BookingCancelForm,
    ReasonForm,
    SessionForm,
    VolunteerSearchForm,
    WeekForm,
)
from programs.activities.models import Activity, Assignment, Booking, Session

PAGE_SIZE = 50
FOUND = 20


def session_manage(request):
    """A week of sessions, those that miss volunteers first; or the past ones that nobody counted."""
    need(request, Permission.SESSION_MANAGE)
    sessions = Session.objects.managed_by(request.user).for_display().missing_first()
    is_uncounted = request.GET.get("view") == "uncounted"
    form = WeekForm(request.GET)
    monday = form.monday()
    uncounted = sessions.uncounted()
    shown = uncounted.order_by("-starts_at", "pk") if is_uncounted else form.filter(sessions)
    context = {
        "page": BoundedPaginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "is_uncounted": is_uncounted,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "tabs": [
            {"label": _("Week"), "url": "?", "is_current": not is_uncounted, "count": None},
            {
                "label": _("To be counted"),
                "url": "?view=uncounted",
                "is_current": is_uncounted,
                "count": said(bounded_count(uncounted)),
            },
        ],
    }
    return render(request, "programs/activities/session_manage.html", context)


def session_new(request, pk):
    """Another date of an activity."""
    activity = get_object_or_404(Activity.objects.managed_by(request.user, Permission.SESSION_MANAGE), pk=pk)
    form = SessionForm(request.POST or None, initial={"volunteer_places": activity.volunteers_needed})
    if request.method == "POST" and form.is_valid():
        session = _settle(form, actions.create_session, activity=activity, by=request.user)
        if session:
            return redirect(session)
    context = {"form": form, "activity": activity, "session": None}
    return render(request, "programs/activities/session_edit.html", context)


def session_edit(request, pk):
    """Move a session, change its place, its facts, its size."""
    session = _managed(request, pk)
    form = SessionForm(request.POST or None, instance=session)
    if (
        request.method == "POST"
        and form.is_valid()
        and _settle(form, actions.change_session, session=session, by=request.user)
    ):
        return redirect(session)
    context = {"form": form, "activity": session.activity, "session": session}
    return render(request, "programs/activities/session_edit.html", context)


def session_cancel(request, pk):
    """Call a session off, with a reason that everybody reads."""
    session = _managed(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            actions.cancel_session,
            _("The session is cancelled. Everybody concerned is being told."),
            session=session,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        if done:
            return redirect(session)
    context = {"form": form, "session": session}
    return render(request, "programs/activities/session_cancel.html", context)


def session_people(request, pk):
    """The volunteers and the classes of a session; whom to invite, or to put in somebody's place."""
    session = _managed(request, pk)
    form = VolunteerSearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    parts = session.assignments.live().select_related("volunteer__user", "volunteer__member_school")
    found = Volunteer.objects.visible_to(request.user).active().select_related("member_school")
    found = found.exclude(assignments__in=parts.values("pk")).filter(sort_name__holds=text)
    replaced = parts.filter(state=Assignment.State.CONFIRMED, pk=_number(request.GET.get("replace"))).first()
    classes = session.bookings.live().exclude(class_group=None)
    context = {
        "session": session,
        "unopened": set(parts.confirmed().with_unopened_kit().values_list("pk", flat=True)),
        "parts": _by_state(parts.order_by("applied_at", "pk")),
        "form": form,
        "text": text,
        "found": found[:FOUND] if text else [],
        "replaced": replaced,
        "pupils": named_in(session, request.user),
        "bookings": classes.select_related("class_group__school", "booked_by", "override_by"),
    }
    return render(request, "programs/activities/session_people.html", context)


def _by_state(parts):
    state = Assignment.State
    return {
        "confirmed": [part for part in parts if part.holds_a_place],
        "waiting": [part for part in parts if part.state == state.APPLIED],
        "invited": [part for part in parts if part.state == state.INVITED],
    }


@require_POST
def volunteer_invite(request, pk):
    """Ask a volunteer to come, or put them in somebody's place at once."""
    session = _managed(request, pk)
    volunteer = get_object_or_404(
        Volunteer.objects.visible_to(request.user).active(), pk=_number(request.POST.get("volunteer"))
    )
    if request.POST.get("replace"):
        assignment = get_object_or_404(session.assignments.all(), pk=_number(request.POST["replace"]))
        text = _("%(name)s has the place; both are being told.") % {"name": volunteer}
        attempt(request, actions.replace, text, assignment=assignment, volunteer=volunteer, by=request.user)
    else:
        text = _("%(name)s is invited and answers with one click.") % {"name": volunteer}
        attempt(request, actions.invite, text, session=session, volunteer=volunteer, by=request.user)
    return redirect("activities:session-people", session.pk)


@require_POST
def volunteer_remove(request, pk):
    """Take a volunteer out; the next in line comes in."""
    assignments = Assignment.objects.filter(session__in=Session.objects.managed_by(request.user))
    assignment = get_object_or_404(assignments.live().select_related("session", "volunteer__user"), pk=pk)
    text = _("%(name)s is no longer in the session and is being told.") % {"name": assignment.volunteer}
    attempt(request, actions.withdraw, text, assignment=assignment, by=request.user)
    return redirect("activities:session-people", assignment.session_id)


def booking_new(request, pk):
    """Seats for a class; over the limit only with a reason."""
    session = _managed(request, pk)
    form = BookForm(
        request.POST or None,
        school_year=session.activity.school_year,
        initial={"uai": session.school.uai if session.school else ""},
    )
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("class_group", "seats", "override_reason")}
        booking = attempt(request, actions.book, session=session, by=request.user, **said)
        if booking:
            return redirect("activities:session-people", session.pk)
    return render(request, "programs/activities/booking_new.html", {"form": form, "session": session})


def booking_cancel(request, pk):
    """A class, a pupil or a guest no longer comes: who booked, the school or staff give the seats back."""
    related = ("session__activity", "session__school", "session__campus", "activity", "class_group", "pupil", "guest")
    bookings = Booking.objects.live().managed_by(request.user).select_related(*related)
    booking = get_object_or_404(bookings, pk=pk)
    form = BookingCancelForm(request.POST or None)
    name = booking_names(request.user, [booking])[booking.pk]
    if request.method == "POST" and form.is_valid():
        text = _("%(name)s no longer comes. Thank you for telling us.") % {"name": name}
        reason = form.cleaned_data["reason"]
        attempt(request, actions.cancel_booking, text, booking=booking, by=request.user, reason=reason)
        return redirect(booking.place)
    context = {"form": form, "booking": booking, "name": name}
    return render(request, "programs/activities/booking_cancel.html", context)


def _managed(request, pk):
    sessions = Session.objects.managed_by(request.user).select_related("activity", "school", "campus")
    return get_object_or_404(sessions, pk=pk)


def _settle(form, act, **arguments):
    """Do what the form says; a refusal stands beside the field that it names."""
    try:
        return act(**arguments, **form.facts())
    except ValidationError as refusal:
        form.take(refusal)
        return None


def _number(text):
    """The number of a row that a form names; anything else is no row."""
    if not (text or "").isdecimal():
        return None
    return int(text)
