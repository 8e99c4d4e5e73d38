"""One's own background work: how far it is, and its file."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from participants.accounts.paging import BoundedPaginator
from participants.correspondence import actions, jobs
from participants.correspondence.models import Job

PAGE_SIZE = 25


def job_list(request):
    """The files one has asked for."""
    page = BoundedPaginator(Job.objects.visible_to(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/correspondence/job_list.html", {"page": page})


def job_detail(request, pk):
    """How far one piece of work is; the same part of the page is asked for again every second."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "participants/correspondence/job_detail.html"
    if request.htmx:
        template = "participants/correspondence/includes/job_state.html"
    return render(request, template, {"job": job})


@require_POST
def job_seen(request, pk):
    """The end of the work was on the screen: no mail is needed."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.is_finished:
        actions.mark_seen(job=job)
    return HttpResponse(status=204)


@require_POST
@cache_control(private=True, no_store=True)
def job_download(request, pk):
    """The file, to its owner, if they still may have it."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    kind = jobs.find(job.kind)
    if not (job.has_file and kind and kind.is_allowed(request.user) and job.path.exists()):
        raise Http404
    actions.mark_seen(job=job)
    response = FileResponse(job.path.open("rb"), as_attachment=True, filename=job.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
