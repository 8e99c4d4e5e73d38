"""The public catalogue: what comes out to everybody, and what is in the data and never does."""

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.activities.catalogue import availability, listing
from programs.activities.models import Activity, Session
from tests.factories.accounts import UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    BookingFactory,
    GuestFactory,
    ProgrammeFactory,
    SessionFactory,
    TopicFactory,
)
from tests.factories.organisations import OrganisationFactory, SchoolFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

Audience = Activity.Audience


def page(name="", language="en", **arguments):
    return reverse(f"activities:catalogue{name and '-'}{name}", kwargs={"language": language, **arguments})


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def on_campus(title="Open evening", **facts):
    """A published date on a campus."""
    facts.setdefault("activity", None)
    activity = facts.pop("activity") or ActivityFactory(
        title_fr=title, title_en=title, is_public=True, registration_for=[Audience.PUBLIC]
    )
    facts.setdefault("campus", activity.organisation)
    return SessionFactory(activity=activity, school=None, **facts)


@pytest.fixture
def house():
    return OrganisationFactory(kind="member_school", name="École Zéro", city="Massy", latitude=48.73, longitude=2.27)


# --- what is in the data and never comes out


@pytest.fixture
def secrets():
    """Dates and names that are nobody's business, each under a word of its own."""
    in_school = ActivityFactory(title_en="Qschooltalk", is_public=True, registration_for=[Audience.CLASSES])
    SessionFactory(activity=in_school)
    on_campus(activity=ActivityFactory(title_en="Qdraft", is_public=True, state=Activity.State.DRAFT))
    on_campus(activity=ActivityFactory(title_en="Qcalledoff", is_public=True, state=Activity.State.CANCELLED))
    on_campus(activity=ActivityFactory(title_en="Qinternal"))
    on_campus(
        activity=ActivityFactory(title_en="Qdeserted", is_public=True), state=Session.State.NOT_HELD, state_reason="x"
    )
    shown = on_campus(
        "Shown evening", contact_on_site="Qcontact", briefing="Qbriefing", online_url="https://visio.example/qroom"
    )
    AssignmentFactory(session=shown, volunteer__user__name="Qvolunteer")
    BookingFactory(session=shown, class_group=None, guest=GuestFactory(email="qguest@example.org"), seats=1)
    BookingFactory(session=shown, class_group__name="Qclass", class_group__school__name="Qlycee", seats=20)
    return shown


def every_answer(client, session):
    """Everything public that may speak of a date, in both languages."""
    for language in ("fr", "en"):
        yield client.get(page(language=language))
        for name in ("feed", "calendar"):
            yield client.get(page(name, language))
        for name in ("session", "session-calendar"):
            yield client.get(page(name, language, pk=session.pk))
        yield client.get(page("programme", language, code=session.activity.programme.code))
        yield client.get(page("organisation", language, pk=session.activity.organisation_id))
    yield client.get("/sitemap.xml")


def test_no_name_and_no_inner_date_comes_out(client, secrets):
    organisation = secrets.activity.organisation
    organisation.kind = "member_school"
    organisation.save()
    answers = list(every_answer(client, secrets))
    assert {answer.status_code for answer in answers} == {200}
    assert "Shown evening" in text_of(answers[0])
    for answer in answers:
        whole = f"{answer.headers}{answer.content.decode()}".lower()
        assert re.findall(r"q(?:schooltalk|draft|calledoff|internal|deserted)", whole) == []
        assert re.findall(r"q(?:contact|briefing|room|volunteer|guest|class|lycee)", whole) == []
    hidden = Session.objects.exclude(pk=secrets.pk)
    assert hidden.count() == 5
    for session in hidden:
        for name in ("session", "card", "session-calendar"):
            assert client.get(page(name, pk=session.pk)).status_code == 404


def test_a_date_in_a_school_is_public_only_when_the_public_may_come():
    activity = ActivityFactory(is_public=True, registration_for=[Audience.CLASSES, Audience.PUPILS])
    session = SessionFactory(activity=activity)
    assert list(listing.coming()) == []
    activity.registration_for = [Audience.CLASSES, Audience.PUBLIC]
    activity.save()
    assert list(listing.coming()) == [session]


def test_nothing_is_public_unless_somebody_says_so():
    assert ActivityFactory().is_public is False


