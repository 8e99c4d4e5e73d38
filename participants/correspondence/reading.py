"""Tables on their way in, CSV or XLSX, a line at a time: what is not such a file is refused in one sentence.

Headings are the first line. A workbook is looked at from outside first (what its ZIP directory promises), then read by a
process of its own with limits on memory and time, which hands over its first sheet as CSV.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from participants.accounts.tables import NoTable, cells_of, lines_of
from participants.correspondence import packages
from participants.correspondence.jobs import Refused
from participants.correspondence.spreadsheet import plain

MEGABYTE = 1024 * 1024
LARGEST = 64 * MEGABYTE
ROOM = packages.Room(unpacked=768 * MEGABYTE, parts=500, growth=300, small=MEGABYTE)
LINES = 1_000_000
CHILD_MEGABYTES, CHILD_SECONDS = 300, 8
CHILD = "participants.correspondence.sheet_child"

TOO_LARGE = gettext_noop("The file is too large: at most 64 MB and a million lines. Split it.")
NO_TABLE = gettext_noop("This file is no table that we can read. Save it as CSV (UTF-8) or XLSX and send it again.")
OLD_BOOK = gettext_noop(
    "This is a spreadsheet of an old kind or with a password. Save it as XLSX or CSV and send it again."
)
TOO_FULL = gettext_noop("This workbook holds more than can be read at once. Save its sheet as CSV and send that.")
SUSPECT = gettext_noop("This workbook unpacks to more than a table can be. Save its sheet as CSV and send that.")
MACROS = gettext_noop("This file holds macros (small programs). Save it as XLSX, which holds none.")
FORMULAS = gettext_noop("This file holds formulas. Copy the cells, paste them as values, save and send that.")
# How the child ended -> what is said.
SAID = dict.fromkeys((-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL), TOO_FULL) | {
    packages.ENDS["formulas"]: FORMULAS,
    packages.ENDS["locked"]: OLD_BOOK,
}


@contextmanager
def table(path: Path) -> Iterator[Iterator[list[str]]]:
    """The lines of a file, each a list of cells."""
    if path.stat().st_size > LARGEST:
        raise Refused(TOO_LARGE)
    with path.open("rb") as file:
        start = file.read(8)
    if start[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Refused(OLD_BOOK)
    if start[:2] == b"PK":
        with _book(path) as lines:
            yield lines
    else:
        with path.open("rb") as file, closing(lines_of(file)) as lines:
            yield _counted([plain(cell) if cell[:1] == "'" else cell for cell in row] for row in lines)


def _counted(rows) -> Iterator[list[str]]:
    """Lines within the limits; empty ones at the end and between are skipped by who reads them."""
    try:
        for number, row in enumerate(rows):
            if number > LINES:
                raise Refused(TOO_LARGE)
            yield row
    except NoTable:
        raise Refused(NO_TABLE) from None


@contextmanager
def _book(path) -> Iterator[Iterator[list[str]]]:
    _look_at_directory(path)
    command = [sys.executable, "-m", CHILD, str(path), str(CHILD_MEGABYTES), str(CHILD_SECONDS)]
    child = subprocess.Popen(  # noqa: S603 - our own program, the path is ours
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        encoding="utf-8",
        errors="replace",
    )
    try:
        yield _counted(_until_it_ends(child))
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _until_it_ends(child):
    yield from cells_of(child.stdout)
    code = child.wait()
    if code:
        raise Refused(SAID.get(code, NO_TABLE))


def _look_at_directory(path):
    try:
        parts = packages.parts_of(path)
        if "xl/workbook.xml" not in {part.filename for part in parts}:
            raise Refused(NO_TABLE)
        if not ROOM.holds(parts):
            raise Refused(SUSPECT)
        if any(part.flag_bits & 1 for part in parts):
            raise Refused(OLD_BOOK)
        if packages.has_macros(path, parts):
            raise Refused(MACROS)
    except packages.Damaged:
        raise Refused(NO_TABLE) from None
