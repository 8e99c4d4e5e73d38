"""A delimited text file as named columns and numbered rows, read line by line; what is no such file is refused.

The bytes are looked at once before anything is understood, and no line, row or file may grow beyond its limit, so a
hostile file costs a few megabytes and a clear sentence.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants.accounts import sabotage
from participants.accounts.text import encoding_of, fold

MAX_BYTES = 200 * 1024 * 1024
MAX_LINE = 200_000
MAX_COLUMNS = 300
MAX_ROWS = 250_000
CHUNK = 1024 * 1024
PACKED = {b"PK\x03\x04": "ZIP, XLSX", b"\x1f\x8b": "GZIP", b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "XLS"}


@dataclass(frozen=True)
class Table:
    """The columns of a file in one spelling (`code_departement`) and its rows with the number of their line."""

    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Read a file with `;`, `,` or tabs, in UTF-8 or Windows-1252; ValidationError when it is no such file."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ValidationError(_("“%(path)s” is not a file.") % {"path": path})
        _refuse_size(size)
        with path.open("rb") as file:
            encoding = _encoding_of(file)
        with path.open(encoding=encoding, newline="") as file:
            yield _table(file)
    except OSError as error:
        raise ValidationError(
            _("“%(path)s” cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from error


def column_name(written: str) -> str:
    """A column's name in one spelling: “Code INSEE de la commune” is `code_insee_de_la_commune`."""
    return re.sub("[^a-z0-9]+", "_", fold(written)).strip("_")


def _refuse_size(size):
    if size == 0:
        raise ValidationError(_("The file is empty."))
    if size > MAX_BYTES and not sabotage.is_on("import_limits"):
        raise ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024 // 1024})


def _encoding_of(file: BinaryIO) -> str:
    encoding = encoding_of(_looked_at(file))
    if encoding is None:
        raise ValidationError(_("The file is neither UTF-8 nor Windows-1252: some of its letters are damaged."))
    return encoding


def _looked_at(file):
    """The bytes of a text file, a piece at a time; refused when they are those of another kind of file."""
    for number, chunk in enumerate(iter(lambda: file.read(CHUNK), b"")):
        if number == 0:
            _refuse_packed(chunk)
        if b"\0" in chunk:
            raise ValidationError(_("The file holds null bytes: it is not a text file. Save it as CSV in UTF-8."))
        yield chunk


def _refuse_packed(start):
    for magic, name in PACKED.items():
        if start.startswith(magic) and not sabotage.is_on("file_check"):
            raise ValidationError(
                _("This is not a CSV file but %(kind)s, whatever its name. Save it as CSV in UTF-8.") % {"kind": name}
            )


def _table(file):
    lines = _lines(file)
    header = next(lines, "")
    delimiter = max(";,\t", key=header.count)
    reader = csv.reader(_with_first(header, lines), delimiter=delimiter, strict=True)
    rows = _numbered(reader)
    _line, names = next(rows, (0, []))
    columns = [column_name(name) for name in names]
    if len(columns) < 2:
        raise ValidationError(_("The first line names no columns: they are separated by “;”, “,” or a tab."))
    if len(columns) > MAX_COLUMNS:
        raise ValidationError(
            _("%(number)d columns are too many: %(limit)d at most.") % {"number": len(columns), "limit": MAX_COLUMNS}
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise ValidationError(_("Columns with the same name: %(names)s.") % {"names": ", ".join(twice)})
    return Table(columns, rows)


def _with_first(first, lines):
    yield first
    yield from lines


def _lines(file):
    """Line by line, none longer than the limit: a file without line ends must not fill the memory."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise ValidationError(
                _("Line %(line)d is longer than %(limit)d characters.") % {"line": number, "limit": MAX_LINE}
            )
        yield line


def _numbered(reader):
    rows = 0
    try:
        for row in reader:
            rows += 1
            if rows > MAX_ROWS + 1:
                raise ValidationError(_("The file has more than %(limit)d lines.") % {"limit": MAX_ROWS})
            if any(row):
                yield reader.line_num, row
    except csv.Error as error:
        raise ValidationError(
            _("Line %(line)d is no CSV: %(why)s.") % {"line": reader.line_num, "why": error}
        ) from error
