"""The teacher's pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.awareness.models import TalkRequest, monday_of
from tests.factories.activities import BookingFactory, SessionFactory, TopicFactory
from tests.factories.awareness import RequestedClassFactory, RequestedSlotFactory, TalkRequestFactory, next_monday
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import SchoolPostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_for, teacher):
    return client_for(teacher.user)


def address(name, request=None):
    return reverse(f"awareness:request-{name}", args=[request.pk] if request else [])


def rows(*values, initial=0, **more):
    """What the form of classes sends."""
    data = {"classes-TOTAL_FORMS": len(values), "classes-INITIAL_FORMS": initial} | more
    for number, (name, level, head_count) in enumerate(values):
        data |= {
            f"classes-{number}-name": name,
            f"classes-{number}-level": level,
            f"classes-{number}-head_count": head_count,
        }
    return data


def a_school_week():
    """A week to come that no zone has off."""
    return monday_of(max(timezone.localdate(), dt.date(2026, 11, 22))) + dt.timedelta(weeks=2)


def test_a_teacher_asks_for_a_talk_step_by_step(browser, school, teacher, coordinator):
    topic = TopicFactory()
    began = browser.post(address("new"), {"school": school.pk})
    request = TalkRequest.objects.get()
    assert began.url == address("classes", request)

    named = browser.post(address("classes", request), rows(("2de A4", "2GT", 31), ("", "", "")))
    assert named.url == address("dates", request)
    assert [(wanted.name, wanted.head_count) for wanted in request.classes.all()] == [("2de A4", 31)]

    week = a_school_week()
    dated = browser.post(address("dates", request), {"weeks": [week.isoformat()], "half_days": ["2-morning"]})
    assert dated.url == address("wishes", request)
    assert [(slot.week, slot.weekday, slot.half_day) for slot in request.slots.all()] == [(week, 2, "morning")]

    wished = browser.post(
        address("wishes", request),
        {"topics": [topic.pk], "format": "any", "language": "fr", "wish": "Parcoursup", "needs": "Room 204"},
    )
    assert wished.url == address("check", request)
    request.refresh_from_db()
    assert (request.state, request.wish, request.needs) == ("draft", "Parcoursup", "Room 204")

    check = browser.get(address("check", request)).content.decode()
    for fact in ("2de A4", "31 pupils", "Tuesday morning", str(topic), "Parcoursup", "Room 204"):
        assert fact in check

    sent = browser.post(address("check", request))
    again = browser.post(address("check", request))
    assert sent.url == again.url == address("detail", request)
    request = TalkRequest.objects.get()
    assert (request.state, request.school, request.contact) == ("sent", school, teacher)
    assert "What happens next" in browser.get(sent.url).content.decode()


def test_the_school_is_chosen_when_there_is_only_one(browser, school):
    form = browser.get(address("new")).context["form"]
    assert form["school"].value() == school.pk


def test_without_a_post_the_door_comes_first(client_for, dan):
    assert client_for(dan).get(address("new")).url == reverse("people:contact-join")


def test_only_ones_own_schools_can_be_chosen(browser, stranger):
    answer = browser.post(address("new"), {"school": stranger.posts.get().school.pk})
    assert answer.status_code == 200
    assert answer.context["form"].errors["school"] == [
        "Select a valid choice. That choice is not one of the available choices."
    ]
    assert TalkRequest.objects.count() == 0


def test_whoever_waits_for_approval_may_write_and_send(client_for, school, draft):
    post = SchoolPostFactory(school=school, contact__user__language="en")
    own = TalkRequestFactory(school=school, contact=post.contact)
    RequestedClassFactory(request=own)
    RequestedSlotFactory(request=own)
    browser = client_for(post.contact.user)
    assert "a coordinator checks" in browser.get(address("check", own)).content.decode()
    browser.post(address("check", own))
    own.refresh_from_db()
    assert own.state == "sent"


def test_classes_of_the_year_are_a_tap_away(browser, draft, school):
    known = ClassGroupFactory(school=school, school_year=draft.school_year, name="TG 1", level="TG", head_count=24)
    ClassGroupFactory(school=school, school_year=draft.school_year - 1, name="TG 2")
    ClassGroupFactory(school=school, school_year=draft.school_year, name="2DE A4")
    ClassGroupFactory(school_year=draft.school_year, name="TG 3")
    page = browser.get(address("classes", draft))
    assert [str(label) for _, label in page.context["known"]["known"].field.choices] == [
        "TG 1 · Tle générale · 24 pupils"
    ]
    browser.post(address("classes", draft), rows(("2de A4", "2GT", 31), initial=1, known=[known.pk]))
    assert [(wanted.name, wanted.head_count) for wanted in draft.classes.all()] == [("2de A4", 31), ("TG 1", 24)]


def test_a_class_can_be_taken_away(browser, draft):
    RequestedClassFactory(request=draft, name="2de A5", head_count=29)
    data = rows(("2de A4", "2GT", 31), ("2de A5", "2GT", 29), initial=2) | {"classes-0-DELETE": "on"}
    browser.post(address("classes", draft), data)
    assert [wanted.name for wanted in draft.classes.all()] == ["2de A5"]


def test_one_more_class_is_saved_and_comes_back_with_an_empty_row(browser, draft):
    answer = browser.post(address("classes", draft), rows(("2de A4", "2GT", 32), initial=1, more="1"))
    assert answer.url == address("classes", draft)
    assert draft.classes.get().head_count == 32
    assert len(browser.get(answer.url).context["rows"].forms) == 2


def test_errors_keep_everything_and_say_what_to_do(browser, draft):
    answer = browser.post(address("classes", draft), rows(("2de 9", "2GT", 0), ("2de 8", "", 20), initial=1))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="2de 9"' in page
    assert 'value="2de 8"' in page
    assert page.count("This field is required.") == 2
    assert [wanted.name for wanted in draft.classes.all()] == ["2de A4"]


def test_the_same_class_twice_is_refused(browser, draft):
    answer = browser.post(address("classes", draft), rows(("2de A4", "2GT", 31), ("2DE A4", "2GT", 20), initial=1))
    assert "This class stands twice" in answer.content.decode()
    assert draft.classes.count() == 1


def test_no_class_at_all_is_refused(browser, draft):
    draft.classes.all().delete()
    answer = browser.post(address("classes", draft), rows(("", "", "")))
    assert "Add at least one class." in answer.content.decode()


def test_weeks_of_holidays_are_shown_and_cannot_be_chosen(browser, draft, monkeypatch):
    page = browser.get(address("dates", draft))
    closed = [week for week in page.context["weeks"] if week.is_off]
    assert all(f'value="{week.key}"' not in page.content.decode() for week in closed)
    answer = browser.post(address("dates", draft), {"weeks": [week.key for week in closed] or ["2020-01-06"]})
    assert "weeks" in answer.context["form"].errors


def test_no_week_is_an_error_that_keeps_the_half_days(browser, draft):
    answer = browser.post(address("dates", draft), {"half_days": ["4-afternoon"]})
    assert "Choose at least one week" in answer.content.decode()
    assert answer.context["chosen_half_days"] == ["4-afternoon"]


def test_the_chosen_dates_come_back(browser, draft):
    page = browser.get(address("dates", draft))
    assert page.context["chosen_weeks"] == [next_monday().isoformat()]
    assert page.context["chosen_half_days"] == ["2-morning"]


def test_a_draft_opens_where_it_was_left(browser, school, teacher):
    request = TalkRequestFactory(school=school, contact=teacher)
    assert browser.get(address("detail", request)).url == address("classes", request)
    RequestedClassFactory(request=request)
    assert browser.get(address("detail", request)).url == address("dates", request)
    RequestedSlotFactory(request=request)
    assert browser.get(address("detail", request)).url == address("wishes", request)


def test_sending_too_early_says_what_is_missing(browser, school, teacher):
    request = TalkRequestFactory(school=school, contact=teacher)
    answer = browser.post(address("check", request), follow=True)
    assert "Add at least one class before sending." in answer.content.decode()


def test_a_sent_request_is_changed_in_place(browser, sent):
    answer = browser.post(address("dates", sent), {"weeks": [a_school_week().isoformat()]})
    assert answer.url == address("detail", sent)
    assert sent.slots.get().weekday is None


def test_withdrawing_offers_to_undo(browser, sent):
    page = browser.post(address("withdraw", sent), follow=True).content.decode()
    assert address("restore", sent) in page
    browser.post(address("restore", sent))
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_an_answer_ends_the_changes(browser, sent, teacher):
    declined = TalkRequestFactory(school=sent.school, contact=teacher, declined=True)
    assert browser.get(address("classes", declined)).status_code == 404
    answer = browser.post(address("withdraw", declined), follow=True).content.decode()
    assert "has already declined this request" in answer
    assert "none of the dates can be kept" in answer


def test_a_draft_is_thrown_away(browser, draft, sent):
    assert browser.post(address("delete", draft)).url == address("list")
    browser.post(address("delete", sent))
    assert list(TalkRequest.objects.all()) == [sent]


def test_the_planned_sessions_stand_on_the_page(browser, school, teacher):
    request = TalkRequestFactory(school=school, contact=teacher, accepted=True)
    session = SessionFactory(activity=request.activity, school=school, place="Room 204")
    BookingFactory(session=session, class_group=ClassGroupFactory(school=school, name="TG 7"), seats=30)
    SessionFactory(place="Somewhere else")
    page = browser.get(address("detail", request)).content.decode()
    assert "Room 204" in page
    assert "TG 7" in page
    assert "Somewhere else" not in page


@pytest.mark.parametrize("name", ["classes", "dates", "wishes", "check", "detail", "withdraw", "restore", "delete"])
def test_strangers_find_nothing(client_for, stranger, ben, dan, sent, draft, name):
    for user in (stranger.user, ben, dan):
        for request in (sent, draft):
            post = name in {"withdraw", "restore", "delete"}
            browser = client_for(user)
            answer = browser.post(address(name, request)) if post else browser.get(address(name, request))
            assert answer.status_code == 404


def test_colleagues_read_what_was_sent_and_change_nothing(client_for, colleague, sent, draft):
    browser = client_for(colleague.user)
    page = browser.get(address("detail", sent))
    assert page.status_code == 200
    assert address("withdraw", sent) not in page.content.decode()
    assert browser.get(address("detail", draft)).status_code == 404
    assert browser.get(address("classes", sent)).status_code == 404
    assert browser.post(address("withdraw", sent)).status_code == 404


def test_staff_are_led_to_the_board(client_for, coordinator, sent):
    assert client_for(coordinator).get(address("detail", sent)).url == reverse(
        "awareness:board-request", args=[sent.pk]
    )


def fill(school, teacher, count):
    for _ in range(count):
        request = TalkRequestFactory(school=school, contact=teacher, accepted=True)
        RequestedClassFactory.create_batch(2, request=request)
        SessionFactory(activity=request.activity)
        TalkRequestFactory(school=school, contact=SchoolPostFactory(school=school, verified=True).contact, sent=True)
        TalkRequestFactory(school=school, contact=teacher, declined=True)


def test_the_list_asks_the_same_number_of_questions_however_long(
    browser, school, teacher, draft, django_assert_num_queries, django_assert_max_num_queries
):
    fill(school, teacher, 1)
    with django_assert_max_num_queries(20) as first:
        assert len(browser.get(address("list")).context["current"]) == 3
    fill(school, teacher, 2)
    with django_assert_num_queries(len(first)):
        assert len(browser.get(address("list")).context["current"]) == 7


def test_the_list_shows_ones_own_and_those_of_colleagues(browser, draft, sent, colleague, stranger):
    shared = TalkRequestFactory(school=draft.school, contact=colleague, sent=True)
    TalkRequestFactory(school=draft.school, contact=colleague)
    TalkRequestFactory(school=stranger.posts.get().school, contact=stranger, sent=True)
    assert set(browser.get(address("list")).context["current"]) == {draft, sent, shared}


def test_an_empty_list_says_what_to_do(browser):
    assert "No request under way" in browser.get(address("list")).content.decode()
