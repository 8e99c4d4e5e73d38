"""Threads that open accounts until their input closes, and say each address once it is committed.

A program of its own, so that Django speaks to the server that is being broken: `python -m trust.writers 6`.
"""

import sys
import threading
import time


def write(number, stopped):
    from participants.accounts import actions  # noqa: PLC0415 - the scorecard imports this module without Django

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


def main():
    import django  # noqa: PLC0415

    django.setup()
    stopped = threading.Event()
    threads = [threading.Thread(target=write, args=[number, stopped]) for number in range(int(sys.argv[1]))]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stopped.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
