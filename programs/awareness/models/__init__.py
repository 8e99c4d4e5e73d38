"""Requests for talks, which come from schools; campaigns, which go to them; the talent pool, into which young people
come."""

from programs.awareness.models.campaign import Campaign, CampaignSchool, CampaignSpeaker, CampaignTalk
from programs.awareness.models.coming_in import SelfEntry
from programs.awareness.models.plan import CampaignPlan, PairRule, PlannedSpeaker, PlannedTalk
from programs.awareness.models.pool import Nomination, PoolEntry, PoolInvitation, PoolRound, Status, runs_pool
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
    "Nomination",
    "PairRule",
    "PlannedSpeaker",
    "PlannedTalk",
    "PoolEntry",
    "PoolInvitation",
    "PoolRound",
    "RequestedClass",
    "RequestedSlot",
    "SelfEntry",
    "Status",
    "TalkRequest",
    "monday_of",
    "runs_pool",
]
