"""One way of exporting pupils, in this process: prints seconds, peak of memory and the wait for the first progress."""

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402
from import_export import fields, resources  # noqa: E402

from benchmarks.memory import Peak  # noqa: E402
from participants.accounts.models import User  # noqa: E402
from participants.correspondence.actions import start_job, work  # noqa: E402
from participants.correspondence.models import Job  # noqa: E402
from participants.people.exports import KIND, PARTS  # noqa: E402
from participants.people.models import Enrolment  # noqa: E402

COLUMNS = [code for code in PARTS if code not in {"email", "scholarship_scale"}]


def ours(ending):
    """The product's job, until the file is ready."""
    owner = User.objects.get(email="export@example.org")
    began = time.perf_counter()
    job = start_job(kind=KIND, owner=owner, parameters={"format": ending, "year": 2026, "columns": COLUMNS})
    seen = []
    watcher = threading.Thread(target=watch, args=(job.pk, began, seen))
    watcher.start()
    work()
    seconds = time.perf_counter() - began
    watcher.join()
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert job.outcome == {"left_out": 0}, job.outcome
    return seconds, seen[0]


def watch(pk, began, seen):
    """As the page does: when the work first says how much there is to do."""
    while not seen:
        if Job.objects.filter(pk=pk, total__gt=0).exists() or not Job.objects.unfinished().filter(pk=pk).exists():
            seen.append(time.perf_counter() - began)
        time.sleep(0.05)
    connection.close()


class EnrolmentResource(resources.ModelResource):
    class Meta:
        model = Enrolment
        fields = []


for code in COLUMNS:
    EnrolmentResource.fields[code] = fields.Field(PARTS[code].path, code)


def rival(ending, *, is_default=False):
    """import-export, all rows: as it comes, which asks for the pupil, the school and the class of each row, so that a
    tenth of the rows is measured and counted ten times; or with the joins that its documentation advises."""
    rows = Enrolment.objects.filter(school_year=2026).order_by("pk")
    if is_default:
        rows = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[: rows.count() // 10]))
    else:
        rows = rows.select_related("pupil", "school__departement", "class_group")
    began = time.perf_counter()
    data = EnrolmentResource().export(rows)
    with tempfile.TemporaryDirectory() as folder:
        written = data.export(ending)
        (Path(folder) / "file").write_bytes(written if isinstance(written, bytes) else written.encode())
    return (time.perf_counter() - began) * (10 if is_default else 1), 0


WAYS = {
    "csv": lambda: ours("csv"),
    "xlsx": lambda: ours("xlsx"),
    "csv_default": lambda: rival("csv", is_default=True),
    "csv_joined": lambda: rival("csv"),
    "xlsx_joined": lambda: rival("xlsx"),
}


def main(way):
    with Peak() as peak:
        seconds, progress = WAYS[way]()
    print(json.dumps({"seconds": seconds, "megabytes": peak.megabytes, "progress": progress}))


if __name__ == "__main__":
    main(*sys.argv[1:])
