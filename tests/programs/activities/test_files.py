"""Sessions, bookings, presence, counts and volunteers travel in files: by the names that people know, through the same
actions as the pages, looked at first, and a bad line refuses only itself."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.accounts.roles import Role
from participants.correspondence.models import Message
from participants.people.models import Look
from programs.activities.models import Assignment, Attendance, Booking, Headcount, Session
from programs.activities.resources import (
    AssignmentResource,
    AttendanceResource,
    BookingResource,
    HeadcountResource,
    SessionResource,
)
from tests.factories.accounts import GrantFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    GuestFactory,
    HeadcountFactory,
    PeriodLockFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianshipFactory,
    SchoolPostFactory,
    VolunteerFactory,
)
from tests.harness.files import comes_back_the_same, leave, lines, send, take, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
DAY = dt.timedelta(days=1)
TEXTS = st.text("aé=+-@'\";,|<& ", max_size=8).map(str.strip)


@pytest.fixture
def coordinator():
    """Of one organisation."""
    grant = GrantFactory(role=Role.COORDINATOR, user__language="en")
    GrantScopeFactory(grant=grant, organisation=OrganisationFactory(name="Ours"))
    return grant.user


@pytest.fixture
def activity(coordinator):
    ours = coordinator.grants.get().scopes.get().organisation
    return ActivityFactory(programme__lead=ours, programme__code="cordee", organisation=ours, title_fr="Robots")


@pytest.fixture
def office(coordinator, client_for, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return client_for(coordinator)


def session_of(activity, *, days=10, **facts):
    """At two o'clock in Paris, so many days from now."""
    start = dt.datetime(2026, 11, 23, 14, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")) + days * DAY
    return SessionFactory(activity=activity, starts_at=start, **facts)


def at(session, **cells):
    """The cells by which a line names a session."""
    start = session.local_start.strftime("%Y-%m-%d %H:%M")
    return {"activity": "Robots", "starts_at": start, "school_uai": session.school.uai} | cells


def agreeing(session, **facts):
    """A pupil in the school of the session, booked there, whose family agreed that they take part."""
    pupil = EnrolmentFactory(school=session.school, **{f"pupil__{name}": fact for name, fact in facts.items()}).pupil
    guardian = GuardianshipFactory(pupil=pupil).guardian
    ConsentFactory(pupil=pupil, guardian=guardian, said_at=dt.datetime(2026, 9, 15, 12, tzinfo=dt.UTC))
    AttendanceFactory(session=session_of(session.activity, days=-20), pupil=pupil)
    pupil.refresh_from_db()
    return pupil


def pupil_cells(pupil, school):
    return {
        "pupil_last_name": pupil.last_name,
        "pupil_first_name": pupil.first_name,
        "pupil_birth_date": pupil.birth_date.isoformat(),
        "pupil_uai": school.uai,
    }


# --- What leaves comes back the same ------------------------------------------------------------------------------------


@settings(max_examples=12)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(-30, 60),
            st.times(dt.time(7), dt.time(20)).map(lambda time: time.replace(microsecond=0)),
            st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Martinique"]),
            st.sampled_from(["school", "campus", "nowhere"]),
            st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=3).map("\r\n".join).map(str.strip)),
            st.integers(0, 90),
        ),
        max_size=4,
        unique_by=lambda row: row[0],
    )
)
def test_sessions_that_leave_come_back_the_same(rows, activity, coordinator):
    Session.objects.all().delete()
    for days, time, zone, where, (place, contact, briefing), seats in rows:
        start = dt.datetime.combine(dt.date(2026, 11, 23) + days * DAY, time, zoneinfo.ZoneInfo(zone))
        SessionFactory(
            activity=activity,
            starts_at=start,
            zone=zone,
            place=place,
            contact_on_site=contact,
            briefing=briefing,
            seats=seats,
            school=SchoolFactory() if where == "school" else None,
            campus=OrganisationFactory() if where == "campus" else None,
        )
    SessionFactory()
    assert comes_back_the_same(SessionResource, coordinator) == len(rows)


