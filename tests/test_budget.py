"""Pages ask the database as often for three rows as for one: every route of ours that shows something, every table of the
back office."""

import re
from collections import Counter

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from impact.measurement import rollup
from participants.accounts.roles import Role
from participants.organisations.models import School
from participants.organisations.school_years import current_school_year
from programs.activities.models import Activity, Session
from tests.factories.activities import BookingFactory
from tests.factories.correspondence import JobFactory
from tests.factories.people import EnrolmentFactory
from tests.harness.growth import multiply
from tests.harness.matrix import IN, Cell, expected, named_routes, paths
from tests.harness.office import routes_of, table_of
from tests.harness.scorecard import IS_SCORECARD
from tests.world import build_world, users_of

pytestmark = [
    pytest.mark.budget,
    pytest.mark.django_db,
    pytest.mark.usefixtures("unread_templates", "known_reader"),
    pytest.mark.timeout(400),
]

# Between them they see every list: all of the center, one's school, one's sessions, one's children.
READERS = [Role.COORDINATOR, Role.PROTECTION_OFFICER, Role.SCHOOL_CONTACT, Role.VOLUNTEER, Role.GUARDIAN]

# Asked once more where there are several of something, however many.
ONCE_MORE = {
    "people:trace-pupil": 1,  # who changed it, once somebody did
    "people:pupil-new": 2,  # which of one's schools
    "people:pupil-enrol": 1,
    "awareness:board": 1,  # after those that wish for a week to come, the others
}
# A section for each child of one guardian: they are few, and each has dates of its own to look for.
PER_CHILD = {"awareness:own-pool", "awareness:family-pool"}
# Of these the world holds no second one: what a center has once, and lists of addresses outside it.
NO_SECOND = {"Questionnaire", "Question", "Subscription"}
LIST = ("-list", ":board", ":dashboard", ":rows", ":inbox")
# Lists that are as long as the product, not as the data.
FIXED = {"correspondence:rule-list", "people:term-list", "people:consent-text-list"}


def openings(role, objects):
    """(route name, address) of what this role may read of its own."""
    for route in named_routes():
        [path] = [path for whose, path in paths(route, [objects] * 2) if whose == "own"]
        if expected(Cell(role, role, route, "own", "GET", path)) == IN and (role == READERS[0] or not route.is_public):
            yield route.name, path


def tables_of_the_office():
    """Half a minute more: for the scorecard."""
    if not IS_SCORECARD:
        return []
    return [(f"office {table_of(model)}", reverse(routes_of(model)["changelist"])) for model in site._registry]


def asked(client, path):
    """(queries, length) of an answer; None for what cannot be read."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return ([q["sql"] for q in queries.captured_queries], len(body)) if answer.status_code == 200 else None


def round_off(side):
    """What two sides that do not see each other need not hold, and lists show."""
    Activity.objects.update(state=Activity.State.OPEN)
    EnrolmentFactory(school=School.objects.get(pk=side.objects["school"]), school_year=current_school_year() - 1)
    ahead = Session.objects.get(pk=side.objects["invitation"])
    BookingFactory(session=ahead, pupil_id=side.objects["pupil"], class_group=None, seats=1)
    rollup.rebuild()


def grow(side):
    assert multiply(2) == NO_SECOND
    EnrolmentFactory.create_batch(2, school_year=current_school_year() - 1)  # a pupil has one school a year
    JobFactory.create_batch(2, owner=side.users[Role.SCHOOL_CONTACT])  # the same work is not under way twice
    rollup.rebuild()


def new(many, few):
    """The shapes of the queries that come oftener."""
    shapes = [Counter(re.sub(r"\d+|'[^']*'", "?", query)[:300] for query in asked) for asked in (many, few)]
    return shapes[0] - shapes[1]


def test_no_page_asks_more_often_for_three_rows_than_for_one(client_for, record_property):
    side = build_world().a
    round_off(side)
    clients = {role: client_for(users_of(side)[role]) for role in [*READERS, Role.ADMINISTRATOR]}
    pages = [(role, *page) for role in READERS for page in openings(role, side.objects)]
    pages += [(Role.ADMINISTRATOR, *page) for page in tables_of_the_office()]
    for path in {path for _role, _name, path in pages}:  # what is read once and then remembered
        asked(clients[READERS[0]], path)
    few = {page: found for page in pages if (found := asked(clients[page[0]], page[2]))}
    grow(side)
    many = {page: asked(clients[page[0]], page[2]) for page in few}
    record_property("tried", len(many))
    more = {}
    for page, (queries, _length) in few.items():
        role, name, _path = page
        if len(many[page][0]) > len(queries) + ONCE_MORE.get(name, 0) and name not in PER_CHILD:
            more[f"{role} {name}"] = sorted(new(many[page][0], queries))
    assert more == {}
    grown = {name for (role, name, path), (_q, length) in few.items() if many[role, name, path][1] > length}
    assert {name for _role, name, _path in few if name.endswith(LIST)} - grown == FIXED
