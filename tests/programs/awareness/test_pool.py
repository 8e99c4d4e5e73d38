"""The talent pool: in by several doors, written to with the family's agreement alone, never too often."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from participants.correspondence.models import Message
from participants.organisations.school_years import current_school_year
from participants.people.actions import withdraw
from participants.people.family_links import sign
from participants.people.models import Consent
from programs.awareness import actions, pool, pool_letters
from programs.awareness.models import Nomination, PoolEntry, PoolInvitation, Status
from tests.factories.activities import ActivityFactory, AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.awareness import NominationFactory, PoolEntryFactory, PoolInvitationFactory, PoolRoundFactory
from tests.factories.organisations import SchoolFactory, TerritoryFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianFactory, GuardianshipFactory, PupilFactory

YES = {"is_curious": "yes"}
FACTS = dict.fromkeys(Nomination.FACTS, "unknown")
REASON = "You came to our evening of stars."


def youngster(school, *, age=16, agrees=True, level="2GT", email="lou@example.org", **fields):
    """A pupil of the school this year, in the pool; `agrees` gives the word that the age asks for."""
    born = timezone.localdate() - dt.timedelta(days=age * 366)
    pupil = PupilFactory(birth_date=born, email=email, **fields)
    EnrolmentFactory(pupil=pupil, school=school, school_year=current_school_year(), level=level)
    PoolEntryFactory(pupil=pupil)
    if agrees:
        ConsentFactory(pupil=pupil, purpose="follow_up", guardian=None)
    return pupil


@pytest.fixture
def activity(programme):
    activity = ActivityFactory(programme=programme, kind="event", levels=["2GT"], registration_for=["pupils"])
    SessionFactory(activity=activity, seats=20)
    return activity


def invite(activity, by, **changes):
    told = {"reason": REASON, "filters": {}, "entries": PoolEntry.objects.all(), "most": 30}
    return actions.invite_round(activity=activity, by=by, **told | changes)


def invited(activity):
    return set(PoolInvitation.objects.filter(activity=activity).values_list("pupil", flat=True))


def test_nominating_needs_a_reason_and_asks_the_family(school, teacher):
    pupil = EnrolmentFactory(school=school, school_year=current_school_year()).pupil
    guardian = GuardianFactory(email="eve@example.org")
    GuardianshipFactory(pupil=pupil, guardian=guardian)
    with pytest.raises(ValidationError, match="Say yes to at least one reason"):
        actions.nominate(pupil=pupil, by=teacher.user, **FACTS)
    actions.nominate(pupil=pupil, by=teacher.user, **FACTS | YES)
    actions.nominate(pupil=pupil, by=teacher.user, **FACTS | {"works_hard": "yes", "is_curious": "no"})
    nomination = Nomination.objects.get()
    assert (nomination.school, nomination.reasons) == (school, ["works steadily"])
    entry = PoolEntry.objects.get()
    assert (entry.pupil, entry.door, entry.entered_by) == (pupil, "nomination", teacher.user)
    # No contact but the question itself.
    assert set(Message.objects.values_list("occasion", "address")) <= {
        ("people.consent_asked", "eve@example.org"),
        ("people.consent_asked_of_pupil", pupil.email),
    }
    assert not PoolEntry.objects.contactable().exists()


def test_the_database_keeps_a_nomination_without_reason_out(school):
    with pytest.raises(IntegrityError, match="awareness_nomination_has_reason"), transaction.atomic():
        NominationFactory(is_curious="no")


def test_whoever_left_comes_back_by_their_own_word_only(school, teacher):
    pupil = youngster(school)
    actions.leave_pool(pupil=pupil)
    with pytest.raises(ValidationError, match="Only they can come back"):
        actions.nominate(pupil=pupil, by=teacher.user, **FACTS | YES)
    actions.enter_pool(pupil=pupil, door="self", is_own_word=True)
    assert PoolEntry.objects.standing().get().pupil == pupil


def test_only_who_agreed_fits_and_is_not_there_already_is_invited(school, activity, coordinator):
    fits = youngster(school)
    youngster(school, agrees=False)
    youngster(school, level="TG")
    youngster(school, email="")
    ConsentFactory(pupil=youngster(school, agrees=False), purpose="taking_part", guardian=None)
    ConsentFactory(pupil=youngster(school), purpose="taking_part", guardian=None, decision="refused")
    BookingFactory(session=activity.sessions.get(), pupil=youngster(school), class_group=None, seats=1)
    actions.leave_pool(pupil=youngster(school))
    made = invite(activity, coordinator)
    assert invited(activity) == {fits.pk}
    assert made.reason == REASON
    message = Message.objects.get(occasion=pool_letters.INVITED)
    assert (message.address, message.about) == ("lou@example.org", PoolInvitation.objects.get().pk)
    with pytest.raises(ValidationError, match="Nobody can be written to now"):
        invite(activity, coordinator)


def test_a_date_in_a_school_is_for_its_departement(school, activity, coordinator):
    near = youngster(school)
    youngster(SchoolFactory(departement=TerritoryFactory(code="62")))
    activity.sessions.update(school=SchoolFactory(departement=school.departement))
    invite(activity, coordinator)
    assert invited(activity) == {near.pk}


def test_below_15_a_guardian_is_written_to(school, activity, coordinator):
    pupil = youngster(school, age=13, email="")
    guardian = GuardianFactory(email="eve@example.org")
    GuardianshipFactory(pupil=pupil, guardian=guardian)
    ConsentFactory(pupil=pupil, purpose="follow_up", guardian=guardian)
    invite(activity, coordinator)
    assert Message.objects.get(occasion=pool_letters.INVITED).address == "eve@example.org"


def test_one_invitation_a_fortnight_and_three_a_term(school, activity, coordinator):
    lately, often, waits = youngster(school), youngster(school), youngster(school)
    today = timezone.localdate()
    start = pool.term_start(today)
    PoolInvitationFactory(pupil=lately, invited_on=today - dt.timedelta(days=13))
    PoolInvitationFactory(pupil=waits, invited_on=today - dt.timedelta(days=14))
    for weeks in (0, 2, 4):
        PoolInvitationFactory(pupil=often, invited_on=start + dt.timedelta(weeks=weeks))
    found = set(
        pool.not_too_often(PoolEntry.objects.all(), start + dt.timedelta(weeks=8)).values_list("pupil", flat=True)
    )
    assert often.pk not in found
    entries = PoolEntry.objects.exclude(pupil=often)
    invite(activity, coordinator, entries=entries)
    assert invited(activity) == {waits.pk}


def test_the_database_refuses_a_second_invitation_within_a_fortnight(school):
    pupil = youngster(school)
    PoolInvitationFactory(pupil=pupil)
    with pytest.raises(IntegrityError, match="one_a_fortnight"), transaction.atomic():
        PoolInvitationFactory(pupil=pupil)


def test_a_limited_round_takes_those_who_have_waited_longest(school, activity, coordinator):
    invited_before, new = youngster(school), youngster(school)
    PoolInvitationFactory(pupil=invited_before, invited_on=timezone.localdate() - dt.timedelta(days=60))
    invite(activity, coordinator, most=1)
    assert invited(activity) == {new.pk}


def test_taking_the_agreement_back_stops_everything_at_once(school, activity, coordinator, client_for, rendered):
    pupil = youngster(school, first_name="Zélie")
    made = invite(activity, coordinator)
    message = Message.objects.get(occasion=pool_letters.INVITED)
    client = client_for(coordinator)
    pages = [reverse("awareness:pool-list"), reverse("awareness:pool-round", args=[made.pk])]
    assert all("Zélie" in client.get(page).content.decode() for page in pages)
    withdraw(consent=Consent.objects.get(pupil=pupil))
    assert not any("Zélie" in client.get(page).content.decode() for page in pages)
    assert rendered(message) == "This family no longer wishes to be written to."
    assert not pool.invitable(ActivityFactory(), PoolEntry.objects.all()).exists()


@pytest.fixture
def rendered():
    """What an invitation says when it leaves, or why it does not."""

    def render(message):
        try:
            return pool_letters.describe(message.about, message.person)
        except pool_letters.Pointless as why:
            return str(why)

    return render


def test_the_invitation_says_why_and_opens_ones_own_page(school, activity, coordinator, rendered, client):
    pupil = youngster(school, first_name="Zélie")
    invite(activity, coordinator)
    facts = rendered(Message.objects.get(occasion=pool_letters.INVITED))
    assert (facts["child"], facts["title"], facts["reason"]) == ("Zélie", activity.title, REASON)
    page = client.get(facts["action_url"])
    assert page.status_code == 200
    assert REASON in page.content.decode()
    session = activity.sessions.get()
    assert reverse("activities:session-register-child", args=[sign(pupil), session.pk])[:20] in page.content.decode()
    client.post(facts["action_url"], {"pupil": pupil.pk, "leave": ""})
    assert PoolEntry.objects.get().left_at is not None
    assert rendered(Message.objects.get(occasion=pool_letters.INVITED)).startswith("This family")


def test_nobody_answers_for_somebody_elses_child(school, client):
    own, other = youngster(school), youngster(school)
    client.post(reverse("awareness:family-pool", args=[sign(own)]), {"pupil": other.pk, "leave": ""})
    assert PoolEntry.objects.standing().count() == 2


def status_of(pupil):
    return PoolEntry.objects.with_status().get(pupil=pupil).status


def test_the_status_is_read_from_the_records(school):
    pupil = youngster(school)
    assert status_of(pupil) == Status.ENTERED
    PoolInvitationFactory(pupil=pupil)
    assert status_of(pupil) == Status.INVITED
    session = SessionFactory(past=True, activity__kind="event")
    attendance = AttendanceFactory(pupil=pupil, session=session, status="absent", minutes=0)
    assert status_of(pupil) == Status.INVITED
    attendance.status = "present"
    attendance.save()
    assert status_of(pupil) == Status.TOOK_PART
    tutoring = ActivityFactory(kind="school_tutoring", seats=5)
    seat = {"session": None, "pupil": pupil, "class_group": None, "seats": 1}
    waiting = BookingFactory(activity=tutoring, stage="waitlisted", **seat)
    assert status_of(pupil) == Status.TOOK_PART
    waiting.stage = "confirmed"
    waiting.save()
    assert status_of(pupil) == Status.TUTORING
    BookingFactory(activity=ActivityFactory(kind="camp", seats=5), **seat)
    assert status_of(pupil) == Status.CAMP


def test_the_pupils_of_an_event_come_in_once(school, coordinator):
    session = SessionFactory(past=True, seats=20, activity__kind="event")
    pupil = EnrolmentFactory(school=school, school_year=current_school_year()).pupil
    booking = BookingFactory(session=session, pupil=pupil, class_group=None, seats=1)
    gone = EnrolmentFactory(school=school, school_year=current_school_year()).pupil
    BookingFactory(session=session, pupil=gone, class_group=None, seats=1, stage="withdrawn")
    assert actions.enter_from_session(session=session, by=coordinator) == 1
    assert actions.enter_from_session(session=session, by=coordinator) == 0
    entry = PoolEntry.objects.get()
    assert (entry.pupil, entry.door, entry.booking) == (pupil, "event", booking)


def test_entering_by_ones_own_page(school, client):
    pupil = EnrolmentFactory(school=school, school_year=current_school_year(), pupil__email="lou@example.org").pupil
    page = reverse("awareness:family-pool", args=[sign(pupil)])
    client.post(page, {"pupil": pupil.pk})
    client.post(page, {"pupil": pupil.pk})
    assert PoolEntry.objects.get().door == "self"
    assert "One thing is missing" in client.get(page, headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("typed", ["Éluard", "eluard", "ÉLUARD zoé"])
def test_a_teacher_finds_a_pupil_to_nominate_with_and_without_accents(school, teacher, client_for, typed):
    for first, last in (("Zoé", "Éluard"), ("Ada", "Lovelace")):
        year = current_school_year()
        EnrolmentFactory(school=school, school_year=year, pupil__first_name=first, pupil__last_name=last)
    page = client_for(teacher.user).get(reverse("awareness:nomination-list"), {"q": typed}).context["page"]
    assert [str(pupil) for pupil in page] == ["Zoé Éluard"]


def test_a_teacher_nominates_the_pupils_of_the_school_only(school, teacher, client_for):
    pupil = EnrolmentFactory(school=school, school_year=current_school_year()).pupil
    stranger = EnrolmentFactory(school_year=current_school_year(), pupil__last_name="Zqxstranger").pupil
    client = client_for(teacher.user)
    listed = client.get(reverse("awareness:nomination-list")).content.decode()
    assert pupil.last_name in listed
    assert "Zqxstranger" not in listed
    assert client.post(reverse("awareness:nominate", args=[stranger.pk]), FACTS | YES).status_code == 404
    client.post(reverse("awareness:nominate", args=[pupil.pk]), FACTS | YES)
    assert Nomination.objects.get().nominated_by == teacher.user
    # The school learns nothing of what the family agreed to, nor of what it was written.
    assert client.get(reverse("awareness:pool-list")).status_code == 404
    record = client.get(pupil.get_absolute_url()).content.decode()
    assert "is curious about sciences" in record


def test_the_filters_narrow_and_stay_with_the_round(school, activity, coordinator, client_for):
    holder, _other = youngster(school), youngster(school)
    holder.enrolments.update(scholarship="yes", scholarship_source="school", scholarship_on="2026-09-10")
    client = client_for(coordinator)
    address = reverse("awareness:pool-invite")
    seen = client.get(address, {"activity": activity.pk, "scholarship": "yes"}).content.decode()
    assert "1 young person fits." in seen
    said = {"activity": activity.pk, "scholarship": "yes", "most": 5, "reason": "short"}
    assert client.post(address, said).status_code == 200
    assert not PoolInvitation.objects.exists()
    answer = client.post(address, said | {"reason": REASON})
    assert invited(activity) == {holder.pk}
    assert "Scholarship holder: yes" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("name", ["pool-list", "nomination-list"])
def test_a_list_asks_the_same_number_of_questions(name, school, coordinator, client_for, django_assert_max_num_queries):
    client, address = client_for(coordinator), reverse(f"awareness:{name}")
    youngster(school)
    client.get(address)
    with django_assert_max_num_queries(100) as one:
        client.get(address)
    for _number in range(2):
        NominationFactory(pupil=youngster(school), school=school)
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(address)


def test_the_page_of_a_round_asks_the_same_number_of_questions(
    school, coordinator, client_for, django_assert_max_num_queries
):
    made = PoolRoundFactory()
    address, client = reverse("awareness:pool-round", args=[made.pk]), client_for(coordinator)
    PoolInvitationFactory(round=made, pupil=youngster(school))
    client.get(address)
    with django_assert_max_num_queries(100) as one:
        client.get(address)
    for _number in range(2):
        PoolInvitationFactory(round=made, pupil=youngster(school))
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(address)


def test_the_first_look_shows_who_fits_and_complains_of_nothing(school, activity, coordinator, client_for):
    youngster(school)
    page = client_for(coordinator).get(reverse("awareness:pool-invite")).content.decode()
    assert "1 young person fits." in page
    assert "This field is required" not in page


@pytest.mark.parametrize(("stage", "is_taken_up"), [("confirmed", True), ("offered", False), ("waitlisted", False)])
def test_taken_up_is_a_seat_and_not_a_turn_in_the_line(stage, is_taken_up, school, activity):
    pupil = youngster(school)
    PoolInvitationFactory(round__activity=activity, pupil=pupil, activity=activity)
    until = timezone.now() + dt.timedelta(hours=1) if stage == "offered" else None
    BookingFactory(
        session=activity.sessions.get(), pupil=pupil, class_group=None, seats=1, stage=stage, offered_until=until
    )
    assert PoolInvitation.objects.with_answer().get().has_seat is is_taken_up
    assert pool.standing_of(pupil).invitations == []  # whoever waits is not asked to register again
