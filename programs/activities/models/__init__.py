"""The spine: one way to deliver, for all pillars."""

from programs.activities.models.assignment import Assignment
from programs.activities.models.booking import Booking
from programs.activities.models.change import Change
from programs.activities.models.feedback import Feedback, Question, Questionnaire, Reply
from programs.activities.models.guest import Guest
from programs.activities.models.inbox import InboxMark
from programs.activities.models.kit import Kit, KitDocument, KitOpening, WhatIf
from programs.activities.models.lock import PeriodLock
from programs.activities.models.places import LevelQuota, PriorityCriterion
from programs.activities.models.presence import Attendance, Headcount
from programs.activities.models.programme import Activity, Programme, ProgrammeScope, Topic
from programs.activities.models.question import Answer, AskedQuestion, Inquiry
from programs.activities.models.roll import RollEntry
from programs.activities.models.search import Asking, QuietVolunteer, SpeakerSearch
from programs.activities.models.session import Session
from programs.activities.models.subscription import Subscription

__all__ = [
    "Activity",
    "Answer",
    "AskedQuestion",
    "Asking",
    "Assignment",
    "Attendance",
    "Booking",
    "Change",
    "Feedback",
    "Guest",
    "Headcount",
    "InboxMark",
    "Inquiry",
    "Kit",
    "KitDocument",
    "KitOpening",
    "LevelQuota",
    "PeriodLock",
    "PriorityCriterion",
    "Programme",
    "ProgrammeScope",
    "Question",
    "Questionnaire",
    "QuietVolunteer",
    "Reply",
    "RollEntry",
    "Session",
    "SpeakerSearch",
    "Subscription",
    "Topic",
    "WhatIf",
]
