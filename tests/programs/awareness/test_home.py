import pytest

from programs.awareness import home
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


def test_a_stranger_sees_nothing(sent, dan):
    booked(sent.school)
    page = home.of_teacher(dan)
    assert [list(rows) for rows in page.values()] == [[], [], []]
