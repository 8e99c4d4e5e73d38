"""Small things about every request: its language, the looser script policy of the back office, where a change came
from."""

from django.conf import settings
from django.utils import translation
from pghistory.middleware import HistoryMiddleware

from eocenter.logs import masked

# django-unfold runs Alpine, which compiles its attributes, and writes inline styles (docs/adr/0002-look.md).
OFFICE_POLICY = {
    "script-src": ["'self'", "'unsafe-eval'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}


def own_language(get_response):
    """Who is signed in reads in the language of the account, on any device, and so do their mails."""

    def middleware(request):
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware


def office_policy(get_response):
    """The back office, and nothing else, may run what django-unfold writes into its pages."""

    def middleware(request):
        response = get_response(request)
        if request.path.startswith(settings.OFFICE_PATH):
            response._csp_update = OFFICE_POLICY
        return response

    return middleware


def forget_on_sign_out(get_response):
    """Whoever signs out leaves nothing on the device: lists of the roll call, and the pages that serve them."""

    def middleware(request):
        was_in = request.method == "POST" and request.user.is_authenticated
        response = get_response(request)
        if was_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"storage"'
        return response

    return middleware


class History(HistoryMiddleware):
    """Every change remembers by whom and at which address it was made; not the token of the link it came by."""

    def get_context(self, request):
        context = super().get_context(request)
        return context | {"url": masked(context["url"])}
