"""Health answers truly, to anybody, without a word too much and without writing."""

import json
import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from eocenter import actions, checks, health, tasks
from eocenter.models import Heartbeat

ALL_WELL = {"status": "ready", "database": True, "broker": True, "migrations": True, "worker": True}


@pytest.fixture
def beating_workers(db):
    for queue in settings.QUEUES:
        actions.beat(queue=queue)


def test_healthz_asks_nobody(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readyz_when_all_is_well(client, beating_workers):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, ALL_WELL)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("queue", settings.QUEUES)
def test_one_queue_without_a_worker_is_not_ready(client, beating_workers, queue):
    Heartbeat.objects.filter(queue=queue).update(
        beaten_at=timezone.now() - Heartbeat.LONGEST_SILENCE - timedelta(seconds=1)
    )
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL_WELL | {"status": "not ready", "worker": False})


def test_an_absent_broker_is_not_ready(client, beating_workers, monkeypatch):
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL_WELL | {"status": "not ready", "broker": False})


def test_a_missing_migration_is_not_ready(client, beating_workers):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'accounts'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL_WELL | {"status": "not ready", "migrations": False})


def test_the_isolation_is_read_committed(db):
    assert checks.isolation_is_read_committed(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_another_isolation_fails_the_check_and_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try:
        assert [error.id for error in checks.isolation_is_read_committed(databases=["default"])] == ["eocenter.E001"]
        assert client.get("/readyz").json()["database"] is False
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED")


def test_the_reason_goes_to_the_log_once_and_names_no_secret(client, db, caplog):
    health.LAST_REPORT.clear()
    caplog.set_level(logging.WARNING, logger="eocenter.health")
    first, second = client.get("/readyz"), client.get("/readyz")
    assert first.status_code == second.status_code == 503
    assert [record.getMessage() for record in caplog.records] == ["not ready: worker (answers no)"]
    assert set(json.loads(first.content)) == set(ALL_WELL)


def test_posting_to_health_is_refused(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405


def test_a_heartbeat_is_one_row_per_queue(db):
    tasks.heartbeat("mail")
    tasks.heartbeat("mail")
    assert list(Heartbeat.objects.values_list("queue", flat=True)) == ["mail"]
    assert str(Heartbeat.objects.get()) == "mail"


def test_every_queue_has_a_heartbeat_of_its_own():
    beats = [plan for plan in settings.CELERY_BEAT_SCHEDULE.values() if plan["task"] == "eocenter.tasks.heartbeat"]
    assert sorted(plan["options"]["queue"] for plan in beats) == sorted(settings.QUEUES)
    assert all(plan["args"] == [plan["options"]["queue"]] for plan in beats)
