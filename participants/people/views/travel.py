"""Lists of pupils come in, are taken back and go out: the pages that start the work."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from participants.accounts.answers import need
from participants.accounts.roles import Permission
from participants.correspondence import uploads
from participants.correspondence.actions import start_job
from participants.correspondence.models import Job
from participants.people import exports, imports
from participants.people.actions.importing import what_stands_in_the_way
from participants.people.columns import COLUMNS
from participants.people.forms import PupilExportForm, PupilFileForm
from participants.people.models import PupilList

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def pupil_import(request):
    """Send a list of pupils: it is looked at first, nothing is written."""
    need(request, Permission.PUPIL_IMPORT)
    form = PupilFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(form.cleaned_data["file"])
        return redirect(start_job(kind=imports.CHECK, owner=request.user, parameters={"upload": upload}))
    taken = PupilList.objects.visible_to(request.user).recent().select_related("sender")[:SHOWN]
    context = {"form": form, "columns": COLUMNS.values(), "taken": taken}
    return render(request, "participants/people/pupil_import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pupil_import_confirm(request, pk):
    """Take in a list that was looked at."""
    need(request, Permission.PUPIL_IMPORT)
    checked = Job.objects.visible_to(request.user).filter(kind=imports.CHECK, state=Job.State.DONE)
    job = get_object_or_404(checked, pk=pk)
    upload = job.parameters["upload"]
    is_here = uploads.find(upload) is not None
    if request.method == "POST" and is_here:
        return redirect(start_job(kind=imports.TAKE, owner=request.user, parameters={"upload": upload}))
    return render(request, "participants/people/pupil_import_confirm.html", {"job": job, "is_here": is_here})


@require_http_methods(["GET", "HEAD", "POST"])
def pupil_list_taken(request, pk):
    """A list that was taken in: what it brought, what stands in the way of taking it back, and the way to do it."""
    need(request, Permission.PUPIL_IMPORT)
    lists = PupilList.objects.visible_to(request.user).select_related("sender", "undone_by")
    pupil_list = get_object_or_404(lists, pk=pk)
    if request.method == "POST":
        return redirect(start_job(kind=imports.UNDO, owner=request.user, parameters={"list": pupil_list.pk}))
    told = [(words, pupil_list.counts[key]) for key, words in imports.WORDS.items() if key in imports.WRITTEN]
    reasons = what_stands_in_the_way(pupil_list, request.user) if pupil_list.undone_at is None else []
    context = {"pupil_list": pupil_list, "told": told, "reasons": reasons}
    return render(request, "participants/people/pupil_list_taken.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pupil_export(request):
    """Choose which pupils leave in a file, and start the work."""
    need(request, Permission.PUPIL_EXPORT)
    form = PupilExportForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(start_job(kind=exports.KIND, owner=request.user, parameters=form.parameters()))
    return render(request, "participants/people/pupil_export.html", {"form": form})
