"""The center's side: the planning board, and the answer to a request."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import need, number_in
from participants.accounts.dates import say_day
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.organisations import calendar
from participants.organisations.school_years import current_school_year, school_year_dates
from programs.activities.models import Session
from programs.awareness import actions
from programs.awareness import board as boards
from programs.awareness.forms import BoardForm, DeclineForm, PlanForm, first_session, session_form_set
from programs.awareness.models import TalkRequest
from programs.awareness.weeks import days_off, say_half_days, suggestions

PAGE_SIZE = 50
OTHERS_SHOWN = 10


def board(request):
    """The requests that wait, by week or by school, with what it takes to choose fairly."""
    need(request, Permission.REQUEST_HANDLE)
    form = BoardForm(request.GET)
    every = TalkRequest.objects.for_staff(request.user).with_profile()
    talks = (
        form.narrow(every)
        .select_related("school__departement", "contact", "taken_by", "handled_by")
        .with_size()
        .with_proof()
    )
    talks = talks.by_school() if form.grouping == "school" else talks.by_week()
    page = BoundedPaginator(talks, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)  # the parts of a list are read one after the other, what belongs to them once
    prefetch_related_objects(shown, "classes", "slots", "topics")
    context = {
        "form": form,
        "tabs": form.tabs(request.GET),
        "page": page,
        "rows": [row | {"heading": _heading(row["talk"], form.grouping)} for row in _rows(shown, request.user)],
        "weeks": boards.demand(form.narrow(every, leave_out="week"), timezone.localdate()),
        "chosen_week": form.cleaned_data.get("week"),
    }
    return render(request, "programs/awareness/board.html", context)


def board_request(request, pk):
    """Everything about one request, and the two answers to it."""
    talk = _find(request, pk)
    [row] = _rows([talk], request.user)
    context = {
        "row": row,
        "talk": talk,
        "sessions": _sessions(talk, request.user),
        "others": TalkRequest.objects.for_staff(request.user)
        .filter(school=talk.school)
        .exclude(pk=pk)
        .with_size()[:10],
    }
    return render(request, "programs/awareness/board_request.html", context)


@require_POST
def board_take(request, pk):
    """Open the planning form, and let colleagues know."""
    actions.take(request=_find(request, pk), by=request.user)
    return redirect("awareness:board-plan", pk)


def board_plan(request, pk):
    """Turn the request into sessions. What was typed stays, whatever happens meanwhile."""
    talk = _find(request, pk)
    if request.method != "POST" and talk.state != TalkRequest.State.SENT:
        return redirect("awareness:board-request", pk)
    zone = calendar.time_zone(talk.school)
    off = days_off(talk.school, *school_year_dates(talk.school_year))
    ideas = suggestions(talk.slots.all(), off, timezone.localdate())
    form = PlanForm(request.POST or None, talk=talk, user=request.user)
    sessions = session_form_set(talk)(
        request.POST or None,
        prefix="sessions",
        form_kwargs={"talk": talk, "zone": zone},
        initial=[first_session(talk, ideas, request.GET.get("idea"))],
    )
    refusal = None
    # Both are asked, so that all errors of the page are seen at once.
    if request.method == "POST" and all([form.is_valid(), sessions.is_valid()]):
        planned = sessions.planned()
        if form.check_days(planned, off):
            refusal = _refusal(actions.accept, request=talk, plan=form.plan(planned), **_answer(request))
            if refusal is None or _has_answered(request, talk, TalkRequest.State.ACCEPTED):
                messages.success(request, _("Planned: the school and the students can see it now."))
                return redirect("awareness:board-request", pk)
    context = {"form": form, "sessions": sessions, "ideas": ideas}
    return _answer_page(request, "programs/awareness/board_plan.html", talk, refusal, context)


def board_decline(request, pk):
    """Answer with a reason, which the school gets by mail."""
    talk = _find(request, pk)
    if request.method != "POST" and talk.state != TalkRequest.State.SENT:
        return redirect("awareness:board-request", pk)
    form, refusal = DeclineForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        refusal = _refusal(actions.decline, request=talk, **form.cleaned_data, **_answer(request))
        if refusal is None or _has_answered(request, talk, TalkRequest.State.DECLINED):
            messages.success(request, _("Declined: the school gets the reason by mail."))
            return redirect("awareness:board-request", pk)
    return _answer_page(request, "programs/awareness/board_decline.html", talk, refusal, {"form": form})


def _answer_page(request, template, talk, refusal, context):
    """The form with what was typed; after a refusal, beside the request as it is now."""
    version = _answer(request)["version"] if request.method == "POST" else talk.version
    if refusal:
        context["form"].add_error(None, refusal)
        talk = _find(request, talk.pk)
        version = talk.version
    [row] = _rows([talk], request.user)
    context |= {"talk": talk, "row": row, "version": version}
    return render(request, template, context)


def _answer(request):
    """Who answers, and which version of the request was read."""
    return {"by": request.user, "version": number_in(request.POST.get("version", ""))}


def _has_answered(request, talk, state):
    """A form sent twice: the first one did it."""
    return TalkRequest.objects.filter(pk=talk.pk, state=state, handled_by=request.user).exists()


def _find(request, pk):
    return get_object_or_404(
        TalkRequest.objects.for_staff(request.user)
        .select_related(
            "school__departement", "school__academie", "contact__user", "taken_by", "handled_by", "activity"
        )
        .with_size()
        .with_first_week()
        .with_profile()
        .with_proof(),
        pk=pk,
    )


def _sessions(talk, user):
    sessions = Session.objects.visible_to(user).filter(activity=talk.activity)
    return sessions.prefetch_related("bookings__class_group")


def _heading(talk, group):
    if group == "school":
        return talk.school.commune or "–"
    if talk.first_week is None:
        return _("No wished week to come")
    return _("Week of %(day)s") % {"day": say_day(talk.first_week)}


def _rows(talks, user):
    """Each request with what the board says of its school."""
    talks = list(talks)
    history = boards.histories({talk.school_id for talk in talks}, current_school_year())
    places = boards.campuses()
    return [
        {
            "talk": talk,
            "history": history[talk.school_id],
            "nearest": boards.nearest(talk.school, places),
            "weeks": sorted({slot.week for slot in talk.slots.all()}),
            "half_days": say_half_days(talk.slots.all()),
            "is_taken": talk.is_taken_from(user),
        }
        for talk in talks
    ]


def _refusal(act, **arguments):
    try:
        act(**arguments)
    except ValidationError as refusal:
        return refusal.messages
    return None
