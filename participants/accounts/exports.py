"""The formats in which tables of the back office leave and come back. What a person typed is never calculated."""

import io
import re

import tablib
from import_export.formats import base_formats

from participants.accounts.tables import NoTable, lines_of

# As typed, and as a phone or an Asian keyboard types them.
FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
# Also behind apostrophes of its own, so that taking one off always gives back what was written.
DANGEROUS = re.compile(f"'*[{re.escape(''.join(FORMULA_STARTS))}]")


class _HarmlessText:
    def export_data(self, dataset, **options):
        safe = tablib.Dataset(headers=dataset.headers, title=dataset.title)
        safe.extend([_harmless(cell) for cell in row] for row in dataset)
        return super().export_data(safe, **options)


class Csv(_HarmlessText, base_formats.CSV):
    """CSV in which a cell that a spreadsheet would take for a formula begins with an apostrophe."""


class CsvIn(base_formats.CSV):
    """CSV on its way in, from any program: the same cells as they left, without our apostrophe."""

    def is_binary(self):
        return True

    def get_read_mode(self):
        return "rb"

    def create_dataset(self, in_stream, **options):
        rows = (row for row in lines_of(io.BytesIO(in_stream)) if any(row))
        table = tablib.Dataset(headers=next(rows, []))
        width = len(table.headers or [])
        for row in rows:
            if any(row[width:]):
                raise NoTable
            table.append([_as_typed(cell) for cell in (row + [""] * width)[:width]])
        return table


class Xlsx(_HarmlessText, base_formats.XLSX):
    """A workbook, only on the way out: files from outside come in as CSV, which cannot hide anything."""


def _harmless(cell):
    return f"'{cell}" if isinstance(cell, str) and DANGEROUS.match(cell) else cell


def _as_typed(cell):
    is_ours = isinstance(cell, str) and cell.startswith("'") and DANGEROUS.match(cell)
    return cell[1:] if is_ours else cell
