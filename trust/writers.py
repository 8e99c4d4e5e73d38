"""Threads that open accounts until their input closes, and say each address once it is committed.

A process of its own, so that Django speaks to the server that is being broken: `postgres.py` sets Django up there before
it imports this room, and the scorecard, which runs without Django, never does.
"""

import sys
import threading
import time

from participants.accounts import actions


def write(number, stopped):
    count = 0
    while not stopped.is_set():
        count += 1
        email = f"w{number}-{count}@example.org"
        try:
            actions.open_account(email=email, name="Writer")
        except Exception:  # the writer is told; only what it was told is done counts
            sys.stdout.write("error\n")
            time.sleep(0.05)
        else:
            sys.stdout.write(f"{email}\n")
        sys.stdout.flush()


def main(how_many):
    stopped = threading.Event()
    threads = [threading.Thread(target=write, args=[number, stopped]) for number in range(how_many)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stopped.set()
    for thread in threads:
        thread.join()
