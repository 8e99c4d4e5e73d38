"""The databases of the tests: copies of one that was migrated once, gone at the end whoever still holds on to them."""

import os
import re
import subprocess
import sys
import time

import psycopg
from django.conf import settings
from django.db import ProgrammingError, connection
from django.db.backends.postgresql.creation import DatabaseCreation
from django.test import TransactionTestCase
from psycopg import sql

from eocenter.local.run import fingerprint_of_migrations

PREFIX = "template_of_tests_"


def use_template(*, make):
    """Let each database of a test be a copy: migrating takes a minute, copying a second. The one that runs the tests
    makes what is copied, once for the same migrations, before the workers that copy it start."""
    name = PREFIX + fingerprint_of_migrations()[:20]
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = name
    if make:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
            known = {row[0] for row in found}
            if name not in known:
                _make(server, name, known)


def _make(server, name, old):
    unfinished = f"{name}_unfinished"
    for outdated in {*old, unfinished}:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(outdated)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    url = re.sub(r"/[^/?]*(?=\?|$)", f"/{unfinished}", os.environ["DATABASE_URL"], count=1)
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": url}, check=True)
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name)))


def leave_as_migrated(monkeypatch):
    """A test that empties the tables leaves what the migrations wrote behind, for whatever test comes next; histories
    included: they are written once, so their door is opened for that moment."""
    make, empty = DatabaseCreation.create_test_db, TransactionTestCase._fixture_teardown

    def make_and_remember(creation, **given):
        return make(creation, **given | {"serialize": True})

    def empty_and_restore(case):
        case.serialized_rollback = True  # the rows come from below, not anew from the apps
        empty(case)
        with connection.cursor() as cursor:
            cursor.execute("SET eoc.erasing = 'on'")
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
            cursor.execute("RESET eoc.erasing")

    monkeypatch.setattr(DatabaseCreation, "create_test_db", make_and_remember)
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", empty_and_restore)


def drop_by_force(monkeypatch):
    """A server or worker that a test started may take a moment longer to leave than the tests; so may the cleaner of the
    database itself, which nobody but its owner may send away."""

    def drop(creation, test_database_name, verbosity):
        name = creation.connection.ops.quote_name(test_database_name)
        with creation._nodb_cursor() as cursor:
            for left in reversed(range(30)):
                try:
                    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
                    break
                except ProgrammingError:
                    if not left:
                        raise
                    time.sleep(1)

    monkeypatch.setattr(DatabaseCreation, "_destroy_test_db", drop)
