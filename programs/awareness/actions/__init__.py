"""What can happen to a request."""

from programs.awareness.actions.answering import Plan, PlannedSession, accept, decline, take
from programs.awareness.actions.asking import (
    delete_draft,
    forget_old_drafts,
    restore,
    send,
    set_classes,
    set_slots,
    set_wishes,
    start,
    withdraw,
)

__all__ = [
    "Plan",
    "PlannedSession",
    "accept",
    "decline",
    "delete_draft",
    "forget_old_drafts",
    "restore",
    "send",
    "set_classes",
    "set_slots",
    "set_wishes",
    "start",
    "take",
    "withdraw",
]
