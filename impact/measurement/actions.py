"""Figures follow what happened, and targets are set."""

from django.db import connection, transaction

from impact.measurement import rollup

# One computation at a time in the whole database: two would write the same class from different moments.
ONE_AT_A_TIME = 0x0F16  # any number that nobody else locks
LONGER = "SET LOCAL statement_timeout = '30min'"


@transaction.atomic
def follow_changes(*, limit: int = 20_000) -> int:
    """Bring the figures up to date with what was noted; the notes go away in the same transaction, so that a worker
    killed half-way leaves them for the next one. Nothing is done while another computation runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(LONGER)
    return rollup.follow(limit)


@transaction.atomic
def rebuild() -> None:
    """Compute every figure again from the records alone, after the computation that may be under way."""
    with connection.cursor() as cursor:
        cursor.execute(LONGER)
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    rollup.rebuild()
