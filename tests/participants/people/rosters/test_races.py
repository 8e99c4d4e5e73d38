"""Two lists at once, and a worker that dies in the middle: the pupils are as before or as after, never between."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job
from participants.organisations.models import ClassGroup
from participants.people import actions
from participants.people.actions.importing import import_pupils
from participants.people.models import Enrolment, Guardian, Pupil, RosterEffect
from tests.factories.accounts import GrantFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import SchoolContactFactory, SchoolPostFactory
from tests.harness.threads import at_once
from tests.participants.people.rosters.conftest import HEAD, YEAR, send, upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
LINES = [f"DUPONT;{first};14/03/2012;F;3A" for first in ("Ana", "Bea", "Cléa", "Dina", "Eva")]


@pytest.fixture
def school():
    return SchoolFactory(kind="college")


@pytest.fixture
def teacher(school):
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, school=school, verified=True)
    return contact.user


def totals():
    return [model.objects.count() for model in (Pupil, Enrolment, ClassGroup, Guardian, RosterEffect)]


@pytest.mark.race
def test_of_two_lists_at_once_the_second_is_compared_anew(school, teacher):
    lists = [send(school, teacher, [HEAD, *LINES]), send(school, teacher, [HEAD, *LINES, "ROY;Tom;01/12/2011;M;3B"])]
    for roster in lists:
        actions.confirm_roster(roster=roster, by=teacher)

    def slow(execute, sql, params, many, context):
        time.sleep(0.01)
        return execute(sql, params, many, context)

    at_once([correspondence.work] * 2, slow=slow)
    for roster in lists:
        roster.refresh_from_db()
    assert sorted(roster.state for roster in lists) == ["applied", "ready"]
    [waiting] = [roster for roster in lists if roster.state == "ready"]
    assert waiting.is_compared_anew
    assert Pupil.objects.filter(last_name="Dupont").count() == 5
    assert ClassGroup.objects.filter(name="3A").count() == 1


@pytest.mark.race
def test_a_list_of_the_center_and_one_of_a_school_add_one_pupil(school, teacher):
    center = GrantFactory(role=Role.ADMINISTRATOR).user
    roster = send(school, teacher, [HEAD, *LINES])
    actions.confirm_roster(roster=roster, by=teacher)
    head = ["last_name", "first_name", "birth_date", "uai"]
    lines = [["Dupont", first, "14/03/2012", school.uai] for first in ("Ana", "Bea", "Cléa", "Dina", "Eva")]

    def slow(execute, sql, params, many, context):
        time.sleep(0.01)
        return execute(sql, params, many, context)

    take_in = partial(import_pupils, rows=[head, *lines], by=center, school_year=YEAR)
    at_once([correspondence.work, take_in], slow=slow)
    correspondence.work()
    take_in()
    assert Pupil.objects.filter(last_name="Dupont").count() == 5


PROGRAM = """
import os, time, django
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
settings.PRIVATE_ROOT = __import__("pathlib").Path(os.environ["TEST_PRIVATE"])
from participants.correspondence import actions
def slow(execute, sql, params, many, context):
    if sql.startswith(os.environ["TEST_STOP"]):
        print("there", flush=True)
        time.sleep(60)
    return execute(sql, params, many, context)
with connection.execute_wrapper(slow):
    actions.work()
"""


def sent(school, by):
    return actions.send_roster(school=school, school_year=YEAR, file=upload([HEAD, *LINES]), by=by)


def with_columns(school, by):
    roster = sent(school, by)
    correspondence.work()
    roster.refresh_from_db()
    return actions.choose_columns(roster=roster, mapping=roster.mapping, by=by)


def confirmed(school, by):
    return actions.confirm_roster(roster=send(school, by, [HEAD, *LINES]), by=by)


NOTHING = [0, 0, 0, 0, 0]


@pytest.mark.kills
@pytest.mark.parametrize(
    ("before", "stop", "after"),
    [
        (sent, 'INSERT INTO "people_rosterrow"', ("columns", ["unread"] * 5, NOTHING)),
        (sent, 'UPDATE "people_roster" SET', ("columns", ["unread"] * 5, NOTHING)),
        (with_columns, 'UPDATE "people_rosterrow"', ("ready", ["new"] * 5, NOTHING)),
        (with_columns, 'UPDATE "people_roster" SET', ("ready", ["new"] * 5, NOTHING)),
        (confirmed, 'INSERT INTO "people_enrolment"', ("applied", [], [5, 5, 1, 0, 11])),
        (confirmed, 'INSERT INTO "people_rostereffect"', ("applied", [], [5, 5, 1, 0, 11])),
        (confirmed, 'UPDATE "people_roster" SET', ("applied", [], [5, 5, 1, 0, 11])),
    ],
)
def test_a_worker_killed_in_the_middle_leaves_nothing_half(before, stop, after, school, teacher, private_root):
    roster = before(school, teacher)
    begun = roster.state
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "eocenter.settings",
        "TEST_DATABASE": connection.settings_dict["NAME"],
        "TEST_PRIVATE": str(private_root),
        "TEST_STOP": stop,
    }
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdout.readline() == b"there\n"
        os.kill(worker.pid, signal.SIGKILL)
    roster.refresh_from_db()
    assert (roster.state, totals()) == (begun, NOTHING)
    Job.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))
    for _try in range(50):  # the server needs a moment to see that the worker is gone
        correspondence.work()
        roster.refresh_from_db()
        if roster.state == after[0]:
            break
        time.sleep(0.1)
        Job.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))
    rows = list(roster.rows.order_by("line").values_list("state", flat=True))
    assert (roster.state, rows, totals()) == after
    assert list((private_root / "rosters").iterdir()) == []


def test_the_same_work_done_twice_ends_alike(school, teacher):
    roster = send(school, teacher, [HEAD, *LINES])
    actions.confirm_roster(roster=roster, by=teacher)
    correspondence.work()
    after = totals()
    actions.work_on_roster(pk=roster.pk, by=teacher, report=lambda done, total: None)
    assert totals() == after
