"""The production shape: the compose file holds, and its own commands serve, work and stop as it says."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import yaml
from django.conf import settings

from eocenter.local.servers import Postgres, Valkey, free_port
from eocenter.local.state import FLEETING

COMPOSE = settings.BASE_DIR / "docker-compose.yml"
SECRETS = {
    "SECRET_KEY": "a-key-of-more-than-fifty-characters-that-only-serves-this-test-0123456789",
    "SITE_HOST": "eo.example.org",
    "DATABASE_PASSWORD": "database",
    "DATABASE_ADMIN_PASSWORD": "superuser",
    "REDIS_PASSWORD": "broker",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "DEFAULT_FROM_EMAIL": "center@eo.example.org",
}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(COMPOSE.read_text())["services"]


def compose_client():
    """The words that start a compose client here: docker's plugin, or the one on its own."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]) and subprocess.run([*words, "version"], capture_output=True).returncode == 0:
            return words
    return None


def test_a_compose_client_accepts_the_file_and_refuses_a_missing_secret():
    client = compose_client()
    if client is None:
        pytest.skip("no compose client: the file is only read as YAML")
    command = [*client, "-f", str(COMPOSE), "config"]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    done = subprocess.run(command, env=environment | SECRETS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["services"]["web"]["environment"]["ALLOWED_HOSTS"] == "eo.example.org,127.0.0.1"
    without_key = {name: value for name, value in SECRETS.items() if name != "SECRET_KEY"}
    assert subprocess.run(command, env=environment | without_key, capture_output=True).returncode != 0


# Fixed by the shape of production, or for one's own machine only.
NOT_PASSED = {"DEBUG", "EOC_DEMONSTRATION", "EOC_LOCAL_DIR", "EOC_MFA_FORCED", "STATIC_ROOT"}


def test_every_variable_that_the_platform_reads_reaches_it(services):
    read = set()
    for path in ("eocenter/settings.py", "participants/accounts/sso.py"):
        read |= set(re.findall(r'(?:env(?:\.\w+)?\(|needed\(env, )"([A-Z_]+)"', (settings.BASE_DIR / path).read_text()))
    assert read - set(services["web"]["environment"]) == NOT_PASSED


def test_every_service_is_watched_and_none_hides_a_secret(services):
    assert set(services) == {"proxy", "prepare", "web", "worker", "beat", "postgres", "valkey"}
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["prepare"]
    secret = re.compile(r"(SECRET_KEY|PASSWORD|EMAIL_URL)")
    values = [
        (name, key, value)
        for name, service in services.items()
        for key, value in service.get("environment", {}).items()
        if secret.search(key) and value is not None
    ]
    assert values
    assert [row for row in values if not str(row[2]).startswith("${")] == []
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_no_secret_has_a_default():
    """`${NAME:?why}` stands at least once for each, so that compose refuses to start without it."""
    text = COMPOSE.read_text()
    assert [name for name in SECRETS if f"${{{name}:?" not in text or f"${{{name}:-" in text] == []


def test_every_variable_of_the_compose_file_stands_in_the_example():
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE.read_text()))
    example = set(re.findall(r"\b([A-Z][A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text()))
    assert used - example == set()


def test_the_platform_owns_its_database_and_is_no_superuser(tmp_path, monkeypatch, services):
    [script] = [volume.split(":")[0] for volume in services["postgres"]["volumes"] if "initdb.d" in volume]
    server = Postgres(tmp_path / "postgres", settings=FLEETING)
    server.start()
    psql = ["psql", "-h", server.sockets, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qAtX"]
    server.run(*psql, "-c", "DROP DATABASE eocenter", "-c", "DROP ROLE eocenter")
    monkeypatch.setenv("DATABASE_PASSWORD", "it's secret")
    server.run(*psql, "-f", settings.BASE_DIR / script)
    with psycopg.connect(server.url) as platform:
        found = platform.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert found.fetchall() == [(False, False, False)]
        for extension in ("btree_gist", "pg_trgm", "unaccent"):  # what the migrations add by themselves
            platform.execute(f"CREATE EXTENSION {extension}")
    _, stored = server.run(*psql, "-c", "SELECT rolpassword FROM pg_authid WHERE rolname = 'eocenter'")
    assert stored.startswith("SCRAM-SHA-256$")
    server.stop()


@pytest.fixture
def database_url():
    """A database of its own on the server of the tests."""
    name = f"test_production_{os.getpid()}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        yield re.sub(r"/\w+(?=\?|$)", f"/{name}", url, count=1)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def environment(services, tmp_path, database_url):
    """The environment of the compose file, its addresses replaced by those of the servers here."""
    valkey = Valkey(tmp_path / "valkey")
    valkey.start()
    written = {key: str(value) for key, value in services["web"]["environment"].items() if value is not None}
    filled = {key: fill(value) for key, value in written.items()}
    yield filled | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATABASE_URL": database_url,
        "REDIS_URL": valkey.url,
        "PRIVATE_ROOT": str(tmp_path / "private"),
        "STATIC_ROOT": str(tmp_path / "static"),
        "GRANIAN_HOST": "127.0.0.1",
        "GRANIAN_PORT": str(free_port()),
        "PYTHONWARNINGS": "ignore",
    }
    valkey.stop()


def fill(value):
    """`${NAME:-default}` and `${NAME:?why}` as compose fills them."""
    return re.sub(r"\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}", lambda match: SECRETS.get(match[1], match[2] or ""), value)


def ask(environment, path, **headers):
    peer = http.client.HTTPConnection("127.0.0.1", int(environment["GRANIAN_PORT"]), timeout=20)
    try:
        peer.request("GET", path, headers={"Host": "eo.example.org"} | headers)
        answer = peer.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode(errors="replace")
    except (ConnectionError, TimeoutError):
        return 0, {}, ""
    finally:
        peer.close()


def wait_for(condition, patience=300):
    deadline = time.monotonic() + patience
    while not (result := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return result


@pytest.mark.timeout(1200)
def test_the_commands_of_the_compose_file_serve_work_and_stop(services, environment, tmp_path):
    root = settings.BASE_DIR
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=root, env=environment, check=True)
    subprocess.run([sys.executable, *services["prepare"]["command"][1:]], cwd=root, env=environment, check=True)

    processes = {}
    with (tmp_path / "log").open("w") as log:
        for name in ("web", "worker", "beat"):
            command = services[name]["command"]
            processes[name] = subprocess.Popen(
                command, cwd=root, env=environment, stdout=log, stderr=log, start_new_session=True
            )
    try:
        through_proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        wait_for(lambda: ask(environment, "/readyz", **through_proxy)[0] == 200)
        status, headers, body = ask(environment, "/readyz", **through_proxy)
        assert json.loads(body) == {
            "status": "ready",
            **dict.fromkeys(["database", "broker", "migrations", "worker"], True),
        }

        status, headers, _ = ask(environment, "/")
        assert (status, headers["location"]) == (301, "https://eo.example.org/")
        status, headers, page = ask(environment, "/", **through_proxy)
        assert status == 200
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains; preload"
        style = re.search(r'href="(/static/css/[^"]+\.[0-9a-f]{12}\.css)"', page)[1]
        status, headers, _ = ask(environment, style, **through_proxy, **{"Accept-Encoding": "br"})
        assert (status, headers["content-encoding"]) == (200, "br")
        assert "immutable" in headers["cache-control"]
        assert ask(environment, "/", **through_proxy, Host="evil.example.org")[0] == 400
        assert ask(environment, "/local/mailbox/", **through_proxy)[0] == 404

        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        assert {name: process.wait(45) for name, process in processes.items()} == dict.fromkeys(processes, 0)
    finally:
        for process in processes.values():
            process.kill()
            process.wait()
