"""The memory of this process and its children together, at its peak: each shared page counted once."""

import os
import threading
import time
from pathlib import Path


class Peak:
    """`with Peak() as peak:` … `peak.megabytes`."""

    def __enter__(self):
        self.megabytes, self._over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *problem):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.is_set():
            self.megabytes = max(self.megabytes, sum(map(share_of, family(os.getpid()))) / 1024)
            time.sleep(0.1)


def family(pid):
    """A process and those it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [one for child in task.read_text().split() for one in family(int(child))]
        except OSError:
            continue
    return found


def share_of(pid) -> int:
    """Kilobytes of a process, shared pages divided among those who share them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
