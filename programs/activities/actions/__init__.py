"""What can happen to sessions and to the people in them."""

from programs.activities.actions.answers import delete_overdue_answers, save_answers, stop_asking
from programs.activities.actions.assignments import accept, decline, invite, replace, sign_up, withdraw
from programs.activities.actions.bookings import book, cancel_booking, seat_booking
from programs.activities.actions.counts import confirm_headcount, report_not_held
from programs.activities.actions.feedback import give_feedback
from programs.activities.actions.inbox import assign_item, forget_marks, snooze_item
from programs.activities.actions.kits import add_document, open_kit, remove_document
from programs.activities.actions.offers import accept_offer, decline_offer, pass_on_offers, reorder
from programs.activities.actions.registering import forget_guests, register_class, register_guest, register_pupil
from programs.activities.actions.roll import forget_roll, record_attendance, take_roll
from programs.activities.actions.rules import set_places
from programs.activities.actions.searching import (
    ask_at_short_notice,
    go_on_searching,
    start_search,
    stop_search,
)
from programs.activities.actions.sessions import (
    cancel_session,
    change_session,
    create_session,
    move_session,
    resize,
)
from programs.activities.actions.subscribing import (
    confirm_subscription,
    end_subscription,
    forget_unconfirmed,
    subscribe,
    tell_subscribers,
)

__all__ = [
    "accept",
    "accept_offer",
    "add_document",
    "ask_at_short_notice",
    "assign_item",
    "book",
    "cancel_booking",
    "cancel_session",
    "change_session",
    "confirm_headcount",
    "confirm_subscription",
    "create_session",
    "decline",
    "decline_offer",
    "delete_overdue_answers",
    "end_subscription",
    "forget_guests",
    "forget_marks",
    "forget_roll",
    "forget_unconfirmed",
    "give_feedback",
    "go_on_searching",
    "invite",
    "move_session",
    "open_kit",
    "pass_on_offers",
    "record_attendance",
    "register_class",
    "register_guest",
    "register_pupil",
    "remove_document",
    "reorder",
    "replace",
    "report_not_held",
    "resize",
    "save_answers",
    "seat_booking",
    "set_places",
    "sign_up",
    "snooze_item",
    "start_search",
    "stop_asking",
    "stop_search",
    "subscribe",
    "take_roll",
    "tell_subscribers",
    "withdraw",
]
