"""The pages of people, a noun a file."""

from participants.people.views.joining import (
    contact_join,
    contact_join_school,
    contact_list,
    post_decide,
    volunteer_approve,
    volunteer_join,
    volunteer_list,
    volunteer_profile,
)
from participants.people.views.travel import pupil_export, pupil_import, pupil_import_confirm

__all__ = [
    "contact_join",
    "contact_join_school",
    "contact_list",
    "post_decide",
    "pupil_export",
    "pupil_import",
    "pupil_import_confirm",
    "volunteer_approve",
    "volunteer_join",
    "volunteer_list",
    "volunteer_profile",
]
