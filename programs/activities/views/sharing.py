"""Answers that are the same for every visitor, so that browsers and caches before us may keep them a while."""

import hashlib
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

SECONDS = 120


def shared(view=None, *, seconds=SECONDS):
    """A public view in the language of its address. Whoever has a session gets an answer of their own, which no cache
    keeps; nobody gets a cookie."""
    if view is None:
        return lambda found: shared(found, seconds=seconds)

    @login_not_required
    @require_safe
    @wraps(view)
    def answer(request, *args, language, **kwargs):
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = language
        return keep(request, response, seconds)

    return answer


def keep(request, response, seconds=SECONDS):
    """Say how long the answer holds; an unchanged one is not sent again."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response["Cache-Control"] = "private, no-cache"
    else:
        response["Cache-Control"] = f"public, max-age={seconds}"
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response)
