"""`make run`: servers, migrations, the demonstration, then web, worker and beat until Ctrl-C."""

import hashlib
import os
import shlex
import socket
import subprocess
import sys
import textwrap
import threading
import time
import urllib.error
import urllib.request

import honcho.manager
from honcho.compat import ProcessManager
from honcho.manager import Manager

from eocenter.local.servers import ServerError, say
from eocenter.local.state import (
    LOCAL_DIR,
    MARK,
    ROOT,
    STATE,
    running_state,
    started_servers,
    stop_leftovers,
    write_state,
)

ACCOUNTS = LOCAL_DIR / "accounts.txt"
# The worker finishes what it holds before it goes; only then is it ended by force.
honcho.manager.KILL_WAIT = 25


def run_platform():
    began = time.monotonic()
    if state := running_state():
        raise ServerError(f"The platform already runs at {state['address']} (process {state['pid']}).")
    stop_leftovers()
    port = int(os.environ.get("EOC_PORT") or 8000)
    refuse_busy_port(port)
    address = f"http://127.0.0.1:{port}"
    with started_servers("run") as environment:
        environment |= {
            "SITE_URL": os.environ.get("SITE_URL") or address,
            "EOC_DEMONSTRATION": os.environ.get("EOC_DEMONSTRATION", "1"),
            "PYTHONWARNINGS": "ignore",
            MARK: str(LOCAL_DIR),
        }
        write_state(environment, address)
        try:
            prepare_data(environment)
            return supervise(environment, port, address, began)
        finally:
            STATE.unlink(missing_ok=True)


def refuse_busy_port(port):
    with socket.socket() as probe:
        # A port that was closed a moment ago is free for the server, so it is for the question.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ServerError(
                f"Port {port} is taken by another program. Stop it, or choose another port:  make run EOC_PORT=8001"
            ) from None


def prepare_data(environment):
    """Migrate and fill an empty database. Skipped at once when the last start did it with the same files."""
    stamp = LOCAL_DIR / "postgres" / "prepared"
    fingerprint = fingerprint_of_migrations()
    if not os.environ.get("DATABASE_URL") and stamp.exists() and stamp.read_text() == fingerprint:
        return
    say("preparing the database")
    command = [sys.executable, "manage.py", "prepare", "--verbosity", "0", "--accounts", ACCOUNTS]
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise ServerError("The database could not be prepared; the reason stands above.")
    if stamp.parent.exists():
        stamp.write_text(fingerprint)


def fingerprint_of_migrations():
    """Changes with every migration of ours and every version of what others bring."""
    files = sorted(path for path in ROOT.glob("*/**/migrations/*.py") if ".venv" not in path.parts)
    digest = hashlib.sha256()
    for path in [*files, ROOT / "constraints.txt", ROOT / "requirements.txt"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def commands(port):
    """Web, worker and clock as in production, only smaller."""
    web = "granian --interface wsgi eocenter.wsgi:application --host 127.0.0.1 --workers 2 --blocking-threads 4"
    celery = "celery --quiet -A eocenter"
    return {
        "web": f"{web} --port {port} --no-ws --log-level warning",
        "worker": f"{celery} worker --concurrency 2 --loglevel WARNING --without-mingle --without-gossip",
        "beat": f"{celery} beat --loglevel WARNING --pidfile=",
    }


class PoliteProcesses(ProcessManager):
    """Asks the program only, not its whole group: a Celery parent lets its children finish."""

    def terminate(self, pid):
        os.kill(pid, 15)


class Supervisor(Manager):
    """Honcho's manager, which greets once everything answers."""

    def __init__(self, greeting):
        super().__init__()
        self._procmgr = PoliteProcesses()
        self.greeting = greeting

    def _start(self):
        super()._start()
        # After the processes are forked: a thread does not survive a fork.
        threading.Thread(target=self.greeting, daemon=True).start()


def supervise(environment, port, address, began):
    supervisor = Supervisor(lambda: greet(address, began))
    for name, command in commands(port).items():
        supervisor.add_process(name, f"exec {shlex.quote(sys.executable)} -m {command}", env=environment, cwd=str(ROOT))
    supervisor.loop()
    return 0 if supervisor.returncode in {130, 143} else supervisor.returncode


def greet(address, began):
    wait_until_ready(address)
    accounts = textwrap.dedent(ACCOUNTS.read_text()) if ACCOUNTS.exists() else ""
    lines = [
        "",
        f"  EO Center is ready at {address}  ({time.monotonic() - began:.1f} s)",
        f"  Mail that it sends on this machine: {address}/local/mailbox/",
        "  Ctrl-C stops everything.",
        "",
        *(f"  {line}" for line in accounts.splitlines()),
    ]
    say("\n".join(lines) + "\n")


def wait_until_ready(address):
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310
                return answer.read()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
