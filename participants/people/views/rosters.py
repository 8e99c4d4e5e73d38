"""Class lists: send one, say what its columns are, check every line, take it or undo it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from participants.accounts.answers import need
from participants.accounts.paging import EVERY_ROW, BoundedPaginator
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation
from participants.organisations.school_years import current_school_year
from participants.people import actions
from participants.people.actions.rosters.sending import schools_to_send_for
from participants.people.forms.rosters import ColumnsForm, RosterForm
from participants.people.models import Roster, RosterRow
from participants.people.rights import looks
from participants.people.rosters import workbooks
from participants.people.rosters.problems import of_file
from participants.people.rosters.saying import say_rows, seen_pupils

PAGE_SIZE = 50
SAMPLES = 3
# What the preview opens on: what needs a person first.
TABS = ["doubtful", "refused", "changed", "new", "same", "repeated"]
STATE_TONES = {"columns": "warn", "ready": "warn", "applied": "ok", "refused": "danger"}


def roster_list(request):
    """The lists that were sent for one's schools."""
    need(request, Permission.ROSTER_SEND)
    rosters = Roster.objects.visible_to(request.user).select_related("school", "sender")
    page = BoundedPaginator(rosters.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    for roster in page:
        roster.tone = STATE_TONES.get(roster.state, "neutral")
    return render(request, "participants/people/roster_list.html", {"page": page})


def roster_new(request):
    """For which school? Who has one only is asked for the file at once."""
    need(request, Permission.ROSTER_SEND)
    if Organisation.objects.reaches_center(request.user, Permission.ROSTER_SEND):
        return render(request, "participants/people/roster_school.html", {"schools": None})
    schools = list(schools_to_send_for(request.user).order_by("sort_name")[:100])
    if len(schools) == 1:
        return redirect("people:roster-send", schools[0].pk)
    return render(request, "participants/people/roster_school.html", {"schools": schools})


def roster_send(request, school_pk):
    """The file."""
    school = _school(request, school_pk)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            roster = actions.send_roster(school=school, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return redirect(roster)
    return render(request, "participants/people/roster_send.html", {"school": school, "form": form})


def roster_template(request, school_pk):
    """The empty list with its choices."""
    school = _school(request, school_pk)
    return _workbook(workbooks.template(school, current_school_year()), _("class-list.xlsx"))


def roster_detail(request, pk):
    """Where a list stands: under way, to check, taken, refused."""
    roster = _roster(request, pk)
    if request.htmx and not roster.is_working:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.htmx or roster.is_working:
        part, page = "participants/people/includes/roster_progress.html", "participants/people/roster_work.html"
        return render(request, part if request.htmx else page, {"roster": roster, "job": roster.job})
    if roster.state == Roster.State.COLUMNS:
        return redirect("people:roster-columns", roster.pk)
    if roster.state == Roster.State.READY:
        return _preview(request, roster)
    return _ended(request, roster)


def _preview(request, roster):
    tabs = _tabs(request, roster)
    current = next((tab["state"] for tab in tabs if tab["is_current"]), "")
    rows = roster.rows.filter(state=current).order_by("line")
    page = BoundedPaginator(rows, PAGE_SIZE, most=EVERY_ROW).get_page(request.GET.get("page"))
    looks.note(request.user, seen_pupils(page.object_list))
    counts = roster.counts
    context = {
        "roster": roster,
        "job": roster.job,
        "tabs": tabs,
        "current": current,
        "page": page,
        "lines": say_rows(page.object_list),
        "new": counts.get("new", 0),
        "changed": counts.get("changed", 0),
        "refused": counts.get("refused", 0),
        "doubtful": counts.get("doubtful", 0),
        "to_take": counts.get("new", 0) + counts.get("changed", 0),
        "can_all_be_same": current == "doubtful" and all(len(row.candidates) == 1 for row in page.object_list),
    }
    return render(request, "participants/people/roster_preview.html", context)


def _tabs(request, roster):
    there = [state for state in TABS if roster.counts.get(state)]
    wanted = request.GET.get("show")
    current = wanted if wanted in there else next(iter(there), "")
    labels = dict(RosterRow.State.choices)
    return [
        {
            "label": labels[state].capitalize(),
            "url": f"{roster.get_absolute_url()}?show={state}",
            "is_current": state == current,
            "count": roster.counts[state],
            "state": state,
        }
        for state in there
    ]


def _ended(request, roster):
    refused = roster.rows.filter(state=RosterRow.State.REFUSED).order_by("line")
    page = BoundedPaginator(refused, PAGE_SIZE, most=EVERY_ROW).get_page(request.GET.get("page"))
    reason, remedy = of_file(roster.problem) if roster.problem else ("", "")
    context = {
        "roster": roster,
        "job": roster.job,
        "page": page,
        "lines": say_rows(page.object_list),
        "reason": reason,
        "remedy": remedy,
        "counts": roster.counts,
        "new": roster.counts.get("new", 0),
        "changed": roster.counts.get("changed", 0),
        "same": roster.counts.get("same", 0),
    }
    return render(request, "participants/people/roster_ended.html", context)


def roster_columns(request, pk):
    """What each column is, as it was guessed; the answer is remembered for the next list."""
    roster = _roster(request, pk)
    if roster.state not in {Roster.State.COLUMNS, Roster.State.READY}:
        return redirect(roster)
    form = ColumnsForm(
        request.POST or None, names=roster.names, samples=_samples(roster), mapping=roster.mapping, label_suffix=""
    )
    if request.method == "POST" and form.is_valid():
        return _do(request, roster, actions.choose_columns, mapping=form.mapping)
    return render(
        request, "participants/people/roster_columns.html", {"roster": roster, "form": form, "job": roster.job}
    )


def _samples(roster):
    """Place of a column -> the first values that stand in it."""
    samples = {}
    for cells in roster.rows.order_by("line").values_list("cells", flat=True)[: 4 * SAMPLES]:
        for place, cell in enumerate(cells):
            seen = samples.setdefault(place, [])
            if cell.strip() and cell[:40] not in seen and len(seen) < SAMPLES:
                seen.append(cell[:40])
    return samples


@require_POST
def roster_choose(request, pk):
    """Who the doubtful lines are."""
    roster = _roster(request, pk)
    if "all" in request.POST:
        return _do(request, roster, actions.same_for_all)
    choices = {
        int(name.removeprefix("row-")): value
        for name, value in request.POST.items()
        if name.startswith("row-") and name.removeprefix("row-").isdecimal() and len(name) < 20
    }
    return _do(request, roster, actions.choose_pupil, choices=choices)


@require_POST
def roster_confirm(request, pk):
    """Take the list."""
    return _do(request, _roster(request, pk), actions.confirm_roster)


@require_POST
def roster_discard(request, pk):
    """Put it aside."""
    return _do(
        request, _roster(request, pk), actions.discard_roster, done=_("The list is put aside: nothing was taken.")
    )


@require_POST
def roster_undo(request, pk):
    """Take it back."""
    done = _("The list is undone: everything is as it was before.")
    return _do(request, _roster(request, pk), actions.undo_roster, done=done)


@cache_control(private=True, no_store=True)
def roster_refused(request, pk):
    """The refused lines as a workbook, to correct and send again."""
    roster = _roster(request, pk)
    if not roster.rows.filter(state=RosterRow.State.REFUSED).exists():
        raise Http404
    return _workbook(workbooks.refused_lines(roster), _("lines-to-correct.xlsx"))


def _do(request, roster, act, *, done="", **arguments):
    try:
        act(roster=roster, by=request.user, **arguments)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if done:
            messages.success(request, done)
    return redirect(roster)


def _workbook(content, name):
    response = HttpResponse(content, content_type=workbooks.TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _school(request, pk):
    need(request, Permission.ROSTER_SEND)
    return get_object_or_404(schools_to_send_for(request.user), pk=pk)


def _roster(request, pk):
    need(request, Permission.ROSTER_SEND)
    rosters = Roster.objects.visible_to(request.user).select_related("school", "sender", "job")
    return get_object_or_404(rosters, pk=pk)
