"""Is the process up; can it serve. For proxies and supervisors: they learn yes or no, the reasons go to the log."""

import logging
from functools import cache

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from eocenter.models import Heartbeat

logger = logging.getLogger(__name__)
LAST_REPORT = {}  # what this process last said about itself


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """The process answers; nothing else is asked, so that a slow database never gets it killed."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def readyz(request):
    """The database, the broker, the migrations and the workers of every queue are there."""
    reasons = {name: reason for name, check in CHECKS.items() if (reason := reason_against(check))}
    report(reasons)
    parts = {name: name not in reasons for name in CHECKS}
    response = JsonResponse({"status": "not ready" if reasons else "ready", **parts}, status=503 if reasons else 200)
    response._has_been_logged = True  # by us, once, instead of by Django at every question
    return response


def reason_against(check):
    try:
        return "" if check() else "answers no"
    except Exception as problem:  # whatever it is, the answer is no
        return type(problem).__name__


def report(reasons):
    """Write to the log when the answer changes, not at every question."""
    if reasons != LAST_REPORT:
        logger.warning("not ready: %s", ", ".join(f"{name} ({reason})" for name, reason in reasons.items()) or "over")
        LAST_REPORT.clear()
        LAST_REPORT.update(reasons)


def database_answers():
    """It answers, and in the isolation that every row lock of ours is thought for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_isolation')")
        return cursor.fetchone() == ("read committed",)


def broker_answers():
    with current_app.connection(settings.CELERY_BROKER_URL) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        return broker.connected


def migrations_are_applied():
    recorded = MigrationRecorder.Migration.objects.using(connection.alias)
    return newest_migrations() <= set(recorded.values_list("app", "name"))


@cache
def newest_migrations():
    """The last migration of every app as this process knows them."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def workers_beat():
    return set(settings.QUEUES) <= set(Heartbeat.objects.recent().values_list("queue", flat=True))


CHECKS = {
    "database": database_answers,
    "broker": broker_answers,
    "migrations": migrations_are_applied,
    "worker": workers_beat,
}
