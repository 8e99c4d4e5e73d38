"""The database of the tests goes at the end, whoever still holds on to it."""

from django.db.backends.postgresql.creation import DatabaseCreation


def drop_by_force(monkeypatch):
    """A server or worker that a test started may take a moment longer to leave than the tests."""

    def drop(creation, test_database_name, verbosity):
        with creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(test_database_name)} WITH (FORCE)")

    monkeypatch.setattr(DatabaseCreation, "_destroy_test_db", drop)