@settings(max_examples=8)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["confirmed", "waitlisted", "cancelled", "withdrawn"]),
            st.integers(1, 20),
            st.booleans(),
            st.integers(-20, 20).filter(bool),
        ),
        max_size=4,
    )
)
def test_bookings_that_leave_come_back_the_same(rows, activity, coordinator):
    Booking.objects.all().delete()
    Attendance.objects.all().delete()
    for number, (stage, seats, is_pupil, days) in enumerate(rows):
        session = session_of(activity, days=days)
        group = ClassGroupFactory(school=session.school, name=f"2de ={number}")
        guest = {"pupil": agreeing(session), "class_group": None, "seats": 1} if is_pupil else {"seats": seats}
        BookingFactory(**{"session": session, "class_group": group, "stage": stage} | guest)
        # Ended once, and booked again since.
        if stage == "confirmed":
            earlier = dt.datetime(2026, 9, 1, 8, 30, tzinfo=dt.UTC)
            BookingFactory(
                **{"session": session, "class_group": group} | guest | {"stage": "cancelled"}, booked_at=earlier
            )
    # Strangers, and the open public, whose address stays here.
    BookingFactory()
    BookingFactory(session=session_of(activity, days=30), class_group=None, guest=GuestFactory())
    count = len(rows) + sum(stage == "confirmed" for stage, *_rest in rows)
    assert comes_back_the_same(BookingResource, coordinator) == count


@settings(max_examples=8)
@given(rows=st.lists(st.tuples(st.sampled_from(Attendance.Status.values), st.integers(1, 120)), max_size=4))
def test_presence_that_leaves_comes_back_the_same(rows, activity, coordinator):
    Attendance.objects.all().delete()
    session = session_of(activity)
    for status, minutes in rows:
        pupil = agreeing(session, first_name="=Zoé")
        Attendance.objects.filter(pupil=pupil).update(
            status=status, minutes=minutes if status in Attendance.WAS_THERE else 0
        )
    AttendanceFactory()
    assert comes_back_the_same(AttendanceResource, coordinator) == len(rows)


def test_counts_and_volunteers_that_leave_come_back_the_same(activity, coordinator):
    session = session_of(activity, days=-10)
    HeadcountFactory(session=session, class_group=ClassGroupFactory(school=session.school))
    HeadcountFactory(session=session, class_group=None, level="unknown"), HeadcountFactory()
    ours = coordinator.grants.get().scopes.get().organisation
    for state in ("invited", "applied", "confirmed", "withdrawn"):
        AssignmentFactory(session=session_of(activity), volunteer=VolunteerFactory(member_school=ours), state=state)
    AssignmentFactory()
    assert comes_back_the_same(HeadcountResource, coordinator) == 2
    assert comes_back_the_same(AssignmentResource, coordinator) == 4


def test_a_file_that_went_through_the_browser_comes_back_the_same(office, activity):
    session_of(activity, place="=1+1", briefing="Entrée\r\nBâtiment B")
    text = leave(office, "activities_session")
    assert "'=1+1" in text
    page = send(office, "activities_session", text)
    assert [row.import_type for row in page.context["result"].rows] == ["skip"]
    assert Session.objects.get().version == 1


# --- Sessions -----------------------------------------------------------------------------------------------------------


def test_sessions_come_in_by_title_hour_and_uai(office, activity, coordinator):
    school, campus = SchoolFactory(), OrganisationFactory(name="Campus")
    text = lines(
        {"activity": "robots", "starts_at": "03/12/2026 14:00", "ends_at": "2026-12-03 16:00", "school_uai": school.uai},
        {"activity": "Robots", "starts_at": "2026-12-04 09:00", "ends_at": "2026-12-04 10:30", "zone": "Indian/Reunion",
         "campus": campus.name, "seats": "40", "volunteer_places": "5"},
        {"activity": "Robots", "starts_at": "2027-12-04 09:00", "ends_at": "2027-12-04 10:30"},
    )  # fmt: skip
    preview = send(office, "activities_session", text, confirm=False)
    assert not Session.objects.exists()
    kinds = [row.import_type for row in preview.context["result"].rows]
    assert kinds == ["new", "new", "skip"]
    assert "activity: You run no activity of this title in 2027-2028: check title, programme and date." in preview.text
    send(office, "activities_session", text)
    one, other = Session.objects.order_by("starts_at")
    assert (one.school, str(one.local_start), one.minutes, one.volunteer_places) == (
        *(school, "2026-12-03 14:00:00+01:00", 120),
        activity.volunteers_needed,
    )
    assert (other.campus, str(other.local_start), other.seats, other.volunteer_places) == (
        *(campus, "2026-12-04 09:00:00+04:00", 40, 5),
    )
    assert take(SessionResource, coordinator, text)[:2] == [("skip", ""), ("skip", "")]


