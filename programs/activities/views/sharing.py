"""Answers that are the same for every visitor, so that browsers and caches before us may keep them a while."""

import hashlib
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from programs.activities.catalogue import addresses

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


def in_each_language(request, path, *, is_indexed) -> dict:
    """What the head of a page of the catalogue says: its own address (`path`) and those in each language. What is
    filtered or over is for people, not for search engines."""
    match = request.resolver_match
    name = match.url_name.removeprefix("catalogue").removeprefix("-")
    query = request.GET.urlencode()
    found = {
        language: addresses.path(name, **{**match.kwargs, "language": language}, query=query)
        for language in addresses.LANGUAGES
    }
    [other] = [language for language in addresses.LANGUAGES if language != get_language()[:2]]
    return {
        # Further pages of a list stand for themselves.
        "canonical": addresses.absolute(f"{path}?page={request.GET['page']}" if is_indexed and request.GET else path),
        "alternates": [(language, addresses.absolute(url)) for language, url in found.items()],
        "other_language": other,
        "other_url": found[other],
        "is_indexed": is_indexed,
    }
