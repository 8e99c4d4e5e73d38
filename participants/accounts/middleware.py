"""No page for staff who have not shown a second factor in this session, by whichever way they came in."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from participants.accounts import second_factor

ALWAYS = frozenset({"account_logout", "admin:logout", "set_language", "theme"})
# Reached without a second factor only as long as there is none: who holds an open session may not add one of their own.
SETTING_UP = frozenset(
    {"mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "account_reauthenticate"}
)
SHOWING = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})


class SecondFactorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.MFA_FORCED or request.resolver_match.view_name in ALWAYS:
            return None
        if not (request.user.is_authenticated and request.user.needs_second_factor) or second_factor.passed(request):
            return None
        if second_factor.has_one(request.user):
            return self.lead_to("mfa_reauthenticate", SHOWING, request)
        return self.lead_to(
            "mfa_index", SETTING_UP, request, _("Your work needs a second step at sign-in: choose one.")
        )

    def lead_to(self, name, allowed, request, reason=""):
        if request.resolver_match.view_name in allowed:
            return None
        if reason and not get_messages(request):
            messages.info(request, reason)
        back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return redirect(reverse(name) + back)
