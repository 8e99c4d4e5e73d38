"""What can happen to a request, to a campaign, and in the talent pool."""

from programs.awareness.actions.answering import Plan, PlannedSession, accept, decline, take
from programs.awareness.actions.answers import say_no, say_wishes, say_yes, stay_out
from programs.awareness.actions.applying import apply_plan, progress_of
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
from programs.awareness.actions.campaigns import (
    choose_schools,
    forget_composition,
    invite_speakers,
    invite_wave,
    leave_out_school,
    save_campaign,
)
from programs.awareness.actions.coming_in import (
    ask_to_come_in,
    come_in,
    forget_self_entries,
    set_aside,
    take_as_known,
    take_as_new,
)
from programs.awareness.actions.plans import ask_plan, free_pair, lock_talk, rule_pair, work_out
from programs.awareness.actions.pool import enter_from_session, enter_pool, invite_round, leave_pool, nominate

__all__ = [
    "Plan",
    "PlannedSession",
    "accept",
    "apply_plan",
    "ask_plan",
    "ask_to_come_in",
    "choose_schools",
    "come_in",
    "decline",
    "delete_draft",
    "enter_from_session",
    "enter_pool",
    "forget_composition",
    "forget_old_drafts",
    "forget_self_entries",
    "free_pair",
    "invite_round",
    "invite_speakers",
    "invite_wave",
    "leave_out_school",
    "leave_pool",
    "lock_talk",
    "nominate",
    "progress_of",
    "restore",
    "rule_pair",
    "save_campaign",
    "say_no",
    "say_wishes",
    "say_yes",
    "send",
    "set_aside",
    "set_classes",
    "set_slots",
    "set_wishes",
    "start",
    "stay_out",
    "take",
    "take_as_known",
    "take_as_new",
    "withdraw",
    "work_out",
]
