"""The house: settings, addresses, clock, home pages and the commands that span all apps."""

from eocenter.celery import app as celery_app

__all__ = ["celery_app"]
