from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts import actions
from participants.accounts.forms import ProfileForm


def profile(request):
    """One's own account: name and language, ways to sign in, roles, personal links."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Your account is up to date."))
        return redirect("accounts:profile")
    context = {
        "form": form,
        "grants": request.user.live_grants,
        "has_other_house": any(house["APPS"] for house in settings.SOCIALACCOUNT_PROVIDERS.values()),
    }
    return render(request, "participants/accounts/profile.html", context)


@require_POST
def links_revoke(request):
    """Take back every link that was sent to oneself, when one of them went astray."""
    actions.revoke_links(user=request.user)
    messages.success(request, _("Your former links no longer open anything. Subscribe to your calendar again."))
    return redirect("accounts:profile")
