"""Programmes and what they offer in a school year."""

from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render

from participants.accounts.answers import need
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation
from participants.organisations.school_years import current_school_year
from programs.activities import actions
from programs.activities.forms import ActivityForm, ProgrammeForm
from programs.activities.locks import locked_activity
from programs.activities.models import Activity, Programme, Session

PAGE_SIZE = 50


def programme_list(request):
    """The schemes, by pillar."""
    need(request, Permission.SESSION_MANAGE)
    programmes = Programme.objects.visible_to(request.user).select_related("lead")
    programmes = programmes.annotate(activity_count=Count("activities")).order_by("pillar", "name_fr", "pk")
    page = BoundedPaginator(programmes, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "can_add": _leads(request.user).exists()}
    return render(request, "programs/activities/programme_list.html", context)


def programme_detail(request, pk):
    """A programme and its activities, the newest year first."""
    need(request, Permission.SESSION_MANAGE)
    programme = get_object_or_404(Programme.objects.visible_to(request.user).select_related("lead"), pk=pk)
    activities = programme.activities.visible_to(request.user).select_related("organisation")
    activities = activities.annotate(session_count=Count("sessions")).order_by("-school_year", "title_fr", "pk")
    managed = Programme.objects.managed_by(request.user, Permission.SESSION_MANAGE)
    context = {
        "programme": programme,
        "page": BoundedPaginator(activities, PAGE_SIZE).get_page(request.GET.get("page")),
        "can_manage": managed.filter(pk=programme.pk).exists(),
    }
    return render(request, "programs/activities/programme_detail.html", context)


def programme_edit(request, pk=None):
    """A new programme, or changes to one."""
    need(request, Permission.SESSION_MANAGE)
    managed = Programme.objects.managed_by(request.user, Permission.SESSION_MANAGE)
    programme = get_object_or_404(managed, pk=pk) if pk else None
    leads = _leads(request.user)
    if programme is None:
        get_object_or_404(leads[:1])
    form = ProgrammeForm(request.POST or None, instance=programme, leads=leads)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    return render(request, "programs/activities/programme_edit.html", {"form": form, "programme": programme})


def activity_detail(request, pk):
    """What a programme offers in one school year, with its sessions."""
    need(request, Permission.SESSION_MANAGE)
    activities = Activity.objects.visible_to(request.user).select_related("programme", "organisation")
    activity = get_object_or_404(activities.prefetch_related("topics"), pk=pk)
    sessions = Session.objects.visible_to(request.user).filter(activity=activity).for_display()
    managed = Activity.objects.managed_by(request.user, Permission.SESSION_MANAGE)
    context = {
        "activity": activity,
        "page": BoundedPaginator(sessions.order_by("starts_at", "pk"), PAGE_SIZE).get_page(request.GET.get("page")),
        "can_manage": managed.filter(pk=activity.pk).exists(),
    }
    return render(request, "programs/activities/activity_detail.html", context)


def activity_new(request, pk):
    """Something more that a programme offers this year."""
    programme = get_object_or_404(Programme.objects.managed_by(request.user, Permission.SESSION_MANAGE), pk=pk)
    activity = Activity(programme=programme, organisation=programme.lead, school_year=current_school_year())
    return _edit_activity(request, activity)


@transaction.atomic
def activity_edit(request, pk):
    """Change what is offered. Seats that are booked meanwhile count, so the booking and the change take turns."""
    managed = Activity.objects.managed_by(request.user, Permission.SESSION_MANAGE).select_related("programme")
    activity = get_object_or_404(managed, pk=pk)
    return _edit_activity(request, locked_activity(pk) if request.method == "POST" else activity)


def _edit_activity(request, activity):
    form = ActivityForm(request.POST or None, instance=activity, organisations=_leads(request.user))
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        actions.reorder(activity=saved)
        return redirect(saved)
    return render(request, "programs/activities/activity_edit.html", {"form": form, "activity": activity})


def _leads(user):
    """The organisations in whose name the user may offer something."""
    return Organisation.objects.managed_by(user, Permission.SESSION_MANAGE).filter(is_active=True)
