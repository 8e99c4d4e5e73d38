"""The import of schools meets files made to harm: refused in a sentence, at once, in little memory."""

import pytest
from django.core.exceptions import ValidationError

from participants.organisations.directory.reading import open_table
from tests.harness.hostile import MEGABYTE, good_files, hostile_files, read_in_a_child, table

pytestmark = [pytest.mark.hostile_files, pytest.mark.timeout(300)]
MOST_MEGABYTES, MOST_SECONDS = 300, 10


def test_hostile_files_are_refused(tmp_path, record_property):
    answers = read_in_a_child(
        tmp_path, hostile_files() | {"500 MB": 500 * MEGABYTE, "50 GB": 50_000 * MEGABYTE}, "directory"
    )
    record_property("tried", len(answers))
    record_property("peak_megabytes", max(answer["megabytes"] for answer in answers.values()))
    taken = {name: answer["said"] for name, answer in answers.items() if not answer["said"].startswith("refused: ")}
    assert taken == {}
    assert {name for name, answer in answers.items() if answer["megabytes"] > MOST_MEGABYTES} == set()
    assert {name for name, answer in answers.items() if answer["seconds"] > MOST_SECONDS} == set()


def test_good_files_are_taken(tmp_path, record_property):
    answers = read_in_a_child(tmp_path, good_files(), "directory")
    record_property("tried", len(answers))
    assert {name: answer["said"] for name, answer in answers.items()} == dict.fromkeys(answers, "1 lines")


@pytest.mark.sabotage
def test_a_packed_file_is_read_without_the_check(tmp_path, monkeypatch, db):
    path = tmp_path / "schools.csv"
    path.write_bytes(b"%PDF" + table().encode())
    with pytest.raises(ValidationError, match="PDF"), open_table(path):
        pass
    monkeypatch.setenv("EOC_SABOTAGE", "file_check")
    with open_table(path) as read:
        assert len(list(read.rows)) == 1
