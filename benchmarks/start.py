"""The second `make run` until everything answers."""

import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.figures import Figure
from eocenter.local.servers import free_port
from eocenter.local.state import ROOT

PATIENCE = 600


def measure(size):
    """Small: an empty platform. Full: with the demonstration center, as a person has it."""
    home = Path(tempfile.mkdtemp(prefix="eocenter-start-"))
    try:
        demonstration = "0" if size == "small" else "1"
        start_and_stop(home, demonstration)
        seconds = [start_and_stop(home, demonstration) for _ in range(3)]
    finally:
        shutil.rmtree(home)
    return [Figure(part="second", ours=statistics.median(seconds), must=10, unit="s", less_is_better=True)]


def start_and_stop(home, demonstration):
    port = free_port()
    servers = {"DATABASE_URL", "REDIS_URL", "SITE_URL", "SECRET_KEY"}
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    environment |= {"EOC_LOCAL_DIR": str(home), "EOC_DEMONSTRATION": demonstration, "EOC_PORT": str(port)}
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "--silent", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.monotonic() - began < PATIENCE:
            if is_ready(port):
                return time.monotonic() - began
            if process.poll() is not None:
                raise RuntimeError("make run ended before it was ready")
            time.sleep(0.1)
        raise TimeoutError("make run did not become ready")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def is_ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False
