"""One way of importing a list of pupils, in this process: prints the seconds and the peak of memory."""

import csv
import json
import sys
import time
from pathlib import Path

import django

django.setup()

import tablib  # noqa: E402
from django.core.files import File  # noqa: E402
from django.db import connection  # noqa: E402
from import_export import fields, resources  # noqa: E402
from import_export.widgets import DateWidget, ForeignKeyWidget, IntegerWidget  # noqa: E402

from benchmarks.memory import Peak  # noqa: E402
from participants.accounts.models import User  # noqa: E402
from participants.correspondence import uploads  # noqa: E402
from participants.correspondence.actions import start_job, work  # noqa: E402
from participants.organisations.models import ClassGroup, School  # noqa: E402
from participants.people import imports  # noqa: E402
from participants.people.models import Enrolment, Pupil  # noqa: E402

DAY = "%d/%m/%Y"
WORDS = {"oui": "yes", "non": "no", "": "unknown", "général": "general"}
LEVELS = {"2de GT": "2GT", "1re générale": "1G", "Tle générale": "TG", "CPGE 1": "CPGE1"}


def ours(path):
    """The product's job, from the stored file to the report."""
    with path.open("rb") as file:
        upload = uploads.keep(File(file))
    began = time.perf_counter()
    job = start_job(
        kind=imports.TAKE, owner=User.objects.get(email="import@example.org"), parameters={"upload": upload}
    )
    work()
    seconds = time.perf_counter() - began
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert job.outcome["refused"] == 0, job.outcome
    assert Pupil.objects.count() == Enrolment.objects.count() == Pupil.pgh_event_model.objects.count()
    print(job.outcome)
    return seconds


def bare(path):
    """COPY and an upsert a table, nothing checked."""
    began = time.perf_counter()
    with connection.cursor() as cursor, path.open(encoding="utf-8", newline="") as file:
        names = "last_name, first_name, born, sex, uai, year, class, level, track, scholarship, zone, generation"
        cursor.execute(f"CREATE TEMP TABLE bare ({names.replace(',', ' text,')} text)")
        with cursor.copy(
            f"COPY bare ({names}) FROM STDIN (FORMAT csv, HEADER, DELIMITER ';', FORCE_NOT_NULL *)"
        ) as copy:
            while block := file.read(1 << 16):
                copy.write(block)
        cursor.execute("BEGIN")
        cursor.execute("ALTER TABLE bare ADD pupil_id bigint")
        cursor.execute("UPDATE bare SET pupil_id = nextval(pg_get_serial_sequence('people_pupil', 'id'))")
        cursor.execute(
            "INSERT INTO organisations_classgroup (school_id, school_year, name, level)"
            " SELECT DISTINCT s.id, 2026, b.class, 'unknown' FROM bare b JOIN organisations_school s USING (uai)"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            "INSERT INTO people_pupil (id, last_name, first_name, birth_date, sex, email, link_key, is_statistic)"
            " SELECT pupil_id, last_name, first_name, to_date(born, 'DD/MM/YYYY'), sex, '', 1, false FROM bare"
            " ON CONFLICT (id) DO UPDATE SET sex = excluded.sex"
        )
        told = "CASE b.{0} WHEN 'oui' THEN 'yes' WHEN 'non' THEN 'no' ELSE 'unknown' END"
        source, day = (
            "CASE b.{0} WHEN '' THEN '' ELSE 'school' END",
            "CASE b.{0} WHEN '' THEN NULL ELSE current_date END",
        )
        columns = {
            "pupil_id": "b.pupil_id", "school_id": "s.id", "class_group_id": "g.id", "school_year": "2026",
            "state": "'enrolled'", "level": "'2GT'", "expected_level": "''", "track": "'general'", "specialities": "'{}'",
            "languages": "'{}'", "scholarship": told.format("scholarship"), "scholarship_scale": "''",
            "scholarship_source": source.format("scholarship"), "scholarship_on": day.format("scholarship"),
            "priority_neighbourhood": told.format("zone"), "neighbourhood_source": source.format("zone"),
            "neighbourhood_on": day.format("zone"), "neighbourhood_version": "CASE b.zone WHEN '' THEN NULL ELSE 2024 END",
            "first_generation": told.format("generation"), "generation_source": source.format("generation"),
            "generation_on": day.format("generation"), "social_origin": "'unknown'", "origin_source": "''",
        }  # fmt: skip
        cursor.execute(
            f"INSERT INTO people_enrolment ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
            " FROM bare b JOIN organisations_school s USING (uai)"
            " JOIN organisations_classgroup g ON g.school_id = s.id AND g.name = b.class AND g.school_year = 2026"
            " ON CONFLICT (pupil_id, school_year) DO UPDATE SET level = excluded.level"
        )
        cursor.execute("COMMIT")
    assert Enrolment.objects.count() == Pupil.pgh_event_model.objects.count() > 0
    return time.perf_counter() - began


