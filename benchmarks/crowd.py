"""Many people with browsers of their own: signed in, each with a CSRF cookie, a fixed number at a time."""

import http.client
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import local

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

SECRET = "b" * 32
FORM = f"csrfmiddlewaretoken={SECRET}"
_thread = local()


@dataclass(frozen=True)
class Outcome:
    """How an onslaught went."""

    seconds: float
    latencies: list[float]
    statuses: Counter

    @property
    def per_second(self):
        return len(self.latencies) / self.seconds

    @property
    def p99(self):
        return statistics.quantiles(self.latencies, n=100)[98] * 1000

    @property
    def errors(self):
        return sum(count for status, count in self.statuses.items() if status != 200)


def open_sessions(users, backend):
    """A session key for each user, as if they had signed in."""
    rows, keys = [], []
    for user in users:
        store = SessionStore()
        store.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend})
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        keys.append(store._get_new_session_key())
        data = store.encode(dict(store.items()))
        rows.append(Session(session_key=keys[-1], session_data=data, expire_date=timezone.now() + timedelta(days=1)))
    Session.objects.bulk_create(rows)
    return keys


def storm(port, attempts, at_a_time, **headers):
    """Post each (path, session key), follow where the answer leads, and read the page."""
    with ThreadPoolExecutor(at_a_time, initializer=_connect, initargs=(port, headers)) as pool:
        began = time.perf_counter()
        found = list(pool.map(_attempt, attempts))
        seconds = time.perf_counter() - began
    return Outcome(seconds, [latency for latency, _status in found], Counter(status for _latency, status in found))


def _connect(port, headers):
    _thread.headers = headers
    _thread.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def _attempt(attempt):
    path, key = attempt
    headers = _thread.headers | {"Cookie": f"sessionid={key}; csrftoken={SECRET}"}
    began = time.perf_counter()
    status, location = _ask("POST", path, FORM, headers | {"Content-Type": "application/x-www-form-urlencoded"})
    if status == 302:
        status, _nowhere = _ask("GET", location, None, headers)
    return time.perf_counter() - began, status


def _ask(method, path, body, headers):
    _thread.connection.request(method, path, body, headers)
    answer = _thread.connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Location")
