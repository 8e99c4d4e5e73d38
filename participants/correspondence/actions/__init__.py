from participants.correspondence.actions.delivery import deliver, erase_private_texts
from participants.correspondence.actions.handling import cancel, hold, release, resend
from participants.correspondence.actions.jobs import delete_expired_files, end_files, mark_seen, start_job, work
from participants.correspondence.actions.planning import Plan, call_off, plan, plan_all
from participants.correspondence.actions.rules import RuleDefault, change_rule, ensure_rules, rule_in_pairs, send_test

__all__ = [
    "Plan",
    "RuleDefault",
    "call_off",
    "cancel",
    "change_rule",
    "delete_expired_files",
    "deliver",
    "end_files",
    "ensure_rules",
    "erase_private_texts",
    "hold",
    "mark_seen",
    "plan",
    "plan_all",
    "release",
    "resend",
    "rule_in_pairs",
    "send_test",
    "start_job",
    "work",
]