def test_what_is_booked_as_a_whole_stands_once(client):
    camp = ActivityFactory(title_en="Camp", is_public=True, seats=20, registration_for=[Audience.PUPILS])
    second, first = (on_campus(activity=camp, starts_at=_in(days)) for days in (12, 11))
    assert list(listing.coming()) == [first]
    text = text_of(client.get(page("session", pk=first.pk)))
    assert reverse("activities:activity-register", args=[camp.pk]) in text
    assert page("session", pk=second.pk) in text


def _in(days):
    return dt.datetime(2026, 11, 23, 13, 0, tzinfo=dt.UTC) + dt.timedelta(days=days)


def test_past_and_cancelled_dates_leave_the_list_and_say_so_on_their_page(client):
    past = on_campus(starts_at=_in(-3))
    cancelled = on_campus(state=Session.State.CANCELLED, state_reason="Qsecretreason")
    assert "Nothing is announced right now" in text_of(client.get(page()))
    text = text_of(client.get(page("session", pk=past.pk)))
    assert "This date is over." in text
    assert "noindex" in text
    text = text_of(client.get(page("session", pk=cancelled.pk)))
    assert "This date is cancelled." in text
    assert "EventCancelled" in text
    assert "Qsecretreason" not in text
    assert b"STATUS:CANCELLED" in client.get(page("session-calendar", pk=cancelled.pk)).content


# --- how it stands


@pytest.mark.parametrize(
    ("rules", "facts", "code"),
    [
        ({"registration_for": []}, {}, availability.BY_TEAM),
        ({"registration_opens_at": _in(2)}, {}, availability.SOON),
        ({"registration_closes_at": _in(-2)}, {}, availability.CLOSED),
        ({"state": "closed"}, {}, availability.CLOSED),
        ({}, {}, availability.OPEN),
        ({}, {"seats": 3}, availability.LAST),
        ({}, {"seats": 0}, availability.FULL),
        ({"seats_in_all": 0}, {}, availability.FULL),
        ({"seats": 2}, {"seats": 0}, availability.LAST),
    ],
)
def test_a_date_says_how_it_stands(rules, facts, code):
    rules = {"registration_for": [Audience.PUBLIC], "is_public": True} | rules
    session = on_campus(activity=ActivityFactory(**rules), **facts)
    assert availability.of(listing.for_catalogue(listing.shown()).get(pk=session.pk)).code == code


def test_seats_over_all_dates_bind_every_date():
    activity = ActivityFactory(is_public=True, registration_for=[Audience.PUBLIC], seats_in_all=30)
    one, other = on_campus(activity=activity), on_campus(activity=activity, starts_at=_in(4))
    BookingFactory(session=one, seats=28)
    BookingFactory(session=one, seats=20, override_reason="x", override_by=UserFactory())
    found = {session.pk: availability.free_seats(session) for session in listing.for_catalogue(listing.coming())}
    assert found == {one.pk: 2, other.pk: 2}


# --- looking for something


def titles(client, query):
    return re.findall(r'row-title"><a href="[^"]+">([^<]+)<', client.get(page(), query).content.decode())


