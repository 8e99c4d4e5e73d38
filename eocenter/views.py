"""The pages of no app: home, the gallery of components, and the switches of the header."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from eocenter import gallery as samples
from eocenter import home as homes
from eocenter.context import THEMES
from eocenter.navigation import active_role, roles_in_order
from participants.accounts.roles import Permission


@login_not_required
def home(request):
    """The first page: the public one before sign-in, then the one of the role the person acts in."""
    if not request.user.is_authenticated:
        return render(request, "eocenter/home.html")
    role = active_role(request)
    if role is None:
        return render(request, "eocenter/home_no_role.html", homes.newcomer(request.user))
    template, things = homes.HOMES[role]
    return render(request, template, things(request.user))


@require_POST
def role(request):
    """Act in another of one's own roles."""
    chosen = request.POST.get("role")
    if chosen not in roles_in_order(request.user):
        raise Http404
    request.session["role"] = chosen
    return redirect("home")


@login_not_required
@require_POST
def language(request):
    """Read in another language, remembered by the device and, when signed in, by the account."""
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return set_language(request)


@login_not_required
@require_POST
def theme(request):
    """Light, dark or like the device, remembered by the device."""
    chosen, back = request.POST.get("theme"), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "home"
    response = redirect(back)
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=31536000, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def gallery(request):
    """Every component in every state, for those who build or choose pages."""
    if not request.user.can(Permission.OFFICE):
        raise Http404
    return render(request, "eocenter/gallery.html", samples.context(request))
