"""What volunteers and schools see of sessions, and how volunteers join them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, need
from participants.accounts.dates import NO_BREAK
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.people.models import Volunteer
from programs.activities import actions, calendars, eligibility, feedback, maps, registration
from programs.activities.circles import named_in
from programs.activities.forms import OpenSessionFilterForm
from programs.activities.models import Assignment, Kit, QuietVolunteer, Session
from programs.activities.views.feeds import feed_url

PAGE_SIZE = 20
ON_THE_MAP = 200


def session_list(request):
    """The sessions that volunteers can join, as a list or beside a map."""
    need(request, Permission.SESSION_VIEW)
    volunteer = _volunteer_of(request.user)
    campus = volunteer.member_school if volunteer and volunteer.member_school.latitude is not None else None
    form = OpenSessionFilterForm(request.GET, campus=campus)
    sessions = form.filter(Session.objects.visible_to(request.user).open_for_volunteers().for_display())
    sessions = sessions.with_part_of(request.user).order_by("starts_at", "pk")
    is_map = request.GET.get("view") == "map"
    page = BoundedPaginator(sessions, ON_THE_MAP if is_map else PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "is_new": False,
        "form": form,
        "filter_count": len([name for name in form.changed_data if name in form.cleaned_data]),
        "tabs": _tabs(request, is_map),
        "view": "map" if is_map else "list",
        "volunteer": volunteer,
    }
    if is_map:
        context["drawings"] = maps.drawings(page.object_list)
    return render(request, "programs/activities/session_list.html", context)


def _tabs(request, is_map):
    """The two ways to look, with the same filters."""
    addresses = []
    for view, label in (("list", _("List")), ("map", _("Map"))):
        query = request.GET.copy()
        query.pop("page", None)
        query["view"] = view
        is_current = (view == "map") == is_map
        addresses.append({"label": label, "url": f"?{query.urlencode()}", "is_current": is_current, "count": None})
    return addresses


def session_detail(request, pk):
    """One session, for whoever may see it: facts for all; the team for those in it, the school and staff."""
    session = get_object_or_404(Session.objects.visible_to(request.user).for_display(), pk=pk)
    part = session.assignments.filter(volunteer__user=request.user).select_related("volunteer").order_by("-pk").first()
    volunteer = part.volunteer if part else _volunteer_of(request.user)
    can_manage = Session.objects.managed_by(request.user).filter(pk=session.pk).exists()
    bookings = _own_bookings(request.user, session)
    is_inside = can_manage or bool(bookings) or bool(part and part.holds_a_place)
    context = {
        "session": session,
        "volunteer": volunteer,
        "part": part,
        "can_manage": can_manage,
        "bookings": bookings,
        "is_inside": is_inside,
        "team": _team(session) if is_inside else [],
        "pupils": named_in(session, request.user),
        "address": calendars.address_of(session),
        "has_kit": is_inside and Kit.objects.visible_to(request.user).filter(activity=session.activity_id).exists(),
        "asks_teacher": _asks_teacher(request.user, session),
        "asks_speaker": bool(part and part.holds_a_place) and feedback.is_open(session, feedback.SPEAKER),
        "is_new": False,
        "refusal": eligibility.refusal(session, volunteer) if volunteer and not (part and part.is_live) else "",
        "can_count": _can_count(request.user, session),
        "register_url": registration.address(session) if _takes_registrations(session) else "",
        "can_call": session.is_planned and Session.objects.roll_called_by(request.user).filter(pk=session.pk).exists(),
        "counts": session.headcounts.select_related("class_group") if is_inside and session.has_begun else [],
    }
    return render(request, "programs/activities/session_detail.html", context)


def _asks_teacher(user, session):
    """Whether the teacher who booked finds the own three questions on the page."""
    return feedback.is_open(session, feedback.TEACHER) and session.bookings.live().filter(booked_by=user).exists()


def _own_bookings(user, session):
    """The classes of the session that the user may know; a volunteer knows their number only."""
    if not (user.can(Permission.REQUEST_MAKE) or user.can(Permission.SESSION_MANAGE)):
        return []
    bookings = session.bookings.live().filter(class_group__isnull=False).visible_to(user)
    return list(bookings.select_related("class_group").order_by("class_group__name", "pk"))


def _team(session):
    return session.assignments.confirmed().select_related("volunteer__member_school").order_by("applied_at", "pk")


def _takes_registrations(session):
    activity = session.activity
    is_ahead = session.is_planned and not session.has_begun
    return bool(activity.registration_for) and is_ahead and activity.is_registration_open


def _can_count(user, session):
    return session.has_begun and Session.objects.countable_by(user).filter(pk=session.pk).exists()


@require_POST
def session_join(request, pk):
    """Take a place or stand in line: one tap. Where scripts run, only the piece of the page that changed comes back."""
    session = get_object_or_404(Session.objects.open_to(request.user).select_related("activity"), pk=pk)
    volunteer = _own_volunteer(request.user)
    try:
        part, refusal = actions.sign_up(session=session, volunteer=volunteer), ""
    except ValidationError as reason:
        part, refusal = None, " ".join(reason.messages)
    if request.htmx:
        return _piece(request, part, refusal, session, volunteer)
    if part is None:
        messages.error(request, refusal)
    elif part.holds_a_place:
        messages.success(request, _("You are in. The invitation for your calendar is on its way by e-mail."))
    else:
        text = _("You are number %(place)d in line. If a place comes free it is yours, and we write to you.")
        messages.info(request, text % {"place": part.place_in_line})
    return redirect(session)


def _piece(request, part, refusal, session, volunteer):
    """The end of the row in the list, or the card on the session's own page."""
    is_row = (request.htmx.target or "").startswith("end-")
    context = {
        "session": session,
        "volunteer": volunteer,
        "part": part,
        "refusal": refusal,
        "is_new": True,
        "csrf_token": get_token(request),
    }
    name = "session_end" if is_row else "part"
    return HttpResponse(render_to_string(f"programs/activities/includes/{name}.html", context))