def test_filters(client, house):
    seine, essonne = TerritoryFactory(code="93"), TerritoryFactory(code="91")
    school = SchoolFactory(commune="Saint-Denis", departement=seine, latitude=48.93, longitude=2.36, postcode="93200")
    SchoolFactory(commune="Massy", departement=essonne, latitude=48.73, longitude=2.27)
    OrganisationFactory(city="Évry", latitude=48.63, longitude=2.43)
    topic = TopicFactory()
    talk = {"is_public": True, "registration_for": [Audience.PUBLIC]}
    first = ActivityFactory(title_en="Talk", levels=["3E"], kind="talk", **talk)
    first.topics.add(topic)
    SessionFactory(activity=first, school=school, starts_at=_in(3))
    camp = ActivityFactory(title_en="Camp", kind="camp", organisation=house, programme__code="summer", **talk)
    on_campus(activity=camp, campus=house, starts_at=_in(30))
    assert titles(client, {}) == ["Talk", "Camp"]
    for query, found in [
        ({"departement": "93"}, ["Talk"]),
        ({"departement": "91"}, ["Camp"]),
        ({"near": "saint denis", "within": "10"}, ["Talk"]),
        ({"near": "93200", "within": "10"}, ["Talk"]),
        ({"near": "Massy", "within": "50"}, ["Talk", "Camp"]),
        ({"near": "evry"}, ["Camp"]),
        ({"near": "Nowhere"}, ["Talk", "Camp"]),
        ({"level": "3E"}, ["Talk", "Camp"]),
        ({"level": "TG"}, ["Camp"]),
        ({"kind": "camp"}, ["Camp"]),
        ({"topic": topic.pk}, ["Talk"]),
        ({"after": "2026-12-01"}, ["Camp"]),
        ({"before": "2026-12-01"}, ["Talk"]),
        ({"programme": "summer"}, ["Camp"]),
        ({"organisation": house.pk}, ["Camp"]),
        ({"kind": "nonsense", "topic": "0"}, ["Talk", "Camp"]),
    ]:
        assert titles(client, query) == found, query
    assert "We know no town of this name" in text_of(client.get(page(), {"near": "Nowhere"}))
    assert "Nothing fits yet" in text_of(client.get(page(), {"kind": "outing"}))
    feed = client.get(page("feed"), {"kind": "camp"}).content.decode()
    assert re.findall(r"<title>(\w+) ", feed) == ["Coming", "Camp"]
    calendar = client.get(page("calendar"), {"kind": "talk"}).content.decode()
    assert re.findall(r"SUMMARY:(\w+)", calendar) == ["Talk"]


def test_the_list_asks_the_same_for_one_and_three(client, django_assert_num_queries):
    on_campus()
    with django_assert_num_queries(4):
        client.get(page())
    for _n in range(2):
        on_campus()
    with django_assert_num_queries(4):
        client.get(page())


