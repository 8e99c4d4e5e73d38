"""Everything that is stored, as text: what a thief of the backup would read."""

import io
import zipfile
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection


def tables():
    """The name of every table of the database, those of libraries too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def lines_with(words) -> dict[str, list[str]]:
    """table, store or file -> the lines in which one of the words stands."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT row::text FROM "{table}" row WHERE lower(row::text) ~ %s', ["|".join(words)])
            if lines := [line for (line,) in cursor.fetchall()]:
                found[table] = lines
    for name, text in [*files(), *keys(), *browsers()]:
        if any(word in text.lower() for word in words):
            found[name] = [text[:200]]
    return found


def files():
    """Every private file, unpacked."""
    for path in Path(settings.PRIVATE_ROOT).rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            yield f"file {path.name}", body.decode(errors="replace")
            if body.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(body)) as archive:
                    yield from (
                        (f"file {path.name}", archive.read(n).decode(errors="replace")) for n in archive.namelist()
                    )


def keys():
    """The broker and the cache: names of keys and what they hold."""
    broker = redis.from_url(settings.REDIS_URL)
    for key in broker.scan_iter():
        kind = broker.type(key)
        value = {
            b"string": lambda key=key: broker.get(key),
            b"list": lambda key=key: broker.lrange(key, 0, -1),
            b"hash": lambda key=key: broker.hgetall(key),
            b"set": lambda key=key: broker.smembers(key),
            b"zset": lambda key=key: broker.zrange(key, 0, -1),
        }.get(kind, lambda: b"")()
        yield f"key {key.decode(errors='replace')}", f"{key} {value}"


def browsers():
    """What the sessions hold, read as the server reads it."""
    for session in Session.objects.all():
        yield f"session {session.pk}", str(session.get_decoded())
