"""Registering by oneself: who may, when, for whom; by a teacher, a family, a school, anybody."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from participants.correspondence.models import Message
from participants.organisations.levels import Level
from participants.organisations.school_years import current_school_year
from participants.people import family_links
from participants.people.models import Guardian
from programs.activities import actions, place_links, tickets
from programs.activities.models import Booking, Guest
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import ActivityFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolContactFactory,
    SchoolPostFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ALL = ["classes", "pupils", "public"]


def open_session(audiences=ALL, **facts):
    rules = {name: facts.pop(name) for name in list(facts) if name not in {"seats", "starts_at", "past"}}
    return SessionFactory(activity=ActivityFactory(registration_for=audiences, **rules), **facts)


def address(session):
    return reverse("activities:session-register", args=[session.pk])


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def teacher():
    """A verified contact of a school with one class."""
    contact, school = SchoolContactFactory(), SchoolFactory()
    SchoolPostFactory(contact=contact, school=school, verified=True)
    return contact.user, ClassGroupFactory(school=school, name="2de 4", level="2GT", head_count=30)


def agreed(**facts):
    """A child whose guardian has agreed that it takes part."""
    link = GuardianshipFactory(pupil=PupilFactory(birth_date=dt.date(2013, 3, 14), **facts))
    ConsentFactory(pupil=link.pupil, guardian=link.guardian, purpose="taking_part")
    return link


# --- the open public


def as_public(client, session, email="anna@example.org", seats=2):
    return client.post(address(session), {"kind": "public", "public-email": email, "public-seats": seats})


def test_anybody_registers_with_an_address_and_a_number(client):
    session = open_session(["public"], seats=5)
    assert "5 seats free." in text_of(client.get(address(session)))
    answer = as_public(client, session, email="Anna@Example.org")
    assert answer.url == f"{address(session)}?done"
    assert "Look into your mailbox" in text_of(client.get(answer.url))
    booking = Booking.objects.get()
    assert (booking.guest.email, booking.guest.language, booking.seats) == ("anna@example.org", "en", 2)
    assert (booking.stage, booking.booked_by, booking.school, booking.pupil) == ("offered", None, None, None)
    assert list(Message.objects.values_list("occasion", "address")) == [
        ("activities.place_to_prove", "anna@example.org")
    ]


def test_seats_are_held_two_hours_for_an_address_and_kept_by_whoever_reads_its_mail(client, monday):
    session = open_session(["public"], seats=4, offer_hours=48)
    as_public(client, session, email="typo@example.org", seats=2)
    as_public(client, session, email="bea@example.org", seats=2)
    as_public(client, session, email="carla@example.org", seats=2)
    typo, bea, carla = Booking.objects.order_by("pk")
    assert [typo.stage, bea.stage, carla.stage] == ["offered", "offered", "waitlisted"]
    assert typo.offered_until == timezone.now() + dt.timedelta(hours=2)
    url = place_links.url(bea, bea.guest)
    assert "Yes, I take it" in text_of(client.get(url))
    assert not Guest.objects.filter(is_proven=True).exists()  # a scanner of mails opens links and proves nothing
    client.post(url, {"answer": "accept"})
    monday.shift(2 * 3600)
    actions.pass_on_offers()
    assert list(Booking.objects.order_by("pk").values_list("stage", "reason", "guest__is_proven")) == [
        ("withdrawn", "no_answer", False),
        ("confirmed", "", True),
        ("offered", "", False),
    ]
    assert set(Message.objects.filter(address="bea@example.org").values_list("occasion", "state")) == {
        ("activities.place_to_prove", "cancelled"),
        ("activities.place_confirmed", "planned"),
    }
    # Whoever says yes to an offer has proven the address as well.
    actions.accept_offer(booking=Booking.objects.get(pk=carla.pk))
    assert Guest.objects.get(booking=carla).is_proven


def test_seats_are_held_no_longer_than_until_the_start(client):
    session = open_session(["public"], starts_at=timezone.now() + dt.timedelta(minutes=30))
    as_public(client, session)
    assert Booking.objects.get().offered_until == session.starts_at


def test_sent_twice_is_one_row_and_the_same_answer(client):
    session = open_session(["public"], seats=5)
    first, second = as_public(client, session), as_public(client, session, seats=4)
    assert (first.url, Booking.objects.count(), Guest.objects.count()) == (second.url, 1, 1)
    as_public(client, session, seats=3)
    # The letter once more, at most once a day.
    assert Message.objects.filter(occasion="activities.place_to_prove").count() == 2


def test_the_public_takes_no_more_than_allowed_and_waits_when_full(client):
    session = open_session(["public"], public_seats=3, seats=4)
    answer = as_public(client, session, seats=4)
    assert "You can take 3 seats at most." in text_of(answer)
    assert 'value="anna@example.org"' in text_of(answer)
    as_public(client, session, seats=3)
    as_public(client, session, email="bea@example.org", seats=2)
    assert list(Booking.objects.values_list("guest__email", "stage")) == [
        ("anna@example.org", "offered"),
        ("bea@example.org", "waitlisted"),
    ]


@pytest.mark.parametrize("rule", ["early", "late", "closed", "past", "nobody"])
def test_outside_its_time_nobody_registers(client, rule):
    day, now = dt.timedelta(days=1), timezone.now()
    facts = {
        "early": {"registration_opens_at": now + day},
        "late": {"registration_closes_at": now},
        "closed": {"state": "closed"},
        "past": {"past": True},
        "nobody": {"audiences": []},
    }[rule]
    session = open_session(**facts)
    assert client.get(address(session)).status_code == 404
    assert as_public(client, session).status_code == 404
    with pytest.raises(ValidationError):
        actions.register_guest(place=session, email="a@example.org", seats=1, language="fr")


def test_one_line_of_the_network_registers_so_often_and_no_more(client):
    session = open_session(["public"], seats=5)
    as_public(client, session)
    [key] = [key for key in ("registration:127.0.0.1",) if cache.get(key)]
    cache.set(key, 60)
    assert as_public(client, session, email="bea@example.org").status_code == 429
    assert Booking.objects.count() == 1


def test_guests_are_forgotten_and_their_seats_stay(monday):
    session = open_session(["public"])
    old = actions.register_guest(place=session, email="anna@example.org", seats=2, language="fr")
    young = actions.register_guest(
        place=open_session(["public"], starts_at=session.starts_at + dt.timedelta(days=9)),
        email="bea@example.org",
        seats=1,
        language="fr",
    )
    series = actions.book(
        activity=ActivityFactory(seats=9), guest=GuestFactory(email="c@example.org"), seats=1, by=None
    )
    actions.accept_offer(booking=old)
    url = place_links.url(old, old.guest)
    monday.move_to(session.ends_at + dt.timedelta(days=30) - dt.timedelta(seconds=1))
    assert actions.forget_guests() == 1
    monday.shift(1)
    assert actions.forget_guests() == 1
    emails = dict(Guest.objects.values_list("pk", "email"))
    assert emails == {old.guest_id: "", young.guest_id: "bea@example.org", series.guest_id: ""}
    assert list(Message.objects.values_list("address", flat=True)) == ["bea@example.org"]
    old.refresh_from_db()
    assert (old.seats, old.stage) == (2, "confirmed")
    with pytest.raises(Http404):
        place_links.read(url.split("/")[-2])


# --- a class


def test_a_teacher_registers_a_class_of_the_own_school(teacher, client_for):
    user, class_group = teacher
    session, other = open_session(["classes"]), ClassGroupFactory(name="2de elsewhere")
    browser = client_for(user)
    page = text_of(browser.get(address(session)))
    assert "2de 4" in page
    assert other.name not in page
    assert browser.post(address(session), {"kind": "class", "class-class_group": other.pk}).status_code == 200
    assert not Booking.objects.exists()
    answer = browser.post(address(session), {"kind": "class", "class-class_group": class_group.pk})
    booking = Booking.objects.get()
    assert (booking.class_group, booking.seats, booking.booked_by, booking.stage) == (
        class_group,
        30,
        user,
        "confirmed",
    )
    assert "It is confirmed" in text_of(browser.get(answer.url))
    again = browser.post(address(session), {"kind": "class", "class-class_group": class_group.pk})
    assert (again.url, Booking.objects.count()) == (answer.url, 1)
    # The link is the contact's as long as the post in the school lasts.
    day = timezone.localdate() - dt.timedelta(days=1)
    user.grants.update(starts_on=day, ends_on=day)
    assert browser.get(answer.url).status_code == 404


def test_a_class_of_another_level_is_refused_with_the_levels(teacher, client_for):
    user, class_group = teacher
    session = open_session(["classes"], levels=["3E", "TG"])
    answer = client_for(user).post(address(session), {"kind": "class", "class-class_group": class_group.pk})
    assert "This activity is for these levels: 3e, Tle générale." in text_of(answer)


# --- a pupil


def test_a_parent_registers_a_child_once_the_agreement_is_there(client_for):
    link = GuardianshipFactory(
        pupil=PupilFactory(first_name="Lou", birth_date=dt.date(2013, 3, 14)),
        guardian=GuardianFactory(user=UserFactory()),
    )
    browser, session = client_for(link.guardian.user), open_session(["pupils"])
    said = {"kind": "pupil", "pupil-pupil": link.pupil.pk}
    assert "Lou may not take part yet" in text_of(browser.post(address(session), said))
    ConsentFactory(pupil=link.pupil, guardian=link.guardian, purpose="taking_part")
    answer = browser.post(address(session), said)
    assert Booking.objects.get().pupil == link.pupil
    assert "It is confirmed" in text_of(browser.get(answer.url))


def test_nobody_registers_a_child_that_is_not_theirs(client_for):
    link, strange = agreed(), agreed()
    link.guardian.user = UserFactory()
    link.guardian.save()
    said = {"kind": "pupil", "pupil-pupil": strange.pupil.pk}
    client_for(link.guardian.user).post(address(open_session(["pupils"])), said)
    assert not Booking.objects.exists()


@pytest.mark.parametrize(("born", "shown"), [("2011-11-23", True), ("2011-11-24", False)])
def test_a_pupil_registers_from_fifteen(client_for, born, shown):
    pupil = PupilFactory(user=UserFactory(), birth_date=dt.date.fromisoformat(born))
    page = text_of(client_for(pupil.user).get(address(open_session(["pupils"]))))
    assert (f'<option value="{pupil.pk}"' in page) == shown


def test_a_school_registers_its_pupil_of_this_year(teacher, client_for):
    user, class_group = teacher
    session, link = open_session(["pupils"]), agreed(first_name="Zoé")
    EnrolmentFactory(pupil=link.pupil, school=class_group.school, school_year=session.activity.school_year, level="2GT")
    stranger = EnrolmentFactory(school_year=session.activity.school_year).pupil
    browser = client_for(user)
    page = text_of(browser.get(address(session)))
    assert f'<option value="{link.pupil.pk}"' in page
    assert f'<option value="{stranger.pk}"' not in page
    browser.post(address(session), {"kind": "pupil", "pupil-pupil": link.pupil.pk})
    booking = Booking.objects.get()
    assert (booking.pupil, booking.school, booking.level) == (link.pupil, class_group.school, "2GT")


def test_a_family_registers_by_its_link_without_account(client):
    link, session = agreed(first_name="Lou"), open_session(["pupils"])
    Guardian.objects.update(language="en")
    link.guardian.refresh_from_db()
    token = family_links.sign(link.guardian)
    page = text_of(client.get(reverse("people:family-page", args=[token])))
    url = reverse("activities:session-register-child", args=[token, session.pk])
    assert url in page
    strange = agreed()
    assert client.post(url, {"kind": "pupil", "pupil": strange.pupil.pk}).status_code == 200
    answer = client.post(url, {"kind": "pupil", "pupil": link.pupil.pk})
    booking = Booking.objects.get()
    assert (booking.pupil, booking.booked_by) == (link.pupil, None)
    assert "It is confirmed" in text_of(client.get(answer.url))
    closed = open_session(["public"])
    wrong = [("absent", session.pk), (token, closed.pk), (token, 0)]
    paths = [reverse("activities:session-register-child", args=arguments) for arguments in wrong]
    assert [client.get(path).status_code for path in paths] == [404] * 3


def test_a_family_registers_for_a_whole_camp_by_its_link_and_finds_the_ticket(client):
    link, camp = agreed(), ActivityFactory(title_en="Camp", seats=20, registration_for=["pupils"])
    Guardian.objects.update(language="en")
    for days in (12, 11):
        SessionFactory(activity=camp, starts_at=timezone.now() + dt.timedelta(days=days))
    token = family_links.sign(link.guardian)
    url = reverse("activities:activity-register-child", args=[token, camp.pk])
    page = text_of(client.get(reverse("people:family-page", args=[token])))
    assert (page.count(url), page.count(">Camp<")) == (1, 1)
    assert "register once for all dates" in text_of(client.get(url))
    answer = client.post(url, {"kind": "pupil", "pupil": link.pupil.pk})
    booking = Booking.objects.get()
    assert (booking.activity, booking.session, booking.stage) == (camp, None, "confirmed")
    page = text_of(client.get(answer.url))
    assert tickets.typed(tickets.code_of(booking.pk)) in page
    actions.cancel_booking(booking=booking, by=None)
    assert tickets.typed(tickets.code_of(booking.pk)) not in text_of(client.get(answer.url))


def test_a_family_is_offered_what_takes_a_level_of_its_children(client):
    link = agreed()
    year = EnrolmentFactory(pupil=link.pupil, school_year=current_school_year(), level="6E")
    titles = {"Talk": ["3E"], "Visit": ["6E", "5E"], "Evening": []}
    for title, levels in titles.items():
        open_session(["pupils"], title_en=title, title_fr=title, levels=levels)
    url = reverse("people:family-page", args=[family_links.sign(link.guardian)])
    page = text_of(client.get(url))
    assert [title for title in titles if f">{title}<" in page] == ["Visit", "Evening"]
    year.level = Level.UNKNOWN
    year.save()
    page = text_of(client.get(url))
    assert [title for title in titles if f">{title}<" in page] == list(titles)


def test_one_date_of_a_whole_is_not_booked_alone(client):
    link, camp = agreed(), ActivityFactory(seats=20, registration_for=["pupils", "public"])
    session = SessionFactory(activity=camp)
    whole = reverse("activities:activity-register", args=[camp.pk])
    assert client.get(address(session)).url == whole
    token = family_links.sign(link.guardian)
    one_date = reverse("activities:session-register-child", args=[token, session.pk])
    assert client.get(one_date).url == reverse("activities:activity-register-child", args=[token, camp.pk])
    with pytest.raises(ValidationError, match="register for the activity"):
        actions.register_pupil(place=session, pupil=link.pupil)


# --- the page


def test_who_may_not_register_is_told_or_led_to_the_door(client, client_for):
    session = open_session(["classes"])
    assert client.get(address(session)).url.startswith("/accounts/login/")
    page = text_of(client_for(UserFactory()).get(address(session)))
    assert "Registration is by others" in page


@pytest.mark.parametrize(
    ("audiences", "ways"),
    [
        (["public"], []),
        (["pupils", "public"], ["people:family-new-link"]),
        (["classes", "pupils", "public"], ["people:family-new-link", "people:contact-join"]),
    ],
)
def test_families_and_schools_find_their_way_from_the_page_of_the_public(audiences, ways, client, client_for):
    session = open_session(audiences)
    led = [f'href="{reverse(way)}"' for way in ("people:family-new-link", "people:contact-join")]

    def found(page):
        main = text_of(page).partition("<main")[2]
        return [link for link in led if link in main]

    assert found(client.get(address(session))) == [f'href="{reverse(way)}"' for way in ways]
    assert found(client_for(UserFactory()).get(address(session))) == []  # who has signed in has a way of their own


def test_a_parent_without_an_account_is_led_to_the_link_of_the_family(client):
    assert f'href="{reverse("people:family-new-link")}"' in text_of(client.get(reverse("account_signup")))


def test_the_rule_is_read_before_registering(client):
    activity = ActivityFactory(registration_for=["public"], school_cap=12, needs_two_adults=True)
    actions.set_places(activity=activity, by=None, quotas=[(["3E"], 7)], priorities={"scholarship": 2})
    page = text_of(client.get(address(SessionFactory(activity=activity))))
    for words in (
        "Scholarship holder: 2 points",
        "12 seats for one school",
        "Seats for 3e · 7 free of 7",
        "two adults",
    ):
        assert words in page


def test_a_whole_activity_is_registered_for_in_the_same_way(client):
    activity = ActivityFactory(registration_for=["public"], seats=1)
    url = reverse("activities:activity-register", args=[activity.pk])
    client.post(url, {"kind": "public", "public-email": "a@example.org", "public-seats": 1})
    assert Booking.objects.get().activity == activity
    assert "Full for now" in text_of(client.get(url))
    talk = ActivityFactory(registration_for=["public"])
    assert client.get(reverse("activities:activity-register", args=[talk.pk])).status_code == 404


def test_the_page_asks_the_same_however_many_are_booked(client, django_assert_num_queries):
    session = open_session(["public"])
    client.get(address(session))
    with django_assert_num_queries(6):
        client.get(address(session))
    for _number in range(3):
        BookingFactory(session=session, seats=3)
    with django_assert_num_queries(6):
        client.get(address(session))


def test_the_session_leads_to_its_registration(teacher, client_for):
    user, class_group = teacher
    session = open_session(["classes"])
    session.school = class_group.school
    session.save()
    GrantFactory(user=UserFactory(), role="school_contact")
    assert address(session) in text_of(client_for(user).get(session.get_absolute_url()))
    session.activity.registration_for = []
    session.activity.save()
    assert address(session) not in text_of(client_for(user).get(session.get_absolute_url()))
