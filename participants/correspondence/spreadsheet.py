"""Tables on their way out, as CSV or XLSX: what is text stays text, and nothing a person typed is ever calculated.

CSV follows the reader's spreadsheet program: in French `;` between columns and a decimal comma, in English `,` and a
point; always UTF-8 with its mark in front, every cell in quotes. A text that a program would take for a formula gets
an apostrophe in front, which `plain` takes off again when the file comes back. XLSX cells have a type and need none.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import get_language

from participants.correspondence import workbook
from participants.correspondence.workbook import UNPRINTABLE

# As typed, and as a phone or an Asian keyboard types them.
FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
# Also behind apostrophes of its own, so that taking one off always gives back what was written.
DANGEROUS = re.compile(f"'*[{re.escape(''.join(FORMULA_STARTS))}]")
EVERY = 500


@dataclass(frozen=True)
class Sheet:
    """A table with a name. Numbers and dates keep their type; everything else is text."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence]
    widths: Sequence[int] = field(default=())


def write_csv(path: Path, sheet: Sheet, progress: Callable[[int], None] | None = None) -> None:
    """One table as CSV."""
    is_french = _is_french()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if is_french else ",", quoting=csv.QUOTE_ALL)
        writer.writerow([_csv_cell(name, is_french) for name in sheet.columns])
        for number, row in enumerate(sheet.rows, start=1):
            writer.writerow([_csv_cell(value, is_french) for value in row])
            if progress and number % EVERY == 0:
                progress(number)


# What a text cell becomes in the database, as `_csv_cell` does it here: nearly no text starts with a sign, so only those
# that do are looked at closely. What no table can hold is taken out of the finished lines.
_NO_CONTROLS = "regexp_replace({0}, '[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]', '', 'g')"
_SIGNS = re.escape("".join(sorted(FORMULA_STARTS - {"\0"})))
_COPIED_TEXT = (
    "CASE WHEN {0} <> '' AND (ascii({0}) < 48 OR ascii({0}) IN (61, 64) OR ascii({0}) > 65279)"
    f" AND {_NO_CONTROLS} ~ '^''*[{_SIGNS}]' THEN '''' || {{0}} ELSE coalesce({{0}}, '') END"
)
_UNPRINTABLE_BYTES = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# The types of the database: text and varchar; float and numeric.
_TEXTS, _PARTS = {25, 1043}, {700, 701, 1700}


def copy_csv(
    path: Path, columns: Sequence[str], parts: Iterable[QuerySet], progress: Callable[[int], None] | None = None
) -> None:
    """The rows of each `values_list`, one after the other, as `write_csv` writes them, but by the database itself: many
    times as fast. It can answer nothing else meanwhile, so progress is told between the parts."""
    write_csv(path, Sheet("", columns, ()))
    done = 0
    with path.open("ab") as file:
        for rows in parts:
            done += _copy_part(file, rows, len(columns))
            if progress:
                progress(done)


def _copy_part(file, rows: QuerySet, width: int) -> int:
    is_french = _is_french()
    query, parameters = rows.query.sql_with_params()
    names = [f"c{place}" for place in range(width)]
    table = f"({query}) AS lines({', '.join(names)})"
    number = 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0", parameters)  # noqa: S608 - a query of Django's
        kinds = [column.type_code for column in cursor.description]
        cells = [_copied(kind, name, is_french) for kind, name in zip(kinds, names, strict=True)]
        options = f"FORMAT csv, DELIMITER '{';' if is_french else ','}', FORCE_QUOTE *"
        copying = f"COPY (SELECT {', '.join(cells)} FROM {table}) TO STDOUT ({options})"  # noqa: S608 - the same
        with cursor.copy(copying, parameters) as lines:
            for number, line in enumerate(lines, start=1):  # noqa: B007 - the last number is the answer
                file.write(_UNPRINTABLE_BYTES.sub(b"", line))
    return number


def _copied(kind: int, name: str, is_french: bool) -> str:
    if kind in _TEXTS:
        return _COPIED_TEXT.format(name)
    text = f"coalesce({name}::text, '')"
    return f"replace({text}, '.', ',')" if kind in _PARTS and is_french else text


def write_xlsx(path: Path, sheets: Iterable[Sheet], progress: Callable[[int], None] | None = None) -> None:
    """Tables as one workbook, a few rows in memory at a time."""
    workbook.write(path, sheets, progress)


def plain(text: str) -> str:
    """A cell of our own CSV as it was before the apostrophe."""
    return text[1:] if text[:1] == "'" and DANGEROUS.match(text) else text


def _is_french() -> bool:
    return (get_language() or "fr").startswith("fr")


def _csv_cell(value, is_french):
    if isinstance(value, Decimal | float) and is_french:
        return str(value).replace(".", ",")
    if value is None or isinstance(value, int | float | Decimal | date):
        return "" if value is None else str(value)
    text = UNPRINTABLE.sub("", str(value))
    return f"'{text}" if DANGEROUS.match(text) else text
