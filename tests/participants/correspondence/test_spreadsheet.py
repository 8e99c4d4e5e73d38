"""Tables that leave the house: numbers stay numbers, text stays text, and comes back as it was."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import DateField, DecimalField, FloatField, IntegerField, TextField, Value
from django.db.models.functions import Cast
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.correspondence.spreadsheet import FORMULA_STARTS, Sheet, copy_csv, plain, write_csv, write_xlsx

FORMULAS = [
    "=1+1", "+33 1 69 33 33 33", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1",
    '=HYPERLINK("http://example.org")', "=cmd|' /C calc'!A0", "'=1", "'", "=", "-",
]  # fmt: skip


def lines_of(path, delimiter=","):
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=delimiter))


def book_of(path):
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", '"Nom";"n";"x";"jour"\r\n"Évry";"-3";"1,5";"2026-12-01"\r\n'),
        ("en", '"Nom","n","x","jour"\r\n"Évry","-3","1.5","2026-12-01"\r\n'),
    ],
)
def test_csv_speaks_the_language_of_the_readers_program(tmp_path, language, written):
    path = tmp_path / "a.csv"
    with translation.override(language):
        write_csv(path, Sheet("a", ["Nom", "n", "x", "jour"], [["Évry", -3, Decimal("1.5"), date(2026, 12, 1)]]))
    assert path.read_bytes() == b"\xef\xbb\xbf" + written.encode()


@pytest.mark.formulas
@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_and_each_comes_back(tmp_path, text):
    sheet = Sheet("a", [text], [[text]])
    with translation.override("en"):
        write_csv(tmp_path / "a", sheet)
    write_xlsx(tmp_path / "b", [sheet])
    for line in lines_of(tmp_path / "a"):
        assert line[0][:1] not in FORMULA_STARTS
        assert plain(line[0]) == text or text[:1] == "'"
    for row in book_of(tmp_path / "b")["a"].iter_rows():
        assert (row[0].data_type, row[0].value.replace("_x000D_", "\r")) == ("s", text)


@given(text=st.text(max_size=20))
def test_whatever_is_typed_is_safe(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with translation.override("en"):
        write_csv(path, Sheet("a", ["x"], [[text]]))
    cell = lines_of(path)[1][0]
    assert cell[:1] not in FORMULA_STARTS
    assert "\0" not in cell


SAMPLES = [
    *FORMULAS,
    "\x01=1",
    "a\x02b",
    "''@x",
    "''x",
    "",
    " ",
    'Évry;"b"',
    "a\r\nb",
    "\ufffe=",
    "é",
    "\uff21",
    "x" * 300,
]
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@pytest.mark.formulas
@pytest.mark.django_db
@pytest.mark.parametrize(("language", "delimiter"), [("fr", ";"), ("en", ",")])
@given(text=st.sampled_from(SAMPLES) | ANY_TEXT)
@settings(max_examples=60)
def test_the_database_writes_the_same_cells(tmp_path_factory, language, delimiter, text):
    folder = tmp_path_factory.mktemp("csv")
    kinds = [
        TextField(),
        IntegerField(),
        DecimalField(max_digits=5, decimal_places=2),
        FloatField(),
        DateField(),
        TextField(),
    ]
    row = [text, -3, Decimal("-1.50"), 0.5, date(2026, 12, 1), None]
    cells = [Cast(Value(value), kind) for value, kind in zip(row, kinds, strict=True)]
    one_line = ContentType.objects.filter(app_label="people", model="pupil").values_list(*cells)
    with translation.override(language):
        write_csv(folder / "written", Sheet("", list("abcdef"), [row]))
        copy_csv(folder / "copied", list("abcdef"), [one_line])
    assert lines_of(folder / "copied", delimiter) == lines_of(folder / "written", delimiter)


@pytest.mark.django_db
def test_progress_may_ask_the_database_between_the_parts_of_a_copy(tmp_path):
    told, kinds = [], ContentType.objects.order_by("pk").values_list("model")
    copy_csv(tmp_path / "a", ["x"], [kinds[:2], kinds[2:5]], lambda done: told.append((done, kinds.exists())))
    assert told == [(2, True), (5, True)]
    assert [line[0] for line in lines_of(tmp_path / "a")[1:]] == [model for (model,) in kinds[:5]]


def test_cells_of_a_workbook_have_their_type(tmp_path):
    rows = [["12", 12, Decimal("1.5"), date(2026, 12, 1), None, "", True]]
    write_xlsx(tmp_path / "a", [Sheet("Feuille", list("abcdefg"), rows)])
    cells = next(book_of(tmp_path / "a")["Feuille"].iter_rows(min_row=2))
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("12", "s"), (12, "n"), (1.5, "n"), (datetime(2026, 12, 1), "d"), (None, "n"), (None, "n"), ("True", "s"),  # noqa: DTZ001
    ]  # fmt: skip


def test_names_of_sheets_are_short_lawful_and_apart(tmp_path):
    names = ["a/b[c]*?:\\", "a b c", "x" * 40, "X" * 40, ""]
    write_xlsx(tmp_path / "a", [Sheet(name, ["x"], []) for name in names])
    found = book_of(tmp_path / "a").sheetnames
    assert [len(name) <= 31 for name in found] == [True] * 5
    assert len({name.casefold() for name in found}) == 5


def test_progress_is_told_now_and_then(tmp_path):
    told = []
    rows = ([number] for number in range(1200))
    write_csv(tmp_path / "a", Sheet("a", ["x"], rows), told.append)
    write_xlsx(tmp_path / "b", [Sheet("a", ["x"], [[1]] * 600), Sheet("b", ["x"], [[1]] * 600)], told.append)
    assert told == [500, 1000, 500, 1100]
