"""Worker and beat as in production, and a mail server on loopback that keeps what they send."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from email import message_from_bytes, policy
from urllib.parse import urlsplit, urlunsplit

from aiosmtpd.controller import Controller
from django.db import connection


class Platform:
    def __init__(self, site_url):
        self.site_url, self.mails, self.processes = site_url, [], []

    def __enter__(self):
        self.postbox = Controller(self, hostname="127.0.0.1", port=_free_port())
        self.postbox.start()
        for role in (["worker", "-c", "1", "-Q", "default,mail,figures"], ["beat", "--max-interval", "1"]):
            self.processes.append(self._start(role))
        return self

    def __exit__(self, *_error):
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.postbox.stop()

    def _start(self, role):
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        environment = os.environ | {
            "DATABASE_URL": urlunsplit(database),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.postbox.port}",
            "SITE_URL": self.site_url,
        }
        command = [sys.executable, "-m", "celery", "-A", "eocenter", *role, "-l", "error"]
        return subprocess.Popen(command, env=environment, start_new_session=True)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), policy=policy.default))
        return "250 OK"

    def wait_until(self, is_so, seconds=120):
        ends = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < ends, [(mail["To"], mail["Subject"]) for mail in self.mails]
            time.sleep(0.1)

    def wait_for_mails(self, number):
        self.wait_until(lambda: len(self.mails) >= number)

    def mail_to(self, address, *, with_calendar=False, latest=False):
        """The first mail to this address (or the latest), once it has arrived."""

        def fits(mail):
            types = {part.get_content_type() for part in mail.walk()}
            return mail["To"] == address and ("text/calendar" in types or not with_calendar)

        self.wait_until(lambda: any(map(fits, self.mails)))
        return list(filter(fits, self.mails))[-1 if latest else 0]

    def code_for(self, address):
        """The sign-in code that was sent to this address."""
        return re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", self.mail_to(address).get_body(("plain",)).get_content(), re.M)[1]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
