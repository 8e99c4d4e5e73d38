"""The public catalogue with 500 activities to come, read through the production web server: the first page of the list, and
the page of one date; how long by one visitor after the other, how many pages by four at a time.

Whoever has the page already is told so (304) without getting it again; it is made all the same, so the saving is in what
is sent. Caches before the server keep an answer for two minutes, which nothing here counts.
"""

import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection

from benchmarks import servers
from benchmarks.figures import Figure
from programs.activities.catalogue import addresses
from programs.activities.models import Activity
from tests.factories.activities import ActivityFactory, SessionFactory, afternoon
from tests.factories.organisations import OrganisationFactory

ACTIVITIES = 500
READS = {"full": 400, "small": 100}
AT_A_TIME, WARM_UP = 4, 20
MUST_MS, MUST_A_SECOND = 50, 30


def measure(size):
    date = _build()
    figures = []
    with servers.web() as port:
        pages = {"list": addresses.path(language="fr"), "date": addresses.path("session", language="fr", pk=date.pk)}
        for name, path in pages.items():
            tag = [_read(port, path) for _number in range(WARM_UP)][-1][2]
            for part, headers, status in (("", {}, 200), ("_again", {"If-None-Match": tag}, 304)):
                read = partial(_read, port, path, headers)
                found = [read() for _number in range(READS[size] // 4)]
                p95 = statistics.quantiles([ms for ms, _answer, _tag in found], n=20)[18]
                seconds, found = _storm(read, READS[size])
                assert {answer for _ms, answer, _tag in found} == {status}
                figures += [
                    Figure(part=f"{name}{part}_p95", ours=p95, must=MUST_MS, unit="ms", less_is_better=True),
                    Figure(part=f"{name}{part}", ours=len(found) / seconds, must=MUST_A_SECOND, unit="pages/s"),
                ]
    return figures


def _build():
    """Five hundred activities of one house, each with a date; the last of them."""
    house = OrganisationFactory(kind="member_school", city="Massy", latitude=48.73, longitude=2.27)
    first = ActivityFactory(programme__lead=house)
    facts = {"programme": first.programme, "is_public": True, "registration_for": [Activity.Audience.PUBLIC]}
    for number in range(ACTIVITIES):
        activity = ActivityFactory(title_fr=f"Une soirée de sciences {number}", organisation=house, **facts)
        date = SessionFactory(activity=activity, school=None, campus=house, starts_at=afternoon(5 + number % 90))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum does within a minute
    return date


def _read(port, path, headers=()):
    """(milliseconds, status, ETag) of one answer, on a connection of its own."""
    began = time.perf_counter()
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    visitor.request("GET", path, headers={"Host": "localhost", **dict(headers)})
    answer = visitor.getresponse()
    answer.read()
    visitor.close()
    return (time.perf_counter() - began) * 1000, answer.status, answer.headers["ETag"]


def _storm(read, how_often):
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        began = time.perf_counter()
        found = list(pool.map(lambda _number: read(), range(how_often)))
        return time.perf_counter() - began, found
