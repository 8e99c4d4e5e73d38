"""The queues of the tests: those that run beside each other must not do each other's work."""

import os
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from eocenter.celery import app


def use_own_queues(number):
    """Let this process, and every worker and clock that its tests start, speak to a numbered room of the broker: what
    one leaves for its worker would otherwise be taken by the worker of another, on another database."""
    url = urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{number}"))
    os.environ["REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = app.conf.broker_url = url
    settings.CACHES["default"]["LOCATION"] = url
