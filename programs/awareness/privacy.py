"""What awareness holds about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import UNLINK, Fate, Personal, Relation

REQUEST = Personal(_("answer a school's request for a talk"), _("3 years after the last activity"), "contact")

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

# What becomes of each relation to a person at erasure; histories follow what they are the history of.
RELATIONS = {
    "TalkRequest.contact": Relation(Fate.UNLINK, blanks={"wish": "", "needs": "", "decline_text": "…"}),
    "TalkRequest.taken_by": UNLINK,
    "TalkRequest.handled_by": UNLINK,
}
# When somebody was last active: a relation, and the moment on its row.
ACTIVITY = {"TalkRequest.contact": "created_at"}


def of_contact(contact):
    """Who still waits for an answer."""
    if contact.talk_requests.filter(state="sent").exists():
        return _("A request for a talk of this contact waits for an answer: answer or withdraw it first.")
    return ""


# Why a person cannot be erased yet: each says a sentence, or nothing.
HOLDS = {"schoolcontact": [of_contact]}
