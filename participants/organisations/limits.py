"""How often one address may search."""

from functools import wraps

from allauth.core import ratelimit


def search_limited(view):
    """A public search answers one address as fast as a class of people types (`ACCOUNT_RATE_LIMITS`), and no faster."""

    @wraps(view)
    def limited(request, *args, **kwargs):
        if "q" in request.GET and not ratelimit.consume(request, action="school_search"):
            return ratelimit.respond_429(request)
        return view(request, *args, **kwargs)

    return limited
