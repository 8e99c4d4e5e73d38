"""The house in which every test runs: hostile to careless code, with one cast of people for all."""

import copy
import os
import time
import uuid

import pytest
from django.conf import settings
from django.contrib.auth import middleware as auth_middleware
from django.core.cache import caches
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory, UserFactory
from tests.harness.broker import use_own_queues
from tests.harness.database import drop_by_force, leave_as_migrated, use_template
from tests.harness.querysets import refuse_careless_locks, shuffle_unordered_rows
from tests.harness.responses import watch_every_answer
from tests.harness.templates import fail_on_undefined_variables
from tests.world import build_world

hypothesis_settings.register_profile(
    "day", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
hypothesis_settings.register_profile("night", parent=hypothesis_settings.get_profile("day"), max_examples=5000)
# The state machine makes a sixth of these walks, of twenty steps each: 3,300 by day, 200,000 at night.
hypothesis_settings.register_profile("trust", parent=hypothesis_settings.get_profile("day"), max_examples=1000)
hypothesis_settings.register_profile("trust-night", parent=hypothesis_settings.get_profile("day"), max_examples=60_000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "day"))


# Tests quote the English of the code; French is asked for where it is meant. Before anything is collected, and by
# Django's own switch: it forgets the French catalogue that an import may have made the one of every thread.
ENGLISH = override_settings(LANGUAGE_CODE="en")


def pytest_configure(config):
    ENGLISH.enable()
    use_template(make=not hasattr(config, "workerinput") and not config.option.collectonly)
    if hasattr(config, "workerinput"):
        use_own_queues(int(config.workerinput["workerid"].removeprefix("gw")) + 1)


def pytest_unconfigure():
    ENGLISH.disable()


@pytest.fixture(autouse=True)
def nobodys_language():
    """A page leaves the language of its reader behind in the thread: no test speaks that of the one before."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def hostile_house():
    with pytest.MonkeyPatch.context() as monkeypatch:
        fail_on_undefined_variables(monkeypatch)
        shuffle_unordered_rows(monkeypatch)
        refuse_careless_locks(monkeypatch)
        watch_every_answer(monkeypatch)
        drop_by_force(monkeypatch)
        leave_as_migrated(monkeypatch)
        yield


@pytest.fixture(autouse=True)
def fresh_cache():
    """A prefix of its own per test: nothing is remembered, and parallel runs on one server never meet."""
    prefix = f"test-{uuid.uuid4().hex}"
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setitem(settings.CACHES["default"], "KEY_PREFIX", prefix)
        monkeypatch.setattr(caches["default"], "key_prefix", prefix)
        yield


def is_transactional(item):
    marker = item.get_closest_marker("django_db")
    asks_for_it = {"transactional_db", "live_server"} & set(item.fixturenames)
    return bool(asks_for_it or (marker and marker.kwargs.get("transaction")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Tests with real transactions empty the tables, which takes a while: they run last."""
    items.sort(key=is_transactional)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both sides of `tests/world.py`, made once for a module: each of its tests takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def unread_templates(monkeypatch):
    """Django's test client copies what every template was given; whoever never looks at it need not wait for that."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_args, **_given: None)


@pytest.fixture
def known_reader(monkeypatch):
    """One person asks a thousand times: who they are and which roles they have is read at their first request. Only for
    tests that take back what a request did; that a role ends at the next request is tried elsewhere."""
    known, read = {}, auth_middleware.get_user

    def read_once(request):
        key = request.session.session_key
        if key not in known:
            known[key] = read(request)
            assert known[key].is_anonymous or known[key].live_grants is not None  # read now, and go along
        return copy.copy(known[key])

    monkeypatch.setattr(auth_middleware, "get_user", read_once)


@pytest.fixture
def client_for():
    """`client_for(user)` is a browser in which this person is signed in, with a second factor unless told otherwise."""

    def sign_in(user, second_factor=True):
        client = Client()
        client.force_login(user)
        if second_factor:
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return sign_in


@pytest.fixture
def ada(db):
    """A teacher: the school's contact."""
    return GrantFactory(user=UserFactory(name="Ada"), role=Role.SCHOOL_CONTACT).user


@pytest.fixture
def ben(db):
    """A student volunteer."""
    return GrantFactory(user=UserFactory(name="Ben"), role=Role.VOLUNTEER).user


@pytest.fixture
def cleo(db):
    """A coordinator."""
    return GrantFactory(user=UserFactory(name="Cléo"), role=Role.COORDINATOR).user


@pytest.fixture
def dan(db):
    """A stranger: may sign in and has no role."""
    return UserFactory(name="Dan")
