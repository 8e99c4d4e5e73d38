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
from participants.people.views.rosters import (
    roster_choose,
    roster_columns,
    roster_confirm,
    roster_detail,
    roster_discard,
    roster_list,
    roster_new,
    roster_refused,
    roster_send,
    roster_template,
    roster_undo,
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
    "roster_choose",
    "roster_columns",
    "roster_confirm",
    "roster_detail",
    "roster_discard",
    "roster_list",
    "roster_new",
    "roster_refused",
    "roster_send",
    "roster_template",
    "roster_undo",
    "volunteer_approve",
    "volunteer_join",
    "volunteer_list",
    "volunteer_profile",
]
