import pytest

from programs.awareness.panels import of_school
from tests.factories.activities import BookingFactory, HeadcountFactory, SessionFactory
from tests.factories.awareness import TalkRequestFactory
from tests.factories.organisations import ClassGroupFactory

pytestmark = pytest.mark.django_db


def test_the_page_of_a_school_shows_its_requests_and_talks(client_for, coordinator, sent, draft):
    group = ClassGroupFactory(school=sent.school, name="TG A1")
    held = SessionFactory(past=True)
    BookingFactory(session=held, class_group=group, seats=30, stage="confirmed")
    HeadcountFactory(session=held, class_group=group, total=29)
    HeadcountFactory(session=held, total=30)
    SessionFactory(past=True)
    TalkRequestFactory(sent=True)
    panel = of_school(sent.school, coordinator)
    assert list(panel.context["requests"]) == [sent]
    assert [(session, session.counted) for session in panel.context["sessions"]] == [(held, 29)]
    page = client_for(coordinator).get(sent.school.get_absolute_url()).content.decode()
    assert "Requested and given" in page
    assert "29 young people" in page


def test_a_school_without_talks_says_so(client_for, coordinator, school):
    page = client_for(coordinator).get(school.get_absolute_url()).content.decode()
    assert "This school has neither asked for a talk nor had anything with us." in page


def test_others_see_no_panel(sent, ben, teacher):
    assert of_school(sent.school, ben) is None
    assert of_school(sent.school, teacher.user) is None