def test_a_changed_line_changes_the_session_and_tells_those_who_come(activity, coordinator, letters):
    session = session_of(activity)
    AssignmentFactory(session=session)
    text = lines(at(session, place="Amphi 2", seats="70"))
    assert take(SessionResource, coordinator, text) == [("update", "")]
    session.refresh_from_db()
    assert (session.place, session.seats, session.version) == ("Amphi 2", 70, 2)
    assert {occasion for occasion, _who in letters(about=session)} >= {"volunteer_moved"}
    calls_off = lines(at(session, state="cancelled", state_reason="Neige"))
    assert take(SessionResource, coordinator, calls_off) == [("update", "")]
    session.refresh_from_db()
    assert (session.state, session.state_reason) == ("cancelled", "Neige")
    assert take(SessionResource, coordinator, calls_off) == [("skip", "")]


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        ({"starts_at": "demain"}, "starts_at: “demain” is no day and hour: write it like 2026-11-23 14:30."),
        ({"activity": "Autre"}, "You run no activity of this title"),
        ({"activity": "Theirs"}, "You run no activity of this title"),
        ({"school_uai": "0000000X"}, "school_uai: “0000000X” is not known here: check it."),
        ({"state": "gone"}, "state: “gone” is not an answer. Write one of: planned, cancelled, not_held."),
        ({"seats": "beaucoup"}, "seats: Enter a whole number."),
        ({"ends_at": "2026-12-03 13:00"}, "ends_at: The session ends before it starts."),
        ({"volunteer_places": "0"}, "volunteer_places: 1 volunteers are confirmed: withdraw some of them first."),
        ({"state": "cancelled"}, "reason: Say why: everybody concerned will read it."),
    ],
)
def test_a_bad_line_about_a_session_says_the_column_and_the_remedy(cells, remark, activity, coordinator):
    ActivityFactory(title_fr="Theirs")
    session, other = session_of(activity), session_of(activity, days=11)
    AssignmentFactory(session=session)
    bad, good = take(SessionResource, coordinator, lines(at(session) | cells, at(other, seats="61")))
    assert bad[0] == "skip"
    assert remark in bad[1]
    assert good == ("update", "")
    other.refresh_from_db()
    assert other.seats == 61


# --- Bookings -----------------------------------------------------------------------------------------------------------


def classes(session, count):
    return [
        at(session, class_uai=session.school.uai, class_group=ClassGroupFactory(school=session.school, name=f"2de {n}").name)
        | {"seats": "30", "stage": "confirmed"}
        for n in range(count)
    ]  # fmt: skip


def stages(session):
    return list(session.bookings.order_by("pk").values_list("stage", flat=True))


def test_a_class_without_room_stands_in_line_and_the_preview_says_so(office, activity, coordinator):
    session = session_of(activity, seats=60)
    text = lines(*classes(session, 3))
    preview = send(office, "activities_booking", text, confirm=False)
    assert [
        row.diff[preview.context["result"].diff_headers.index("stage")] for row in preview.context["result"].rows
    ] == [*("confirmed", "confirmed", "waitlisted")]
    assert not Booking.objects.exists()
    assert not Message.objects.exists()
    send(office, "activities_booking", text)
    assert stages(session) == ["confirmed", "confirmed", "waitlisted"]
    assert take(BookingResource, coordinator, text) == [("skip", "")] * 3


def test_a_booking_that_ends_by_file_offers_its_seats_to_the_next(activity, coordinator):
    session = session_of(activity, seats=60)
    rows = classes(session, 3)
    take(BookingResource, coordinator, lines(*rows))
    ends = lines(rows[0] | {"stage": "cancelled", "reason": "illness"})
    assert take(BookingResource, coordinator, ends) == [("update", "")]
    # Whoever booked and ends it withdraws.
    assert stages(session) == ["withdrawn", "confirmed", "offered"]
    assert session.bookings.earliest("pk").reason == "illness"
    assert take(BookingResource, coordinator, ends) == [("skip", "")]
    again = take(BookingResource, coordinator, lines(rows[0]))
    assert again == [("skip", "stage: This booking ended. To book again, go to the page of the session.")]


