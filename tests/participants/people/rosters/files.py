"""Class lists as schools have them, with invented people, and what each line must become.

A pupil is (last name, first name, birth date, sex, class, level); guardians are (rank, last name, first name, address).
Scholarships and addresses are those that the file tells, by first name.
"""

import io
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import xlsxwriter


@dataclass(frozen=True)
class List:
    """One file, the kind of its school and all that must come out of it."""

    name: str
    content: bytes
    pupils: list[tuple]
    kind: str = "college"
    guardians: dict = field(default_factory=dict)
    scholarships: dict = field(default_factory=dict)
    addresses: dict = field(default_factory=dict)
    # line -> codes of what is wrong with it
    refused: dict = field(default_factory=dict)


def text(*lines, encoding="utf-8", end="\r\n") -> bytes:
    return (end.join(lines) + end).encode(encoding)


def xlsx(*rows, sheet="Feuil1", before=(), dates="dd/mm/yyyy") -> bytes:
    """A workbook; what is a date becomes a real one. `before` are sheets without a list."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        day = book.add_format({"num_format": dates})
        for name in before:
            book.add_worksheet(name).write_string(0, 0, "Mode d’emploi")
        page = book.add_worksheet(sheet)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if hasattr(cell, "year"):
                    page.write_datetime(line, place, cell, day)
                elif isinstance(cell, int | float):
                    page.write_number(line, place, cell)
                elif cell:
                    page.write_string(line, place, cell)
    return packed.getvalue()


def ods_cell(cell) -> str:
    if hasattr(cell, "year"):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, int):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def ods(*rows) -> bytes:
    """The smallest OpenDocument spreadsheet."""
    lines = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{space}office:1.0" '
        f'xmlns:table="{space}table:1.0" xmlns:text="{space}text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Feuille1">{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return packed.getvalue()
