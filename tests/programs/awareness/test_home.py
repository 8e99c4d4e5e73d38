import datetime as dt

import pytest
from django.utils import timezone

from programs.awareness import home
from programs.awareness.models import TalkRequest
from tests.factories.activities import BookingFactory, HeadcountFactory, SessionFactory
from tests.factories.awareness import TalkRequestFactory
from tests.factories.organisations import ClassGroupFactory

pytestmark = pytest.mark.django_db


def booked(school, **values):
    session = SessionFactory(school=school, **values)
    BookingFactory(session=session, class_group=ClassGroupFactory(school=school), seats=30, stage="confirmed")
    return session


def test_a_teacher_sees_requests_next_sessions_and_what_is_to_count(sent, draft, teacher, stranger):
    TalkRequestFactory(school=sent.school, contact=teacher, declined=True)
    ahead = booked(sent.school)
    held = booked(sent.school, past=True)
    counted = booked(sent.school, past=True)
    HeadcountFactory(session=counted, class_group=counted.bookings.get().class_group)
    other = stranger.posts.get().school
    booked(other)
    booked(other, past=True)
    page = home.of_teacher(teacher.user)
    assert set(page["requests"]) == {sent, draft}
    assert list(page["next_sessions"]) == [ahead]
    assert list(page["to_count"]) == [held]


def test_a_coordinator_sees_what_waits_who_is_missing_and_what_is_to_count(sent, draft, coordinator, center):
    old = TalkRequestFactory(sent=True)
    TalkRequest.objects.filter(pk=old.pk).update(sent_at=timezone.now() - dt.timedelta(days=9))
    soon = booked(sent.school, starts_at=timezone.now() + dt.timedelta(days=3))
    booked(sent.school, starts_at=timezone.now() + dt.timedelta(days=12))
    held = booked(sent.school, past=True)
    page = home.of_coordinator(coordinator)
    assert (page["waiting_count"], page["oldest"]) == (2, old)
    assert list(page["without_speaker"]) == [soon]
    assert list(page["to_count"]) == [held]


def test_a_stranger_sees_nothing(sent, dan):
    booked(sent.school)
    page = home.of_teacher(dan)
    assert [list(rows) for rows in page.values()] == [[], [], []]
    assert home.of_coordinator(dan)["waiting_count"] == 0
