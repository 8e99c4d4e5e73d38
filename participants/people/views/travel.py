"""Lists of pupils come in and go out: the pages that start the work."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from participants.accounts.answers import need
from participants.accounts.roles import Permission
from participants.correspondence import uploads
from participants.correspondence.actions import start_job
from participants.correspondence.models import Job
from participants.people import exports, imports
from participants.people.columns import COLUMNS
from participants.people.forms import PupilExportForm, PupilFileForm


@require_http_methods(["GET", "HEAD", "POST"])
def pupil_import(request):
    """Send a list of pupils: it is looked at first, nothing is written."""
    need(request, Permission.PUPIL_IMPORT)
    form = PupilFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(form.cleaned_data["file"])
        return redirect(start_job(kind=imports.CHECK, owner=request.user, parameters={"upload": upload}))
    context = {"form": form, "columns": COLUMNS.values()}
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
def pupil_export(request):
    """Choose which pupils leave in a file, and start the work."""
    need(request, Permission.PUPIL_EXPORT)
    form = PupilExportForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(start_job(kind=exports.KIND, owner=request.user, parameters=form.parameters()))
    return render(request, "participants/people/pupil_export.html", {"form": form})
