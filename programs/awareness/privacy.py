"""What awareness holds about a person, why and until when."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import DELETE, UNLINK, Fate, Personal, Relation
from participants.organisations.school_years import school_year_dates, school_year_of

REQUEST = Personal(_("answer a school's request for a talk"), _("3 years after the last activity"), "contact")
NOMINATED_FOR = ("is_curious", "works_hard", "does_not_dare", "lacks_examples", "is_far_away")
TYPED = (
    *("first_name", "last_name", "birth_date", "school", "level", "email", "language", "asked_at", "proven_at"),
    *("guardian_email", "guardian_first_name", "guardian_last_name", "pupil", "codes", "state"),
)
POOL = Personal(_("tell a young person what comes next, if the family agrees"), _("participation + 1 year"), "pupil")
POOL_STAFF = Personal(_("know who nominated or invited"), _("3 years after the last activity"), "contact")

AT_THE_DOOR = Personal(
    _("let a young person come in by themselves"), _("3 days; 30 days where a coordinator decides"), "message"
)
ANSWER = Personal(_("plan the talks of a campaign in a school"), _("3 years after the last activity"), "contact")
WISHES = Personal(_("plan who speaks where in a campaign"), _("3 years after the last activity"), "volunteer")
GROUPS = Personal(
    _("compose the groups of a campaign, and nothing else"), _("until 30 days after the campaign"), "volunteer"
)
DECISION = Personal(_("know who decided on the plan of a campaign"), _("3 years after the last activity"), "volunteer")

PERSONAL = {
    "CampaignSchool.contact": ANSWER,
    "CampaignSchool.note": ANSWER,
    "CampaignSpeaker.volunteer": WISHES,
    "CampaignSpeaker.weeks": WISHES,
    "CampaignSpeaker.half_days": WISHES,
    "CampaignSpeaker.travel_minutes": WISHES,
    "CampaignSpeaker.own_school": WISHES,
    "CampaignSpeaker.leaves_from_home": WISHES,
    "CampaignSpeaker.most_talks": WISHES,
    "CampaignSpeaker.gender": GROUPS,
    "PairRule.speaker": WISHES,
    "PairRule.made_by": DECISION,
    "PlannedSpeaker.speaker": WISHES,
    "PlannedSpeaker.facts": WISHES,
    "PlannedSpeaker.refusal": WISHES,
    "CampaignPlan.asked_by": DECISION,
    "TalkRequest.contact": REQUEST,
    "TalkRequest.wish": REQUEST,
    "TalkRequest.needs": REQUEST,
    "TalkRequest.taken_by": REQUEST,
    "TalkRequest.taken_at": REQUEST,
    "TalkRequest.handled_by": REQUEST,
    "TalkRequest.handled_at": REQUEST,
    "TalkRequest.decline_text": REQUEST,
    **{f"PoolEntry.{name}": POOL for name in ("pupil", "door", "booking", "entered_at", "left_at")},
    "PoolEntry.entered_by": POOL_STAFF,
    **{f"Nomination.{name}": POOL for name in ("pupil", "school", "school_year", "nominated_at", *NOMINATED_FOR)},
    "Nomination.nominated_by": POOL_STAFF,
    "PoolRound.made_by": POOL_STAFF,
    **{f"SelfEntry.{name}": AT_THE_DOOR for name in TYPED},
    **{f"PoolInvitation.{name}": POOL for name in ("round", "pupil", "activity", "invited_on")},
}
TECHNICAL = {
    *(f"PoolRound.{name}" for name in ("activity", "reason", "filters", "made_at")),
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
    "Campaign.programme",
    "Campaign.organisation",
    "Campaign.school_year",
    "Campaign.first_week",
    "Campaign.last_week",
    "Campaign.name_fr",
    "Campaign.name_en",
    "Campaign.letter_fr",
    "Campaign.letter_en",
    "Campaign.least_speakers",
    "Campaign.most_speakers",
    "Campaign.needs_woman",
    "Campaign.created_at",
    "CampaignSchool.campaign",
    "CampaignSchool.school",
    "CampaignSchool.state",
    "CampaignSchool.need",
    "CampaignSchool.wave",
    "CampaignSchool.invited_at",
    "CampaignSchool.weeks",
    "CampaignSchool.half_days",
    "CampaignSchool.language",
    "CampaignSchool.reason",
    "CampaignSchool.answered_at",
    "CampaignTalk.place",
    "CampaignTalk.class_group",
    "CampaignTalk.session",
    "CampaignSpeaker.campaign",
    "CampaignSpeaker.state",
    "CampaignSpeaker.invited_at",
    "CampaignSpeaker.answered_at",
    "CampaignPlan.campaign",
    "CampaignPlan.state",
    "CampaignPlan.asked_at",
    "CampaignPlan.keeps_last",
    "CampaignPlan.finished_at",
    "CampaignPlan.applied_at",
    "CampaignPlan.seconds",
    "CampaignPlan.worth",
    "CampaignPlan.bound",
    "PairRule.talk",
    "PairRule.kind",
    "PairRule.made_at",
    "PlannedTalk.plan",
    "PlannedTalk.talk",
    "PlannedTalk.day",
    "PlannedTalk.half_day",
    "PlannedTalk.facts",
    "PlannedTalk.applied_at",
    "PlannedTalk.refusal",
    "PlannedSpeaker.planned",
}


def of_entry(entry):
    """A copy came in when its school year began: the funnel counts by years."""
    first_day, _last = school_year_dates(school_year_of(timezone.localdate(entry.entered_at)))
    moment = timezone.make_aware(dt.datetime.combine(first_day, dt.time(12)))
    return {"entered_at": moment, "entered_by": None, "booking": None, "left_at": None}


# What becomes of each relation to a person at erasure; histories follow what they are the history of.
RELATIONS = {
    "TalkRequest.contact": Relation(Fate.UNLINK, blanks={"wish": "", "needs": "", "decline_text": "…"}),
    "TalkRequest.taken_by": UNLINK,
    "TalkRequest.handled_by": UNLINK,
    "CampaignSchool.contact": Relation(Fate.UNLINK, blanks={"note": ""}),
    "CampaignSpeaker.volunteer": DELETE,
    "CampaignPlan.asked_by": UNLINK,
    "PairRule.made_by": UNLINK,
    "PoolEntry.pupil": Relation(Fate.COPY, keeps=("door",), fills=of_entry),
    "PoolEntry.entered_by": UNLINK,
    "Nomination.pupil": DELETE,
    "Nomination.nominated_by": UNLINK,
    "PoolRound.made_by": UNLINK,
    "PoolInvitation.pupil": DELETE,
    "SelfEntry.pupil": DELETE,
}
# When somebody was last active: a relation, and the moment on its row.
ACTIVITY = {
    "TalkRequest.contact": "created_at",
    "CampaignSpeaker.volunteer": "invited_at",
    "PoolEntry.pupil": "entered_at",
}
# Texts in which a name may stand although nothing points at the person: they are emptied when it does.
NAMES = ("PoolRound.reason",)


def of_contact(contact):
    """Who still waits for an answer."""
    if contact.talk_requests.filter(state="sent").exists():
        return _("A request for a talk of this contact waits for an answer: answer or withdraw it first.")
    return ""


# Why a person cannot be erased yet: each says a sentence, or nothing.
HOLDS = {"schoolcontact": [of_contact]}
