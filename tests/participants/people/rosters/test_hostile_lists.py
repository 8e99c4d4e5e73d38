"""Files made to harm whoever reads them as a class list: refused in a sentence, at once, in little memory."""

import io
import os
import zipfile

import pytest

from participants.people.rosters.problems import OF_FILE, BadFile
from participants.people.rosters.reading import read_table
from tests.harness.hostile import MEGABYTE, hostile_files, read_in_a_child, zipped
from tests.participants.people.rosters.files import ods, text, xlsx

pytestmark = [pytest.mark.hostile_files, pytest.mark.timeout(300)]
MOST_MEGABYTES, MOST_SECONDS = 300, 10
HEAD = ["Nom", "Prénom", "Né(e) le", "Classe"]
ROW = ["DUPONT", "Léa", "14/03/2012", "3A"]
TYPES = b'<Types><Override ContentType="application/vnd.macroEnabled.main+xml"/></Types>'


def csv_of(*rows):
    return text(";".join(HEAD), *(";".join(row) for row in rows))


def changed(content, *, sheet=(b"", b""), **parts):
    """A good workbook with parts replaced or added; `sheet` is (old, new) inside its first sheet."""
    parts = {name.replace("__", "/"): part for name, part in parts.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = parts.pop(name, source.read(name))
            target.writestr(name, part.replace(*sheet, 1) if name.endswith(("sheet1.xml", "content.xml")) else part)
        for name, part in parts.items():
            target.writestr(name, part)
    return packed.getvalue()


def formula():
    return changed(xlsx(HEAD, ROW), sheet=(b"<c r=", b'<c r="Z9"><f>1+1</f><v>2</v></c><c r='))


def far_cell():
    """A workbook that says it is as large as a sheet can be: one cell in its last corner."""
    return changed(
        xlsx(HEAD, ROW), sheet=(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    )


def many_rows():
    row = b'<row><c t="inlineStr"><is><t>DUPONT</t></is></c></row>'
    return changed(
        xlsx(HEAD, ROW),
        sheet=(b"</sheetData>", row * 120_000 + b"</sheetData>"),
    )


def lying_sizes():
    """A part that says that it is small and is not."""
    content = bytearray(changed(xlsx(HEAD, ROW), **{"xl__big.xml": b"0" * 40 * MEGABYTE}))
    return bytes(content).replace((40 * MEGABYTE).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def locked_ods():
    return changed(ods(HEAD, ROW), **{"META-INF__manifest.xml": b"<manifest:encryption-data/>"})


def encrypted_part():
    content = bytearray(xlsx(HEAD, ROW))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def torn_part():
    """A directory that is whole, and a part that no longer unpacks."""
    content = bytearray(xlsx(HEAD, ROW))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = package.getinfo("[Content_Types].xml")
    name, extra = (int.from_bytes(content[part.header_offset + at :][:2], "little") for at in (26, 28))
    start = part.header_offset + 30 + name + extra
    content[start : start + part.compress_size] = b"\xff" * part.compress_size
    return bytes(content)


ENTITIES = b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 5000 + b'">]>'
CELL, CALCULATED = b"<table:table-cell ", b'<table:table-cell table:formula="of:=1" '
DOCUMENT = ("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>")
# Name -> the code of the refusal, and who makes the file.
BAD = {
    "xlsm": ("macros", lambda: changed(xlsx(HEAD, ROW), **{"xl__vbaProject.bin": b"x"})),
    "macro type": ("macros", lambda: zipped(("[Content_Types].xml", TYPES), ("xl/workbook.xml", b"<x/>"))),
    "ods with Basic": ("macros", lambda: changed(ods(HEAD, ROW), Basic__Standard=b"x")),
    "xlsx with a formula": ("formulas", formula),
    "ods with a formula": ("formulas", lambda: changed(ods(HEAD, ROW), sheet=(CELL, CALCULATED))),
    "xlsx with entities": (
        "entities",
        lambda: changed(xlsx(HEAD, ROW), sheet=(b"<worksheet", ENTITIES + b"<worksheet")),
    ),
    "zip bomb": ("bomb", lambda: changed(xlsx(HEAD, ROW), xl__big=b"0" * 45 * MEGABYTE)),
    "sum of parts": ("bomb", lambda: changed(xlsx(HEAD, ROW), a=os.urandom(MEGABYTE) + b"0" * 60 * MEGABYTE)),
    "five hundred parts": ("bomb", lambda: changed(xlsx(HEAD, ROW), **{f"p{n}": b"" for n in range(500)})),
    "password ods": ("locked", locked_ods),
    "password zip": ("locked", encrypted_part),
    "password xlsx": ("old_or_locked", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000),
    "docx": ("not_a_list", lambda: zipped(*DOCUMENT)),
    "odt": ("not_a_list", lambda: changed(ods(HEAD, ROW), mimetype=b"application/vnd.oasis.opendocument.text")),
    "a torn part": ("damaged", torn_part),
    "half a zip": ("damaged", lambda: xlsx(HEAD, ROW)[:2000]),
    "10,000 columns": ("too_many_columns", lambda: text(";".join(HEAD + ["x"] * 10_000), ";".join(ROW))),
    "10,000 columns xlsx": ("too_many_columns", lambda: xlsx(HEAD + ["x"] * 10_000, ROW)),
    "6,000 lines": ("too_many_lines", lambda: csv_of(*[ROW] * 6000)),
    "a cell of 200,000 signs": ("cell_too_long", lambda: csv_of(["x" * 200_000, *ROW[1:]])),
    "null byte": ("null_bytes", lambda: csv_of(ROW) + b"\0"),
    "broken UTF-8": ("encoding", lambda: csv_of(ROW) + b"\xc3\x28\x81"),
    "a quote without end": ("not_csv", lambda: csv_of(ROW) + b'"x;y\r\n' * 3),
    "no header": ("no_header", lambda: text(";".join(ROW), ";".join(ROW))),
    "nobody": ("no_lines", lambda: text(";".join(HEAD))),
    "control signs": ("not_a_list", lambda: csv_of(ROW) + b"\x07\x1b[31m"),
}


LARGE = {"far cell": far_cell, "many rows": many_rows, "lying sizes": lying_sizes}


def test_whatever_a_list_is_made_of_it_is_refused_at_once_in_little_memory(tmp_path, record_property):
    made = {name: make() for name, (_code, make) in BAD.items()} | {name: make() for name, make in LARGE.items()}
    answers = read_in_a_child(tmp_path, made | hostile_files() | {"500 MB": 500 * MEGABYTE}, "class list")
    record_property("tried", len(answers))
    record_property("peak_megabytes", max(answer["megabytes"] for answer in answers.values()))
    codes = {name: answer["said"].removeprefix("refused: ") for name, answer in answers.items()}
    assert {name: code for name, code in codes.items() if code not in OF_FILE} == {}
    assert {name: codes[name] for name in BAD} == {name: code for name, (code, _make) in BAD.items()}
    assert {name: answer for name, answer in answers.items() if answer["megabytes"] > MOST_MEGABYTES} == {}
    assert {name: answer for name, answer in answers.items() if answer["seconds"] > MOST_SECONDS} == {}


@pytest.mark.sabotage
def test_a_file_too_large_is_read_without_the_check(tmp_path, monkeypatch, db):
    (tmp_path / "list").write_bytes(csv_of(ROW) + b";;;\r\n" * 2_200_000)
    with pytest.raises(BadFile, match="too_large"):
        read_table(tmp_path / "list")
    monkeypatch.setenv("EOC_SABOTAGE", "import_limits")
    assert len(read_table(tmp_path / "list").lines) == 1
