"""Importing 100,000 pupils of 5,000 schools: all new as CSV and as XLSX, then the same file with 1 % changed.

Ours is the product's job, from the file to the report: every cell checked, schools and pupils looked up, history written.
References on the same tables, with the same triggers: django-import-export as its documentation tunes it (cached foreign
keys, bulk, unchanged rows skipped), a resource a table; and COPY with one upsert, unchecked. As ours does, import-export
looks whether a pupil is known, which costs a question a row; told that all are new it does not ask (and a file sent twice
is then written twice): that time is printed too. With 1 % changed a tenth of the file is measured and counted ten times.
Every run is a process of its own, which tells its peak of memory, the reader of workbooks included.
"""

import csv
import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from django.db import connection

from benchmarks.figures import Figure
from eocenter.local.state import ROOT
from participants.accounts.models import Grant, User
from participants.accounts.roles import Role
from participants.correspondence.spreadsheet import Sheet, write_xlsx
from participants.organisations.models import School
from participants.organisations.uai import uai_key

SIZES = {"full": (100_000, 5000, 1), "small": (5000, 250, 1)}  # pupils, schools, runs
HEAD = [
    *("Nom", "Prénom", "Date de naissance", "Sexe", "UAI", "Année scolaire", "Classe", "Niveau", "Filière"),
    *("Boursier", "QPV", "Première génération"),
]
TABLES = (
    *("people_enrolment", "people_pupil", "organisations_classgroup"),
    *("people_pupilevent", "people_enrolmentevent", "people_pupillist"),
)


def measure(size):
    pupils, schools, runs = SIZES[size]
    home = Path(tempfile.mkdtemp(prefix="eocenter-import-"))
    rows = build(pupils, schools)
    files = written(home, rows)
    ours, rival = ("ours", "ours_xlsx", "ours_changed"), ("rival", "rival_xlsx", "rival_changed", "rival_told_new")
    found = {name: [] for name in (*ours, "bare", *rival)}
    for _ in range(runs):
        for way in ("bare", "ours", "rival"):
            empty()
            found[way].append(run(way, files["new.csv"]))
            if way != "bare":
                share = 1 if way == "ours" else 10
                part = files["changed.csv"] if way == "ours" else files["part.csv"]
                found[f"{way}_changed"].append(run(f"{way}_changed", part, share))
                empty()
                found[f"{way}_xlsx"].append(run(f"{way}_xlsx", files["new.xlsx"]))
        empty()
        found["rival_told_new"].append(run("rival_told_new", files["new.csv"]))
    seconds = {way: statistics.median(one["seconds"] for one in runs) for way, runs in found.items()}
    peak = max(one["megabytes"] for way in ours for one in found[way])
    for way, spent in seconds.items():
        print(f"{way}: {spent:.2f} s, {found[way][0]['megabytes']:.0f} MB")

    def against(part, ours, rival, must):
        both = {"ours": seconds[ours], "reference": seconds[rival]}
        return Figure(part=part, **both, must=must, unit="s", less_is_better=True)

    return [
        against("new", "ours", "rival", 8),
        against("new_xlsx", "ours_xlsx", "rival_xlsx", 8),
        against("changed", "ours_changed", "rival_changed", 60),
        against("new_and_bare_copy", "ours", "bare", 1 / 3),
        Figure(part="memory", ours=peak, must=250, unit="MB", less_is_better=True),
    ]


def build(pupils, schools):
    """The schools and who imports; returns the rows of the file, no two of one pupil."""
    dice = random.Random(20261126)
    serials = dice.sample(range(10_000, 9_760_000), schools)
    uais = [f"{serial:07d}{uai_key(f'{serial:07d}')}" for serial in serials]
    School.objects.bulk_create(School(uai=uai, name=f"Lycée {uai}", kind="lycee_gt", commune="Évry") for uai in uais)
    user = User.objects.create(email="import@example.org", name="Import", language="fr")
    Grant.objects.create(user=user, role=Role.ADMINISTRATOR)
    vowels, tails = "aeiouéèô", "nrtlmsdvc"
    syllables = [first + second + third for first in "bcdflmnprst" for second in vowels for third in tails]
    rows = []
    for number in range(pupils):
        name = dice.choice(syllables) + dice.choice(syllables)
        first = dice.choice(syllables) + dice.choice("aeio")
        born = dt.date(2008, 1, 1) + dt.timedelta(days=dice.randrange(1800))
        level = dice.choice(["2de GT", "1re générale", "Tle générale"])
        rows.append(
            [
                *(
                    name.upper(),
                    first.title(),
                    f"{born:%d/%m/%Y}",
                    dice.choice(["F", "M"]),
                    dice.choice(uais),
                    "2026-2027",
                ),
                *(f"{level[:3]} {dice.choice('ABCD')}", level, "général", dice.choice(["oui", "non", ""])),
                *(dice.choice(["oui", "non", ""]), dice.choice(["oui", "non", ""])),
            ]
        )
        rows[-1][0] += f" {number % 100:02d}"
    return rows


def written(home, rows):
    """The file in both formats, with one line in a hundred changed, and a tenth of that."""
    changed = [[*row[:7], "CPGE 1", *row[8:]] if number % 100 == 0 else row for number, row in enumerate(rows)]
    lists = {"new.csv": rows, "changed.csv": changed, "part.csv": changed[: len(changed) // 10]}
    for name, lines in lists.items():
        with (home / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=";").writerows([HEAD, *lines])
    write_xlsx(home / "new.xlsx", [Sheet("pupils", HEAD, rows)])
    return {path.name: path for path in home.iterdir()}


def empty():
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def run(way, path, share=1):
    """One way in a process of its own: seconds and peak megabytes."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks._importing", way, str(path)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.rstrip().rpartition("\n")[2])
    return found | {"seconds": found["seconds"] * share}
