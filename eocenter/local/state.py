"""What is started in this folder, by whom, and the servers that a command borrows."""

import contextlib
import fcntl
import json
import os
import secrets
import sys
import threading
from pathlib import Path

import psutil

from eocenter.local.servers import Postgres, ServerError, Valkey, is_alive, say, stop_process

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL_DIR = Path(os.environ.get("EOC_LOCAL_DIR") or ROOT / ".local").resolve()
STATE = LOCAL_DIR / "run.json"
# Stands in the environment of every process that the supervisor starts, so that the next one finds what was left.
MARK = "EOC_SUPERVISED"
VARIABLES = ("DATABASE_URL", "REDIS_URL")
# Data that is thrown away need not reach the disk.
FLEETING = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def prepare_folder():
    LOCAL_DIR.mkdir(parents=True, exist_ok=True)


def running_state():
    """What the living supervisor of this folder wrote, or nothing."""
    try:
        state = json.loads(STATE.read_text())
        process = psutil.Process(state["pid"])
        return state if is_alive(process) and process.create_time() == state["created"] else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def write_state(environment, address):
    STATE.touch(mode=0o600)
    own = psutil.Process()
    shared = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL")}
    state = {"pid": own.pid, "created": own.create_time(), "address": address, "environment": shared}
    STATE.write_text(json.dumps(state))


def stop_leftovers():
    """End what a supervisor that was killed left behind."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.environ().get(MARK) == str(LOCAL_DIR) and is_alive(process):
                stop_process(process)


def secret_key():
    path = LOCAL_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def servers_for(data, folder):
    """The servers that have to be started, by the variable that would have named them."""
    makers = {
        "DATABASE_URL": lambda: Postgres(folder / "postgres", FLEETING if data == "test" else ()),
        "REDIS_URL": lambda: Valkey(folder / "valkey"),
    }
    return {variable: make() for variable, make in makers.items() if not os.environ.get(variable)}


def folders_for(data):
    """Where the data may lie. Tests need some, not these: whoever comes while the first are in use takes the next."""
    if data == "run":
        return [LOCAL_DIR]
    return [
        LOCAL_DIR / (data if number == 1 else f"{data}-{number}") for number in range(1, 10 if data == "test" else 2)
    ]


@contextlib.contextmanager
def held_folder(data):
    """A folder whose servers are ours alone; the system takes the lock back from a command that was killed."""
    folders, refusal = folders_for(data), None
    if all(map(os.environ.get, VARIABLES)):
        yield folders[0]
        return
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "in_use_by").open("a+") as lock:
            try:
                # A lock of this process alone: one by `flock` would live on in the forks that outlive a kill -9.
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                refusal = refusal or f"The data in {folder} is in use by {lock.read()}. Wait until it ends."
                continue
            lock.truncate(0)
            lock.write(f"process {os.getpid()} ({' '.join(sys.argv[1:])})")
            lock.flush()
            yield folder
            return
    raise ServerError(refusal)


def start_together(servers):
    problems = []

    def start(server):
        try:
            server.start()
        except (ServerError, OSError) as problem:
            problems.append(problem)

    threads = [threading.Thread(target=start, args=[server]) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise ServerError(str(problems[0]))


@contextlib.contextmanager
def started_servers(data):
    """The environment in which the servers of this data can be reached; they stop at the end."""
    prepare_folder()
    with held_folder(data) as folder:
        servers = servers_for(data, folder)
        try:
            start_together(servers.values())
            for variable in VARIABLES:
                say(servers[variable].name + " is up" if variable in servers else f"{variable} is given: used as it is")
            urls = {variable: server.url for variable, server in servers.items()}
            yield {**base_environment(), **urls}
        finally:
            for server in servers.values():
                server.stop()


def base_environment():
    tools = Path(sys.executable).parent
    return {
        **os.environ,
        "EOC_MODE": "local",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(),
        "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.contextmanager
def lend_servers(data):
    """The servers of a running platform if it is this data's and stands, else servers started for the time being."""
    state = running_state() if data == "run" else None
    if state:
        yield base_environment() | state["environment"]
    else:
        with started_servers(data) as environment:
            yield environment