def test_the_mail_goes_to_who_speaks_for_the_class(activity, coordinator, letters):
    session = session_of(activity)
    contact = SchoolPostFactory(school=session.school, verified=True).contact.user
    (row,) = classes(session, 1)
    take(BookingResource, coordinator, lines(row | {"contact": contact.email.upper()}))
    assert session.bookings.get().booked_by == contact
    assert {who for _occasion, who in letters()} == {contact}


def test_over_the_limit_only_with_a_reason(activity, coordinator):
    session = session_of(activity, seats=10)
    (row,) = classes(session, 1)
    take(BookingResource, coordinator, lines(row | {"override_reason": "La proviseure y tient"}))
    booking = session.bookings.get()
    assert (booking.stage, booking.override_by) == ("confirmed", coordinator)


def test_a_pupil_is_booked_for_a_whole_activity(activity, coordinator):
    activity.seats = 1
    activity.save()
    session = session_of(activity)
    pupil, stranger = agreeing(session), EnrolmentFactory(school=session.school).pupil
    whole = {"activity": "Robots", "school_year": "2026-2027", "stage": "confirmed"}
    known, unknown = take(
        BookingResource,
        coordinator,
        lines(whole | pupil_cells(pupil, session.school), whole | pupil_cells(stranger, session.school)),
    )
    assert known == ("new", "")
    assert "You follow no pupil of this name and date of birth in this school" in unknown[1]
    booking = activity.bookings.get()
    assert (booking.pupil, booking.seats, booking.stage) == (pupil, 1, "confirmed")


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        ({"class_group": "Terminale Z"}, "class_group: This school has no such class in 2026-2027"),
        ({"class_group": ""}, "class_group: Name either a class or one pupil"),
        ({"starts_at": "2026-12-03 15:00"}, "starts_at: No session of this activity begins then and there"),
        ({"starts_at": ""}, "starts_at: Say when the session starts, or the school year of the activity."),
        ({"seats": "12"}, "seats: A booking keeps its seats: cancel it, then book again."),
        ({"contact": "nobody@example.org", "class_group": "2de 1"}, "contact: Nobody of this address speaks for a school"),
        ({"class_group": "2de 1", "stage": "cancelled"}, "stage: There is no booking to end: leave the line out."),
    ],
)  # fmt: skip
def test_a_bad_line_about_a_booking_says_the_column_and_the_remedy(cells, remark, activity, coordinator):
    session = session_of(activity)
    first, _second, third = classes(session, 3)
    take(BookingResource, coordinator, lines(first))
    bad, good = take(BookingResource, coordinator, lines(first | cells, third | {"seats": "20"}))
    assert bad[0] == "skip"
    assert remark in bad[1]
    assert good == ("new", "")
    assert session.bookings.count() == 2


# --- Presence -----------------------------------------------------------------------------------------------------------


def test_presence_comes_in_by_name_and_leaves_with_the_agreement_of_the_family(office, activity, coordinator):
    session = session_of(activity, days=-5)
    pupil, silent = agreeing(session, last_name="Oui"), agreeing(session, last_name="Silence")
    silent.consents.all().delete()
    text = lines(
        at(session, status="late", minutes="90") | pupil_cells(pupil, session.school),
        at(session, status="present") | pupil_cells(silent, session.school),
        at(session, status="present", minutes="500") | pupil_cells(silent, session.school),
    )
    page = send(office, "activities_attendance", text)
    assert "Nobody can stay longer than the session lasts." in page.text
    assert dict(session.attendances.values_list("pupil__last_name", "minutes")) == {"Oui": 90, "Silence": 120}
    file = leave(office, "activities_attendance")
    assert "Oui" in file
    assert "Silence" not in file
    assert list(Look.objects.filter(user=coordinator, what="export").values_list("pupil", flat=True)) == [pupil.pk]


def test_a_closed_period_stays_closed(activity, coordinator):
    session = session_of(activity, days=-5)
    pupil = agreeing(session)
    PeriodLockFactory(starts_on=session.starts_at.date(), ends_on=session.starts_at.date())
    text = lines(at(session, status="present") | pupil_cells(pupil, session.school))
    assert "The counts of this period are closed" in take(AttendanceResource, coordinator, text)[0][1]
    assert not session.attendances.exists()


