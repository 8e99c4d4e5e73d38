from participants.correspondence.models.job import Job
from participants.correspondence.models.message import Message
from participants.correspondence.models.rule import Rule

__all__ = ["Job", "Message", "Rule"]
