"""A year after they ended messages and jobs are gone; what still waits, or is younger, stays."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from participants.correspondence import actions, tasks
from participants.correspondence.actions import forgetting
from participants.correspondence.models import Job, Message
from tests.factories.correspondence import JobFactory, MessageFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OLD, YOUNG = NOW - timedelta(days=366), NOW - timedelta(days=364)


def message(state, due_at, **facts):
    if state in {"cancelled", "failed", "unknown"}:
        facts["reason"] = "Refused"
    return MessageFactory(state=state, due_at=due_at, created_at=facts.pop("created_at", OLD), **facts)


def sent(at):
    return message("sent", OLD, sent_at=at)


@pytest.mark.parametrize("state", ["cancelled", "failed", "unknown"])
def test_what_never_left_goes_a_year_after_it_should_have(state):
    message(state, OLD)
    stay = {message(state, YOUNG), message(state, OLD, created_at=YOUNG)}
    assert actions.forget() == 1
    assert set(Message.objects.all()) == stay


def test_what_left_goes_a_year_later():
    sent(OLD)
    stays = sent(YOUNG)
    assert actions.forget() == 1
    assert Message.objects.get() == stays


def test_what_still_waits_is_never_forgotten():
    stay = {message("planned", OLD), message("held", OLD)}
    assert actions.forget() == 0
    assert set(Message.objects.all()) == stay


def test_jobs_go_once_their_file_has_gone():
    end = {"state": "failed", "error": "Broken"}
    JobFactory(**end, finished_at=OLD)
    stay = {JobFactory(**end, finished_at=OLD, stored_as="still there"), JobFactory(**end, finished_at=YOUNG)}
    stay.add(JobFactory(created_at=OLD))
    assert actions.forget() == 1
    assert set(Job.objects.all()) == stay


def test_many_go_in_bites(monkeypatch):
    monkeypatch.setattr(forgetting, "BITE", 2)
    for _number in range(5):
        sent(OLD)
    assert actions.forget() == 5
    assert not Message.objects.exists()


def test_the_clock_asks_every_day():
    sent(OLD)
    [row] = [row for row in settings.CELERY_BEAT_SCHEDULE.values() if row["task"] == tasks.forget.name]
    assert row["schedule"] == 86400
    tasks.forget()
    assert not Message.objects.exists()