def test_a_line_of_counts_leaves_the_other_counts_alone(activity, coordinator):
    session = session_of(activity, days=-5)
    group = ClassGroupFactory(school=session.school, name="2de 1")
    HeadcountFactory(session=session, class_group=None, level="unknown", total=9, girls=0, boys=0)
    row = at(session, class_uai=session.school.uai, class_group="2DE 1", total="28", girls="15")
    assert take(HeadcountResource, coordinator, lines(row)) == [("new", "")]
    counts = set(Headcount.objects.values_list("class_group", "level", "total", "girls", "source"))
    assert counts == {(None, "unknown", 9, 0, "school"), (group.pk, "2GT", 28, 15, "staff")}
    more = take(HeadcountResource, coordinator, lines(row | {"girls": "29"}))
    assert more == [("skip", "Girls and boys together are more than the total.")]


# --- Volunteers ---------------------------------------------------------------------------------------------------------


def test_volunteers_come_in_by_address_and_nobody_is_in_two_places(activity, coordinator):
    ours = coordinator.grants.get().scopes.get().organisation
    ben, lea, busy = (VolunteerFactory(member_school=ours) for _n in range(3))
    theirs = VolunteerFactory()
    session = session_of(activity, volunteer_places=1)
    AssignmentFactory(session=session_of(activity), volunteer=busy)
    text = lines(*(at(session, volunteer=who.user.email, state="confirmed") for who in (ben, lea, busy, theirs)))
    outcome = take(AssignmentResource, coordinator, text)
    assert [kind for kind, _remark in outcome] == ["new", "new", "skip", "skip"]
    assert "Withdraw from it first." in outcome[2][1]
    assert outcome[3][1] == "volunteer: You follow no volunteer of this address: check it."
    assert dict(session.assignments.values_list("volunteer", "state")) == {ben.pk: "confirmed", lea.pk: "applied"}
    leaves = lines(at(session, volunteer=ben.user.email, state="withdrawn"))
    assert take(AssignmentResource, coordinator, leaves) == [("update", "")]
    assert Assignment.objects.get(session=session, volunteer=lea).state == "confirmed"
    assert take(AssignmentResource, coordinator, leaves) == [("skip", "")]


# --- Whose -------------------------------------------------------------------------------------------------------------


def test_a_stranger_reaches_nothing_of_others_by_file(activity, coordinator):
    session = session_of(activity, seats=60)
    rows = classes(session, 1)
    take(BookingResource, coordinator, lines(*rows))
    grant = GrantFactory(role=Role.COORDINATOR)
    GrantScopeFactory(grant=grant, organisation=OrganisationFactory())
    remark = "activity: You run no activity of this title in 2026-2027: check title, programme and date."
    for resource, row in (
        (SessionResource, at(session, seats="1")),
        (BookingResource, rows[0] | {"stage": "cancelled"}),
    ):
        assert take(resource, grant.user, lines(row)) == [("skip", remark)]
    assert stages(session) == ["confirmed"]
    assert written(SessionResource, grant.user).splitlines()[1:] == []


@pytest.mark.parametrize("table", ["session", "booking", "attendance", "headcount", "assignment"])
def test_who_runs_one_programme_works_on_the_pages(table, client_for):
    client = client_for(GrantFactory(role=Role.PROGRAMME_MANAGER).user)
    assert client.get(f"/office/activities/{table}/import/").status_code == 403
    assert client.get(f"/office/activities/{table}/").status_code == 200


def test_a_file_without_a_needed_column_or_with_too_many_lines_is_refused_whole(office, activity, monkeypatch):
    page = send(office, "activities_booking", "seats\n3\n", confirm=False)
    assert "These columns are missing: activity. Add them and send the file again." in page.text
    assert "Traceback" not in page.text
    monkeypatch.setattr("participants.accounts.travel.ActedResource.most_lines", 1)
    page = send(
        office, "activities_session", lines({"activity": "a", "starts_at": ""}, {"activity": "b"}), confirm=False
    )
    assert "At most 1 lines at once: split it." in page.text
