import pytest
import tablib

from participants.accounts.exports import Csv, CsvIn, Xlsx

PAYLOADS = ["=1+1", "+33 1 23", "-2", "@SUM(A1)", "\t=1", "＝1+1", "harmless", "'quoted", "Évry"]


def test_csv_holds_no_formula_and_comes_back_as_it_was():
    dataset = tablib.Dataset(*[[text] for text in PAYLOADS], headers=["name"])
    text = Csv().export_data(dataset)
    assert [line for line in text.splitlines()[1:] if line.strip('"')[:1] in tuple("=+-@\t＝")] == []
    assert [row[0] for row in CsvIn().create_dataset(text.encode())] == PAYLOADS


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_workbook_holds_no_formula(payload, tmp_path):
    file = tmp_path / "table.xlsx"
    file.write_bytes(Xlsx().export_data(tablib.Dataset([payload], headers=["name"])))
    cell = tablib.import_set(file.read_bytes(), "xlsx")[0][0]
    assert not cell.startswith(("=", "+", "-", "@"))