class Cached(ForeignKeyWidget):
    """As the documentation advises: every related row is read once."""

    def __init__(self, model, key):
        super().__init__(model)
        self.known = {key(row): row for row in model.objects.all()}

    def clean(self, value, row=None, **kwargs):
        return self.known[value]


class Tuned(resources.ModelResource):
    class Meta:
        use_bulk = True
        batch_size = 1000
        skip_unchanged = True
        report_skipped = False
        skip_diff = True
        skip_html_diff = True


class PupilTuned(Tuned):
    birth_date = fields.Field("birth_date", "birth_date", DateWidget(DAY))

    class Meta(Tuned.Meta):
        model = Pupil
        import_id_fields = ["last_name", "first_name", "birth_date"]
        fields = ["last_name", "first_name", "birth_date", "sex"]


class EnrolmentTuned(Tuned):
    school_year = fields.Field("school_year", "school_year", IntegerWidget())

    class Meta(Tuned.Meta):
        model = Enrolment
        import_id_fields = ["pupil", "school_year"]
        fields = [
            *("pupil", "school_year", "school", "class_group", "level", "track", "scholarship", "scholarship_source"),
            *("scholarship_on", "priority_neighbourhood", "neighbourhood_source", "neighbourhood_on"),
            *("neighbourhood_version", "first_generation", "generation_source", "generation_on"),
        ]


def rival(path, *, is_new=False):
    """import-export, a resource a table; classes by one bulk statement, which it has no way for."""
    began = time.perf_counter()
    if path.suffix == ".xlsx":
        data = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    else:
        data = tablib.Dataset().load(path.read_text(), format="csv", delimiter=";")
    schools = {school.uai: school.pk for school in School.objects.all()}
    classes = {(schools[row[4]], row[6]) for row in data}
    ClassGroup.objects.bulk_create(
        [ClassGroup(school_id=school, school_year=2026, name=name) for school, name in sorted(classes)],
        ignore_conflicts=True,
    )
    pupils = tablib.Dataset(headers=["last_name", "first_name", "birth_date", "sex"])
    pupils.extend(row[:4] for row in data)
    PupilTuned._meta.force_init_instance = is_new
    done = PupilTuned().import_data(pupils, raise_errors=True)
    EnrolmentTuned._meta.force_init_instance = is_new
    resource_ = EnrolmentTuned()
    widget = Cached(Pupil, lambda one: (one.last_name, one.first_name, f"{one.birth_date:{DAY}}"))
    resource_.fields["pupil"] = fields.Field("pupil", "pupil", widget)
    resource_.fields["school"] = fields.Field("school", "school", Cached(School, lambda one: one.uai))
    resource_.fields["class_group"] = fields.Field(
        "class_group", "class_group", Cached(ClassGroup, lambda one: (one.school_id, one.name))
    )
    lines = tablib.Dataset(headers=EnrolmentTuned._meta.fields)
    lines.extend(enrolment_of(row, schools) for row in data)
    done = resource_.import_data(lines, raise_errors=True)
    seconds = time.perf_counter() - began
    print(dict(done.totals))
    return seconds


def enrolment_of(row, schools):
    facts = []
    for cell in row[9:12]:
        facts.append([WORDS[cell or ""], "school" if cell else "", "2026-11-26" if cell else ""])
    version = "2024" if row[10] else ""
    pupil, school_class = (row[0], row[1], row[2]), (schools[row[4]], row[6])
    head = [pupil, "2026", row[4], school_class, LEVELS[row[7]], WORDS[row[8]]]
    return [*head, *facts[0], *facts[1], version, *facts[2]]


WAYS = {
    "ours": ours, "ours_xlsx": ours, "ours_changed": ours, "bare": bare, "rival": rival, "rival_xlsx": rival,
    "rival_changed": rival, "rival_told_new": lambda path: rival(path, is_new=True),
}  # fmt: skip


def main(way, path):
    csv.field_size_limit(1 << 20)
    with Peak() as peak:
        seconds = WAYS[way](Path(path))
    print(json.dumps({"seconds": seconds, "megabytes": peak.megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
