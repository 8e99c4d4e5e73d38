"""Limits that bind bookings together, the line that waits at them, and the offers that lead out of it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence.letters import compose
from participants.correspondence.models import Message
from participants.correspondence.occasions import Pointless
from programs.activities import actions, limits, priority
from programs.activities.models import Booking, Session
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    BookingFactory,
    GuestFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory, SchoolFactory, SchoolYearProfileFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianshipFactory, PupilFactory, VolunteerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HOUR = dt.timedelta(hours=1)


def booked(session, *, by=None, **whom):
    whom = whom or {"class_group": ClassGroupFactory(head_count=10)}
    return actions.book(session=session, by=by, **whom)


def guest(seats=1, **facts):
    return {"guest": GuestFactory(**facts), "seats": seats}


def codes(booking):
    booking.refresh_from_db()
    return [block.code for block in limits.blocking(booking.place, booking)]


def stage(booking):
    booking.refresh_from_db()
    return booking.stage


def set_places(activity, quotas=(), priorities=None, **rules):
    return actions.set_places(activity=activity, by=None, quotas=quotas, priorities=priorities or {}, **rules)


# --- limits


def test_without_a_limit_of_the_activity_only_the_date_binds():
    session = SessionFactory(seats=20)
    assert [stage(booked(session)) for _number in range(3)] == ["confirmed", "confirmed", "waitlisted"]


def test_all_dates_together():
    activity = ActivityFactory(seats_in_all=25)
    one, two = SessionFactory(activity=activity), SessionFactory(activity=activity)
    first, second, third = booked(one), booked(two), booked(two)
    assert (stage(first), stage(second), stage(third), codes(third)) == (
        "confirmed",
        "confirmed",
        "waitlisted",
        ["all"],
    )
    actions.cancel_booking(booking=first, by=None)
    assert stage(third) == "offered"


def test_a_date_that_does_not_take_place_holds_nobody():
    activity = ActivityFactory(seats_in_all=10)
    one, two = SessionFactory(activity=activity), SessionFactory(activity=activity)
    booked(one)
    waiting = booked(two)
    actions.cancel_session(session=one, reason="grève", by=None)
    assert stage(waiting) == "offered"


def test_one_school_holds_no_more_than_its_share():
    school, activity = SchoolFactory(), ActivityFactory(school_cap=15)
    session = SessionFactory(activity=activity)
    booked(session, class_group=ClassGroupFactory(school=school, head_count=10))
    second = booked(session, class_group=ClassGroupFactory(school=school, head_count=10))
    pupil = EnrolmentFactory(school=school, school_year=activity.school_year).pupil
    other = booked(session)
    assert (codes(second), stage(other), stage(booked(session, pupil=pupil))) == (["school"], "confirmed", "confirmed")
    assert [str(block) for block in limits.blocking(session, second)] == [
        "seats for one school: 10 needed, 4 free of 15. A booking of the same school that is given back frees seats, or "
        "the team raises the limit."
    ]


def test_a_quota_of_levels_binds_its_levels_only():
    session = SessionFactory()
    set_places(session.activity, quotas=[(["3E", "2GT"], 12)])
    for level in ("3E", "2GT", "TG"):
        booking = booked(session, class_group=ClassGroupFactory(level=level, head_count=10))
        assert (level, stage(booking)) == (level, "waitlisted" if level == "2GT" else "confirmed")


def test_several_limits_are_all_named():
    school, activity = SchoolFactory(), ActivityFactory(school_cap=5, seats_in_all=5)
    set_places(activity, quotas=[(["2GT"], 5)], school_cap=5, seats_in_all=5)
    session = SessionFactory(activity=activity, seats=5)
    booking = booked(session, class_group=ClassGroupFactory(school=school, level="2GT", head_count=6))
    [quota] = activity.quotas.all()
    assert codes(booking) == ["place", "all", "school", f"level-{quota.pk}"]


def test_pupils_wait_for_two_adults_and_the_second_frees_them(cleo, django_capture_on_commit_callbacks):
    session = SessionFactory(activity=ActivityFactory(needs_two_adults=True), volunteer_places=2)
    pupil, a_class = booked(session, pupil=PupilFactory()), booked(session)
    assert (stage(pupil), codes(pupil), stage(a_class)) == ("waitlisted", ["adults"], "confirmed")
    actions.sign_up(session=session, volunteer=VolunteerFactory())
    assert stage(pupil) == "waitlisted"
    with django_capture_on_commit_callbacks(execute=True):
        second = actions.sign_up(session=session, volunteer=VolunteerFactory())
    assert stage(pupil) == "offered"
    actions.withdraw(assignment=second, by=cleo)
    assert actions.accept_offer(booking=pupil).stage == "waitlisted"
    actions.resize(session=session, staff_adults=1, by=cleo)
    assert stage(pupil) == "offered"
    assert actions.accept_offer(booking=pupil).stage == "confirmed"


def test_a_seat_that_a_pupil_cannot_take_goes_to_whoever_can(cleo):
    session = SessionFactory(
        activity=ActivityFactory(needs_two_adults=True), volunteer_places=2, staff_adults=1, seats=1
    )
    seated = booked(session, **guest(is_proven=True))
    second = actions.sign_up(session=session, volunteer=VolunteerFactory())
    pupil, behind = booked(session, pupil=PupilFactory()), booked(session, **guest(is_proven=True))
    actions.cancel_booking(booking=seated, by=None)
    assert (stage(pupil), stage(behind)) == ("offered", "waitlisted")
    actions.withdraw(assignment=second, by=cleo)
    actions.accept_offer(booking=pupil)
    assert (stage(pupil), stage(behind)) == ("waitlisted", "offered")


def test_an_invited_volunteer_counts_when_accepting(django_capture_on_commit_callbacks):
    session = SessionFactory(activity=ActivityFactory(needs_two_adults=True), volunteer_places=2, staff_adults=1)
    pupil = booked(session, pupil=PupilFactory())
    invited = AssignmentFactory(session=session, state="invited")
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept(assignment=invited, by=invited.volunteer.user)
    assert stage(pupil) == "offered"


def test_whom_a_killed_worker_forgot_the_clock_lets_in():
    session = SessionFactory(activity=ActivityFactory(needs_two_adults=True), volunteer_places=2, staff_adults=1)
    pupil = booked(session, pupil=PupilFactory())
    actions.sign_up(session=session, volunteer=VolunteerFactory())  # what follows the commit never runs here
    assert stage(pupil) == "waitlisted"
    actions.pass_on_offers()
    assert stage(pupil) == "offered"


def test_a_series_waits_for_the_adults_of_its_next_date():
    activity = ActivityFactory(needs_two_adults=True, seats=5)
    waiting = actions.book(activity=activity, pupil=PupilFactory(), by=None)
    assert codes(waiting) == ["adults"]
    SessionFactory(activity=activity, staff_adults=2)
    actions.pass_on_offers()
    assert stage(waiting) == "offered"


def test_seats_given_over_a_limit_count_in_none(cleo):
    activity = ActivityFactory(school_cap=15, seats_in_all=100)
    session, school = SessionFactory(activity=activity), SchoolFactory()
    over = booked(session, by=cleo, class_group=ClassGroupFactory(school=school, head_count=10))
    assert over.override_reason == ""
    more = actions.book(
        session=session,
        class_group=ClassGroupFactory(school=school, head_count=10),
        by=cleo,
        override_reason="deux classes jumelles",
    )
    assert (more.stage, more.override_by) == ("confirmed", cleo)
    held = limits.Held(activity)
    assert (held.of_school(school.pk), held.all()) == (10, 10)


def test_no_limit_sinks_below_what_is_held():
    school, activity = SchoolFactory(), ActivityFactory()
    session = SessionFactory(activity=activity)
    booked(session, class_group=ClassGroupFactory(school=school, level="2GT", head_count=10))
    wrong = ({"school_cap": 9}, {"seats_in_all": 9}, {"quotas": [(["2GT"], 9)]})
    for rule in wrong:
        with pytest.raises(ValidationError, match="10 are held already"):
            set_places(activity, **rule)
    activity.refresh_from_db()
    assert (activity.school_cap, activity.seats_in_all, activity.quotas.count()) == (None, None, 0)
    set_places(activity, school_cap=10, seats_in_all=10, quotas=[(["2GT"], 10)])
    assert limits.Held(activity).all() == 10


# --- order


def test_points_come_first_then_time_and_unknown_counts_as_no():
    activity = ActivityFactory(seats=1)
    set_places(activity, priorities={"scholarship": 3, "neighbourhood": 2})
    year = activity.school_year
    known = {"scholarship_source": "school", "scholarship_on": timezone.localdate()}
    actions.book(activity=activity, pupil=PupilFactory(), by=None)
    unknown = EnrolmentFactory(school_year=year)
    refused = EnrolmentFactory(school_year=year, scholarship="no", **known)
    holder = EnrolmentFactory(school_year=year, scholarship="yes", **known)
    line = [actions.book(activity=activity, pupil=row.pupil, by=None) for row in (unknown, refused, holder)]
    assert [booking.priority for booking in line] == [0, 0, 3]
    assert list(activity.bookings.in_line()) == [line[2], line[0], line[1]]
    assert [limits.place_in_line(booking) for booking in line] == [2, 3, 1]


def test_what_speaks_for_a_school_counts_for_its_classes(cleo):
    activity = ActivityFactory()
    criteria = {"priority_education": 5, "low_ips": 4, "rural": 3, "never_reached": 2, "scholarship": 9}
    set_places(activity, priorities=criteria)
    rep, plain = SchoolFactory(), SchoolFactory()
    SchoolYearProfileFactory(
        school=rep,
        school_year=activity.school_year,
        priority_education="REP+",
        ips=80,
        ips_series="ap2023",
        ips_quintile=1,
    )
    BookingFactory(session=SessionFactory(past=True), class_group__school=plain, school=plain)
    session = SessionFactory(activity=activity)
    points = [booked(session, class_group=ClassGroupFactory(school=school)).priority for school in (rep, plain)]
    assert points == [11, 0]
    assert priority.in_words(activity)[0] == "scholarship holder: 9 points"


def test_a_new_rule_puts_the_line_in_order(cleo):
    activity = ActivityFactory(seats=1)
    first = actions.book(activity=activity, pupil=PupilFactory(), by=None)
    early = actions.book(activity=activity, pupil=EnrolmentFactory(school_year=activity.school_year).pupil, by=None)
    enrolment = EnrolmentFactory(
        school_year=activity.school_year,
        scholarship="yes",
        scholarship_source="school",
        scholarship_on=timezone.localdate(),
    )
    late = actions.book(activity=activity, pupil=enrolment.pupil, by=None)
    set_places(activity, priorities={"scholarship": 1})
    actions.cancel_booking(booking=first, by=cleo)
    assert (stage(early), stage(late)) == ("waitlisted", "offered")


# --- offers


@pytest.fixture
def line():
    """A date of one seat: taken, and three guests who wait."""
    session = SessionFactory(seats=1, activity=ActivityFactory(offer_hours=48, offer_margin_hours=24))
    return [booked(session, **guest(email=f"{name}@example.org")) for name in ("anna", "bea", "carl", "dora")]


def test_a_freed_place_is_offered_to_the_first_and_held(line):
    anna, bea, carl, _dora = line
    actions.cancel_booking(booking=anna, by=None)
    assert (stage(bea), bea.offered_until, stage(carl)) == ("offered", timezone.now() + 48 * HOUR, "waitlisted")
    newcomer = booked(bea.session, **guest(email="emil@example.org"))
    assert stage(newcomer) == "waitlisted"
    assert actions.accept_offer(booking=bea).stage == "confirmed"
    assert actions.accept_offer(booking=bea).stage == "confirmed"


def test_no_passes_it_on_at_once(line):
    anna, bea, carl, _dora = line
    actions.cancel_booking(booking=anna, by=None)
    assert actions.decline_offer(booking=bea).stage == "withdrawn"
    assert (bea.reason, stage(carl)) == ("other", "offered")
    with pytest.raises(ValidationError, match="This offer is over"):
        actions.accept_offer(booking=bea)


def test_silence_passes_it_on_when_the_time_is_over(line, monday):
    anna, bea, carl, dora = line
    actions.cancel_booking(booking=anna, by=None)
    monday.shift(48 * HOUR - dt.timedelta(seconds=1))
    assert (actions.pass_on_offers(), stage(bea)) == (0, "offered")
    monday.shift(dt.timedelta(seconds=1))
    with pytest.raises(ValidationError, match="This offer is over"):
        actions.accept_offer(booking=bea)
    assert actions.pass_on_offers() == 1
    assert (stage(bea), bea.reason, stage(carl), stage(dora)) == ("withdrawn", "no_answer", "offered", "waitlisted")


def test_no_offer_reaches_into_the_margin_before_the_start(line, monday):
    anna, bea, carl, _dora = line
    start = anna.session.starts_at
    monday.move_to(start - 30 * HOUR)
    actions.cancel_booking(booking=anna, by=None)
    assert (stage(bea), bea.offered_until) == ("offered", start - 24 * HOUR)
    monday.move_to(start - 24 * HOUR)
    actions.pass_on_offers()
    assert (stage(bea), stage(carl)) == ("withdrawn", "waitlisted")
    assert codes(carl) == []
    assert limits.waits_for_the_team(carl.session).state == "A place is free, but it is too late for an offer."
    # Nobody who comes now passes the line; the team seats the first without more, another with a reason.
    newcomer = booked(carl.session, **guest(email="emil@example.org"))
    assert stage(newcomer) == "waitlisted"


def test_the_team_seats_by_hand_in_order_or_with_a_reason(line, monday, cleo):
    anna, bea, carl, dora = line
    with pytest.raises(ValidationError, match="1 needed, 0 free of 1"):
        actions.seat_booking(booking=bea, by=cleo)
    assert actions.seat_booking(booking=dora, by=cleo, override_reason="filme la séance").override_by == cleo
    monday.move_to(anna.session.starts_at - 2 * HOUR)
    actions.cancel_booking(booking=anna, by=None)
    with pytest.raises(ValidationError, match="wait longer or have priority"):
        actions.seat_booking(booking=carl, by=cleo)
    assert actions.seat_booking(booking=bea, by=cleo).override_by is None
    with pytest.raises(ValidationError, match="does not wait any more"):
        actions.seat_booking(booking=bea, by=cleo)


def test_seats_given_out_of_turn_count_in_the_limit(line, monday, cleo):
    anna, bea, carl, _dora = line
    monday.move_to(anna.session.starts_at - 2 * HOUR)
    actions.cancel_booking(booking=anna, by=None)
    seated = actions.seat_booking(booking=carl, by=cleo, override_reason="vient de loin")
    assert (seated.override_by, seated.is_out_of_turn) == (cleo, True)
    with pytest.raises(ValidationError, match="1 needed, 0 free of 1"):
        actions.seat_booking(booking=bea, by=cleo)
    over = actions.seat_booking(booking=bea, by=cleo, override_reason="sa sœur vient")
    assert over.is_out_of_turn is False
    session = Session.objects.get(pk=anna.session_id)
    assert (session.seats_taken, session.seats_overridden, session.seats_left) == (2, 1, 0)


def test_a_session_that_moves_nearer_takes_its_offers_along(line, cleo):
    anna, bea, _carl, _dora = line
    actions.cancel_booking(booking=anna, by=None)
    start = timezone.now() + 30 * HOUR
    actions.move_session(session=bea.session, starts_at=start, ends_at=start + HOUR, by=cleo)
    assert (stage(bea), bea.offered_until) == ("offered", start - 24 * HOUR)


def test_an_offer_can_still_be_answered_when_its_session_moves_into_the_margin(line, cleo):
    anna, bea, _carl, _dora = line
    actions.cancel_booking(booking=anna, by=None)
    now = timezone.now()
    actions.move_session(session=bea.session, starts_at=now + 20 * HOUR, ends_at=now + 21 * HOUR, by=cleo)
    assert (stage(bea), bea.offered_until) == ("offered", now + 2 * HOUR)
    actions.pass_on_offers()
    assert stage(bea) == "offered"


def test_saving_an_activity_leaves_the_seats_that_were_booked_meanwhile(cleo):
    activity = ActivityFactory(seats=3)
    actions.book(activity=activity, pupil=PupilFactory(), by=None)
    activity.title_fr = "Camp d’été"  # read before the booking
    activity.save()
    activity.refresh_from_db()
    assert (activity.title_fr, activity.seats_taken) == ("Camp d’été", 1)


def test_a_form_takes_no_seat_away(client_for):
    activity = ActivityFactory(seats=3)
    for _number in range(2):
        actions.book(activity=activity, pupil=PupilFactory(), by=None)
    client = client_for(GrantFactory(role=Role.ADMINISTRATOR, user__language="en").user)
    path = reverse("activities:activity-edit", args=[activity.pk])
    form = client.get(path).context["form"]
    said = {name: "" if (value := form[name].value()) is None else value for name in form.fields} | {"seats": 1}
    answer = client.post(path, said)
    assert answer.context["form"].errors == {"seats": ["2 seats are taken: cancel a booking first."]}
    assert client.post(path, said | {"seats": 2}).status_code == 302
    activity.refresh_from_db()
    assert (activity.seats, activity.seats_taken) == (2, 2)


def test_a_closed_or_past_series_offers_nothing():
    activity = ActivityFactory(seats=1)
    first = actions.book(activity=activity, pupil=PupilFactory(), by=None)
    waiting = actions.book(activity=activity, pupil=PupilFactory(), by=None)
    SessionFactory(activity=activity, past=True)
    actions.cancel_booking(booking=first, by=None)
    assert stage(waiting) == "waitlisted"


def test_places_that_came_free_elsewhere_are_found_by_the_clock(line):
    anna, bea, _carl, _dora = line
    Booking.objects.filter(pk=anna.pk).update(stage="cancelled")
    actions.pass_on_offers()
    assert stage(bea) == "offered"


# --- letters


def told(booking):
    messages = Message.objects.filter(occasion__startswith="activities.place", about=booking.pk).order_by("pk")
    return [
        (message.occasion.removeprefix("activities.place_"), message.address, message.state) for message in messages
    ]


def test_who_waits_is_told_what_blocks_and_then_asked(line, monday):
    anna, bea, _carl, _dora = line
    actions.cancel_booking(booking=anna, by=None)
    monday.shift(49 * HOUR)
    actions.pass_on_offers()
    assert told(anna) == [("confirmed", "anna@example.org", "cancelled")]
    assert told(bea) == [
        ("waiting", "bea@example.org", "cancelled"),
        ("offered", "bea@example.org", "cancelled"),
        ("ended", "bea@example.org", "planned"),
    ]


def test_a_class_that_is_offered_seats_has_its_teacher_asked():
    teacher = GrantFactory(user=UserFactory(email="ada@example.org"), role="school_contact").user
    session = SessionFactory(seats=10)
    first, second = booked(session), booked(session, by=teacher)
    actions.cancel_booking(booking=first, by=None)
    assert (told(first), [what for what, _address, _state in told(second)]) == ([], ["waiting", "offered"])
    actions.accept_offer(booking=second)
    confirmed = Message.objects.filter(occasion="activities.school_confirmed").values_list("address", flat=True)
    assert list(confirmed) == ["ada@example.org"]


def test_a_family_without_account_is_asked_and_a_child_is_not():
    pupil = GuardianshipFactory(guardian__email="eve@example.org").pupil
    alone = PupilFactory(birth_date=dt.date(2009, 1, 1), email="lou@example.org")
    young = PupilFactory(birth_date=dt.date(2015, 1, 1), email="max@example.org")
    session = SessionFactory()
    bookings = [booked(session, pupil=child) for child in (pupil, alone, young)]
    assert [told(booking) for booking in bookings] == [
        [("confirmed", "eve@example.org", "planned")],
        [("confirmed", "lou@example.org", "planned")],
        [],
    ]


def test_families_and_guests_hear_of_a_move_and_an_end(cleo):
    session = SessionFactory()
    anna = booked(session, **guest(email="anna@example.org"))
    start = session.starts_at + HOUR
    actions.move_session(session=session, starts_at=start, ends_at=start + HOUR, by=cleo)
    actions.cancel_session(session=session, reason="grève", by=cleo)
    assert [what for what, _address, _state in told(anna)] == ["confirmed", "moved", "cancelled"]


# --- the word of the family


def test_the_word_of_a_family_binds_the_line_the_offers_and_the_team(cleo):
    session = SessionFactory(seats=1)
    links = [GuardianshipFactory(guardian__email=f"{name}@example.org") for name in ("eve", "zoe", "ida")]
    seated = booked(session, pupil=PupilFactory())
    offered, waiting, last = (booked(session, pupil=link.pupil) for link in links)
    actions.cancel_booking(booking=seated, by=None)
    assert stage(offered) == "offered"
    for link in links[:2]:
        ConsentFactory(pupil=link.pupil, guardian=link.guardian, withdrawn_at=timezone.now())
    assert codes(waiting) == ["place", "agreement"]
    letter = Message.objects.get(occasion="activities.place_offered")
    with pytest.raises(Pointless):
        compose(letter)
    with pytest.raises(ValidationError, match="refused or taken back"):
        actions.accept_offer(booking=offered)
    actions.decline_offer(booking=offered)
    assert (stage(waiting), stage(last)) == ("waitlisted", "offered")
    for act in (
        lambda: actions.seat_booking(booking=waiting, by=cleo, override_reason="parce que"),
        lambda: booked(SessionFactory(), pupil=waiting.pupil, by=cleo, override_reason="parce que"),
    ):
        with pytest.raises(ValidationError, match="Only the family can say yes again"):
            act()
