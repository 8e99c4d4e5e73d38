"""The speaker's kit: read by those who come, written by those who run the activity."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, settle
from participants.accounts.roles import Permission
from participants.people import scans
from programs.activities import actions, calendars
from programs.activities.actions.kits import FOLDER
from programs.activities.forms.kits import DocumentForm, KitForm, WhatIfs
from programs.activities.models import Activity, Kit, KitDocument, Session


def session_kit(request, pk):
    """Closed, a cover with one button; opened, everything that a speaker should know. Opening is an act, so that the
    team knows who has read it."""
    sessions = Session.objects.visible_to(request.user).filter(state=Session.State.PLANNED)
    session = get_object_or_404(sessions.select_related("activity", "school", "campus"), pk=pk)
    kit = get_object_or_404(Kit.objects.visible_to(request.user), activity=session.activity_id)
    part = session.assignments.confirmed().filter(volunteer__user=request.user).select_related("kit_opening").first()
    if part is None:
        get_object_or_404(Session.objects.managed_by(request.user), pk=pk)
    if request.method == "POST":
        if part:
            actions.open_kit(assignment=part)
        return redirect("activities:session-kit", session.pk)
    is_open = part is None or hasattr(part, "kit_opening")
    context = {
        "session": session,
        "kit": kit,
        "is_open": is_open,
        "address": calendars.address_of(session),
        "documents": kit.documents.all() if is_open else [],
        "what_ifs": kit.what_ifs.all() if is_open else [],
    }
    return render(request, "programs/activities/session_kit.html", context)


def kit_document(request, pk):
    """One document, as a file."""
    document = get_object_or_404(KitDocument.objects.visible_to(request.user), pk=pk)
    path = scans.path_of(document.stored_as, FOLDER)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{document.title}{path.suffix}")


def kit_edit(request, pk):
    """Write the kit of an activity; documents are added beside it."""
    activity = _managed(request, pk)
    kit = Kit.objects.filter(activity=activity).first() or Kit(activity=activity)
    form, what_ifs = KitForm(request.POST or None, instance=kit), WhatIfs(request.POST or None, instance=kit)
    if request.method == "POST" and form.is_valid() and what_ifs.is_valid():
        form.save()
        what_ifs.save()
        return redirect("activities:kit-edit", activity.pk)
    return _edit_page(request, activity, form, what_ifs, DocumentForm())


@require_POST
def kit_document_add(request, pk):
    """A document more."""
    activity = _managed(request, pk)
    kit = get_object_or_404(Kit, activity=activity)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid() and settle(form, actions.add_document, kit=kit, **form.cleaned_data):
        return redirect("activities:kit-edit", activity.pk)
    return _edit_page(request, activity, KitForm(instance=kit), WhatIfs(instance=kit), form)


@require_POST
def kit_document_remove(request, pk):
    """A document less."""
    managed = Activity.objects.managed_by(request.user, Permission.SESSION_MANAGE)
    document = get_object_or_404(KitDocument.objects.select_related("kit"), pk=pk, kit__activity__in=managed)
    attempt(request, actions.remove_document, _("The document is gone."), document=document)
    return redirect("activities:kit-edit", document.kit.activity_id)


def _managed(request, pk):
    return get_object_or_404(Activity.objects.managed_by(request.user, Permission.SESSION_MANAGE), pk=pk)


def _edit_page(request, activity, form, what_ifs, document_form):
    kit = form.instance
    context = {
        "activity": activity,
        "kit": kit,
        "form": form,
        "what_ifs": what_ifs,
        "document_form": document_form,
        "documents": kit.documents.all() if kit.pk else [],
    }
    return render(request, "programs/activities/kit_edit.html", context)
