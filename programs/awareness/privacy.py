"""What awareness holds about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Personal

REQUEST = Personal(_("answer a school's request for a talk"), _("3 years after the last activity"))

PERSONAL = {
    "TalkRequest.contact": REQUEST,
    "TalkRequest.wish": REQUEST,
    "TalkRequest.needs": REQUEST,
    "TalkRequest.taken_by": REQUEST,
    "TalkRequest.taken_at": REQUEST,
    "TalkRequest.handled_by": REQUEST,
    "TalkRequest.handled_at": REQUEST,
    "TalkRequest.decline_text": REQUEST,
}
TECHNICAL = {
    "TalkRequest.school",
    "TalkRequest.school_year",
    "TalkRequest.state",
    "TalkRequest.format",
    "TalkRequest.language",
    "TalkRequest.topics",
    "TalkRequest.sent_at",
    "TalkRequest.decline_reason",
    "TalkRequest.activity",
    "TalkRequest.version",
    "TalkRequest.created_at",
    "TalkRequest.updated_at",
    "RequestedClass.request",
    "RequestedClass.class_group",
    "RequestedClass.name",
    "RequestedClass.level",
    "RequestedClass.head_count",
    "RequestedSlot.request",
    "RequestedSlot.week",
    "RequestedSlot.weekday",
    "RequestedSlot.half_day",
}
