"""The cache, which may be away: pages go on without it, and what guards a door is remembered elsewhere meanwhile.

What is kept only to save time is made anew. The limits of sign-in, and the marks that a code or a token was used, go
to PostgreSQL: slower, and shared by all processes as before. Other limits are counted by each process for itself,
because a search is a GET, and a GET writes nothing.
"""

import logging
import time

from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from django.utils.crypto import salted_hmac
from redis import exceptions as redis

log = logging.getLogger(__name__)

STAND_INS = {"allauth": "doors", "jwt:": "doors", "limit:": "process"}
NOTHING = DummyCache("", {})
PAUSE = 5  # seconds without asking again, so that a page does not wait at each of its questions


def stand_in_for(key):
    return next((caches[name] for start, name in STAND_INS.items() if key.startswith(start)), NOTHING)


def about_one_key(method):
    def asked(self, key, *arguments, **named):
        return self.ask(method, stand_in_for(key), key, *arguments, **named)

    return asked


def about_many(method):
    def asked(self, *arguments, **named):
        return self.ask(method, NOTHING, *arguments, **named)

    return asked


class CacheThatMayBeAway(RedisCache):
    """Redis while it answers, else the stand-in of the key."""

    asked_again_at = 0.0

    def ask(self, method, stand_in, *arguments, **named):
        if time.monotonic() >= self.asked_again_at:
            try:
                return getattr(super(), method)(*arguments, **named)
            except (redis.ConnectionError, redis.TimeoutError) as problem:
                self.asked_again_at = time.monotonic() + PAUSE
                log.warning("The cache is away: %s", type(problem).__name__)
        return getattr(stand_in, method)(*arguments, **named)

    add = about_one_key("add")
    get = about_one_key("get")
    set = about_one_key("set")
    touch = about_one_key("touch")
    delete = about_one_key("delete")
    has_key = about_one_key("has_key")
    incr = about_one_key("incr")
    get_many = about_many("get_many")
    set_many = about_many("set_many")
    delete_many = about_many("delete_many")
    clear = about_many("clear")


def sealed(key, prefix, version):
    """A key that says nothing about an address or a person to whoever reads the table."""
    return salted_hmac("eocenter.cache", f"{prefix}:{version}:{key}").hexdigest()
