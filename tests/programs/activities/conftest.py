"""What most tests of the spine start from."""

import datetime as dt

import pytest
import time_machine

from participants.correspondence.models import Message

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def monday():
    """Monday 23 November 2026, 10:00 in Paris; the clock stands still."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def letters():
    """`letters()` is what is written to whom: (occasion without the app, recipient, state), in order of writing."""

    def read(*, about=None, state=None):
        messages = Message.objects.filter(occasion__startswith="activities.").order_by("pk").select_related("recipient")
        if about:
            messages = messages.filter(about=about.pk)
        if state:
            messages = messages.filter(state=state)
        return [(message.occasion.removeprefix("activities."), message.recipient) for message in messages]

    return read
