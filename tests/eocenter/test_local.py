"""`make run` on one's own machine: it starts, serves, stops cleanly, and loses nothing to a kill -9."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import psycopg
import pytest
from django.conf import settings

from eocenter.local.servers import Postgres, Valkey, find_process, free_port


@pytest.fixture
def home(tmp_path):
    """A place for the servers' data; whatever still runs there at the end is ended."""
    yield tmp_path / "local"
    for process in processes_in(tmp_path):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def processes_in(folder):
    """Every living process whose command line or environment names this folder, the asking ones left out."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            words = [*process.cmdline(), *process.environ().values()]
            is_alive = process.status() != psutil.STATUS_ZOMBIE
            if is_alive and process.pid != os.getpid() and any(str(folder) in word for word in words):
                found.append(process)
    return found


class Platform:
    """`python -m eocenter.local run` in a folder of its own."""

    def __init__(self, home):
        self.home, self.port = home, free_port()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL"} and not name.startswith(("PYTEST", "COV"))
        } | {"EOC_LOCAL_DIR": str(home), "EOC_PORT": str(self.port), "EOC_DEMONSTRATION": "0"}

    def command(self, *words):
        return [sys.executable, "-W", "ignore", "-m", "eocenter.local", *words]

    def start(self):
        with (self.home.parent / "run.log").open("w") as log:
            self.process = subprocess.Popen(
                self.command("run"), cwd=settings.BASE_DIR, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 300
        while "is ready at" not in self.output():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.2)

    def output(self):
        return (self.home.parent / "run.log").read_text()

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def run_command(self, *words):
        return subprocess.run(
            self.command("with", *words), cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True
        )

    def shell(self, code):
        done = self.run_command(sys.executable, "-W", "ignore", "manage.py", "shell", "--verbosity", "0", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.mark.timeout(1200)
def test_it_serves_survives_kills_and_stops_cleanly(home):
    platform = Platform(home)
    platform.start()
    assert platform.ask("/healthz") == (200, '{"status": "ok"}')
    assert json.loads(platform.ask("/readyz")[1])["status"] == "ready"
    assert platform.ask("/local/mailbox/")[0] == 200
    platform.shell("from participants.accounts.models import User; User.objects.create_user('ada@example.org')")

    second = subprocess.run(
        platform.command("run"), cwd=settings.BASE_DIR, env=platform.environment, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert f"already runs at http://127.0.0.1:{platform.port}" in second.stderr

    # The supervisor alone dies: the next start ends what it left, and opens the same data.
    platform.process.kill()
    platform.process.wait()
    platform.start()
    users = "from participants.accounts.models import User; print(*User.objects.values_list('email', flat=True))"
    assert platform.shell(users) == "ada@example.org"

    # Everything dies at once.
    for process in processes_in(home):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    platform.process.wait()
    platform.start()
    assert platform.shell(users) == "ada@example.org"

    platform.process.send_signal(signal.SIGINT)
    assert platform.process.wait(120) == 0
    assert processes_in(home) == []
    assert not (home / "run.json").exists()


WAIT = "import os, sys; print(os.environ['DATABASE_URL'], flush=True); sys.stdin.read()"
SERVERS = [sys.executable, "-c", WAIT]


@contextlib.contextmanager
def lent(platform, data):
    """A command that has the servers of this data until the end; what it says is the address of its database."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process = subprocess.Popen(
        platform.command("with", "--data", data, *SERVERS), cwd=settings.BASE_DIR, env=platform.environment, **pipes
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate("")


def ask_database(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone()


def test_two_commands_on_test_data_do_not_stop_each_others_servers(home):
    platform = Platform(home)
    with lent(platform, "test") as first:
        with lent(platform, "test") as second:
            assert first != second
            assert ask_database(first) == ask_database(second) == (1,)
        assert ask_database(first) == (1,)
        with pytest.raises(psycopg.OperationalError):
            ask_database(second)
    with lent(platform, "test") as third:
        assert third == first


def test_who_wants_data_in_use_is_refused_and_told_by_whom(home):
    platform = Platform(home)
    with lent(platform, "run") as url:
        done = platform.run_command("true")
        assert done.returncode == 1
        assert f"The data in {home} is in use by process " in done.stderr
        assert "Wait until it ends." in done.stderr
        assert ask_database(url) == (1,)
    assert platform.run_command("true").returncode == 0


def test_a_busy_port_is_said_before_anything_starts(home):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        platform = Platform(home)
        platform.environment["EOC_PORT"] = port = str(busy.getsockname()[1])
        done = subprocess.run(
            platform.command("run"), cwd=settings.BASE_DIR, env=platform.environment, capture_output=True, text=True
        )
    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stderr
    assert "make run EOC_PORT=8001" in done.stderr
    assert not (home / "postgres").exists()


@pytest.fixture
def postgres(home):
    server = Postgres(home / "postgres")
    yield server
    server.stop()


def ask_postgres(server, sql):
    _, text = server.run("psql", "-h", server.sockets, "-U", "eocenter", "-d", "eocenter", "-qAtX", "-c", sql)
    return text.strip()


def test_postgres_listens_to_nobody_but_its_owner(postgres):
    postgres.start()
    assert ask_postgres(postgres, "SHOW listen_addresses") == ""
    assert (postgres.sockets / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    assert ask_postgres(postgres, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "f"


def test_postgres_starts_again_after_a_kill_and_a_reused_number(postgres):
    postgres.start()
    ask_postgres(postgres, "CREATE TABLE kept AS SELECT 1 AS one")
    postgres.running_process().kill()
    lines = postgres.pid_file.read_text().split("\n")
    # The number of the dead server now belongs to somebody else: this test.
    postgres.pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    postgres.start()
    assert ask_postgres(postgres, "SELECT one FROM kept") == "1"


def test_another_server_with_our_number_is_left_alone(postgres, home):
    other = Postgres(home / "other")
    other.start()
    try:
        postgres.start()
        postgres.running_process().kill()
        postgres.pid_file.write_text(other.pid_file.read_text())
        postgres.start()
        assert ask_postgres(other, "SELECT 1") == ask_postgres(postgres, "SELECT 1") == "1"
    finally:
        other.stop()


def test_postgres_clears_an_interrupted_first_start(postgres):
    (postgres.folder / "data.new").mkdir(parents=True)
    (postgres.folder / "data.new" / "half").write_text("made")
    postgres.data.mkdir()
    postgres.start()
    assert ask_postgres(postgres, "SELECT 1") == "1"


def test_a_long_path_gets_its_socket_elsewhere(home):
    server = Postgres(home / ("long" * 30) / "postgres")
    try:
        assert len(str(server.sockets)) < 60
        server.start()
        assert ask_postgres(server, "SELECT 1") == "1"
    finally:
        server.stop()
        shutil.rmtree(server.sockets)


def test_valkey_keeps_what_it_knew_and_asks_for_a_password(home):
    server = Valkey(home / "valkey")
    server.start()
    try:
        assert speak(server, f"AUTH {server.password}", "SET place taken", "WAITAOF 1 0 1000")
        assert b"NOAUTH" in speak(server, "GET place")
        find_process(server.pid_file, server.configuration).kill()
        time.sleep(0.2)
        server.start()
        assert b"taken" in speak(server, f"AUTH {server.password}", "GET place")
    finally:
        server.stop()


def speak(server, *lines):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for line in lines:
            connection.sendall(line.encode() + b"\r\n")
            time.sleep(0.1)
        return connection.recv(4096)
