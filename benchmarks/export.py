"""Exporting 100,000 pupils, 20 columns, to CSV and XLSX through the product's background job: consents asked, trace left.

The reference is django-import-export with tablib: a resource with the same columns on the same rows, as it comes for CSV
(with the joins that its documentation advises it is printed beside), with those joins for XLSX. Each run is a process of
its own, which tells its peak of memory; ours also tells after how long the first progress could be read.
"""

import datetime as dt
import json
import os
import subprocess
import sys

from django.db import connection

from benchmarks.figures import Figure
from eocenter.local.state import ROOT
from participants.accounts.models import Grant, User
from participants.accounts.roles import Role
from participants.organisations.models import ClassGroup, School
from participants.organisations.uai import uai_key
from participants.people.models import Consent, ConsentText, Enrolment, Guardian, Guardianship, Pupil

SIZES = {"full": (100_000, 5000), "small": (5000, 250)}


def measure(size):
    build(*SIZES[size])
    found = {way: run(way) for way in ("csv", "csv_default", "csv_joined", "xlsx", "xlsx_joined")}
    for way, one in found.items():
        print(f"{way}: {one['seconds']:.2f} s, {one['megabytes']:.0f} MB")

    def against(part, reference, what, must, unit):
        both = {"ours": found[reference.partition("_")[0]][what], "reference": found[reference][what]}
        return Figure(part=part, **both, must=must, unit=unit, less_is_better=True)

    first = max(found["csv"]["progress"], found["xlsx"]["progress"])
    return [
        against("csv", "csv_default", "seconds", 30, "s"),
        against("xlsx", "xlsx_joined", "seconds", 5, "s"),
        against("xlsx_memory", "xlsx_joined", "megabytes", 2, "MB"),
        Figure(part="progress", ours=first, must=1, unit="s", less_is_better=True),
    ]


def run(way):
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks._exporting", way]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.rstrip().rpartition("\n")[2])


def build(pupils, schools):
    """Pupils with a guardian who agreed, in classes of schools."""
    uais = [f"{number:07d}{uai_key(f'{number:07d}')}" for number in range(100_000, 100_000 + schools)]
    made = School.objects.bulk_create(
        School(uai=uai, name=f"Lycée {uai}", kind="lycee_gt", commune="Évry") for uai in uais
    )
    groups = ClassGroup.objects.bulk_create(
        ClassGroup(school=school, school_year=2026, name="2de A") for school in made
    )
    user = User.objects.create(email="export@example.org", name="Export", language="fr")
    Grant.objects.create(user=user, role=Role.ADMINISTRATOR)
    text = ConsentText.objects.filter(purpose="taking_part").first() or ConsentText.objects.create(
        purpose="taking_part", version=1, title_fr="a", title_en="a", text_fr="a", text_en="a"
    )
    born = dt.date(2009, 1, 1)
    now = dt.datetime(2026, 9, 10, tzinfo=dt.UTC)
    for start in range(0, pupils, 10_000):
        numbers = range(start, min(start + 10_000, pupils))
        people = Pupil.objects.bulk_create(
            Pupil(
                last_name=f"Dupont {n}", first_name=f"Léa {n % 997}", birth_date=born + dt.timedelta(n % 1500), sex="F"
            )
            for n in numbers
        )
        Enrolment.objects.bulk_create(
            Enrolment(
                pupil=pupil,
                school_year=2026,
                school=made[n % schools],
                class_group=groups[n % schools],
                level="2GT",
                track="general",
                specialities=["maths", "nsi"],
                languages=["en"],
                scholarship="yes",
                scholarship_source="school",
                scholarship_on=born,
            )
            for n, pupil in zip(numbers, people, strict=True)
        )
        guardians = Guardian.objects.bulk_create(Guardian(last_name="Dupont", first_name="Eve") for _ in numbers)
        pairs = list(zip(people, guardians, strict=True))
        Guardianship.objects.bulk_create(Guardianship(pupil=pupil, guardian=guardian) for pupil, guardian in pairs)
        Consent.objects.bulk_create(
            Consent(
                pupil=pupil,
                guardian=guardian,
                purpose="taking_part",
                text=text,
                decision="given",
                channel="link",
                school_year=2026,
                said_at=now,
                valid_until=dt.date(2099, 1, 1),
            )
            for pupil, guardian in pairs
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
