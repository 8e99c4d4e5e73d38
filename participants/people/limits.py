"""How often one address may ask for something without signing in: enough for a whole school behind one line, too little
for a search."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache

HOUR = 3600
LINKS_AN_HOUR = 40


def asks_too_often(request, *, what="family-link", most=LINKS_AN_HOUR) -> bool:
    """Whether this line of the network has asked for more of it this hour than people behind it need."""
    key = f"{what}:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, timeout=HOUR)
    try:
        return cache.incr(key) > most
    except ValueError:  # the hour ended between the two
        return False
