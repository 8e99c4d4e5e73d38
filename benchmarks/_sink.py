"""A mail server in a process of its own, which remembers the Message-IDs it was given."""

from collections import Counter
from multiprocessing import get_context

from aiosmtpd.controller import Controller

from eocenter.local.servers import free_port


class Sink:
    def __enter__(self):
        self.port = free_port()
        self._here, there = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=sink, args=(self.port, there), daemon=True)
        self._process.start()
        assert self._here.recv() == "listening"
        return self

    def __exit__(self, *problem):
        self._process.kill()

    def received(self):
        """The Message-IDs since the last question, with how often each came."""
        self._here.send("what came?")
        return Counter(self._here.recv())


def sink(port, question):
    seen = []

    class Handler:
        async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
            session.host_name = hostname
            return [responses[0], "250-PIPELINING", *responses[1:]]  # as the mail servers of the world do

        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
            seen.append(envelope.content.partition(b"Message-ID: <")[2].partition(b">")[0])
            return "250 OK"

    Controller(Handler(), hostname="127.0.0.1", port=port).start()
    question.send("listening")
    while question.recv():
        question.send(list(seen))
        seen.clear()
