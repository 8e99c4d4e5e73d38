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

__all__ = [
    "contact_join",
    "contact_join_school",
    "contact_list",
    "post_decide",
    "volunteer_approve",
    "volunteer_join",
    "volunteer_list",
    "volunteer_profile",
]
