"""Tables of the back office on their way out and in, as a browser or a program sends them."""

import csv
import io

from django.urls import reverse
from import_export.results import RowResult

from participants.accounts.exports import Csv, CsvIn


def send(client, table, text, *, confirm=True):
    """Look at a file in the back office, then take it in; returns the preview."""
    file = io.BytesIO(text.encode())
    file.name = "list.csv"
    page = client.post(reverse(f"admin:{table}_import"), {"format": "0", "import_file": file, "resource": ""})
    assert page.status_code == 200
    if confirm:
        answer = client.post(reverse(f"admin:{table}_process_import"), page.context["confirm_form"].initial)
        assert answer.status_code == 302
    return page


def leave(client, table):
    """The CSV file of a table, as text."""
    answer = client.post(reverse(f"admin:{table}_export"), {"format": "0", "resource": ""})
    assert answer["Content-Type"] == "text/csv", answer.content
    return answer.content.decode()


def take(resource, user, text, *, write=True):
    """What becomes of each line of a CSV file: (kind, remark)."""
    result = resource(user=user).import_data(CsvIn().create_dataset(text.encode()), dry_run=not write, user=user)
    assert not result.base_errors, [error.error for error in result.base_errors]
    return [(row.import_type, row.diff[-1]) for row in result.rows]


def lines(*rows):
    """Rows of cells by column as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def written(resource, user):
    """The CSV file of all that this user may take out."""
    rows = resource._meta.model.objects.visible_to(user).order_by("pk")
    return Csv().export_data(resource(user=user).export(queryset=rows))


def comes_back_the_same(resource, user):
    """Whether a file that left and comes in again finds each of its lines unchanged; how many there were."""
    text = written(resource, user)
    outcome = take(resource, user, text)
    assert outcome == [(RowResult.IMPORT_TYPE_SKIP, "")] * len(outcome), text
    assert written(resource, user) == text
    return len(outcome)
