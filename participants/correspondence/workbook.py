"""A workbook (XLSX) written as it is read: one row in memory, text as text, no formula, no link, no macro.

Written here and not by a package because a sheet is a list of rows in plain XML: ten times as fast as the packages that
keep an object a cell. Text stands in its cell (an inline string), so that no table of strings grows in memory.
"""

import datetime as dt
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone

# What a sheet of the format holds, and a cell.
ROWS_A_SHEET = 1_048_575
LONGEST = 32_767
AT_ONCE = 500
# What XML 1.0 cannot hold, and no table needs.
UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
SPECIAL = re.compile("[&<>\0-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
EPOCH = dt.date(1899, 12, 30)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The numbers of the styles below, in their order.
BOLD, DATE, TEXT, WHOLE, PART, MOMENT = range(1, 7)
STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}">
<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="#,##0.0"/>
<numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>
<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>
<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">
<alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">
<alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def write(path: Path, sheets: Iterable, progress: Callable[[int], None] | None = None) -> None:
    """Write named sheets, one after the other, as their rows come."""
    names: list[str] = []
    written = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, sheet, rows in _pages(sheets):
            names.append(name)
            with book.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as page:
                for part, count in _sheet_parts(sheet, rows):
                    page.write(part.encode())
                    before, written = written, written + count
                    if progress and written // AT_ONCE > before // AT_ONCE:
                        progress(written)
        for place, text in _around(names).items():
            book.writestr(place, text)


def printable(value) -> str:
    """A text without what the format cannot hold."""
    return UNPRINTABLE.sub("", str(value))


def _pages(sheets) -> Iterator[tuple]:
    """Each sheet under a lawful name that no other has; what is longer than a sheet can be goes on in another."""
    taken: set[str] = set()
    for sheet in sheets:
        rows = iter(sheet.rows)
        more = [()]
        while more:
            yield _name(sheet.name, taken), sheet, islice(rows, ROWS_A_SHEET)
            more = list(islice(rows, 1))
            rows = chain(more, rows)


def _name(wanted, taken) -> str:
    name = re.sub(r"[\[\]:*?/\\']", " ", printable(wanted)).strip()[:31] or "-"
    for number in range(2, 100):
        if name.casefold() not in taken:
            break
        name = f"{name[:28].rstrip()} {number}"
    taken.add(name.casefold())
    return name


def _sheet_parts(sheet, rows) -> Iterator[tuple[str, int]]:
    """The text of a sheet in pieces, each with the number of rows in it."""
    letters = [letter_of(place) for place in range(max(len(sheet.columns), 1))]
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(sheet.widths, start=1)
    )
    heads = "".join(_text(f"{letter}1", str(name), BOLD) for letter, name in zip(letters, sheet.columns, strict=False))
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'{f"<cols>{widths}</cols>" if widths else ""}<sheetData><row r="1">{heads}</row>',
        0,
    )
    line = 1
    while lines := [_row(line := line + 1, letters, row) for row in islice(rows, AT_ONCE)]:
        yield "".join(lines), len(lines)
    yield "</sheetData></worksheet>", 0


def _row(line, letters, row: Sequence) -> str:
    cells = [f'<row r="{line}">']
    for letter, value in zip(letters, row, strict=False):
        if type(value) is str:
            if not value:
                continue
            if len(value) > LONGEST or SPECIAL.search(value):
                value = _lawful(value)
            cells.append(f'<c r="{letter}{line}" s="3" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>')
        elif value is not None:
            cells.append(_cell(f"{letter}{line}", value))
    cells.append("</row>")
    return "".join(cells)


def _cell(place, value) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | dt.date):
        text = str(value)
        return _text(place, text, TEXT) if text else ""
    if isinstance(value, dt.datetime):
        return f'<c r="{place}" s="{MOMENT}"><v>{_serial(value)!r}</v></c>'
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="{DATE}"><v>{(value - EPOCH).days}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}" s="{WHOLE}"><v>{value}</v></c>'
    return f'<c r="{place}" s="{PART}"><v>{value}</v></c>' if math.isfinite(value) else _text(place, str(value), TEXT)


def _serial(moment) -> float:
    if timezone.is_aware(moment):
        moment = timezone.make_naive(moment)
    day = moment - dt.datetime.combine(EPOCH, dt.time())
    return day.days + round(day.seconds / 86_400, 9)


def _text(place, text, style) -> str:
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_lawful(text)}</t></is></c>'


def _lawful(text) -> str:
    """As XML: a return is written as the format writes it, and a text that looks like that writing stays itself."""
    text = CODED.sub("_x005F_", UNPRINTABLE.sub("", text)[:LONGEST])
    return escape(text).replace("\r", "_x000D_")


def letter_of(place: int) -> str:
    """The letters of a column, counted from 0: A, B … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _around(names) -> dict[str, str]:
    """What stands around the sheets in the package."""
    numbers = range(1, len(names) + 1)
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    linked = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    relations = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>{typed}</Types>',
        "_rels/.rels": f'{relations}<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"{relations}{linked}"
        f'<Relationship Id="rId{len(names) + 1}" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    }
