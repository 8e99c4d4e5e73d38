"""How often one address may search."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import respond_429
from django.core.cache import cache

# A whole school may stand behind one address, and each letter typed is a search.
SEARCHES_A_MINUTE = 900


def search_limited(view):
    """A public search answers one address as fast as a class of people types, and no faster."""

    @wraps(view)
    def limited(request, *args, **kwargs):
        if "q" in request.GET and _count(request) > SEARCHES_A_MINUTE:
            return respond_429(request)
        return view(request, *args, **kwargs)

    return limited


def _count(request):
    key = f"limit:school-search:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key)
    except ValueError:  # the minute ended between the two
        return 0
