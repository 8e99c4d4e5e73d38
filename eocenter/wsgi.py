"""The door of the production server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eocenter.settings")
# Nobody waits longer for a page, and a slow query must not keep its connection.
os.environ.setdefault("STATEMENT_TIMEOUT", "10s")

application = get_wsgi_application()
