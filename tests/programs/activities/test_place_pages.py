"""Pages about places: what staff see and decide, and the page of one booking behind its link."""

import re

import pytest
from django.urls import reverse

from programs.activities import actions, place_links
from programs.activities.models import Activity
from tests.factories.activities import ActivityFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory
from tests.factories.people import GuardianshipFactory, PupilFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def browser(cleo, client_for):
    center = OrganisationFactory(kind="center")
    GrantScopeFactory(grant=cleo.grants.get(), organisation=center)
    return client_for(cleo)


def full_session(**facts):
    """A date of one seat, taken by a guest, and one more guest who waits."""
    session = SessionFactory(seats=1, **facts)
    return session, *(_guest(session, name) for name in ("anna", "bea"))


def _guest(session, name):
    return actions.book(session=session, guest=GuestFactory(email=f"{name}@example.org", language="en"), by=None)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_staff_see_who_waits_and_what_blocks_each(browser):
    session, *_guests = full_session(activity=ActivityFactory(school_cap=5))
    actions.book(session=session, class_group=ClassGroupFactory(head_count=10, name="2de 9"), by=None)
    other = BookingFactory(class_group__name="Tle elsewhere", stage="waitlisted")
    text = text_of(browser.get(reverse("activities:session-places", args=[session.pk])))
    assert "anna@example.org" in text
    assert "1 · bea@example.org" in text
    assert "Seats of this date</strong> · 1 needed, 0 free of 1." in text
    assert "Seats for one school</strong> · 10 needed, 5 free of 5." in text
    assert other.class_group.name not in text


def test_the_list_of_places_asks_the_same_for_one_and_three(browser, django_assert_num_queries):
    session = SessionFactory(seats=30)
    url = reverse("activities:session-places", args=[session.pk])

    def fill(number):
        for _n in range(number):
            actions.book(session=session, class_group=ClassGroupFactory(head_count=10), by=None)
            actions.book(session=session, pupil=PupilFactory(), by=None)
            actions.book(session=session, class_group=ClassGroupFactory(head_count=31), by=None)

    fill(1)
    browser.get(url)
    with django_assert_num_queries(14):
        browser.get(url)
    fill(1)
    with django_assert_num_queries(14):
        browser.get(url)


def test_staff_give_seats_over_a_limit_with_a_reason_only(browser, cleo):
    session, _anna, bea = full_session()
    url = reverse("activities:booking-seat", args=[bea.pk])
    assert "What is in the way" in text_of(browser.get(url))
    answer = browser.post(url, {"override_reason": ""})
    assert "1 needed, 0 free of 1." in text_of(answer)
    bea.refresh_from_db()
    assert bea.stage == "waitlisted"
    answer = browser.post(url, {"override_reason": "elle filme"})
    assert answer.url == reverse("activities:session-places", args=[session.pk])
    bea.refresh_from_db()
    assert (bea.stage, bea.override_by, bea.override_reason) == ("confirmed", cleo, "elle filme")
    assert browser.get(url).status_code == 404


def test_staff_write_the_rules_of_an_activity(browser):
    activity = ActivityFactory()
    url = reverse("activities:place-rules", args=[activity.pk])
    said = {
        "registration_for": ["classes", "public"], "public_seats": 3, "seats_in_all": 90, "school_cap": 30,
        "needs_two_adults": "on", "offer_hours": 12, "offer_margin_hours": 6, "points-scholarship": 4,
        "points-rural": "", "levels-0": ["3E", "2GT"], "seats-0": 40,
    }  # fmt: skip
    assert browser.post(url, said | {"seats-0": ""}).status_code == 200
    assert browser.post(url, said | {"offer_hours": 0}).status_code == 200
    assert browser.post(url, said).url == activity.get_absolute_url()
    activity = Activity.objects.get(pk=activity.pk)
    assert (activity.school_cap, activity.seats_in_all, activity.offer_hours) == (30, 90, 12)
    assert (activity.needs_two_adults, activity.registration_for) == (True, ["classes", "public"])
    assert list(activity.quotas.values_list("levels", "seats")) == [(["3E", "2GT"], 40)]
    assert list(activity.priorities.values_list("criterion", "weight")) == [("scholarship", 4)]
    page = text_of(browser.get(url))
    assert 'name="points-scholarship" value="4"' in page


def test_a_rule_below_what_is_held_is_refused_on_the_page(browser):
    activity = ActivityFactory()
    actions.book(session=SessionFactory(activity=activity), class_group=ClassGroupFactory(head_count=10), by=None)
    said = {"public_seats": 3, "seats_in_all": 9, "offer_hours": 12, "offer_margin_hours": 6}
    answer = browser.post(reverse("activities:place-rules", args=[activity.pk]), said)
    assert "10 are held already, so 9 is too few" in text_of(answer)


# --- the page of one booking


def test_an_offer_is_taken_in_one_tap_and_never_by_looking(client):
    _session, anna, bea = full_session()
    url = place_links.url(bea, bea.guest)
    assert "Number 1 in line" in text_of(client.get(url))
    actions.cancel_booking(booking=anna, by=None)
    answer = client.get(url)
    assert "Yes, I take it" in text_of(answer)
    assert answer["Cache-Control"] == "private, no-store"
    bea.refresh_from_db()
    assert bea.stage == "offered"
    assert client.post(url, {"answer": "something"}).url == url
    bea.refresh_from_db()
    assert bea.stage == "offered"
    assert client.post(url, {"answer": "accept"}).url == url
    bea.refresh_from_db()
    assert bea.stage == "confirmed"
    assert "Give the seats back" in text_of(client.get(url))
    client.post(url, {"answer": "leave"})
    bea.refresh_from_db()
    assert (bea.stage, bea.offered_until) == ("withdrawn", None)


def test_no_thank_you_and_too_late(client, monday):
    _session, anna, bea = full_session()
    actions.cancel_booking(booking=anna, by=None)
    url = place_links.url(bea, bea.guest)
    monday.shift(49 * 3600)
    assert "Yes, I take it" not in text_of(client.get(url))
    answer = client.post(url, {"answer": "accept"}, follow=True)
    assert "This offer is over" in text_of(answer)
    client.post(url, {"answer": "decline"})
    bea.refresh_from_db()
    assert bea.stage == "withdrawn"


def test_a_link_opens_its_booking_for_its_person_only(client):
    _session, anna, bea = full_session()
    link = GuardianshipFactory()
    child = actions.book(session=SessionFactory(), pupil=link.pupil, by=None)
    mine = place_links.url(child, link.guardian)
    assert client.get(mine).status_code == 200
    wrong = [
        place_links.url(anna, bea.guest),
        place_links.url(bea, link.guardian),
        place_links.url(child, bea.guest),
        place_links.url(bea, bea.guest)[:-2] + "/",
        reverse("activities:place", args=["o.1.1.x"]),
        reverse("activities:place", args=["z.1.1.x"]),
        reverse("activities:place", args=["nothing"]),
    ]
    assert [client.get(url).status_code for url in wrong] == [404] * len(wrong)
    link.guardian.link_key += 1
    link.guardian.save()
    assert client.get(mine).status_code == 404
    fresh = place_links.url(child, link.guardian)
    link.delete()
    assert client.get(fresh).status_code == 404
