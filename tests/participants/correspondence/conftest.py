"""An occasion of the tests' own, about a meeting that may be called off."""

import asyncio
import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.utils.translation import gettext_lazy as _

from participants.correspondence import jobs, notices, occasions
from participants.correspondence.mail import open_transport
from participants.correspondence.occasions import Occasion, Pointless
from tests.factories.correspondence import RuleFactory

CALLED_OFF = 666


def describe_meeting(about, recipient):
    if about == CALLED_OFF:
        raise Pointless("The meeting is called off.")
    return {"title": f"meeting {about}", "action_url": f"/meetings/{about}/"}


@pytest.fixture(autouse=True)
def meeting(monkeypatch):
    monkeypatch.setattr(occasions, "_registry", {})
    notices.register()
    occasion = Occasion("meeting", _("meeting"), ("title",), describe_meeting)
    occasions.register(occasion)
    occasions.register(Occasion("family", _("family"), ("title",), describe_meeting, for_families=True))
    occasions.register(Occasion("alert", _("alert"), ("title",), describe_meeting, is_urgent=True))
    return occasion


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """No kind of work but what a test registers."""
    monkeypatch.setattr(jobs, "_registry", {})


@pytest.fixture
def rule(db):
    return RuleFactory()


class Postbox:
    """A mail server on loopback that keeps what it gets, refuses some addresses and hangs up on others."""

    def __init__(self):
        self.mails, self.refuse, self.hang_up_on, self.pause, self.is_pipelining = [], {}, set(), 0, True

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's name
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.is_pipelining else responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.hang_up_on & set(envelope.rcpt_tos):
            server.transport.abort()
            return "250 never seen"
        await asyncio.sleep(self.pause)
        self.mails.append(message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), policy=policy.default))
        return "250 OK"

    @contextmanager
    def transport(self):
        transport = open_transport()
        yield transport
        transport.close()


@pytest.fixture
def postbox(settings):
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.MAIL_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": controller.port,
    }
    yield box
    controller.stop()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
