"""Two workers at once, and workers that die: real threads, a real Celery worker, a real mail server."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone
from redis import Redis

from participants.accounts.models import User
from participants.correspondence import actions, tasks
from participants.correspondence.actions.jobs import JOB_READY
from participants.correspondence.models import Message
from tests.factories.correspondence import JobFactory, MessageFactory, RuleFactory

pytestmark = pytest.mark.django_db(transaction=True)


def deliver_with_two_workers():
    """Both workers have chosen their rows before either of them writes."""
    chosen = threading.Barrier(2)

    def wait_before_the_claim(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and '"claim"' in sql:
            with suppress(threading.BrokenBarrierError):
                chosen.wait(timeout=0.5)
        return execute(sql, params, many, context)

    def work():
        with connection.execute_wrapper(wait_before_the_claim):
            actions.deliver()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def write_messages(number):
    rule = RuleFactory()
    return {MessageFactory(rule=rule, recipient__name=f"Canary{n}x").address for n in range(number)}


@pytest.mark.mail
def test_two_workers_send_each_message_once_and_to_each_their_own(postbox, record_property):
    addresses = write_messages(150)
    deliver_with_two_workers()
    assert Counter(mail["To"] for mail in postbox.mails) == dict.fromkeys(addresses, 1)
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    names = dict(User.objects.values_list("email", "name"))
    for mail in postbox.mails:
        assert set(re.findall(r"Canary\d+x", mail.as_string())) == {names[mail["To"]]}
    record_property("tried", len(addresses))


@pytest.mark.mail
def test_what_is_called_off_while_workers_send_has_left_or_never_leaves(postbox, record_property):
    write_messages(200)
    users = list(User.objects.order_by("pk"))
    postbox.pause = 0.002

    def call_off():
        for user in reversed(users):
            actions.call_off(about=1, occasions=["meeting"], reason="Gone.", recipients=[user])
        connections.close_all()

    withdrawing = threading.Thread(target=call_off)
    withdrawing.start()
    deliver_with_two_workers()
    withdrawing.join()
    sent = set(Message.objects.filter(state="sent").values_list("address", flat=True))
    assert Counter(mail["To"] for mail in postbox.mails) == dict.fromkeys(sent, 1)
    assert Message.objects.filter(state="cancelled", sent_at=None).count() == 200 - len(sent) > 0
    record_property("tried", 200)


@pytest.mark.sabotage
def test_two_workers_send_messages_twice_without_the_claim(postbox, monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "claim")
    addresses = write_messages(20)
    deliver_with_two_workers()
    assert len(postbox.mails) > len(addresses)


@contextmanager
def worker(postbox, concurrency):
    """A Celery worker as in production, on the test's database; it ends with the block at the latest."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.MAIL_TRANSPORT['EMAIL_PORT']}",
        "MAIL_LEASE_SECONDS": "2",
    }
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "eocenter",
            "worker",
            "-Q",
            "mail",
            "-c",
            str(concurrency),
            "-l",
            "error",
        ],
        env=environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process):
    """-9 to the worker and all its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tick_until(is_over, seconds=60):
    """What beat does, until it is over."""
    ends = time.monotonic() + seconds
    while not is_over():
        assert time.monotonic() < ends, Counter(Message.objects.values_list("state", flat=True))
        tasks.deliver.apply_async(expires=4)
        time.sleep(0.2)


def plan_notices(number):
    users = User.objects.bulk_create(User(email=f"r{n}@example.org", password="!") for n in range(number))
    job = JobFactory()
    actions.plan(occasion=JOB_READY, recipients=users, about=job.pk, key="ready")
    Message.objects.update(due_at=timezone.now())
    return {user.email for user in users}


@pytest.mark.kills
@pytest.mark.timeout(180)
def test_a_worker_killed_in_the_middle_of_500_reminders_loses_none(postbox, record_property):
    addresses = plan_notices(500)
    postbox.pause = 0.004
    with worker(postbox, concurrency=2) as process:
        tick_until(lambda: len(postbox.mails) > 150)
        kill(process)
    interrupted = len(postbox.mails)
    in_flight = Message.objects.filter(state="sending").count()
    with worker(postbox, concurrency=2):
        tick_until(lambda: not Message.objects.exclude(state="sent").exists())

    assert 150 < interrupted < 500
    assert in_flight <= 2
    times = Counter(mail["To"] for mail in postbox.mails)
    assert set(times) == addresses
    assert times.total() <= 500 + in_flight
    assert len({mail["Message-ID"] for mail in postbox.mails}) == 500
    record_property("tried", 500)


@pytest.mark.sabotage
@pytest.mark.timeout(180)
def test_a_killed_worker_loses_reminders_when_nobody_takes_over(postbox, monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "takeover")
    plan_notices(30)
    postbox.pause = 0.05
    with worker(postbox, concurrency=1) as process:
        tick_until(lambda: len(postbox.mails) > 3)
        kill(process)
    held = Message.objects.filter(state="planned", lease_until__isnull=False)
    lost = set(held.values_list("pk", flat=True))
    Message.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
    not_sent = Message.objects.exclude(state="sent").count()
    assert actions.deliver() == not_sent - len(lost) < not_sent
    assert set(Message.objects.filter(state="planned").values_list("pk", flat=True)) == lost


@pytest.mark.kills
@pytest.mark.timeout(180)
def test_a_broker_that_forgets_everything_loses_no_message(postbox):
    addresses = plan_notices(60)
    tasks.deliver.delay()
    Redis.from_url(settings.REDIS_URL).flushdb()
    with worker(postbox, concurrency=1):
        tick_until(lambda: postbox.mails)
        Redis.from_url(settings.REDIS_URL).flushdb()
        tick_until(lambda: not Message.objects.exclude(state="sent").exists())
    assert Counter(mail["To"] for mail in postbox.mails) == dict.fromkeys(addresses, 1)
