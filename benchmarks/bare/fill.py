"""Run apart, with the bare settings: makes the schema, the people and the events, and prints their keys as JSON."""

import json
import sys

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - models exist after setup
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.bare.models import Entry, Event  # noqa: E402
from benchmarks.crowd import open_sessions  # noqa: E402


def fill(people, places, hot, wide):
    """`hot` events with few places, `wide` ones with room for everybody."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA bare")
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Event)
        editor.create_model(Entry)
    users = User.objects.bulk_create([User(username=f"person{number}", password="!") for number in range(people)])
    events = [Event(title="A talk", places=places) for _number in range(hot)]
    events += [Event(title="A talk", places=people) for _number in range(wide)]
    keys = [event.pk for event in Event.objects.bulk_create(events)]
    return {
        "sessions": open_sessions(users, "django.contrib.auth.backends.ModelBackend"),
        "hot": keys[:hot],
        "wide": keys[hot:],
    }


if __name__ == "__main__":
    print(json.dumps(fill(*(int(number) for number in sys.argv[1:]))))