@pytest.mark.parametrize("name", ["", "feed", "calendar"])
def test_five_hundred_activities_are_read_with_as_many_questions_as_one(client, house, name):
    """And they are not sent again to whoever has them."""
    first = on_campus(campus=house)
    with CaptureQueriesContext(connection) as for_one:
        client.get(page(name))
    facts = {"programme": first.activity.programme, "organisation": house}
    rows = [ActivityFactory.build(is_public=True, registration_for=["public"], **facts) for _number in range(499)]
    activities = Activity.objects.bulk_create(rows)
    dates = [SessionFactory.build(activity=each, school=None, campus=house, starts_at=_in(20)) for each in activities]
    Session.objects.bulk_create(dates)
    assert listing.coming().count() == 500
    with CaptureQueriesContext(connection) as for_many:
        answer = client.get(page(name))
    assert len(for_many) == len(for_one)
    assert not answer.cookies
    again = client.get(page(name), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (
        answer.headers["ETag"],
        answer.headers["Cache-Control"],
    )


def test_the_page_of_a_date_asks_the_same_for_one_and_three(client, django_assert_num_queries):
    session = on_campus()
    url = page("session", pk=session.pk)
    with django_assert_num_queries(3):
        client.get(url)
    for days in (11, 12):
        on_campus(activity=session.activity, starts_at=_in(days))
    with django_assert_num_queries(3):
        client.get(url)


# --- kept by caches


def test_visitors_share_an_answer_without_cookie_and_token(client):
    session = on_campus()
    for url in (page(), page("session", pk=session.pk), page("feed"), "/sitemap.xml", "/robots.txt"):
        answer = client.get(url)
        assert answer.headers["Cache-Control"].startswith("public, max-age=")
        assert not answer.cookies
        assert "csrf" not in text_of(answer).lower()
        again = client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    on_campus()
    answer = client.get(page())
    assert client.get(page(), headers={"If-None-Match": '"another"'}).status_code == 200
    assert answer.headers["Content-Language"] == "en"


def test_who_has_signed_in_gets_an_answer_that_no_cache_keeps(cleo, client_for):
    answer = client_for(cleo).get(page())
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "My home page" in text_of(answer)


# --- what machines read


def test_a_date_is_an_event_for_search_engines(client, house):
    title = "Stars </script><script>alert(1)</script> & co"
    activity = ActivityFactory(
        title_fr=title, organisation=house, is_public=True, registration_for=[Audience.PUBLIC], levels=["3E"]
    )
    session = on_campus(activity=activity, campus=house)
    content = client.get(page("session", "fr", pk=session.pk)).content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', content, re.DOTALL)
    event = json.loads(block)
    assert event["name"] == title
    assert "<" not in block
    assert event["startDate"] == "2026-12-03T14:00:00+01:00"
    assert event["location"]["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Massy",
        "addressCountry": "FR",
    }
    assert event["location"]["geo"]["latitude"] == 48.73
    assert event["offers"]["availability"] == "https://schema.org/InStock"
    assert event["organizer"]["name"] == "École Zéro"
    image = event["image"][0]
    assert f'<meta property="og:image" content="{image}">' in content
    for language in ("fr", "en"):
        address = f"http://127.0.0.1:8000{page('session', language, pk=session.pk)}"
        assert f'<link rel="alternate" hreflang="{language}" href="{address}">' in content
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{page("session", "fr", pk=session.pk)}">' in content


def test_a_room_alone_is_online_for_a_school_too_and_a_campus_stays_a_place(client):
    room = "https://visio.example/room"
    activity = ActivityFactory(is_public=True, registration_for=[Audience.PUBLIC])
    talk = SessionFactory(activity=activity, online_url=room)
    day = on_campus(activity=activity, online_url=room)
    modes = []
    for session in (talk, day):
        content = client.get(page("session", pk=session.pk)).content.decode()
        said = json.loads(re.search(r'ld\+json">(.*?)</script>', content)[1])
        modes.append((said["eventAttendanceMode"].split("/")[-1], said["location"]["@type"]))
        assert room not in content
    assert modes == [("OnlineEventAttendanceMode", "VirtualLocation"), ("OfflineEventAttendanceMode", "Place")]


def test_an_online_date_never_gives_its_room(client):
    session = on_campus(campus=None, online_url="https://visio.example/room")
    session = Session.objects.get(pk=session.pk)
    for name in ("session", "session-calendar"):
        answer = client.get(page(name, pk=session.pk)).content.decode()
        assert "visio.example" not in answer
    assert "VirtualLocation" in client.get(page("session", pk=session.pk)).content.decode()


def test_the_picture_of_a_date_is_a_png_of_the_right_size(client):
    session = on_campus("Une très longue soirée d’étoiles et de planètes pour toutes les familles du plateau")
    answer = client.get(page("card", pk=session.pk))
    assert answer["Content-Type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(answer.content[place : place + 4]) for place in (16, 20)] == [1200, 630]


def test_the_map_of_the_site_and_what_robots_may_read(client, settings):
    session = on_campus(activity=ActivityFactory(is_public=True, programme=ProgrammeFactory(code="stars")))
    found = client.get("/sitemap.xml").content.decode()
    for language in ("fr", "en"):
        for name, arguments in (("", {}), ("session", {"pk": session.pk}), ("programme", {"code": "stars"})):
            assert f"<loc>http://127.0.0.1:8000{page(name, language, **arguments)}</loc>" in found
    settings.IS_DEMONSTRATION = False
    robots = client.get("/robots.txt").content.decode()
    assert "Allow: /catalogue/\n" in robots
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml\n" in robots
    settings.IS_DEMONSTRATION = True
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_the_door_leads_to_ones_language(client):
    answer = client.get("/catalogue/?kind=camp", headers={"Accept-Language": "en"})
    assert answer.url == "/catalogue/en/?kind=camp"
    assert "Accept-Language" in answer["Vary"]
    assert client.get("/catalogue/", headers={"Accept-Language": "fr"}).url == "/catalogue/fr/"


def test_pages_of_programmes_and_member_schools(client, house):
    activity = ActivityFactory(title_en="Stars", is_public=True, programme__code="sky", organisation=house)
    on_campus(activity=activity, campus=house)
    on_campus("Elsewhere")
    other = ProgrammeFactory()
    text = text_of(client.get(page("programme", code="sky")))
    assert "Stars" in text
    assert "Elsewhere" not in text
    assert client.get(page("programme", code=other.code)).status_code == 404
    text = text_of(client.get(page("organisation", pk=house.pk)))
    assert "Stars" in text
    assert "Elsewhere" not in text
    assert client.get(page("organisation", pk=OrganisationFactory(kind="member_school").pk)).status_code == 404


def test_the_first_page_leads_to_the_catalogue(client):
    assert 'href="/catalogue/fr/"' in text_of(client.get("/", headers={"Accept-Language": "fr"}))
