"""The mail that was sent on this machine, for a person who walks through the demonstration by hand.

Routed in local mode only; there is no such page in production.
"""

import email
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

# How Django's file backend parts the mails of one file.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    id: str
    message: EmailMessage
    sent_at: datetime

    @property
    def subject(self):
        return self.message["Subject"] or ""

    @property
    def sender(self):
        return self.message["From"] or ""

    @property
    def recipients(self):
        return self.message["To"] or ""

    @property
    def text(self):
        part = self.message.get_body(preferencelist=("plain", "html"))
        if part is None:
            return ""
        content = part.get_content()
        return content if part.get_content_type() == "text/plain" else strip_tags(content)

    @property
    def attachments(self):
        return [part for part in self.message.iter_attachments() if part.get_filename()]

    @property
    def attachment_names(self):
        return [part.get_filename() for part in self.attachments]


def mails():
    """Every mail in the folder, newest first; a file that is no mail is passed over."""
    folder = settings.MAIL_TRANSPORT.get("EMAIL_FILE_PATH")
    files = Path(folder).glob("*.log") if folder else []
    found = [mail for path in files for mail in mails_of(path)]
    return sorted(found, key=lambda mail: (mail.sent_at, mail.id), reverse=True)


def mails_of(path):
    modified = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())
    for number, raw in enumerate(path.read_bytes().split(SEPARATOR)):
        if raw.strip():
            message = email.message_from_bytes(raw.lstrip(b"\n"), policy=modern)
            yield Mail(f"{path.stem}-{number}", message, moment_of(message) or modified)


def moment_of(message):
    try:
        moment = parsedate_to_datetime(message["Date"])
    except (TypeError, ValueError):
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def mail_or_404(mail_id):
    for mail in mails():
        if mail.id == mail_id:
            return mail
    raise Http404


@login_not_required
@require_safe
def mail_list(request):
    """All mails, with the codes and links that one needs next."""
    page = Paginator(mails(), 30).get_page(request.GET.get("page"))
    return render(request, "eocenter/mailbox_list.html", {"page": page})


@login_not_required
@require_safe
def mail_detail(request, mail_id):
    """One mail as its reader sees it."""
    return render(request, "eocenter/mailbox_detail.html", {"mail": mail_or_404(mail_id)})


@login_not_required
@require_safe
def mail_attachment(request, mail_id, number):
    """A file of a mail, always as a download."""
    attachments = mail_or_404(mail_id).attachments
    if number >= len(attachments):
        raise Http404
    part = attachments[number]
    content = part.get_content()
    return HttpResponse(
        content.encode() if isinstance(content, str) else content,
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{Path(part.get_filename()).name}"',
        },
    )
