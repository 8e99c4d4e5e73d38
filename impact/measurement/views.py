"""Pages of figures. Each starts from the perimeters of the reader; who has none gets 404."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from impact.measurement import charts, exports, rows
from impact.measurement.coverage import coverage
from impact.measurement.forms import FunnelForm, TargetForm
from impact.measurement.funnel import STAGES, funnel
from impact.measurement.home import pillars
from impact.measurement.indicators import INDICATORS
from impact.measurement.models import Target
from impact.measurement.perimeters import perimeters_of, reads_center
from impact.measurement.screen import Screen
from participants.accounts.paging import EVERY_ROW, BoundedPaginator
from participants.accounts.roles import Permission
from participants.correspondence.actions import start_job
from participants.organisations.school_years import current_school_year, school_year_label

ROWS_A_PAGE = 50


def dashboard(request):
    """Figures of a school year: how many, against what target, who, and where."""
    screen = Screen(request.user, request.GET)
    table = screen.breakdown()
    context = {
        "screen": screen,
        "tabs": _tabs(request.user, "dashboard"),
        "axis_tabs": [
            {"label": axis.label, "url": screen.address(by=axis.code) + "#breakdown", "is_current": axis is screen.axis}
            for axis in screen.axes
        ],
        "table": table,
        "lines": screen.lines(table),
        "chart": charts.bars_by_year(screen.trend),
        "map": coverage(screen),
        "definitions": INDICATORS.values(),
        "may_export": exports.is_allowed(request.user),
    }
    return render(request, "impact/measurement/dashboard.html", context)


def row_list(request):
    """The records behind one number."""
    screen = Screen(request.user, request.GET)
    if not screen.perimeter.is_exact:
        raise Http404
    by, value = request.GET.get("by", ""), request.GET.get("value", "")
    listing = rows.behind(screen, by if value else "", value)
    page = BoundedPaginator(listing.queryset, ROWS_A_PAGE, most=EVERY_ROW).get_page(request.GET.get("page"))
    context = {
        "screen": screen,
        "part": screen.name_of(by, value) if value else "",
        "columns": listing.columns,
        "lines": [list(zip(listing.columns, listing.cells(row), strict=True)) for row in page],
        "page": page,
        "back": screen.address(),
    }
    return render(request, "impact/measurement/row_list.html", context)


@require_POST
def export(request):
    """Start the work of writing the figures of an address to a file."""
    screen = Screen(request.user, request.POST)
    ending = request.POST.get("format")
    if not exports.is_allowed(request.user) or ending not in exports.FORMATS:
        raise Http404
    return redirect(start_job(kind=exports.KIND, owner=request.user, parameters=screen.state | {"format": ending}))


def pillar_list(request):
    """The five pillars on one page."""
    found = pillars(request.user)
    if not found:
        raise Http404
    year = school_year_label(current_school_year())
    context = {"pillars": found, "year": year, "tabs": _tabs(request.user, "pillar-list")}
    return render(request, "impact/measurement/pillar_list.html", context)


def funnel_page(request):
    """The way of a cohort, from reached to admitted, for those who read the whole center or a territory of it."""
    screen = Screen(request.user, {"of": request.GET["of"]} if "of" in request.GET else {})
    if not screen.perimeter.is_center:
        raise Http404
    form = FunnelForm(request.GET, years=screen.years)
    said = form.chosen()
    context = {
        "screen": screen,
        "form": form,
        "year": school_year_label(said["year"]),
        "funnel": funnel(screen.perimeter, said["year"], said["by"]),
        "stages": STAGES,
        "tabs": _tabs(request.user, "funnel"),
    }
    return render(request, "impact/measurement/funnel.html", context)


def target_list(request):
    """Targets by school year; and a new one."""
    if not request.user.can(Permission.FIGURE_MANAGE):
        raise Http404
    form = TargetForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The target is set."))
        return redirect("measurement:target-list")
    targets = Target.objects.visible_to(request.user).select_related("programme")
    context = {"form": form, "targets": targets, "tabs": _tabs(request.user, "target-list")}
    return render(request, "impact/measurement/target_list.html", context)


def target_edit(request, pk):
    """Another value for a target."""
    target = _own_target(request.user, pk)
    form = TargetForm(request.POST or None, instance=target, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The target is changed."))
        return redirect("measurement:target-list")
    return render(request, "impact/measurement/target_edit.html", {"form": form, "target": target})


@require_POST
def target_delete(request, pk):
    """A target less; its history stays."""
    _own_target(request.user, pk).delete()
    messages.success(request, _("The target is taken away."))
    return redirect("measurement:target-list")


def _own_target(user, pk):
    return get_object_or_404(Target.objects.managed_by(user), pk=pk)


def _tabs(user, current):
    """The pages of figures that this person may open; one alone needs no tabs."""
    tabs = [
        ("dashboard", _("Figures"), True),
        ("pillar-list", _("Five pillars"), reads_center(user)),
        ("funnel", _("From reached to admitted"), perimeters_of(user)[0].is_center),
        ("target-list", _("Targets"), user.can(Permission.FIGURE_MANAGE)),
    ]
    shown = [
        {"label": label, "url": reverse(f"measurement:{name}"), "is_current": name == current}
        for name, label, may in tabs
        if may
    ]
    return shown if len(shown) > 1 else []
