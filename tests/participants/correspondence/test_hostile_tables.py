"""Tables made to harm: refused in a sentence, at once, in little memory, by long lists and by the back office."""

import io

import pytest
from django.urls import reverse

from participants.accounts.roles import Role
from participants.accounts.tables import COLUMNS, NoTable, lines_of
from participants.correspondence import reading
from tests.factories.accounts import GrantFactory
from tests.harness.hostile import MEGABYTE, hostile_files, read_in_a_child
from tests.participants.people.rosters.files import xlsx
from tests.participants.people.rosters.test_hostile_lists import BAD, LARGE, changed

pytestmark = [pytest.mark.hostile_files, pytest.mark.timeout(300)]
MOST_MEGABYTES, MOST_SECONDS = 300, 10
# What is a table all the same, and is refused for its columns or not at all.
TABLES = {
    *("6,000 lines", "no header", "nobody", "control signs", "sum of parts", "empty", "one blank", "line ends only"),
    *("PDF", "HTML page", "JSON", "the same column twice", "a header of no official file", "one column"),
}
SENTENCES = {
    "xlsm": reading.MACROS,
    "macro type": reading.MACROS,
    "xlsx with a formula": reading.FORMULAS,
    "password xlsx": reading.OLD_BOOK,
    "password zip": reading.OLD_BOOK,
    "old XLS": reading.OLD_BOOK,
    "zip bomb": reading.SUSPECT,
    "five hundred parts": reading.SUSPECT,
    "many rows": reading.SUSPECT,
    "far cell": reading.TOO_FULL,
    "a full sheet": reading.TOO_FULL,
    "500 MB": reading.TOO_LARGE,
}


def full_sheet():
    """No bomb, every row another: only more than a process with little memory can hold."""
    cell = b'<c t="inlineStr"><is><t>%d</t></is></c>'
    rows = b"".join(b"<row>" + cell % (n * 7919 % 999_983) * 12 + b"</row>" for n in range(220_000))
    return changed(xlsx(["Nom"]), sheet=(b"</sheetData>", rows + b"</sheetData>"))


@pytest.fixture
def office(db, client_for, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return client_for(GrantFactory(role=Role.ADMINISTRATOR, user__language="en").user)


def send(office, content):
    """A file for the table of volunteers, in the back office; what its page says of the file."""
    file = io.BytesIO(content)
    file.name = "list.csv"
    form = {"format": "0", "import_file": file, "resource": ""}
    page = office.post(reverse("admin:people_volunteer_import"), form)
    return [*page.context["form"].errors.get("import_file", []), *_whole(page)]


def _whole(page):
    result = page.context.get("result")
    return [str(error.error) for error in result.base_errors] if result else []


def test_a_long_list_made_to_harm_is_refused_at_once_in_little_memory(tmp_path, record_property):
    made = {name: make() for name, (_code, make) in BAD.items()} | {name: make() for name, make in LARGE.items()}
    made |= hostile_files() | {"a full sheet": full_sheet(), "500 MB": 500 * MEGABYTE}
    answers = read_in_a_child(tmp_path, made, "long list")
    record_property("tried", len(answers))
    record_property("peak_megabytes", max(answer["megabytes"] for answer in answers.values()))
    refused = {name: answer["said"].removeprefix("refused: ") for name, answer in answers.items() if name not in TABLES}
    assert refused == {name: SENTENCES.get(name, reading.NO_TABLE) for name in refused}
    assert all(answers[name]["said"].endswith(" lines") for name in TABLES)
    assert {name: answer for name, answer in answers.items() if answer["megabytes"] > MOST_MEGABYTES} == {}
    assert {name: answer for name, answer in answers.items() if answer["seconds"] > MOST_SECONDS} == {}


def test_the_back_office_refuses_them_in_a_sentence(office):
    said = {name: send(office, content) for name, content in hostile_files().items()}
    unread = ["This file is no table that we can read. Save it as CSV (UTF-8) and send it again."]
    missing = ["These columns are missing: email. Add them and send the file again."]
    nothing = ["No valid data to import. Ensure your file has the correct headers or data for import."]
    large, empty = ["The file is larger than 5 MB: split it."], ["The submitted file is empty."]
    assert {name: words for name, words in said.items() if words not in (unread, missing, nothing, large, empty)} == {}
    assert said["10,000 columns"] == said["a null byte inside"] == said["old XLS"] == unread


def test_the_back_office_reads_what_windows_writes(office):
    assert send(office, "email;first_name;last_name\r\nzoe@example.org;Zoé;Bé\r\n".encode("cp1252")) == []


def test_a_table_too_large_for_a_page_is_refused(office):
    assert send(office, b"email\n" + b"x" * (5 * MEGABYTE)) == ["The file is larger than 5 MB: split it."]
    assert send(office, b"email\n" + b"x\n" * 2001) == ["At most 2000 lines at once: split it."]


def test_a_table_is_confirmed_once(office, tmp_path):
    file = io.BytesIO(b"email,first_name,last_name\nnobody@example.org,Lou,Bon\n")
    file.name = "list.csv"
    page = office.post(reverse("admin:people_volunteer_import"), {"format": "0", "import_file": file, "resource": ""})
    [kept] = (tmp_path / "uploads").iterdir()
    assert kept.parent.stat().st_mode & 0o77 == 0
    confirm = reverse("admin:people_volunteer_process_import"), page.context["confirm_form"].initial
    assert office.post(*confirm).status_code == 302
    assert not kept.exists()
    again = office.post(*confirm, follow=True)
    assert "The file is no longer here. Send it again." in again.text


@pytest.mark.parametrize(
    "content", [b";" * COLUMNS, b'"a\n";' * 400_000, b'"never', b'"a"b;c'], ids=["wide", "long", "open", "torn"]
)
def test_a_line_has_an_end(content):
    with pytest.raises(NoTable):
        list(lines_of(io.BytesIO(content)))
