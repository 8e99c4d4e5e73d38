"""The production processes, on the data of the benchmark."""

import contextlib
import http.client
import os
import subprocess
import sys
import time

from eocenter.local.servers import free_port
from eocenter.local.state import ROOT

PATIENCE = 60


@contextlib.contextmanager
def web(application="eocenter.wsgi:application", processes=2, threads=4, **variables):
    """The production server with this application; yields the port on the loopback."""
    port = free_port()
    words = f"granian --interface wsgi {application} --host 127.0.0.1 --port {port} --no-ws --log-level critical"
    sizes = f"--workers {processes} --blocking-threads {threads}"
    with running(f"{words} {sizes}", **variables):
        wait_until_it_answers(port)
        yield port


@contextlib.contextmanager
def worker(concurrency=2, **variables):
    """A Celery worker of every queue."""
    words = f"celery --quiet -A eocenter worker --concurrency {concurrency} --without-mingle --without-gossip"
    with running(f"{words} --loglevel ERROR", **variables) as process:
        yield process


@contextlib.contextmanager
def running(words, **variables):
    environment = os.environ | {"PYTHONWARNINGS": "ignore"} | variables
    process = subprocess.Popen([sys.executable, "-m", *words.split()], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_until_it_answers(port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answer.read()
            connection.close()
            # Any answer will do: a reference application has no such page.
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")
