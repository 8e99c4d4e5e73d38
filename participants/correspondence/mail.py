"""Where Django's mails go in (the outbox) and where all mails go out (the transport)."""

import logging
import re
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, quoteaddr

from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils import timezone, translation

from participants.accounts.models import User
from participants.correspondence.models import Message

log = logging.getLogger(__name__)

DELIVER = "participants.correspondence.tasks.deliver"
TRANSPORT_SECONDS = 10
LINE_OF_DOT = re.compile(rb"^\.", re.MULTILINE)


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


class PipeliningBackend(EmailBackend):
    """Django's SMTP, which asks a server that allows it (RFC 2920; nearly all do) three questions in one breath.

    Two round trips a mail instead of four: with a server far away, that is half the time of a thousand reminders.
    """

    def _send(self, email_message):
        self.connection.ehlo_or_helo_if_needed()
        if not self.connection.has_extn("pipelining"):
            return super()._send(email_message)
        sender, (recipient,) = email_message.from_email, email_message.recipients()
        lines = f"MAIL FROM:{quoteaddr(sender)}\r\nRCPT TO:{quoteaddr(recipient)}\r\nDATA\r\n"
        self.connection.send(lines)
        answers = [self.connection.getreply() for _line in range(3)]
        if [code // 100 for code, _text in answers] == [2, 2, 3]:
            content = email_message.message().as_bytes(linesep="\r\n")
            answer = self._end_data(LINE_OF_DOT.sub(b"..", content))
            if answer[0] != 250:
                raise SMTPDataError(*answer)
            return True
        if answers[2][0] == 354:
            self._end_data(b"")  # the server waits for a mail that nobody may have: it refuses the empty one
        self.connection.rset()
        raise _refusal(sender, recipient, *answers)

    def _end_data(self, content):
        self.connection.send(content + (b".\r\n" if not content or content.endswith(b"\r\n") else b"\r\n.\r\n"))
        return self.connection.getreply()


def _refusal(sender, recipient, mail, rcpt, data):
    if mail[0] != 250:
        return SMTPSenderRefused(*mail, sender)
    if rcpt[0] // 100 != 2:
        return SMTPRecipientsRefused({recipient: rcpt})
    return SMTPDataError(*data)


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
    if backend == "django.core.mail.backends.smtp.EmailBackend":
        backend = f"{__name__}.PipeliningBackend"
        options["timeout"] = TRANSPORT_SECONDS
    transport = get_connection(backend, **{name: value for name, value in options.items() if value not in {None, ""}})
    transport.open()
    return transport
