"""What must be true before the platform serves anybody."""

from django.core.checks import Error
from django.db import connections


def isolation_is_read_committed(databases=None, **kwargs):
    """Our row locks are right in READ COMMITTED only: in REPEATABLE READ a count before the lock oversells places."""
    return [
        Error(
            f"The database {alias!r} works in {isolation!r}; every lock of the platform is made for read committed.",
            hint="Take away isolation_level and default_transaction_isolation from DATABASE_URL.",
            id="eocenter.E001",
        )
        for alias in databases or []
        if (isolation := isolation_of(connections[alias])) != "read committed"
    ]


def isolation_of(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_isolation')")
        return cursor.fetchone()[0]
