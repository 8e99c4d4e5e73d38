"""PostgreSQL is stopped and killed while people write: what was acknowledged is there afterwards.

The writers are threads of a child process on a server of its own under `.local/trust`; each opens accounts through
the same action as the pages and says so once the transaction is committed.
"""

import contextlib
import functools
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import psycopg

from eocenter.local.servers import Postgres
from eocenter.local.state import LOCAL_DIR, ROOT
from trust.scorecard import SEED, Outcome, line

WRITERS = 6
FAULTS, NIGHT_FAULTS = 4, 20
MANAGE = [sys.executable, "-W", "ignore", "manage.py"]


@dataclass(frozen=True)
class Report:
    faults: int
    acknowledged: int
    missing: int
    errors: int
    slowest: float


@line(9)
def acknowledged_writes(night):
    """Accounts that were acknowledged and are not there after all restarts."""
    report = survive(night)
    value = f"{report.missing} missing, {report.errors} errors told to the writers, {report.faults} kills and restarts"
    return Outcome.judge(report.missing == 0, tried=report.acknowledged, value=value)


@line(10)
def drained(night):
    """How long after a fault the first write succeeds again."""
    report = survive(night)
    return Outcome.judge(
        report.slowest <= 120, tried=report.faults, value=f"{report.slowest:.1f} s at most, PostgreSQL"
    )


@functools.cache
def survive(night) -> Report:
    """Start a server, write, break it again and again, and count."""
    server = Postgres(LOCAL_DIR / "trust" / "postgres")
    server.start()
    try:
        environment = os.environ | {"DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "eocenter.settings"}
        migrate = [*MANAGE, "migrate", "--no-input", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        with psycopg.connect(server.url) as connection:
            connection.execute("TRUNCATE accounts_user CASCADE")
        return _break_while_writing(server, environment, NIGHT_FAULTS if night else FAULTS)
    finally:
        server.stop()


def _break_while_writing(server, environment, faults):
    dice, said, returns = random.Random(SEED), [], []
    with _writing(environment, said):
        wait_for(lambda: len(said) > 50)
        for number in range(faults):
            time.sleep(dice.uniform(0.5, 1.5))
            _kill(server) if number % 2 else server.stop()
            server.start()
            back = time.monotonic()
            wait_for(lambda back=back: any(at > back and text != "error" for at, text in said[-200:]))
            returns.append(time.monotonic() - back)
    return _count(server, [text for _at, text in said], faults, max(returns))


def _kill(server):
    """-9 to the postmaster; its children notice by themselves."""
    if process := server.running_process():
        process.kill()
    wait_for(lambda: server.running_process() is None)


@contextlib.contextmanager
def _writing(environment, said):
    """Writers at work; what they say is collected with its moment."""
    program = f"import django; django.setup(); from trust import writers; writers.main({WRITERS})"
    words = [sys.executable, "-W", "ignore", "-c", program]
    writer = subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    listener = threading.Thread(target=lambda: said.extend((time.monotonic(), text.strip()) for text in writer.stdout))
    listener.start()
    try:
        yield
        writer.stdin.close()
        writer.wait(60)
    finally:
        writer.kill()
        writer.wait()
        listener.join(60)


def _count(server, said, faults, slowest):
    acknowledged = {text for text in said if text != "error"}
    with psycopg.connect(server.url) as connection:
        stored = {email for (email,) in connection.execute("SELECT email FROM accounts_user")}
    return Report(faults, len(acknowledged), len(acknowledged - stored), said.count("error"), slowest)


def wait_for(is_so, seconds=120):
    ends = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends:
            raise TimeoutError("the writers do not come back")
        time.sleep(0.05)
