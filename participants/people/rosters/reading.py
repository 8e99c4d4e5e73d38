"""A list as numbered lines of text, from CSV, XLSX or ODS. What is no such file is refused before it costs anything:
size first, then the directory of the ZIP, then a child process under limits of memory and time opens the workbook."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from participants.accounts import sabotage
from participants.accounts.text import encoding_of
from participants.correspondence import packages
from participants.people.rosters import columns
from participants.people.rosters.child import MAX_CELL, MAX_COLUMNS, MAX_LINES
from participants.people.rosters.problems import BadFile

MAX_BYTES = 10 * 1024 * 1024
SMALL = 100 * 1024  # a part this small is no bomb, however well it was packed
ROOM = packages.Room(unpacked=50 * 1024 * 1024, parts=100, growth=100, small=SMALL)
PATIENCE = 9
CONTROL = re.compile("[\x01-\x08\x0e-\x1f]")
# How files begin that are no text: pictures, programs, archives, pages.
OTHER_STARTS = (b"%PDF", b"\x89PNG", b"\x7fELF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"MZ", b"\xff\xd8\xff", b"GIF8")
MARKUP = (b"<", b"{", b"[")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Table:
    """The names of the columns, what they were taken for, and the lines below with their number in the file."""

    header_line: int
    names: list[str]
    guess: dict[str, int]
    lines: list[tuple[int, list[str]]]


def read_table(path: Path) -> Table:
    """The list in a file; BadFile when there is none."""
    size = path.stat().st_size
    if size == 0:
        raise BadFile("empty")
    if size > MAX_BYTES and not sabotage.is_on("import_limits"):
        raise BadFile("too_large")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return _choose(_sheets(path))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile("old_or_locked")
    if start.startswith(OTHER_STARTS) or start.lstrip().startswith(MARKUP):
        raise BadFile("not_a_list")
    return _choose([_csv_lines(_text(path.read_bytes()))])


def _choose(sheets):
    """The first sheet in which a line names the columns of a list."""
    for rows in sheets:
        found = columns.find_header([cells for _line, cells in rows])
        if found:
            return _table(rows, found)
    raise BadFile("no_header" if any(sheets) else "empty")


def _table(rows, found):
    line = rows[found.place][0]
    names = list(found.names)
    while names and not names[-1].strip():
        names.pop()
    kept = [place for place, name in enumerate(names) if columns.spelled(name) not in columns.REASON]
    below = [(number, [cells[place] if place < len(cells) else "" for place in kept]) for number, cells in
             rows[found.place + 1 :]]  # fmt: skip
    names = [" ".join(names[place].split()) for place in kept]
    below = [(number, cells) for number, cells in below if any(cell.strip() for cell in cells)]
    if not below:
        raise BadFile("no_lines")
    return Table(line, names, columns.guess(names), below)


# --- Workbooks ----------------------------------------------------------------------------------------------------------


def _sheets(path):
    _look_at_directory(path)
    command = [sys.executable, "-m", "participants.people.rosters.child", str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program on a file of a random name
            command,
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"LC_ALL": "C.UTF-8"},
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as problem:  # killed by its limits, or broke without a word
        raise BadFile("damaged") from problem
    if "bad" in answer:
        raise BadFile(answer["bad"])
    return answer["sheets"]


def _look_at_directory(path):
    """What the archive says of itself, before anything is unpacked."""
    try:
        parts = packages.parts_of(path)
        _look_at_parts(parts)
        if packages.has_macros(path, parts):
            raise BadFile("macros")
        _look_at_kind(path, parts)
    except packages.Damaged as problem:
        raise BadFile("damaged") from problem


def _look_at_parts(parts):
    if not ROOM.holds(parts):
        raise BadFile("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile("locked")


def _look_at_kind(path, parts):
    """Whether it is a spreadsheet, also by its own words."""
    names = {part.filename for part in parts}
    if not ({"xl/workbook.xml", "[Content_Types].xml"} <= names or {"mimetype", "content.xml"} <= names):
        raise BadFile("not_a_list")
    if "mimetype" in names and packages.beginning_of(path, "mimetype", SMALL).strip() != ODS:
        raise BadFile("not_a_list")


# --- Text ---------------------------------------------------------------------------------------------------------------


def _text(content):
    if b"\0" in content:
        raise BadFile("null_bytes")
    encoding = encoding_of([content])
    if encoding is None:
        raise BadFile("encoding")
    text = content.decode(encoding)
    if CONTROL.search(text):
        raise BadFile("not_a_list")
    return text


def _csv_lines(text):
    first = text.splitlines()[: columns.FIRST_LINES]
    delimiter = max(";,\t", key=lambda sign: (max((line.count(sign) for line in first), default=0), sign == ";"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, before = [], 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                _check(lines, cells)
                lines.append((number, cells))
    except csv.Error as problem:
        raise BadFile("cell_too_long" if "field larger" in str(problem) else "not_csv") from problem
    return lines


def _check(lines, cells):
    if len(cells) > MAX_COLUMNS:
        raise BadFile("too_many_columns")
    if len(lines) >= MAX_LINES:
        raise BadFile("too_many_lines")
    if any(len(cell) > MAX_CELL for cell in cells):
        raise BadFile("cell_too_long")
