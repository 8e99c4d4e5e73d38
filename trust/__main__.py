"""Runs the scorecard: each line pass, fail or not_run; writes .local/trust.json."""

import functools
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from datetime import UTC, datetime

import trust
from eocenter.local.state import LOCAL_DIR, ROOT
from trust.lines import LEAST, LINES, MARKERS, NOT_YET
from trust.markers import run_marker
from trust.scorecard import FAIL, PASS, PROGRAMS, SEED, Outcome

# Programs of their own: the scorecard itself, and what runs beside it with Django.
NO_LINES = {"__main__", "writers"}
RESULTS = LOCAL_DIR / "trust.json"


def programs():
    """Every line with what answers for it."""
    for module in pkgutil.iter_modules(trust.__path__):
        if module.name not in NO_LINES:
            importlib.import_module(f"trust.{module.name}")
    by_marker = {number: functools.partial(run_marker, marker) for number, marker in MARKERS.items()}
    unanswered = {number: functools.partial(nothing_yet, why) for number, why in NOT_YET.items()}
    return unanswered | by_marker | PROGRAMS


def nothing_yet(why, night):
    return Outcome.not_run(why)


def wanted():
    only = os.environ.get("ONLY", "").replace(",", " ").split()
    numbers = [int(number) for number in only if number.isdigit()]
    if len(numbers) < len(only) or set(numbers) - LINES.keys():
        sys.exit(f"ONLY takes numbers of lines, 1 to {max(LINES)}, such as ONLY=4,19.")
    return numbers or list(LINES)


def run_line(number, program, night):
    began = time.monotonic()
    try:
        outcome = program(night)
    except Exception as problem:  # a program that breaks has proved nothing
        outcome = Outcome(FAIL, f"{type(problem).__name__}: {str(problem).splitlines()[-1] if str(problem) else ''}")
    if outcome.status == PASS and outcome.tried < LEAST.get(number, 0):
        outcome = Outcome(FAIL, f"{outcome.value}, but fewer than {LEAST[number]} tried", outcome.tried)
    title, target = LINES[number]
    return {
        "title": title,
        "target": target,
        "status": outcome.status,
        "value": outcome.value,
        "tried": outcome.tried,
        "seconds": round(time.monotonic() - began, 1),
        "night": night,
        "seed": SEED,
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@functools.cache
def commit():
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def main():
    night = bool(os.environ.get("NIGHT"))
    answering = programs()
    records = {}
    for number in wanted():
        record = records[str(number)] = run_line(number, answering[number], night)
        print(
            f"{number:>3}  {record['status']:8} {record['title']}: {record['value']} (tried {record['tried']})",
            flush=True,
        )
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | records, indent=2, ensure_ascii=False) + "\n")
    statuses = [record["status"] for record in records.values()]
    print("\n" + ", ".join(f"{statuses.count(status)} {status}" for status in ("pass", "fail", "not_run")))
    return 1 if FAIL in statuses else 0


if __name__ == "__main__":
    sys.exit(main())
