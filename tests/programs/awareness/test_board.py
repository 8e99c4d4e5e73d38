"""The center's pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.activities.models import Activity, Session
from programs.awareness import board as boards
from programs.awareness.models import TalkRequest
from tests.factories.activities import BookingFactory, HeadcountFactory, SessionFactory, TopicFactory
from tests.factories.awareness import RequestedClassFactory, RequestedSlotFactory, TalkRequestFactory, next_monday
from tests.factories.organisations import (
    ClassGroupFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db


def address(name, request):
    return reverse(f"awareness:board-{name}", args=[request.pk])


@pytest.fixture
def browser(client_for, coordinator):
    return client_for(coordinator)


def shown(browser, **filters):
    page = browser.get(reverse("awareness:board"), filters)
    assert page.status_code == 200
    return {row["talk"] for row in page.context["rows"]}


def waiting(**values):
    """A request that waits, of a school of its own."""
    request = TalkRequestFactory(sent=True, **values)
    RequestedClassFactory(request=request)
    RequestedSlotFactory(request=request)
    return request


def session_form(request, day, **changes):
    return {
        "sessions-TOTAL_FORMS": 2,
        "sessions-INITIAL_FORMS": 1,
        "sessions-0-day": day.isoformat(),
        "sessions-0-start": "14:00",
        "sessions-0-end": "16:00",
        "sessions-0-place": "Room 204",
        "sessions-0-classes": [requested.pk for requested in request.classes.all()],
        "sessions-0-volunteer_places": "3",
        "sessions-1-volunteer_places": "2",
        "version": request.version,
    } | changes


@pytest.fixture
def plan(sent, programme):
    """What a coordinator sends to plan the request on the Tuesday that was wished for."""
    return session_form(sent, next_monday() + dt.timedelta(days=1)) | {
        "programme": programme.pk,
        "organisation": programme.lead.pk,
        "where": "on_site",
        "title_fr": "Intervention au lycée",
        "title_en": "A talk",
        "language": "fr",
    }


@pytest.fixture(autouse=True)
def every_day_is_a_school_day(monkeypatch, request):
    """The tests run on any day of any year; those about holidays ask for them."""
    if "holidays" not in request.fixturenames:
        monkeypatch.setattr("programs.awareness.weeks.calendar.days_off", lambda school, first, last: {})


@pytest.fixture
def holidays(monkeypatch):
    day = next_monday() + dt.timedelta(days=1)
    monkeypatch.setattr("programs.awareness.weeks.calendar.days_off", lambda school, first, last: {day: "Winter"})
    return day


# --- The board --------------------------------------------------------------------------------------------------------


def test_the_board_is_for_those_who_handle_requests(client_for, ada, ben, dan, teacher, sent):
    for user in (ada, ben, dan, teacher.user):
        assert client_for(user).get(reverse("awareness:board")).status_code == 404
        assert client_for(user).get(address("request", sent)).status_code == 404
        assert client_for(user).get(address("plan", sent)).status_code == 404
        assert client_for(user).post(address("take", sent)).status_code == 404
        assert client_for(user).post(address("decline", sent), {"reason": "dates"}).status_code == 404


def test_the_board_shows_what_waits_and_no_draft(browser, sent, draft):
    declined = TalkRequestFactory(declined=True)
    assert shown(browser) == {sent}
    assert shown(browser, state="declined") == {declined}
    assert shown(browser, state="all") == {sent, declined}


def test_filters_narrow(browser):
    essonne, rhone = TerritoryFactory(code="91"), TerritoryFactory(code="69")
    topic = TopicFactory()
    first = waiting(school=SchoolFactory(departement=essonne), format="online")
    first.topics.add(topic)
    SchoolYearProfileFactory(
        school=first.school,
        school_year=first.school_year,
        ips=80,
        ips_series="2023",
        ips_quintile=1,
        priority_education="REP+",
    )
    RequestedClassFactory(request=first, level="3E")
    RequestedSlotFactory(request=first, week=next_monday(4))
    second = waiting(school=SchoolFactory(departement=rhone))
    TalkRequest.objects.filter(pk=second.pk).update(sent_at=timezone.now() - dt.timedelta(days=12))
    third = waiting(school=SchoolFactory(departement=rhone), format="any")
    for filters, expected in (
        ({"departement": essonne.pk}, {first}),
        ({"priority": "rep"}, {first}),
        ({"priority": "unknown"}, {second, third}),
        ({"quintile": 1}, {first}),
        ({"quintile": "unknown"}, {second, third}),
        ({"level": "3E"}, {first}),
        ({"topic": topic.pk}, {first}),
        ({"format": "online"}, {first, third}),
        ({"age": "10"}, {second}),
        ({"week": next_monday(4)}, {first}),
        ({"departement": "moon", "week": "soon", "page": "many"}, {first, second, third}),
    ):
        assert shown(browser, **filters) == expected, filters


def test_groups_by_first_wished_week_or_by_school(browser):
    late = waiting(school=SchoolFactory(name="A", commune="Massy"))
    late.slots.update(week=next_monday(6))
    early = waiting(school=SchoolFactory(name="B", commune="Massy"))
    lost = waiting(school=SchoolFactory(name="C", commune="Massy"))
    lost.slots.update(week=next_monday(-8))

    def rows(**filters):
        page = browser.get(reverse("awareness:board"), filters)
        return [row["talk"] for row in page.context["rows"]], [row["heading"] for row in page.context["rows"]]

    talks, headings = rows()
    assert talks == [early, late, lost]
    assert headings[2] == "No wished week to come"
    assert rows(group="school") == ([late, early, lost], ["Massy", "Massy", "Massy"])


def test_the_strip_counts_the_wishes_of_each_week(browser, sent):
    other = waiting()
    RequestedSlotFactory(request=other, week=next_monday(3))
    RequestedSlotFactory(request=other, weekday=3)
    page = browser.get(reverse("awareness:board"), {"week": next_monday(3)})
    counts = {week["monday"]: week["count"] for week in page.context["weeks"]}
    assert (counts[next_monday(2)], counts[next_monday(3)], counts[next_monday(4)]) == (2, 1, 0)


def test_each_card_tells_what_it_takes_to_be_fair(browser, sent, center):
    TerritoryFactory(code="91")
    OrganisationFactory(name="Near", latitude=48.71, longitude=2.21)
    OrganisationFactory(name="Far", latitude=45.0, longitude=5.0)
    sent.school.latitude, sent.school.longitude = 48.71, 2.35
    sent.school.save()
    past = SessionFactory(past=True, activity__school_year=sent.school_year - 1)
    group = ClassGroupFactory(school=sent.school, school_year=sent.school_year - 1, name="TG 1")
    BookingFactory(session=past, class_group=group, seats=30, stage="confirmed")
    HeadcountFactory(session=past, class_group=group, total=28)
    other = waiting()
    rows = {row["talk"]: row for row in browser.get(reverse("awareness:board")).context["rows"]}
    history = rows[sent]["history"]
    assert (history.this_year, history.earlier, history.last_count) == (0, 1, 28)
    assert not history.is_never_reached
    assert (rows[sent]["nearest"]["campus"].name, rows[sent]["nearest"]["km"]) == ("Near", 10)
    assert rows[other]["history"].is_never_reached
    assert rows[other]["nearest"] is None


def test_cancelled_sessions_and_withdrawn_bookings_are_no_talks(sent):
    group = sent.classes.first().class_group
    BookingFactory(session=SessionFactory(), class_group=group, stage="withdrawn")
    cancelled = SessionFactory()
    BookingFactory(session=cancelled, class_group=group, stage="confirmed")
    Session.objects.filter(pk=cancelled.pk).update(state="cancelled", state_reason="Snow")
    assert boards.histories({sent.school_id}, sent.school_year)[sent.school_id].is_never_reached


def test_a_day_on_campus_reaches_a_school_as_well(sent):
    group = sent.classes.first().class_group
    day = SessionFactory(activity__kind=Activity.Kind.EVENT, activity__school_year=sent.school_year)
    BookingFactory(session=day, class_group=group, stage="confirmed")
    history = boards.histories({sent.school_id}, sent.school_year)[sent.school_id]
    assert (history.this_year, history.earlier, history.others, history.is_never_reached) == (0, 0, 1, False)


def test_the_board_asks_the_same_number_of_questions_however_long(
    browser, sent, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(24) as first:
        assert len(shown(browser)) == 1
    waiting()
    waiting()
    with django_assert_num_queries(len(first)):
        assert len(shown(browser)) == 3


def test_an_empty_board_says_so(browser):
    assert "Every request is answered" in browser.get(reverse("awareness:board")).content.decode()
    page = browser.get(reverse("awareness:board"), {"level": "3E"}).content.decode()
    assert "No request passes these filters" in page


def test_the_page_of_a_request_tells_everything(browser, sent):
    sent.contact.phone = "01 02 03 04 05"
    sent.contact.save()
    other = TalkRequestFactory(school=sent.school, declined=True)
    page = browser.get(address("request", sent))
    text = page.content.decode()
    for fact in ("2de A4", "2de A5", "60 young people", "Tuesday morning", sent.contact.user.email, "01 02 03 04 05"):
        assert fact in text
    assert list(page.context["others"]) == [other]


def test_a_contact_to_be_approved_is_marked(browser, school):
    TalkRequestFactory(school=school, sent=True, is_proven=False)
    assert "contact to be approved" in browser.get(reverse("awareness:board")).content.decode()


# --- The answer -------------------------------------------------------------------------------------------------------


def test_taking_is_seen_by_colleagues_only(browser, client_for, sent, second_coordinator):
    assert browser.post(address("take", sent)).url == address("plan", sent)
    other = client_for(second_coordinator)
    assert "Cléo opened the planning form" in other.get(address("request", sent)).content.decode()
    assert "taken by Cléo" in other.get(reverse("awareness:board")).content.decode()
    assert "opened the planning form" not in browser.get(address("request", sent)).content.decode()


def test_the_form_proposes_what_the_request_says(browser, sent, programme):
    page = browser.get(address("plan", sent))
    first = page.context["sessions"].forms[0]
    tuesday = next_monday() + dt.timedelta(days=1)
    assert (first["day"].value(), first["start"].value()) == (tuesday, dt.time(10))
    assert set(first["classes"].value()) == {requested.pk for requested in sent.classes.all()}
    assert page.context["form"]["programme"].value() == programme.pk
    assert page.context["form"]["organisation"].value() == programme.lead.pk
    assert f"idea={tuesday:%Y-%m-%d}-1000" in page.content.decode()


def test_a_request_is_planned(browser, sent, plan, programme):
    assert browser.post(address("plan", sent), plan).url == address("request", sent)
    sent.refresh_from_db()
    session = sent.activity.sessions.get()
    assert (sent.state, sent.activity.title_fr) == ("accepted", "Intervention au lycée")
    assert (session.local_start.time(), session.place, session.volunteer_places) == (dt.time(14), "Room 204", 3)
    assert {booking.class_group.name for booking in session.bookings.all()} == {"2de A4", "2de A5"}
    page = browser.get(address("request", sent)).content.decode()
    assert "Accepted by Cléo" in page
    assert "0 of 3 volunteers" in page


def test_a_session_each_and_the_clock_of_the_island(browser, sent, plan):
    sent.school.departement = TerritoryFactory(code="974", zone="own")
    sent.school.save()
    first, second = sent.classes.all()
    day = plan["sessions-0-day"]
    plan |= {
        "sessions-0-classes": [first.pk],
        "sessions-1-day": day,
        "sessions-1-start": "16:00",
        "sessions-1-end": "17:00",
        "sessions-1-classes": [second.pk],
    }
    browser.post(address("plan", sent), plan)
    sent.refresh_from_db()
    sessions = list(sent.activity.sessions.all())
    assert [session.zone for session in sessions] == ["Indian/Reunion"] * 2
    assert [session.starts_at.astimezone(dt.UTC).hour for session in sessions] == [10, 12]
    assert [session.seats for session in sessions] == [first.head_count, second.head_count]


def test_a_form_sent_twice_plans_once(browser, sent, plan):
    browser.post(address("plan", sent), plan)
    assert browser.post(address("plan", sent), plan).url == address("request", sent)
    assert Activity.objects.count() == 1


def test_the_second_coordinator_is_told_and_keeps_what_was_typed(browser, client_for, sent, plan, second_coordinator):
    browser.post(address("plan", sent), plan)
    answer = client_for(second_coordinator).post(address("plan", sent), plan | {"sessions-0-place": "The library"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Cléo has already accepted this request" in page
    assert 'value="The library"' in page
    assert 'value="Intervention au lycée"' in page
    assert Activity.objects.count() == 1


def test_a_change_of_the_school_is_told_then_the_same_form_goes_through(browser, sent, plan):
    TalkRequest.objects.filter(pk=sent.pk).update(version=sent.version + 1, wish="Not on Tuesday")
    answer = browser.post(address("plan", sent), plan)
    page = answer.content.decode()
    assert "The school changed its request" in page
    assert "Not on Tuesday" in page
    assert 'value="Room 204"' in page
    again = browser.post(address("plan", sent), plan | {"version": answer.context["version"]})
    assert again.url == address("request", sent)


def test_a_day_without_school_must_be_meant(browser, sent, plan, holidays):
    page = browser.post(address("plan", sent), plan).content.decode()
    assert "No school on" in page
    assert "(Winter)" in page
    assert Activity.objects.count() == 0
    browser.post(address("plan", sent), plan | {"days_meant": "on"})
    assert Activity.objects.count() == 1


def test_a_weekend_must_be_meant(browser, sent, plan):
    saturday = next_monday() + dt.timedelta(days=5)
    page = browser.post(address("plan", sent), plan | {"sessions-0-day": saturday.isoformat()}).content.decode()
    assert "(weekend)" in page
    assert Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sessions-0-end": "13:00"}, "The session ends before it starts."),
        ({"sessions-0-day": "2020-01-06"}, "Choose a day to come."),
        ({"sessions-0-day": ""}, "This field is required."),
        ({"sessions-0-classes": []}, "This field is required."),
        ({"where": "online"}, "Give the address of the online room"),
        ({"sessions-1-place": "Somewhere"}, "This field is required."),
    ],
)
def test_what_cannot_be_planned_is_said(browser, sent, plan, changes, sentence):
    answer = browser.post(address("plan", sent), plan | changes)
    assert sentence in answer.content.decode()
    assert Activity.objects.count() == 0


def test_a_coordinator_plans_for_their_own_organisations_only(browser, client_for, sent, plan, coordinator):
    own = OrganisationFactory()
    coordinator.grants.get().scopes.update(organisation=own)
    answer = client_for(coordinator).post(address("plan", sent), plan)
    assert "organisation" in answer.context["form"].errors
    assert Activity.objects.count() == 0


def test_declining_needs_a_reason(browser, sent):
    page = browser.post(address("decline", sent), {"version": sent.version})
    assert page.context["form"].errors == {"reason": ["This field is required."]}
    other = browser.post(address("decline", sent), {"version": sent.version, "reason": "other"}).content.decode()
    assert "Say the other reason in a few words." in other
    done = browser.post(address("decline", sent), {"version": sent.version, "reason": "distance", "text": "Sorry"})
    assert done.url == address("request", sent)
    sent.refresh_from_db()
    assert (sent.decline_reason, sent.decline_text, sent.handled_by.name) == ("distance", "Sorry", "Cléo")


def test_an_answered_request_has_no_form_any_more(browser, sent, plan):
    browser.post(address("plan", sent), plan)
    assert browser.get(address("plan", sent)).url == address("request", sent)
    assert browser.get(address("decline", sent)).url == address("request", sent)
