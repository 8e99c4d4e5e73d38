"""What each person finds on the pages of the spine, and what it costs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    BookingFactory,
    HeadcountFactory,
    ProgrammeFactory,
    SessionFactory,
    TopicFactory,
)
from tests.factories.organisations import (
    ClassGroupFactory,
    GrantScopeFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    TerritoryFactory,
)
from tests.factories.people import SchoolContactFactory, SchoolPostFactory, VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def volunteer():
    campus = OrganisationFactory(kind="member_school", latitude=48.713, longitude=2.209)
    return VolunteerFactory(last_name="Ben", member_school=campus)


@pytest.fixture
def browser(client_for, volunteer):
    volunteer.user.language = "en"
    volunteer.user.save()
    return client_for(volunteer.user)


@pytest.fixture
def center():
    return OrganisationFactory(kind="center", name="Center")


@pytest.fixture
def staff(center):
    grant = GrantFactory(role=Role.COORDINATOR, user__language="en", user__name="Cléo")
    GrantScopeFactory(grant=grant, organisation=center)
    return grant.user


@pytest.fixture
def teacher():
    contact = SchoolContactFactory(user__language="en")
    SchoolPostFactory(contact=contact, school=SchoolFactory(name="Lycée Ada"), verified=True)
    return contact.user


def listed(response):
    return [session.pk for session in response.context["page"]]


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return len(captured)


def test_the_list_shows_open_sessions_in_order(browser):
    later = SessionFactory(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=20))
    sooner = SessionFactory()
    SessionFactory(past=True)
    SessionFactory(state="cancelled", state_reason="grève")
    SessionFactory(activity__state="draft")
    SessionFactory(activity__state="closed")
    SessionFactory(activity__registration_closes_at=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))
    assert listed(browser.get(reverse("activities:session-list"))) == [sooner.pk, later.pk]


@pytest.mark.parametrize("view", ["list", "map"])
def test_filters_in_the_address_choose_the_sessions(browser, view):
    topic, departement = TopicFactory(), TerritoryFactory(code="91")
    near = SchoolFactory(latitude=48.72, longitude=2.25, departement=departement)
    far = SchoolFactory(latitude=43.3, longitude=5.4, departement=TerritoryFactory(code="13"))
    one = SessionFactory(school=near, volunteer_places=1)
    one.activity.topics.add(topic)
    two = SessionFactory(school=far, activity__language="en")
    online = SessionFactory(school=None, online_url="https://example.org/room")
    AssignmentFactory(session=one)
    for query, expected in [
        ("", [one, two, online]),
        ("distance=10", [one]),
        (f"departement={departement.pk}", [one]),
        (f"topic={topic.pk}", [one]),
        ("language=en", [two]),
        ("free=on", [two, online]),
        (f"after={one.local_start.date() + dt.timedelta(days=1)}", []),
        (f"before={one.local_start.date()}", [one, two, online]),
        ("distance=nonsense&topic=0", [one, two, online]),
    ]:
        response = browser.get(reverse("activities:session-list") + f"?view={view}&{query}")
        assert sorted(listed(response)) == sorted(session.pk for session in expected), query


def test_the_map_puts_near_sessions_together_and_links_to_them(browser):
    school = SchoolFactory(name="Lycée Curie", latitude=48.72, longitude=2.25)
    one, two = SessionFactory(school=school), SessionFactory(school=school)
    alone = SessionFactory(school=SchoolFactory(latitude=43.3, longitude=5.4))
    response = browser.get(reverse("activities:session-list") + "?view=map")
    in_idf, in_france = response.context["drawings"]
    assert [[s.pk for s in point.sessions] for point in in_idf.points] == [[one.pk, two.pk]]
    assert [point.url for point in in_france.points] == [f"#session-{one.pk}", alone.get_absolute_url()]
    assert response.content.decode().count("<title>Lycée Curie, Palaiseau</title>") == 2


def test_two_taps_from_the_list_to_a_place(browser, volunteer):
    session = SessionFactory()
    page = browser.get(reverse("activities:session-list")).content.decode()
    assert reverse("activities:session-join", args=[session.pk]) in page
    answer = browser.post(reverse("activities:session-join", args=[session.pk]), follow=True)
    assert answer.redirect_chain == [(session.get_absolute_url(), 302)]
    assert "You are in." in answer.content.decode()
    assert list(session.assignments.values_list("volunteer", "state")) == [(volunteer.pk, "confirmed")]


def test_leaving_offers_the_way_back(browser, volunteer):
    session = SessionFactory()
    AssignmentFactory(session=session, volunteer=volunteer)
    page = browser.post(reverse("activities:session-leave", args=[session.pk]), follow=True).content.decode()
    assert "Undo: take my place back" in page
    browser.post(reverse("activities:session-join", args=[session.pk]))
    assert session.assignments.confirmed().count() == 1


def test_a_refusal_is_said_before_the_click_and_after_it(browser):
    session = SessionFactory(activity__required_clearances=["honorability"])
    assert "safeguarding certificate" in browser.get(session.get_absolute_url()).content.decode()
    page = browser.post(reverse("activities:session-join", args=[session.pk]), follow=True).content.decode()
    assert page.count("safeguarding certificate") == 2
    assert not session.assignments.exists()


def test_names_are_for_the_confirmed_team_only(browser, volunteer, client_for):
    session = SessionFactory(contact_on_site="Mme Canari", volunteer_places=3)
    AssignmentFactory(session=session, volunteer=VolunteerFactory(last_name="Collègue"))
    AssignmentFactory(session=session, volunteer=volunteer, state="applied")
    page = browser.get(session.get_absolute_url()).content.decode()
    assert "Collègue" not in page
    assert "Canari" not in page
    session.assignments.filter(volunteer=volunteer).update(state="confirmed")
    page = browser.get(session.get_absolute_url()).content.decode()
    assert "Collègue" in page
    assert "Canari" in page


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_invitation_is_answered_on_the_page(browser, volunteer, answer):
    session = SessionFactory()
    assignment = AssignmentFactory(session=session, volunteer=volunteer, state="invited")
    assert "Yes, I am coming" in browser.get(session.get_absolute_url()).content.decode()
    browser.post(reverse(f"activities:invitation-{answer}", args=[session.pk]))
    assignment.refresh_from_db()
    assert assignment.state == {"accept": "confirmed", "decline": "declined"}[answer]
    again = browser.post(reverse(f"activities:invitation-{answer}", args=[session.pk]))
    assert again.status_code == 404


def test_my_sessions_counts_hours_of_what_took_place(browser, volunteer):
    AssignmentFactory(volunteer=volunteer, session=SessionFactory(past=True))
    AssignmentFactory(
        volunteer=volunteer,
        session=SessionFactory(
            starts_at=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
            ends_at=dt.datetime(2026, 3, 2, 10, 30, tzinfo=dt.UTC),
            activity__school_year=2025,
        ),
        state="done",
    )
    AssignmentFactory(
        volunteer=volunteer,
        session=SessionFactory(
            past=True, starts_at=dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC), state="not_held", state_reason="x"
        ),
    )
    AssignmentFactory(
        volunteer=volunteer,
        session=SessionFactory(starts_at=dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)),
        state="withdrawn",
    )
    coming = AssignmentFactory(volunteer=volunteer)
    context = browser.get(reverse("activities:my-sessions")).context
    assert (context["sessions_given"], context["hours"]) == (2, "3\u00a0h\u00a030\u00a0min")
    assert context["coming"] == [coming]


def test_a_stranger_and_a_person_without_role_find_nothing(client_for, dan):
    session = SessionFactory()
    client = client_for(dan)
    for name in ("session-list", "my-sessions", "session-manage", "programme-list", "programme-new"):
        assert client.get(reverse(f"activities:{name}")).status_code == 404
    for name in ("detail", "edit", "cancel", "people", "headcount", "calendar"):
        assert client.get(reverse(f"activities:session-{name}", args=[session.pk])).status_code == 404
    for name in ("session-join", "session-leave", "invitation-accept", "volunteer-invite"):
        assert client.post(reverse(f"activities:{name}", args=[session.pk])).status_code == 404


def test_a_volunteer_manages_nothing(browser):
    session = SessionFactory()
    assignment = AssignmentFactory(session=session)
    booking = BookingFactory(session=session)
    for name in ("edit", "cancel", "people"):
        assert browser.get(reverse(f"activities:session-{name}", args=[session.pk])).status_code == 404
    assert browser.get(reverse("activities:session-manage")).status_code == 404
    assert browser.get(reverse("activities:booking-cancel", args=[booking.pk])).status_code == 404
    assert browser.post(reverse("activities:volunteer-remove", args=[assignment.pk])).status_code == 404
    assignment.refresh_from_db()
    assert assignment.state == "confirmed"


def test_staff_see_the_sessions_of_their_organisations_only(client_for):
    own, other = OrganisationFactory(), OrganisationFactory()
    grant = GrantFactory(role=Role.COORDINATOR)
    GrantScopeFactory(grant=grant, organisation=own)
    mine = SessionFactory(activity__programme__lead=own, starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
    SessionFactory(activity__programme__lead=other, starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
    client = client_for(grant.user)
    assert listed(client.get(reverse("activities:session-manage"))) == [mine.pk]


def test_the_week_puts_missing_volunteers_first(monday, client_for, staff):
    then = dt.datetime(2026, 12, 7, 9, tzinfo=dt.UTC)
    full = SessionFactory(starts_at=then, volunteer_places=1)
    AssignmentFactory(session=full)
    missing = SessionFactory(starts_at=then + dt.timedelta(days=3))
    SessionFactory(starts_at=then + dt.timedelta(days=7))
    client = client_for(staff)
    url = reverse("activities:session-manage") + "?week=2026-12-09"
    assert listed(client.get(url)) == [missing.pk, full.pk]
    assert listed(client.get(url + "&missing=on")) == [missing.pk]


def test_uncounted_sessions_are_found(client_for, staff):
    forgotten = SessionFactory(past=True)
    long_ago = timezone.now() - dt.timedelta(days=3 * 365 + 1)
    SessionFactory(starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1))  # nobody remembers
    HeadcountFactory(session=SessionFactory(past=True))
    SessionFactory()
    response = client_for(staff).get(reverse("activities:session-manage") + "?view=uncounted")
    assert listed(response) == [forgotten.pk]


def edit_data(session, **changes):
    start, end = session.local_start, session.local_end
    return {
        "day": start.date(),
        "starts": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
        "uai": session.school.uai,
        "campus": "",
        "place": session.place,
        "online_url": "",
        "contact_on_site": "",
        "briefing": "",
        "seats": session.seats,
        "volunteer_places": session.volunteer_places,
    } | changes


def test_staff_move_a_session_and_refusals_stand_at_the_field(client_for, staff, center):
    session = SessionFactory(activity__programme__lead=center)
    AssignmentFactory(session=session)
    client, url = client_for(staff), reverse("activities:session-edit", args=[session.pk])
    day = session.local_start.date() + dt.timedelta(days=1)
    answer = client.post(url, edit_data(session, day=day, starts="14:00", ends="16:00"))
    assert answer.status_code == 302
    session.refresh_from_db()
    assert (session.local_start.date(), f"{session.local_start:%H:%M}", session.version) == (day, "14:00", 2)
    answer = client.post(url, edit_data(session, volunteer_places=0))
    assert answer.context["form"].errors == {
        "volunteer_places": ["1 volunteers are confirmed: withdraw some of them first."]
    }
    answer = client.post(url, edit_data(session, day="2020-01-01"))
    assert list(answer.context["form"].errors) == ["day"]


def test_staff_plan_a_session_in_a_school(client_for, staff, center):
    activity, school = ActivityFactory(programme__lead=center), SchoolFactory()
    day = timezone.localdate() + dt.timedelta(days=3)
    data = {"day": day, "starts": "10:00", "ends": "12:00", "uai": school.uai, "seats": 60, "volunteer_places": 3}
    answer = client_for(staff).post(reverse("activities:session-new", args=[activity.pk]), data)
    session = activity.sessions.get()
    assert answer.url == session.get_absolute_url()
    assert (session.school, session.seats, session.volunteer_places) == (school, 60, 3)


def test_staff_invite_replace_and_remove(client_for, staff, center):
    session = SessionFactory(activity__programme__lead=center, volunteer_places=1)
    confirmed = AssignmentFactory(session=session)
    newcomer = VolunteerFactory(last_name="Évariste")
    client, people = client_for(staff), reverse("activities:session-people", args=[session.pk])
    assert list(client.get(people + "?q=evariste").context["found"]) == [newcomer]
    invite = reverse("activities:volunteer-invite", args=[session.pk])
    client.post(invite, {"volunteer": newcomer.pk})
    client.post(invite, {"volunteer": newcomer.pk, "replace": confirmed.pk})
    states = dict(session.assignments.values_list("volunteer", "state"))
    assert states == {confirmed.volunteer_id: "replaced", newcomer.pk: "confirmed"}
    client.post(reverse("activities:volunteer-remove", args=[session.assignments.get(volunteer=newcomer).pk]))
    assert session.assignments.confirmed().count() == 0


def test_staff_add_a_class_over_the_limit_only_with_a_reason(client_for, staff, center):
    session = SessionFactory(activity__programme__lead=center, seats=20)
    known = ClassGroupFactory(
        school=session.school, name="2de É", head_count=30, school_year=session.activity.school_year
    )
    client, url = client_for(staff), reverse("activities:booking-new", args=[session.pk])
    answer = client.post(url, {"uai": session.school.uai, "class_name": "nothing"})
    assert list(answer.context["form"].errors) == ["class_name"]
    client.post(url, {"uai": session.school.uai, "class_name": "2DE e", "override_reason": "salle plus grande"})
    booking = session.bookings.get()
    assert (booking.class_group, booking.stage, booking.override_by) == (known, "confirmed", staff)


def test_a_teacher_sees_the_sessions_of_the_school_and_cancels_a_class(client_for, teacher):
    school = SchoolPostFactory._meta.model.objects.get(contact__user=teacher).school
    own = BookingFactory(
        session=SessionFactory(school=None), class_group=ClassGroupFactory(school=school), booked_by=teacher
    )
    foreign = BookingFactory(session=own.session, class_group=ClassGroupFactory(name="Autre classe"))
    client = client_for(teacher)
    page = client.get(own.session.get_absolute_url()).content.decode()
    assert own.class_group.name in page
    assert "Autre classe" not in page
    assert client.get(reverse("activities:booking-cancel", args=[foreign.pk])).status_code == 404
    client.post(reverse("activities:booking-cancel", args=[own.pk]), {"reason": "date"})
    own.refresh_from_db()
    assert (own.stage, own.reason) == ("withdrawn", "date")
    assert client.get(SessionFactory().get_absolute_url()).status_code == 404


def row_of_list(volunteer):
    school = SchoolFactory(latitude=48.7, longitude=2.2, departement=TerritoryFactory())
    session = SessionFactory(school=school)
    SchoolYearProfileFactory(school=school, priority_education="REP+")
    AssignmentFactory(session=session, volunteer=volunteer, state="applied")
    BookingFactory(session=session)


def own_row(volunteer):
    AssignmentFactory(
        session=SessionFactory(
            past=True, starts_at=dt.datetime(2026, 3, 2 + volunteer.assignments.count(), 9, tzinfo=dt.UTC)
        ),
        volunteer=volunteer,
    )
    AssignmentFactory(volunteer=volunteer, state="applied")


@pytest.mark.parametrize(
    ("name", "row"), [("session-list", row_of_list), ("session-list?view=map", row_of_list), ("my-sessions", own_row)]
)
def test_lists_of_volunteers_cost_the_same_with_more_rows(browser, volunteer, name, row):
    name, _mark, query = name.partition("?")
    url = f"{reverse(f'activities:{name}')}?{query}"
    row(volunteer)
    one = queries(browser, url)
    row(volunteer), row(volunteer)
    assert queries(browser, url) == one


def test_lists_of_staff_cost_the_same_with_more_rows(client_for, staff, center):
    programme = ProgrammeFactory(lead=center)
    activity = ActivityFactory(programme=programme)
    session = SessionFactory(activity=activity, volunteer_places=5, seats=500)
    past = SessionFactory(activity=activity, past=True)

    def rows():
        ActivityFactory(programme=programme)
        SessionFactory(activity=activity)
        SessionFactory(activity=activity, past=True)
        SessionFactory(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30))
        AssignmentFactory(session=session)
        AssignmentFactory(session=session, state="applied")
        BookingFactory(session=session, booked_by=staff)
        HeadcountFactory(session=past)
        ProgrammeFactory()
        VolunteerFactory(last_name="Zoé")

    urls = [
        reverse("activities:session-manage"),
        reverse("activities:session-manage") + "?view=uncounted",
        reverse("activities:session-people", args=[session.pk]) + "?q=zoe",
        reverse("activities:session-detail", args=[session.pk]),
        reverse("activities:session-detail", args=[past.pk]),
        reverse("activities:programme-list"),
        programme.get_absolute_url(),
        activity.get_absolute_url(),
    ]
    client = client_for(staff)
    rows()
    one = [queries(client, url) for url in urls]
    rows(), rows()
    assert [queries(client, url) for url in urls] == one


SCRIPTS = {"HX-Request": "true"}


def test_with_scripts_only_the_card_or_the_end_of_the_row_comes_back(browser):
    one, two = SessionFactory(), SessionFactory(starts_at=timezone.now() + dt.timedelta(days=30), volunteer_places=0)
    card = browser.post(
        reverse("activities:session-join", args=[one.pk]), headers=SCRIPTS | {"HX-Target": "part"}
    ).content.decode()
    assert card.lstrip().startswith('<section class="card card-next stack" id="part"')
    assert "See the team and all facts" in card
    row = browser.post(
        reverse("activities:session-join", args=[two.pk]), headers=SCRIPTS | {"HX-Target": f"end-{two.pk}"}
    ).content.decode()
    assert row.lstrip().startswith(f'<div class="session-end" id="end-{two.pk}" role="status">')
    assert "You are in line" in row


def test_with_scripts_a_refusal_comes_back_in_its_place(browser):
    session = SessionFactory(activity__required_clearances=["honorability"])
    url = reverse("activities:session-join", args=[session.pk])
    for target in ("part", f"end-{session.pk}"):
        piece = browser.post(url, headers=SCRIPTS | {"HX-Target": target}).content.decode()
        assert "safeguarding certificate" in piece
        assert "<form" not in piece


def test_signing_up_stays_lean(browser, django_assert_num_queries):
    """Five hundred people press this button in the same minute: each question more is paid five hundred times."""
    session = SessionFactory(volunteer_places=1)
    AssignmentFactory(session=session)
    with django_assert_num_queries(12):  # two of them are the savepoint that stands for the transaction
        browser.post(reverse("activities:session-join", args=[session.pk]), headers=SCRIPTS | {"HX-Target": "part"})
    assert session.assignments.in_line().count() == 1
