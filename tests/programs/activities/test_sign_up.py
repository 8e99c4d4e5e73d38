"""How volunteers come into a session, stand in line, step back and take each other's place."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programs.activities import actions
from programs.activities.models import Assignment
from tests.factories.activities import ActivityFactory, AssignmentFactory, SessionFactory
from tests.factories.people import ClearanceFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
State = Assignment.State


def states(session):
    return list(session.assignments.order_by("pk").values_list("volunteer__last_name", "state"))


def refusal(call, **arguments):
    with pytest.raises(ValidationError) as raised:
        call(**arguments)
    return " ".join(raised.value.messages)


@pytest.fixture
def session():
    return SessionFactory(volunteer_places=1)


@pytest.fixture
def ada_v():
    return VolunteerFactory(last_name="Ada")


@pytest.fixture
def ben_v():
    return VolunteerFactory(last_name="Ben")


@pytest.fixture
def eve_v():
    return VolunteerFactory(last_name="Eve")


def test_a_free_place_is_given_and_a_full_session_has_a_line(session, ada_v, ben_v, eve_v, letters):
    for volunteer in (ada_v, ben_v, eve_v):
        actions.sign_up(session=session, volunteer=volunteer)
    assert states(session) == [("Ada", "confirmed"), ("Ben", "applied"), ("Eve", "applied")]
    session.refresh_from_db()
    assert (session.volunteers_confirmed, session.volunteer_places_left) == (1, 0)
    assert [assignment.place_in_line for assignment in session.assignments.in_line()] == [1, 2]
    assert letters() == [
        ("volunteer_confirmed", ada_v.user),
        ("volunteer_reminder", ada_v.user),
        ("volunteer_reminder", ada_v.user),
        ("volunteer_headcount", ada_v.user),
        ("volunteer_in_line", ben_v.user),
        ("volunteer_in_line", eve_v.user),
    ]


def test_signing_up_twice_changes_nothing(session, ada_v, ben_v, letters):
    first = actions.sign_up(session=session, volunteer=ada_v)
    actions.sign_up(session=session, volunteer=ben_v)
    before = letters()
    assert actions.sign_up(session=session, volunteer=ada_v) == first
    assert actions.sign_up(session=session, volunteer=ben_v).state == State.APPLIED
    assert states(session) == [("Ada", "confirmed"), ("Ben", "applied")]
    assert letters() == before


def test_withdrawing_lets_the_next_one_in_at_once(session, ada_v, ben_v, eve_v, letters):
    for volunteer in (ada_v, ben_v, eve_v):
        actions.sign_up(session=session, volunteer=volunteer)
    first = session.assignments.get(volunteer=ada_v)
    actions.withdraw(assignment=first, by=ada_v.user)
    assert states(session) == [("Ada", "withdrawn"), ("Ben", "confirmed"), ("Eve", "applied")]
    assert ("volunteer_promoted", ben_v.user) in letters(state="planned")
    assert letters(state="cancelled") == [
        ("volunteer_confirmed", ada_v.user),
        ("volunteer_reminder", ada_v.user),
        ("volunteer_reminder", ada_v.user),
        ("volunteer_headcount", ada_v.user),
    ]
    assert [who for what, who in letters(state="planned") if what == "volunteer_withdrawn"] == [ada_v.user]


def test_withdrawing_twice_promotes_once(session, ada_v, ben_v, eve_v):
    for volunteer in (ada_v, ben_v, eve_v):
        actions.sign_up(session=session, volunteer=volunteer)
    first = session.assignments.get(volunteer=ada_v)
    for _twice in range(2):
        actions.withdraw(assignment=first, by=ada_v.user)
    assert states(session) == [("Ada", "withdrawn"), ("Ben", "confirmed"), ("Eve", "applied")]


def test_coming_back_after_withdrawing_goes_to_the_end_of_the_line_and_gets_new_reminders(
    session, ada_v, ben_v, letters
):
    first = actions.sign_up(session=session, volunteer=ada_v)
    actions.withdraw(assignment=first, by=ada_v.user)
    again = actions.sign_up(session=session, volunteer=ada_v)
    assert again.state == State.CONFIRMED
    planned = [what for what, who in letters(state="planned")]
    assert planned.count("volunteer_reminder") == 2
    assert planned.count("volunteer_confirmed") == 1
    actions.withdraw(assignment=again, by=ada_v.user)
    actions.sign_up(session=session, volunteer=ben_v)
    assert actions.sign_up(session=session, volunteer=ada_v).state == State.APPLIED


def test_whoever_leaves_the_line_is_not_written_to(session, ada_v, ben_v, letters):
    actions.sign_up(session=session, volunteer=ada_v)
    waiting = actions.sign_up(session=session, volunteer=ben_v)
    actions.withdraw(assignment=waiting, by=ben_v.user)
    assert [what for what, who in letters(state="planned") if who == ben_v.user] == []


def test_promotion_passes_over_who_is_no_volunteer_any_more(session, ada_v, ben_v, eve_v):
    for person in (ada_v, ben_v, eve_v):
        actions.sign_up(session=session, volunteer=person)
    ben_v.ended_on = session.local_start.date() - dt.timedelta(days=1)
    ben_v.save()
    actions.withdraw(assignment=session.assignments.get(volunteer=ada_v), by=ada_v.user)
    assert states(session) == [("Ada", "withdrawn"), ("Ben", "withdrawn"), ("Eve", "confirmed")]


def test_promotion_skips_and_tells_whoever_is_busy_by_now(session, ada_v, ben_v, eve_v, letters):
    for volunteer in (ada_v, ben_v, eve_v):
        actions.sign_up(session=session, volunteer=volunteer)
    elsewhere = SessionFactory(starts_at=session.starts_at + dt.timedelta(minutes=30))
    actions.sign_up(session=elsewhere, volunteer=ben_v)
    actions.withdraw(assignment=session.assignments.get(volunteer=ada_v), by=ada_v.user)
    assert states(session) == [("Ada", "withdrawn"), ("Ben", "withdrawn"), ("Eve", "confirmed")]
    assert letters(about=session, state="planned")[-5:] == [
        ("volunteer_skipped", ben_v.user),
        ("volunteer_promoted", eve_v.user),
        ("volunteer_reminder", eve_v.user),
        ("volunteer_reminder", eve_v.user),
        ("volunteer_headcount", eve_v.user),
    ]


def test_a_clash_is_refused_and_named(session, ada_v):
    other = SessionFactory(
        starts_at=session.starts_at + dt.timedelta(minutes=119), activity__title_fr="Visite", activity__title_en="Visit"
    )
    actions.sign_up(session=other, volunteer=ada_v)
    assert "Visit" in refusal(actions.sign_up, session=session, volunteer=ada_v)
    assert states(session) == []


def test_sessions_that_touch_do_not_clash(session, ada_v):
    after = SessionFactory(starts_at=session.ends_at)
    actions.sign_up(session=session, volunteer=ada_v)
    assert actions.sign_up(session=after, volunteer=ada_v).state == State.CONFIRMED


def test_standing_in_line_is_no_commitment(session, ada_v, ben_v):
    actions.sign_up(session=session, volunteer=ada_v)
    actions.sign_up(session=session, volunteer=ben_v)
    parallel = SessionFactory(starts_at=session.starts_at)
    assert actions.sign_up(session=parallel, volunteer=ben_v).state == State.CONFIRMED


def test_a_cancelled_session_leaves_its_volunteers_free(session, ada_v, cleo):
    actions.sign_up(session=session, volunteer=ada_v)
    actions.cancel_session(session=session, reason="grève", by=cleo)
    parallel = SessionFactory(starts_at=session.starts_at)
    assert actions.sign_up(session=parallel, volunteer=ada_v).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("activity", "facts", "sentence"),
    [
        ({}, {"past": True}, "has begun"),
        ({}, {"state": "cancelled", "state_reason": "x"}, "is cancelled"),
        ({"registration_opens_at": timezone.now() + dt.timedelta(days=2)}, {}, "Registration opens on"),
        ({"registration_closes_at": timezone.now() - dt.timedelta(days=2)}, {}, "Registration is closed"),
        ({"state": "closed"}, {}, "Registration is closed"),
        ({"required_clearances": ["training", "honorability"]}, {}, "safeguarding certificate"),
    ],
)
def test_refusals_say_why(activity, facts, sentence, ada_v):
    ClearanceFactory(volunteer=ada_v, kind="training")
    session = SessionFactory(activity=ActivityFactory(**activity), **facts)
    words = refusal(actions.sign_up, session=session, volunteer=ada_v)
    assert sentence in words
    assert "volunteer training" not in words
    assert states(session) == []


def test_a_clearance_must_hold_on_the_day_of_the_session(ada_v):
    session = SessionFactory(activity__required_clearances=["first_aid"])
    day = session.local_start.date()
    clearance = ClearanceFactory(volunteer=ada_v, kind="first_aid", valid_until=day - dt.timedelta(days=1))
    assert "first aid" in refusal(actions.sign_up, session=session, volunteer=ada_v)
    clearance.valid_until = day
    clearance.save()
    assert actions.sign_up(session=session, volunteer=ada_v).state == State.CONFIRMED


def test_a_volunteer_who_left_or_is_not_recognised_is_refused(session):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    gone = VolunteerFactory(joined_on=yesterday, ended_on=yesterday)
    assert "Your time as a volunteer" in refusal(actions.sign_up, session=session, volunteer=gone)
    unknown = VolunteerFactory(recognised=False)
    assert "not approved" in refusal(actions.sign_up, session=session, volunteer=unknown)


def test_an_invitation_holds_no_place_and_is_answered_once(session, ada_v, ben_v, cleo, letters):
    invitation = actions.invite(session=session, volunteer=ada_v, by=cleo)
    assert actions.invite(session=session, volunteer=ada_v, by=cleo) == invitation
    actions.sign_up(session=session, volunteer=ben_v)
    assert actions.accept(assignment=invitation, by=ada_v.user).state == State.APPLIED
    assert states(session) == [("Ada", "applied"), ("Ben", "confirmed")]
    actions.decline(assignment=invitation, by=ada_v.user)
    assert states(session) == [("Ada", "applied"), ("Ben", "confirmed")]


def test_a_declined_invitation_can_no_longer_be_accepted(session, ada_v, cleo):
    invitation = actions.invite(session=session, volunteer=ada_v, by=cleo)
    actions.decline(assignment=invitation, by=ada_v.user)
    assert "no longer holds" in refusal(actions.accept, assignment=invitation, by=ada_v.user)
    assert actions.sign_up(session=session, volunteer=ada_v).state == State.CONFIRMED


def test_the_order_of_the_line_counts_from_the_answer_to_an_invitation(session, ada_v, ben_v, eve_v, cleo):
    invitation = actions.invite(session=session, volunteer=ada_v, by=cleo)
    actions.sign_up(session=session, volunteer=ben_v)
    actions.sign_up(session=session, volunteer=eve_v)
    actions.accept(assignment=invitation, by=ada_v.user)
    assert [part.volunteer for part in session.assignments.in_line().select_related("volunteer")] == [eve_v, ada_v]


def test_replacing_hands_the_place_over_before_the_line(session, ada_v, ben_v, eve_v, cleo, letters):
    assignment = actions.sign_up(session=session, volunteer=ada_v)
    actions.sign_up(session=session, volunteer=ben_v)
    actions.replace(assignment=assignment, volunteer=eve_v, by=cleo)
    assert states(session) == [("Ada", "replaced"), ("Ben", "applied"), ("Eve", "confirmed")]
    planned = letters(state="planned")
    assert ("volunteer_withdrawn", ada_v.user) in planned
    assert ("volunteer_confirmed", eve_v.user) in planned


def test_who_has_a_place_already_takes_no_second_one_while_others_wait(ada_v, ben_v, eve_v, cleo):
    session = SessionFactory(volunteer_places=2)
    assignment = actions.sign_up(session=session, volunteer=ada_v)
    actions.sign_up(session=session, volunteer=ben_v)
    actions.sign_up(session=session, volunteer=eve_v)
    assert "already has a place" in refusal(actions.replace, assignment=assignment, volunteer=ben_v, by=cleo)
    assert states(session) == [("Ada", "confirmed"), ("Ben", "confirmed"), ("Eve", "applied")]
    # Whoever stands in line may be put in the place.
    actions.replace(assignment=assignment, volunteer=eve_v, by=cleo)
    assert states(session) == [("Ada", "replaced"), ("Ben", "confirmed"), ("Eve", "confirmed")]


def test_a_busy_person_replaces_nobody(session, ada_v, ben_v, cleo):
    assignment = actions.sign_up(session=session, volunteer=ada_v)
    AssignmentFactory(session=SessionFactory(starts_at=session.starts_at), volunteer=ben_v)
    assert "already taking part" in refusal(actions.replace, assignment=assignment, volunteer=ben_v, by=cleo)
    assert states(session) == [("Ada", "confirmed")]
