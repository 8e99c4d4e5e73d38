"""What people hold about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import DELETE, KEEP, UNLINK, Fate, Personal, Relation

WORK = Personal(_("help those who work with a young person"), _("participation + 1 year"), "pupil")
ONE_RECORD = Personal(_("keep one record for each pupil"), _("participation + 1 year"), "pupil")
UNDOING = Personal(_("take back a merge of two records"), _("30 days"), "pupil")
CONTACT = Personal(_("organise talks with a school"), _("3 years after the last activity"), "contact")
PROOF = Personal(_("make sure that a contact belongs to the school"), _("3 years after the last activity"), "contact")
VOLUNTEER = Personal(
    _("match volunteers with sessions and certify their hours"), _("end of studies + 1 year"), "volunteer"
)
SAFEGUARDING = Personal(_("protect the young people"), _("end of studies + 1 year"), "volunteer")
ACCOMPANIED = Personal(_("accompany a young person in tutoring and camps"), _("participation + 1 year"), "pupil")
PROFILE = Personal(_("measure diversity, in figures only"), _("participation + 1 year"), "pupil")
FAMILY = Personal(_("reach the family and ask for its consent"), _("participation + 1 year"), "guardian")
AGREEMENT = Personal(_("prove what a family agreed to, and obey it"), _("5 years after it ends"), "consent")
OUTCOME = Personal(_("answer people about their data, and prove it"), _("5 years after the answer"), "proof")
TRACE = Personal(_("know who looked at the record of a pupil"), _("1 year after it happened"), "audit")
LIST = Personal(
    _("check a class list before it is taken, and correct it"), _("7 days after the list is settled"), "message"
)
SENDING = Personal(_("know who sent which class list and undo it"), _("participation + 1 year"), "pupil")

PERSONAL = {
    "SchoolContact.user": CONTACT,
    "SchoolContact.first_name": CONTACT,
    "SchoolContact.last_name": CONTACT,
    "SchoolContact.sort_name": CONTACT,
    "SchoolContact.phone": CONTACT,
    "SchoolPost.contact": CONTACT,
    "SchoolPost.school": CONTACT,
    "SchoolPost.function": CONTACT,
    "SchoolPost.subject": CONTACT,
    "SchoolPost.state": PROOF,
    "SchoolPost.proof": PROOF,
    "SchoolPost.decided_at": PROOF,
    "SchoolPost.decided_by": PROOF,
    "SchoolPost.claimed_at": PROOF,
    "Volunteer.user": VOLUNTEER,
    "Volunteer.first_name": VOLUNTEER,
    "Volunteer.last_name": VOLUNTEER,
    "Volunteer.sort_name": VOLUNTEER,
    "Volunteer.kind": VOLUNTEER,
    "Volunteer.member_school": VOLUNTEER,
    "Volunteer.club": VOLUNTEER,
    "Volunteer.graduation_year": VOLUNTEER,
    "Volunteer.phone": VOLUNTEER,
    "Volunteer.languages": VOLUNTEER,
    "Volunteer.home_departement": VOLUNTEER,
    "Volunteer.former_school": VOLUNTEER,
    "Volunteer.charter_signed_at": SAFEGUARDING,
    "Volunteer.joined_on": VOLUNTEER,
    "Volunteer.ended_on": VOLUNTEER,
    "Clearance.volunteer": SAFEGUARDING,
    "Clearance.kind": SAFEGUARDING,
    "Clearance.checked_on": SAFEGUARDING,
    "Clearance.valid_until": SAFEGUARDING,
    "Pupil.user": ACCOMPANIED,
    "Pupil.first_name": ACCOMPANIED,
    "Pupil.last_name": ACCOMPANIED,
    "Pupil.sort_name": ACCOMPANIED,
    "Pupil.birth_date": ACCOMPANIED,
    "Pupil.sex": PROFILE,
    "Pupil.email": FAMILY,
    "Enrolment.pupil": ACCOMPANIED,
    "Enrolment.school_year": ACCOMPANIED,
    "Enrolment.school": ACCOMPANIED,
    "Enrolment.class_group": ACCOMPANIED,
    "Enrolment.level": ACCOMPANIED,
    "Enrolment.state": ACCOMPANIED,
    "Enrolment.expected_level": ACCOMPANIED,
    "Enrolment.track": PROFILE,
    "Enrolment.specialities": PROFILE,
    "Enrolment.languages": PROFILE,
    "Enrolment.scholarship": PROFILE,
    "Enrolment.scholarship_scale": PROFILE,
    "Enrolment.scholarship_step": PROFILE,
    "Enrolment.scholarship_source": PROFILE,
    "Enrolment.scholarship_on": PROFILE,
    "Enrolment.priority_neighbourhood": PROFILE,
    "Enrolment.neighbourhood_version": PROFILE,
    "Enrolment.neighbourhood_source": PROFILE,
    "Enrolment.neighbourhood_on": PROFILE,
    "Enrolment.first_generation": PROFILE,
    "Enrolment.generation_source": PROFILE,
    "Enrolment.generation_on": PROFILE,
    "Enrolment.social_origin": PROFILE,
    "Enrolment.origin_source": PROFILE,
    "Enrolment.origin_on": PROFILE,
    "PupilNote.pupil": WORK,
    "PupilNote.text": WORK,
    "PupilNote.author": WORK,
    "PupilNote.written_at": WORK,
    "Promotion.done_by": ACCOMPANIED,
    "Promotion.undone_by": ACCOMPANIED,
    "PromotionRow.promotion": ACCOMPANIED,
    "PromotionRow.pupil": ACCOMPANIED,
    "PromotionRow.outcome": ACCOMPANIED,
    "PromotionRow.enrolment": ACCOMPANIED,
    "Guardian.user": FAMILY,
    "Guardian.first_name": FAMILY,
    "Guardian.last_name": FAMILY,
    "Guardian.sort_name": FAMILY,
    "Guardian.email": FAMILY,
    "Guardian.phone": FAMILY,
    "Guardian.language": FAMILY,
    "Guardianship.guardian": FAMILY,
    "Guardianship.pupil": FAMILY,
    "Guardianship.rank": FAMILY,
    "Consent.pupil": AGREEMENT,
    "Consent.purpose": AGREEMENT,
    "Consent.text": AGREEMENT,
    "Consent.guardian": AGREEMENT,
    "Consent.decision": AGREEMENT,
    "Consent.channel": AGREEMENT,
    "Consent.school_year": AGREEMENT,
    "Consent.said_at": AGREEMENT,
    "Consent.valid_until": AGREEMENT,
    "Consent.withdrawn_at": AGREEMENT,
    "Consent.replaced_at": AGREEMENT,
    "Consent.recorded_by": AGREEMENT,
    "Consent.scan": AGREEMENT,
    "Roster.sender": SENDING,
    "Roster.settled_by": SENDING,
    "Roster.file_name": SENDING,
    "RosterRow.cells": LIST,
    "RosterRow.facts": LIST,
    "RosterRow.problems": LIST,
    "RosterRow.remarks": LIST,
    "RosterRow.changes": LIST,
    "RosterRow.pupil": LIST,
    "RosterRow.candidates": LIST,
    "RosterRow.choice": LIST,
    "RosterEffect.object_id": SENDING,
    "RightsRequest.kind": OUTCOME,
    "RightsRequest.subject": OUTCOME,
    "RightsRequest.subject_id": OUTCOME,
    "RightsRequest.about": OUTCOME,
    "RightsRequest.asked_by": OUTCOME,
    "RightsRequest.checked_by": OUTCOME,
    "RightsRequest.received_on": OUTCOME,
    "RightsRequest.due_on": OUTCOME,
    "RightsRequest.state": OUTCOME,
    "RightsRequest.answer": OUTCOME,
    "RightsRequest.done_on": OUTCOME,
    "RightsRequest.done_by": OUTCOME,
    "Tombstone.model": OUTCOME,
    "Tombstone.old_id": OUTCOME,
    "Tombstone.month": OUTCOME,
    "Tombstone.ground": OUTCOME,
    "Farewell.model": TRACE,
    "Farewell.person_id": TRACE,
    "Farewell.announced_on": TRACE,
    "Farewell.due_on": TRACE,
    "Look.user": TRACE,
    "Look.pupil": TRACE,
    "Look.what": TRACE,
    "Look.hour": TRACE,
    "Consent.signature": AGREEMENT,
    "ByHand.pupil": AGREEMENT,
    "ByHand.consent": AGREEMENT,
    "ByHand.task": AGREEMENT,
    "ByHand.audience": AGREEMENT,
    "ByHand.asked_at": AGREEMENT,
    "ByHand.done_at": AGREEMENT,
    "ByHand.done_by": AGREEMENT,
    "DuplicatePair.one": ONE_RECORD,
    "DuplicatePair.other": ONE_RECORD,
    "DuplicatePair.score": ONE_RECORD,
    "DuplicatePair.codes": ONE_RECORD,
    "DuplicatePair.state": ONE_RECORD,
    "DuplicatePair.found_at": ONE_RECORD,
    "DuplicatePair.decided_at": ONE_RECORD,
    "DuplicatePair.decided_by": ONE_RECORD,
    "Merge.kept": ONE_RECORD,
    "Merge.gone_id": ONE_RECORD,
    "Merge.pair_id": ONE_RECORD,
    "Merge.codes": ONE_RECORD,
    "Merge.journal": UNDOING,
    "Merge.unattached": ONE_RECORD,
    "Merge.merged_at": ONE_RECORD,
    "Merge.merged_by": ONE_RECORD,
    "Merge.undo_until": ONE_RECORD,
    "Merge.undone_at": ONE_RECORD,
    "Merge.undone_by": ONE_RECORD,
}
TECHNICAL: set[str] = {
    "ConsentText",
    "DuplicateSearch",
    "Guardian.link_key",
    "PromotedClass",
    "Promotion.school",
    "Promotion.school_year",
    "Promotion.done_at",
    "Promotion.undone_at",
    "Pupil.link_key",
    "Pupil.is_statistic",
    "RetentionTerm",
    "RetentionRun",
    "Volunteer.is_statistic",
    "Enrolment.is_statistic",
} | {
    f"Roster.{name}"
    for name in (
        "school", "school_year", "stored_as", "state", "problem", "header_line", "names", "fingerprint", "mapping",
        "is_mapping_confirmed", "is_compared_anew", "counts", "job", "round", "created_at", "settled_at",
    )
} | {"RosterRow.roster", "RosterRow.line", "RosterRow.state"} | {
    f"RosterEffect.{name}" for name in ("roster", "kind", "is_new", "event_id")
}  # fmt: skip

# What becomes of each relation to a person at erasure; histories follow what they are the history of.
RELATIONS = {
    "Enrolment.pupil": Relation(
        Fate.COPY,
        keeps=(
            *("school_year", "school", "class_group", "state", "level"),
            *("scholarship", "priority_neighbourhood", "neighbourhood_version", "first_generation", "social_origin"),
        ),
    ),
    "Guardianship.pupil": DELETE,
    "Guardianship.guardian": DELETE,
    "Consent.pupil": DELETE,
    "Consent.guardian": DELETE,
    "Consent.recorded_by": UNLINK,
    "ConsentText.published_by": UNLINK,
    "Clearance.volunteer": DELETE,
    "SchoolPost.contact": DELETE,
    "SchoolPost.decided_by": UNLINK,
    "Look.pupil": DELETE,
    "Look.user": UNLINK,
    "RightsRequest.done_by": UNLINK,
    "RosterRow.pupil": DELETE,
    "ByHand.pupil": DELETE,
    "ByHand.done_by": UNLINK,
    "PupilNote.pupil": DELETE,
    "PupilNote.author": UNLINK,
    "PromotionRow.pupil": DELETE,
    "Promotion.done_by": UNLINK,
    "Promotion.undone_by": UNLINK,
    "Roster.sender": UNLINK,
    "Roster.settled_by": UNLINK,
    # A person is erased before their account, and may outlive it.
    "Pupil.user": UNLINK,
    "Guardian.user": UNLINK,
    "Volunteer.user": KEEP,
    "SchoolContact.user": KEEP,
}
# When somebody was last active: a relation, and the moment on its row.
ACTIVITY = {"SchoolPost.contact": "claimed_at", "Consent.guardian": "said_at", "Consent.pupil": "said_at"}
# Without a foreign key: what names a person by kind and number.
LOOSE = {
    ("RightsRequest", "subject", "subject_id"): Relation(
        Fate.UNLINK, blanks={"about": "", "asked_by": "", "answer": ""}
    ),
    ("Farewell", "model", "person_id"): DELETE,
    ("RosterEffect", "kind", "object_id"): DELETE,
}
# Lines of lists in which a name stands although nothing points at the person: they go when it does.
NAMED_ROWS = ("RosterRow.cells", "RosterRow.facts")
FILES = {"Consent.scan": "consents"}
