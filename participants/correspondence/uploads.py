"""Files on their way in, between the page that took them and the work that reads them: under PRIVATE_ROOT, a day at most.

A file is known by a random name, kept in the parameters of its owner's job: nobody reaches it by guessing.
"""

import datetime as dt
import re
import secrets
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from import_export.tmp_storages import BaseStorage

KEPT = dt.timedelta(days=1)


def keep(file) -> str:
    """Store an uploaded file; returns the name by which it is found again."""
    name = secrets.token_hex(24)
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (_folder() / name).open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return name


def find(name: str) -> Path | None:
    """Where the file of this name stands, if it is still there."""
    path = _folder() / name if re.fullmatch("[0-9a-f]{48}", name, re.ASCII) else None
    return path if path and path.exists() else None


def forget(name: str) -> None:
    """Delete a file that was read to the end."""
    if path := find(name):
        path.unlink(missing_ok=True)


def delete_old() -> int:
    """Delete what nobody came back for; returns how many."""
    limit = (timezone.now() - KEPT).timestamp()
    old = [path for path in _folder().glob("*") if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


class Beside(BaseStorage):
    """Where the back office keeps a table between its preview and its confirmation."""

    def save(self, data):
        self.name = keep(ContentFile(data))

    def read(self):
        path = find(self.name)
        if path is None:
            raise FileNotFoundError
        return path.read_bytes()

    def remove(self):
        forget(self.name)


def _folder() -> Path:
    return settings.PRIVATE_ROOT / "uploads"
