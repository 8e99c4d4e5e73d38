"""What happens to class lists: sent, read, checked, taken as a whole, undone as a whole."""

from participants.people.actions.rosters.sending import choose_columns, delete_old_rosters, discard_roster, send_roster
from participants.people.actions.rosters.taking import choose_pupil, confirm_roster, same_for_all
from participants.people.actions.rosters.undoing import undo_roster
from participants.people.actions.rosters.working import work_on_roster

__all__ = [
    "choose_columns",
    "choose_pupil",
    "confirm_roster",
    "delete_old_rosters",
    "discard_roster",
    "same_for_all",
    "send_roster",
    "undo_roster",
    "work_on_roster",
]
