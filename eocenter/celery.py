"""The worker and the clock. Work is a row in PostgreSQL; the broker only says that there may be some."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eocenter.settings")

app = Celery("eocenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
