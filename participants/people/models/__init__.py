"""People, never one model for all: volunteers, school contacts, pupils, guardians; and what families agreed to."""

from participants.people.models.enrolment import Enrolment
from participants.people.models.guardian import Guardian, Guardianship

from participants.people.models.pupil import Pupil, Sex, manages_all, sees_all  # isort: skip
from participants.people.models.consent import Consent, ConsentText, Purpose  # isort: skip
from participants.people.models.retention import Category, Farewell, RetentionRun, RetentionTerm
from participants.people.models.right import RightsRequest, Subject, Tombstone

from participants.people.models.trace import Look  # isort: skip
from participants.people.models.roster import Roster, RosterEffect, RosterRow  # isort: skip
from participants.people.models.note import PupilNote  # isort: skip
from participants.people.models.study import Study  # isort: skip
from participants.people.models.promotion import (  # isort: skip
    Outcome,
    PromotedClass,
    Promotion,
    PromotionRow,
    schools_to_manage,
)
from participants.people.models.by_hand import AFTER_WITHDRAWAL, ByHand  # isort: skip
from participants.people.models.duplicate import DuplicatePair, DuplicateSearch, Merge  # isort: skip
from participants.people.models.pupil_list import PupilList  # isort: skip
from participants.people.models.school_contact import SchoolContact, SchoolPost
from participants.people.models.volunteer import Clearance, Volunteer

__all__ = [
    "AFTER_WITHDRAWAL",
    "ByHand",
    "Category",
    "Clearance",
    "Consent",
    "ConsentText",
    "DuplicatePair",
    "DuplicateSearch",
    "Enrolment",
    "Farewell",
    "Guardian",
    "Guardianship",
    "Look",
    "Merge",
    "Outcome",
    "PromotedClass",
    "Promotion",
    "PromotionRow",
    "Pupil",
    "PupilList",
    "PupilNote",
    "Purpose",
    "RetentionRun",
    "RetentionTerm",
    "RightsRequest",
    "Roster",
    "RosterEffect",
    "RosterRow",
    "SchoolContact",
    "SchoolPost",
    "Sex",
    "Study",
    "Subject",
    "Tombstone",
    "Volunteer",
    "manages_all",
    "schools_to_manage",
    "sees_all",
]
