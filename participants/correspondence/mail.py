"""Where Django's mails go in (the outbox) and where all mails go out (the transport)."""

import logging
from email.utils import parseaddr

from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone, translation

from participants.accounts.models import User
from participants.correspondence.models import Message

log = logging.getLogger(__name__)

DELIVER = "participants.correspondence.tasks.deliver"
TRANSPORT_SECONDS = 10


class OutboxBackend(BaseEmailBackend):
    """Writes each mail down, a row per recipient, in the transaction of whoever sends it; the worker delivers."""

    def send_messages(self, email_messages):
        """Write the rows, urgent and due now, and whisper to the worker once they are committed."""
        rows = [row for email in email_messages for row in _rows_of(email)]
        Message.objects.bulk_create(rows)
        if rows:
            transaction.on_commit(_nudge, robust=True)
        return len(email_messages)


def _rows_of(email) -> list[Message]:
    if email.attachments:
        raise ValueError("A mail of Django's own carries no attachment here: make it an occasion.")
    html = next((content for content, kind in getattr(email, "alternatives", []) if kind == "text/html"), "")
    addresses = {parseaddr(recipient)[1].lower() for recipient in email.recipients()}
    users = {user.email: user for user in User.objects.filter(email__in=addresses)}
    language = "fr" if (translation.get_language() or "fr").startswith("fr") else "en"
    return [
        Message(
            recipient=users.get(address),
            address=address,
            language=language,
            is_urgent=True,
            due_at=timezone.now(),
            subject=" ".join(str(email.subject).split())[:300],
            text=email.body,
            html=html,
        )
        for address in sorted(addresses)
    ]


def _nudge():
    """A hint only: the clock finds the row anyway, so a broker that is away disturbs nobody."""
    try:
        current_app.send_task(DELIVER, expires=30, retry=False)
    except Exception as error:
        log.warning("The worker could not be told of new mail: %s", type(error).__name__)


def open_transport() -> BaseEmailBackend:
    """An open connection to the real mail server, which EMAIL_URL names."""
    given = settings.MAIL_TRANSPORT
    options = {
        "host": given.get("EMAIL_HOST"),
        "port": given.get("EMAIL_PORT"),
        "username": given.get("EMAIL_HOST_USER"),
        "password": given.get("EMAIL_HOST_PASSWORD"),
        "use_tls": given.get("EMAIL_USE_TLS"),
        "use_ssl": given.get("EMAIL_USE_SSL"),
        "file_path": given.get("EMAIL_FILE_PATH"),
    }
    backend = given["EMAIL_BACKEND"]
    if backend.endswith("smtp.EmailBackend"):
        options["timeout"] = TRANSPORT_SECONDS
    transport = get_connection(backend, **{name: value for name, value in options.items() if value not in {None, ""}})
    transport.open()
    return transport
