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
    is_french = (get_language() or "fr").startswith("fr")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if is_french else ",", quoting=csv.QUOTE_ALL)
        writer.writerow([_csv_cell(name, is_french) for name in sheet.columns])
        for number, row in enumerate(sheet.rows, start=1):
            writer.writerow([_csv_cell(value, is_french) for value in row])
            if progress and number % EVERY == 0:
                progress(number)


def write_xlsx(path: Path, sheets: Iterable[Sheet], progress: Callable[[int], None] | None = None) -> None:
    """Tables as one workbook, a few rows in memory at a time."""
    workbook.write(path, sheets, progress)


def plain(text: str) -> str:
    """A cell of our own CSV as it was before the apostrophe."""
    return text[1:] if text[:1] == "'" and DANGEROUS.match(text) else text


def _csv_cell(value, is_french):
    if isinstance(value, Decimal | float) and is_french:
        return str(value).replace(".", ",")
    if value is None or isinstance(value, int | float | Decimal | date):
        return "" if value is None else str(value)
    text = UNPRINTABLE.sub("", str(value))
    return f"'{text}" if DANGEROUS.match(text) else text
