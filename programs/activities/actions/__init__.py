"""What can happen to sessions and to the people in them."""

from programs.activities.actions.assignments import accept, decline, invite, replace, sign_up, withdraw
from programs.activities.actions.bookings import book, cancel_booking
from programs.activities.actions.counts import confirm_headcount, record_attendance, report_not_held
from programs.activities.actions.sessions import (
    cancel_session,
    change_session,
    create_session,
    move_session,
    resize,
)

__all__ = [
    "accept",
    "book",
    "cancel_booking",
    "cancel_session",
    "change_session",
    "confirm_headcount",
    "create_session",
    "decline",
    "invite",
    "move_session",
    "record_attendance",
    "replace",
    "report_not_held",
    "resize",
    "sign_up",
    "withdraw",
]
