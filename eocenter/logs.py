"""What must not stand in a log: the token of a personal link opens something for whoever reads it."""

import logging
import re

# As accounts.links and people.family_links sign them: who, two numbers and the seal, also cut short by a mail program.
TOKEN = re.compile(r"(?<![\w.])\w+\.\d+\.\d+\.[\w-]{8,}")
MASK = "(token)"


def masked(value):
    """The same text, list or dictionary without tokens."""
    if isinstance(value, str):
        return TOKEN.sub(MASK, value)
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, tuple):
        return tuple(masked(item) for item in value)
    return value


class MaskTokens(logging.Filter):
    """Takes tokens out of a line and of the traceback below it."""

    traceback = logging.Formatter()

    def filter(self, record):
        try:
            words = record.getMessage()
        except (TypeError, ValueError, KeyError):
            words = f"a line that cannot be written, from {record.pathname}:{record.lineno}"
        record.msg, record.args = masked(words), None
        if record.exc_info:
            record.exc_text = masked(self.traceback.formatException(record.exc_info))
        return True


def masked_event(event, hint):
    """An error report as it may leave the house."""
    return masked(event)
