"""What correspondence holds about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import DELETE, Personal

LOG = Personal(
    _("know who was written to, when and what"),
    _("1 year after it was sent, or written down if it never left"),
    "message",
)
FILES = Personal(_("hand over the files a person asked for"), _("1 year; the file itself a few days"), "message")

PERSONAL = {
    "Message.recipient": LOG,
    "Message.addressee": LOG,
    "Message.name": LOG,
    "Message.address": LOG,
    "Message.language": LOG,
    "Message.about": LOG,
    "Message.subject": LOG,
    "Message.text": LOG,
    "Message.html": LOG,
    "Job.owner": FILES,
    "Job.parameters": FILES,
    "Job.file_name": FILES,
    "Job.stored_as": FILES,
}
TECHNICAL = {
    "Rule.code",
    "Rule.occasion",
    "Rule.offset",
    "Rule.is_active",
    "Rule.subject_fr",
    "Rule.subject_en",
    "Rule.body_fr",
    "Rule.body_en",
    "Rule.action_label_fr",
    "Rule.action_label_en",
    "Message.rule",
    "Message.occasion",
    "Message.key",
    "Message.is_urgent",
    "Message.due_at",
    "Message.state",
    "Message.reason",
    "Message.attempts",
    "Message.claim",
    "Message.lease_until",
    "Message.token",
    "Message.sent_at",
    "Message.created_at",
    "Job.kind",
    "Job.fingerprint",
    "Job.state",
    "Job.done",
    "Job.total",
    "Job.attempts",
    "Job.outcome",
    "Job.claim",
    "Job.lease_until",
    "Job.size",
    "Job.error",
    "Job.created_at",
    "Job.finished_at",
    "Job.expires_at",
    "Job.seen_at",
}

RELATIONS = {"Message.recipient": DELETE, "Job.owner": DELETE}
# Texts in which a name may stand although nothing points at the person: they are emptied when it does.
NAMES = ("Message.subject", "Message.text", "Message.html")
# Where files stand under PRIVATE_ROOT: they go with their row.
FILES = {"Job.stored_as": "jobs"}
