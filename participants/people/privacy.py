"""What people hold about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Personal

CONTACT = Personal(_("organise talks with a school"), _("3 years after the last activity"))
PROOF = Personal(_("make sure that a contact belongs to the school"), _("3 years after the last activity"))
VOLUNTEER = Personal(_("match volunteers with sessions and certify their hours"), _("end of studies + 1 year"))
SAFEGUARDING = Personal(_("protect the young people"), _("end of studies + 1 year"))
ACCOMPANIED = Personal(_("accompany a young person in tutoring and camps"), _("participation + 1 year"))
PROFILE = Personal(_("measure diversity, in figures only"), _("participation + 1 year"))
FAMILY = Personal(_("reach the family and ask for its consent"), _("participation + 1 year"))

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
    "Enrolment.pupil": ACCOMPANIED,
    "Enrolment.school_year": ACCOMPANIED,
    "Enrolment.school": ACCOMPANIED,
    "Enrolment.class_group": ACCOMPANIED,
    "Enrolment.level": ACCOMPANIED,
    "Enrolment.scholarship": PROFILE,
    "Enrolment.priority_neighbourhood": PROFILE,
    "Enrolment.first_generation": PROFILE,
    "Guardian.user": FAMILY,
    "Guardian.first_name": FAMILY,
    "Guardian.last_name": FAMILY,
    "Guardian.sort_name": FAMILY,
    "Guardian.email": FAMILY,
    "Guardian.phone": FAMILY,
    "Guardian.language": FAMILY,
    "Guardianship.guardian": FAMILY,
    "Guardianship.pupil": FAMILY,
}
TECHNICAL: set[str] = set()
