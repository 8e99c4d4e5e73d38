"""Schools and organisations as staff see them, the public search, and the classes of a school's contacts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, ProtectedError, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import need
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.organisations import calendar, panels
from participants.organisations.forms import ClassGroupForm, OrganisationFilterForm, SchoolFilterForm
from participants.organisations.geography import distance_km
from participants.organisations.limits import search_limited
from participants.organisations.models import ClassGroup, Organisation, School
from participants.organisations.school_years import current_school_year, school_year_label

PAGE_SIZE = 50


# --- Schools ----------------------------------------------------------------------------------------------------------


@login_not_required
@search_limited
def school_search(request):
    """Find a school; with `next`, lead back there with the one that was chosen."""
    text, back = request.GET.get("q", "").strip(), request.GET.get("next", "")
    schools = School.objects.offered(text)
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and "?" not in back
    return render(
        request,
        "participants/organisations/school_search.html",
        {"text": text, "schools": schools, "back": back if is_ours else ""},
    )


def school_list(request):
    """All schools, to search and filter."""
    need(request, Permission.ORGANISATION_VIEW)
    year = current_school_year()
    form = SchoolFilterForm(request.GET)
    schools = School.objects.visible_to(request.user)
    schools = form.schools(schools, year) if form.is_valid() else schools.none()
    schools = schools.with_facts(year).select_related("departement")
    page = BoundedPaginator(schools, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/organisations/school_list.html", {"page": page, "form": form})


def school_detail(request, pk):
    """All that is known about a school and everything done with it."""
    need(request, Permission.ORGANISATION_VIEW)
    schools = School.objects.visible_to(request.user).select_related("departement", "academie", "mother")
    school = get_object_or_404(schools, pk=pk)
    year = current_school_year()
    zone = calendar.zone_of(school)
    context = {
        "school": school,
        "zone": school.departement.get_zone_display() if school.departement else "",
        "holidays_known": calendar.is_known(year, zone),
        "sections": school.sections.order_by("sort_name"),
        "profiles": school.profiles.visible_to(request.user).order_by("-school_year"),
        "campuses": _nearest_campuses(school, request.user),
        "classes": school.class_groups.visible_to(request.user).for_school_year(year).order_by("name"),
        "year": school_year_label(year),
        "panels": [
            {"title": panel.title, "content": render_to_string(panel.template, panel.context, request)}
            for panel in panels.panels_of(school, request.user)
        ],
    }
    return render(request, "participants/organisations/school_detail.html", context)


def _nearest_campuses(school, user):
    """The member schools with their distance, nearest first."""
    campuses = Organisation.objects.visible_to(user).filter(kind=Organisation.Kind.MEMBER_SCHOOL, is_active=True)
    far = [(distance_km(school, campus), campus) for campus in campuses.order_by("sort_name")]
    return sorted(((km, campus) for km, campus in far if km is not None), key=lambda pair: pair[0])


# --- Organisations ----------------------------------------------------------------------------------------------------


def organisation_list(request):
    """Member schools, clubs, offices and partners."""
    need(request, Permission.ORGANISATION_VIEW)
    form = OrganisationFilterForm(request.GET)
    organisations = Organisation.objects.visible_to(request.user).select_related("parent").filter(is_active=True)
    if form.is_valid():
        wanted = form.cleaned_data["q"]
        organisations = organisations.filter(Q(sort_name__holds=wanted) | Q(short_name__icontains=wanted))
        if form.cleaned_data["kind"]:
            organisations = organisations.filter(kind=form.cleaned_data["kind"])
    page = BoundedPaginator(organisations.order_by("sort_name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/organisations/organisation_list.html", {"page": page, "form": form})


def organisation_detail(request, pk):
    """One organisation and what belongs to it."""
    need(request, Permission.ORGANISATION_VIEW)
    organisations = Organisation.objects.visible_to(request.user).select_related("parent")
    organisation = get_object_or_404(organisations, pk=pk)
    return render(
        request,
        "participants/organisations/organisation_detail.html",
        {
            "organisation": organisation,
            "children": organisation.children.filter(is_active=True).order_by("kind", "sort_name"),
            "can_manage": Organisation.objects.managed_by(request.user, Permission.ORGANISATION_MANAGE)
            .filter(pk=pk)
            .exists(),
        },
    )


# --- Classes of a school's contacts -----------------------------------------------------------------------------------


def class_list(request):
    """The classes of this year in one's own schools."""
    year = current_school_year()
    classes = ClassGroup.objects.visible_to(request.user).for_school_year(year).order_by("level", "name")
    schools = _own_schools(request).prefetch_related(Prefetch("class_groups", classes, to_attr="classes"))
    return render(
        request,
        "participants/organisations/class_list.html",
        {"schools": schools.order_by("sort_name"), "year": school_year_label(year)},
    )


def class_new(request, school_pk):
    """Name a class of this year."""
    school = get_object_or_404(_own_schools(request), pk=school_pk)
    return _class_edit(request, ClassGroup(school=school, school_year=current_school_year()))


def class_edit(request, pk):
    """Correct a class."""
    return _class_edit(request, get_object_or_404(_own_classes(request), pk=pk))


@require_POST
def class_remove(request, pk):
    """Take back a class with which nothing was done."""
    group = get_object_or_404(_own_classes(request), pk=pk)
    try:
        group.delete()
        messages.success(request, _("%(name)s is removed.") % {"name": group.name})
    except ProtectedError:
        messages.error(request, _("%(name)s stays: something was planned or done with it.") % {"name": group.name})
    return redirect("organisations:class-list")


def _class_edit(request, group):
    form = ClassGroupForm(request.POST or None, instance=group)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("%(name)s is saved.") % {"name": group.name})
        return redirect("organisations:class-list")
    return render(request, "participants/organisations/class_edit.html", {"form": form, "group": group})


def _own_schools(request):
    schools = School.objects.of(request.user, Permission.REQUEST_MAKE)
    if not request.user.can(Permission.REQUEST_MAKE):
        raise Http404
    return schools


def _own_classes(request):
    classes = ClassGroup.objects.visible_to(request.user).filter(school__in=_own_schools(request))
    return classes.select_related("school").for_school_year(current_school_year())
