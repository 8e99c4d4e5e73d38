"""The inbox: what needs a person today, done behind a link, put off, or given to a colleague."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, need
from participants.accounts.roles import Permission
from programs.activities import actions, inbox
from programs.activities.forms.inbox import LATER, AssignForm, SnoozeForm


def inbox_page(request):
    """Everything that waits for this person, what colleagues have taken on, what comes back later."""
    need(request, Permission.SESSION_MANAGE)
    found = inbox.inbox_of(request.user)
    tabs = {
        "": (_("To do"), found.mine),
        "colleagues": (_("With colleagues"), found.colleagues),
        "later": (_("Later"), found.later),
    }
    chosen = request.GET.get("show", "") if request.GET.get("show", "") in tabs else ""
    context = {
        "tabs": [
            {"label": label, "url": f"?show={name}", "is_current": name == chosen, "count": len(items)}
            for name, (label, items) in tabs.items()
        ],
        "items": tabs[chosen][1],
        "later": list(LATER.items()),
        "colleagues": inbox.colleagues_of(request.user),
        "show": chosen,
    }
    return render(request, "programs/activities/inbox.html", context)


@require_POST
def inbox_snooze(request):
    """Put a thing to do off."""
    need(request, Permission.SESSION_MANAGE)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        raise Http404
    key = form.cleaned_data["key"]
    attempt(request, actions.snooze_item, _("Noted."), key=key, by=request.user, until=form.until)
    return _back(request)


@require_POST
def inbox_assign(request):
    """Give a thing to do to somebody."""
    need(request, Permission.SESSION_MANAGE)
    form = AssignForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    attempt(request, actions.assign_item, _("Noted."), key=said["key"], by=request.user, to=said["to"])
    return _back(request)


def _back(request):
    shown = {"colleagues": "?show=colleagues", "later": "?show=later"}.get(request.POST.get("show", ""), "")
    return redirect(redirect("activities:inbox").url + shown)
