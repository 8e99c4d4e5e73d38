"""People, never one model for all: volunteers, school contacts, pupils, guardians."""

from participants.people.models.pupil import Enrolment, Guardian, Guardianship, Pupil
from participants.people.models.school_contact import SchoolContact, SchoolPost
from participants.people.models.volunteer import Clearance, Volunteer

__all__ = [
    "Clearance",
    "Enrolment",
    "Guardian",
    "Guardianship",
    "Pupil",
    "SchoolContact",
    "SchoolPost",
    "Volunteer",
]
