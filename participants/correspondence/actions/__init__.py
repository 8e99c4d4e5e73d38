from participants.correspondence.actions.jobs import start_job
from participants.correspondence.actions.planning import call_off, plan
from participants.correspondence.actions.rules import RuleDefault, ensure_rules

__all__ = ["RuleDefault", "call_off", "ensure_rules", "plan", "start_job"]
