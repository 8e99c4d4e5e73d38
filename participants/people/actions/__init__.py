"""What happens to people."""

from participants.people.actions.joining import (
    approve_post,
    approve_volunteer,
    claim_post,
    end_post,
    refuse_post,
    register_volunteer,
)

__all__ = [
    "approve_post",
    "approve_volunteer",
    "claim_post",
    "end_post",
    "refuse_post",
    "register_volunteer",
]
