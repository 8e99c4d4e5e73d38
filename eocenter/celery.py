"""The worker and the clock. Work is a row in PostgreSQL; the broker only says that there may be some."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eocenter.settings")

app = Celery("eocenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def beat_at_once(sender, **kwargs):
    """A worker that has just come up says so, without waiting for the clock."""
    for queue in sender.app.amqp.queues.consume_from:
        sender.app.send_task("eocenter.tasks.heartbeat", args=[queue], queue=queue)
