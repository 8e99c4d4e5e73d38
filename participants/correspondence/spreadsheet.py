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

import xlsxwriter
from django.utils.translation import get_language

# As typed, and as a phone or an Asian keyboard types them.
FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
# What XML 1.0 cannot hold, and no table needs.
UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
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
    is_french = (get_language() or "fr").startswith("fr")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if is_french else ",", quoting=csv.QUOTE_ALL)
        writer.writerow([_csv_cell(name, is_french) for name in sheet.columns])
        for number, row in enumerate(sheet.rows, start=1):
            writer.writerow([_csv_cell(value, is_french) for value in row])
            if progress and number % EVERY == 0:
                progress(number)


def write_xlsx(path: Path, sheets: Iterable[Sheet], progress: Callable[[int], None] | None = None) -> None:
    """Tables as one workbook, a row in memory at a time."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "part": book.add_format({"num_format": "#,##0.0"}),
        }
        written = 0
        for name, sheet in _named(sheets):
            written = _write_sheet(book.add_worksheet(name), sheet, styles, written, progress)


def plain(text: str) -> str:
    """A cell of our own CSV as it was before the apostrophe."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS and len(text) > 1 else text


def _csv_cell(value, is_french):
    if isinstance(value, Decimal | float) and is_french:
        return str(value).replace(".", ",")
    if value is None or isinstance(value, int | float | Decimal | date):
        return "" if value is None else str(value)
    text = UNPRINTABLE.sub("", str(value))
    return f"'{text}" if text[:1] in FORMULA_STARTS and text else text


def _write_sheet(page, sheet, styles, written, progress):
    for place, width in enumerate(sheet.widths):
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    for place, name in enumerate(sheet.columns):
        page.write_string(0, place, _printable(name), styles["head"])
    for line, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, line, place, value, styles)
        written += 1
        if progress and written % EVERY == 0:
            progress(written)
    return written


def _write_cell(page, line, place, value, styles):
    if value is None or value == "":
        return
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | date):
        page.write_string(line, place, _printable(value), styles["text"])
    elif isinstance(value, date):
        page.write_datetime(line, place, value, styles["date"])
    else:
        page.write_number(line, place, value, styles["whole"] if isinstance(value, int) else styles["part"])


def _printable(value):
    return UNPRINTABLE.sub("", str(value))


def _named(sheets):
    """Each sheet under a name that the format takes: short, without its special signs, never twice."""
    taken = set()
    for sheet in sheets:
        name = re.sub(r"[\[\]:*?/\\']", " ", _printable(sheet.name)).strip()[:31] or "-"
        for number in range(2, 100):
            if name.casefold() not in taken:
                break
            name = f"{name[:28].rstrip()} {number}"
        taken.add(name.casefold())
        yield name, sheet
