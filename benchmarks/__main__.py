"""Runs the benchmarks, each in a process and a database of its own; prints a table and writes .local/bench.json."""

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys

import django
import psycopg

import benchmarks
from eocenter.local.state import LOCAL_DIR, ROOT

RESULTS = LOCAL_DIR / "bench.json"
NOT_CONTRACTS = {"__main__", "bare", "crowd", "figures", "memory", "servers"}
COLUMNS = "{:28} {:>12} {:>12} {:>8} {:>8}  {:4} {}"


def contracts():
    found = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)}
    return sorted(name for name in found - NOT_CONTRACTS if not name.startswith("_"))


def wanted():
    only = [name for name in os.environ.get("ONLY", "").replace(",", " ").split() if name]
    if unknown := set(only) - set(contracts()):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(contracts())}.")
    return only or contracts()


def measure_here(name):
    """In the child: measure one contract and hand the figures back as JSON."""
    django.setup()  # before the module, which imports our models
    module = importlib.import_module(f"benchmarks.{name}")
    size = os.environ.get("SIZE") or "full"
    records = {f"{name}.{figure.part}": figure.as_record() for figure in module.measure(size)}
    print("\n" + json.dumps(records), flush=True)


def measure_apart(name, server):
    """In the parent: give the child a copy of the migrated database and take its last line."""
    database = f"bench_{name}"
    server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {database} TEMPLATE bench_template")
    url = database_url(database)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks", name],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "eocenter.settings"},
            stdout=subprocess.PIPE,
            text=True,
        )
    finally:
        server.execute(f"DROP DATABASE {database} WITH (FORCE)")
    *said, last = done.stdout.rstrip("\n").split("\n")
    print("\n".join(line for line in said if line))
    return json.loads(last) if done.returncode == 0 else {}


def database_url(name):
    return re.sub(r"/\w+(?=\?|$)", f"/{name}", os.environ["DATABASE_URL"], count=1)


def prepare_template(server):
    server.execute("DROP DATABASE IF EXISTS bench_template WITH (FORCE)")
    server.execute("CREATE DATABASE bench_template")
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    environment = os.environ | {"DATABASE_URL": database_url("bench_template")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def main():
    names = wanted()
    records = {}
    failed = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        prepare_template(server)
        for name in names:
            print(f"measuring {name} …", flush=True)
            found = measure_apart(name, server)
            records |= found
            failed += [] if found else [name]
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept = {key: record for key, record in kept.items() if key.split(".")[0] not in names}
    LOCAL_DIR.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(kept | records, indent=2, sort_keys=True) + "\n")
    show(records)
    if failed:
        print(f"\nbroken: {', '.join(failed)}")
    return 1 if failed or not all(record["met"] for record in records.values()) else 0


def show(records):
    print("\n" + COLUMNS.format("", "ours", "reference", "ratio", "must", "met", "unit"))
    for name, record in sorted(records.items()):
        cells = [say(record[key]) for key in ("ours", "reference", "ratio", "must")]
        print(COLUMNS.format(name, *cells, "yes" if record["met"] else "NO", record["unit"]))


def say(number):
    return "–" if number is None else f"{number:,.4g}"


if __name__ == "__main__":
    sys.exit(measure_here(sys.argv[1]) if len(sys.argv) > 1 else main())
