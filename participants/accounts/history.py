"""The history of a table: the database writes it, and nobody writes it over.

A line of a history is changed or deleted only while a person is erased or a term is kept, by whoever has opened the door
for the rest of the transaction.
"""

from contextlib import contextmanager

import pghistory
import pgtrigger
from django.db import connection

DOOR = "eoc.erasing"
WRITTEN_ONCE = {"name": "written_once", "operation": pgtrigger.Update | pgtrigger.Delete}
IS_SHUT = f"current_setting('{DOOR}', true) IS DISTINCT FROM 'on'"


def track(**options):
    """As `pghistory.track`, and what it writes can only be added to."""
    guard = pgtrigger.Protect(**WRITTEN_ONCE, condition=pgtrigger.Condition(IS_SHUT))
    return pghistory.track(meta={"triggers": [guard]}, **options)


@contextmanager
def open_door():
    """Let histories be minimised, in this transaction only: outside of one it has no effect, and an error shuts it."""
    was = _set("on")
    yield
    _set(was)


def _set(state):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true), set_config(%s, %s, true)", [DOOR, DOOR, state])
        return cursor.fetchone()[0] or ""
