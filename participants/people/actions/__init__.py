"""What happens to people."""

from participants.people.actions.joining import (
    approve_post,
    approve_volunteer,
    claim_post,
    end_post,
    refuse_post,
    register_volunteer,
)
from participants.people.actions.rosters import (
    choose_columns,
    choose_pupil,
    confirm_roster,
    delete_old_rosters,
    discard_roster,
    same_for_all,
    send_roster,
    undo_roster,
    work_on_roster,
)

__all__ = [
    "approve_post",
    "approve_volunteer",
    "choose_columns",
    "choose_pupil",
    "claim_post",
    "confirm_roster",
    "delete_old_rosters",
    "discard_roster",
    "end_post",
    "refuse_post",
    "register_volunteer",
    "same_for_all",
    "send_roster",
    "undo_roster",
    "work_on_roster",
]
