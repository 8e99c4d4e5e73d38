"""Where a young person who is not on record comes into the pool, and where a coordinator decides who they are."""

from allauth.core.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from participants.accounts import links
from participants.accounts.answers import attempt, settle
from participants.organisations.limits import search_limited
from participants.organisations.models import School
from participants.people import limits
from participants.people.models import ConsentText, Purpose
from programs.awareness import actions, newcomers
from programs.awareness.forms import GuardianSignForm, OneselfForm, SignForm
from programs.awareness.models import SelfEntry

READ_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
# A class may sit behind one address.
ENTRIES_AN_HOUR = 40
DECISIONS = {"known": actions.take_as_known, "new": actions.take_as_new, "aside": actions.set_aside}


@login_not_required
@search_limited
def come_in(request):
    """First step: which school?"""
    text = request.GET.get("q", "").strip()
    schools = School.objects.offered(text)
    return render(request, "programs/awareness/come_in.html", {"text": text, "schools": schools})


@login_not_required
@READ_AND_POST
def come_in_school(request, pk):
    """Second step: who are you? The answer is the same whether somebody is on record or not."""
    school = get_object_or_404(School.objects.pickable(), pk=pk)
    form = OneselfForm(request.POST or None, school=school)
    if request.method == "POST" and limits.asks_too_often(request, what="pool", most=ENTRIES_AN_HOUR):
        return respond_429(request)
    if form.is_valid():
        actions.ask_to_come_in(school=school, language=translation.get_language(), **form.cleaned_data)
        return redirect(f"{reverse('awareness:come-in-school', args=[pk])}?done")
    context = {"school": school, "form": form, "is_done": "done" in request.GET}
    return render(request, "programs/awareness/come_in_school.html", context)


@links.opened_with(newcomers.read)
@READ_AND_POST
def come_in_link(request, entry):
    """Third step, from the mailbox: read what we ask, and sign."""
    with translation.override(entry.language):
        form = (GuardianSignForm if entry.guardian_email else SignForm)(request.POST or None)
        is_open = entry.state == SelfEntry.State.ASKED
        if is_open and form.is_valid():
            settle(form, actions.come_in, entry=entry, **form.cleaned_data)
            if not form.errors:
                return redirect(request.path)
        text = ConsentText.objects.current().get(purpose=Purpose.FOLLOW_UP)
        context = {"entry": entry, "form": form, "text": text, "is_open": is_open}
        return render(request, "programs/awareness/come_in_link.html", context)


@require_POST
def self_entry_decide(request, pk):
    """Say whether it is the person on record."""
    entry = get_object_or_404(SelfEntry.objects.visible_to(request.user), pk=pk)
    if act := DECISIONS.get(request.POST.get("answer")):
        attempt(request, act, _("Done: this is settled."), entry=entry, by=request.user)
    return redirect("awareness:pool-list")
