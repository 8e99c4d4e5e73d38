"""Requests for talks, which come from schools; campaigns, which go to them."""

from programs.awareness.models.campaign import Campaign, CampaignSchool, CampaignSpeaker, CampaignTalk
from programs.awareness.models.plan import CampaignPlan, PairRule, PlannedSpeaker, PlannedTalk
from programs.awareness.models.request import (
    WEEKDAYS,
    HalfDay,
    RequestedClass,
    RequestedSlot,
    TalkRequest,
    monday_of,
)

__all__ = [
    "WEEKDAYS",
    "Campaign",
    "CampaignPlan",
    "CampaignSchool",
    "CampaignSpeaker",
    "CampaignTalk",
    "HalfDay",
    "PairRule",
    "PlannedSpeaker",
    "PlannedTalk",
    "RequestedClass",
    "RequestedSlot",
    "TalkRequest",
    "monday_of",
]