@require_POST
def session_leave(request, pk):
    """Give the place back; the page then offers to take it again."""
    assignment = get_object_or_404(
        Assignment.objects.live().select_related("session", "volunteer__user"), session=pk, volunteer__user=request.user
    )
    attempt(request, actions.withdraw, assignment=assignment, by=request.user)
    return redirect(assignment.session)


@require_POST
def invitation_answer(request, pk, answer):
    """Say yes or no to an invitation."""
    assignment = get_object_or_404(
        Assignment.objects.select_related("session__activity", "volunteer__user"),
        session=pk,
        volunteer__user=request.user,
        state__in=[Assignment.State.INVITED, Assignment.State.LAPSED],
    )
    if answer == "accept":
        attempt(request, actions.accept, _("Thank you: it is noted."), assignment=assignment, by=request.user)
    else:
        attempt(request, actions.decline, _("It is noted: you do not come."), assignment=assignment, by=request.user)
    return redirect(assignment.session)


def my_sessions(request):
    """A volunteer's own: to come, in line, given, and the hours they make."""
    volunteer = _own_volunteer(request.user)
    own = volunteer.assignments.select_related("session__activity", "session__school", "session__campus")
    coming = own.live().filter(session__in=Session.objects.upcoming_or_running()).order_by("session__starts_at", "pk")
    held = own.held()
    page = BoundedPaginator(held.order_by("-session__starts_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "coming": [part for part in coming if part.holds_a_place],
        "waiting": [part for part in coming if part.state == Assignment.State.APPLIED],
        "invitations": [part for part in coming if part.state == Assignment.State.INVITED],
        "page": page,
        "hours": _hours(held.minutes()),
        "sessions_given": page.paginator.count,
        "is_asked": not QuietVolunteer.objects.filter(volunteer=volunteer).exists(),
        "uncounted": Session.objects.countable_by(request.user).uncounted().exists(),
        "feed_url": feed_url(request),
    }
    return render(request, "programs/activities/my_sessions.html", context)


@require_POST
def short_notice(request):
    """Be asked, or no longer be asked, when a speaker is missing."""
    volunteer, is_asked = _own_volunteer(request.user), request.POST.get("asked") == "yes"
    actions.ask_at_short_notice(volunteer=volunteer, is_asked=is_asked)
    if is_asked:
        messages.success(request, _("Thank you: we may ask you when somebody is missing."))
    else:
        messages.success(request, _("It is noted: we no longer ask you when somebody is missing."))
    return redirect("activities:my-sessions")


def session_calendar(request, pk):
    """The session as a file for the calendar of whoever takes part."""
    session = get_object_or_404(Session.objects.visible_to(request.user).for_display(), pk=pk)
    response = HttpResponse(calendars.single(session), content_type=calendars.MIME)
    response["Content-Disposition"] = f'attachment; filename="session-{session.pk}.ics"'
    return response


def _hours(minutes):
    """12 h, or 12 h 30 min."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{rest}{NO_BREAK}min" if rest else "")


def _volunteer_of(user):
    """The volunteer behind a user; the user stays the one of the request, whose grants are read once."""
    volunteer = Volunteer.objects.filter(user=user).first()
    if volunteer:
        volunteer.user = user
    return volunteer


def _own_volunteer(user):
    volunteer = _volunteer_of(user)
    if volunteer is None:
        raise Http404
    return volunteer
