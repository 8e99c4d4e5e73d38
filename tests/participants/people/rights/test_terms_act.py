"""Every term acts, and as it says: dry it only counts, switched on it lets go of what is older, and its months count."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participants.accounts.models import Grant, User
from participants.accounts.roles import Role
from participants.correspondence.models import Message
from participants.people import actions
from participants.people.models import (
    Consent,
    Farewell,
    Guardian,
    Look,
    Pupil,
    RetentionRun,
    RetentionTerm,
    RightsRequest,
    SchoolContact,
    Volunteer,
)
from participants.people.rights import terms
from programs.activities.models import Answer
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import (
    AnswerFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    SessionFactory,
)
from tests.factories.correspondence import MessageFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianFactory,
    LookFactory,
    PupilFactory,
    RightsRequestFactory,
    SchoolContactFactory,
    VolunteerFactory,
)
from tests.participants.people.rights.test_erasure import private_root

__all__ = ["private_root"]

pytestmark = [pytest.mark.retention, pytest.mark.django_db]

# So late that whoever is entered today has outlived every term of people; so long ago that lines have, too.
DAY = timezone.localdate() + dt.timedelta(days=1500)
LONG_AGO = terms.moment_before(DAY, 70)


def session_long_ago():
    return SessionFactory(starts_at=LONG_AGO, ends_at=LONG_AGO + dt.timedelta(hours=2))


def pupil(**facts):
    lou = PupilFactory(birth_date=LONG_AGO.date() - dt.timedelta(days=10 * 366), **facts)
    EnrolmentFactory(pupil=lou, school_year=LONG_AGO.year - 1)
    AttendanceFactory(pupil=lou, session=session_long_ago())
    return lou


def followed():
    lou = pupil()
    born = LONG_AGO.date() - dt.timedelta(days=17 * 366)
    Pupil.objects.filter(pk=lou.pk).update(birth_date=born)
    ConsentFactory(pupil=lou, purpose="follow_up", said_at=LONG_AGO, valid_until=DAY + dt.timedelta(days=99))
    return lou


def volunteer():
    ben = VolunteerFactory(joined_on=LONG_AGO.date())
    AssignmentFactory(volunteer=ben, session=session_long_ago(), state="done")
    return ben


def answer():
    booking = BookingFactory(session=session_long_ago(), pupil=PupilFactory(), class_group=None, seats=1)
    return AnswerFactory(booking=booking, pupil=booking.pupil, asked__question__is_sensitive=True)


# Category -> the table, and something in it that has outlived the term.
CASES = {
    "pupil": (Pupil, pupil),
    "pupil_followed": (Pupil, followed),
    "guardian": (Guardian, GuardianFactory),
    "volunteer": (Volunteer, volunteer),
    "contact": (SchoolContact, SchoolContactFactory),
    "account": (User, UserFactory),
    "health": (Answer, answer),
    "consent": (Consent, lambda: ConsentFactory(pupil=PupilFactory(), valid_until=LONG_AGO.date())),
    "message": (Message, lambda: MessageFactory(state="sent", sent_at=LONG_AGO)),
    "audit": (Look, lambda: LookFactory(hour=LONG_AGO)),
    "proof": (
        RightsRequest,
        lambda: RightsRequestFactory(
            received_on=LONG_AGO.date() - dt.timedelta(days=40),
            due_on=LONG_AGO.date(),
            state="done",
            done_on=LONG_AGO.date(),
        ),
    ),
}


def night(days=0):
    return actions.keep_terms(today=DAY + dt.timedelta(days=days))


def switch_on(category, **months):
    RetentionTerm.objects.filter(category=category).update(applied_on=DAY, **months)


def is_there(category, row):
    return CASES[category][0].objects.filter(pk=row.pk).exists()


def test_every_term_has_a_case_and_everything_else_is_fixed():
    assert set(RetentionTerm.objects.values_list("category", flat=True)) == set(CASES) == set(terms.DEFAULTS)


@pytest.mark.parametrize("category", CASES)
def test_dry_it_counts_and_does_nothing(category):
    row = CASES[category][1]()
    letters = Message.objects.count()
    run = night()
    # Of what the trail notes, everything that was made here is old by then.
    assert run.rehearsed[category] == 1 or (category == "audit" and run.rehearsed[category] > 1)
    night(40)
    assert is_there(category, row)
    assert (Farewell.objects.count(), Message.objects.count(), run.announced, run.erased) == (0, letters, 0, 0)


@pytest.mark.parametrize("category", CASES)
def test_switched_on_it_lets_go_and_does_what_it_says(category):
    row = CASES[category][1]()
    switch_on(category)
    assert category not in night().rehearsed
    night(31)
    assert not is_there(category, row)
    nameless = sum(model.objects.filter(is_statistic=True).count() for model in (Pupil, Volunteer))
    assert nameless == (RetentionTerm.objects.get(category=category).then == "minimise")


@pytest.mark.parametrize("category", CASES)
def test_its_months_count(category):
    row = CASES[category][1]()
    switch_on(category, months_active=120)
    night()
    night(31)
    assert is_there(category, row)
    switch_on(category, months_active=1)
    night(32)
    night(63)
    assert not is_there(category, row)


@pytest.mark.parametrize("category", terms.PEOPLE)
def test_its_notice_counts(category):
    row = CASES[category][1]()
    switch_on(category, months_grace=3)
    night()
    assert Farewell.objects.get().due_on == DAY + dt.timedelta(days=90)
    night(89)
    assert is_there(category, row)
    night(90)
    assert not is_there(category, row)


@pytest.mark.parametrize("category", terms.PEOPLE)
def test_without_notice_they_go_the_same_night_and_nobody_is_told(category):
    row = CASES[category][1]()
    switch_on(category, months_grace=0)
    night()
    assert not is_there(category, row)
    assert not Message.objects.filter(occasion__contains="farewell").exists()


def test_a_line_has_no_notice():
    term = RetentionTerm.objects.get(category="message")
    with pytest.raises(ValidationError, match="no notice"):
        actions.change_term(term=term, months_active=12, months_grace=1, by=UserFactory())


def test_a_role_that_ended_goes_and_an_account_in_use_stays():
    ended = GrantFactory(user=UserFactory(), starts_on=dt.date(2020, 1, 1), ends_on=LONG_AGO.date())
    used = [GrantFactory(user=UserFactory(), role=Role.COORDINATOR).user, VolunteerFactory().user]
    switch_on("account")
    night()
    assert not Grant.objects.filter(pk=ended.pk).exists()
    night(31)
    assert not User.objects.filter(pk=ended.user_id).exists()
    assert User.objects.filter(pk__in=[user.pk for user in used]).count() == 2


def test_whoever_signs_in_keeps_the_account():
    ada = UserFactory()
    switch_on("account")
    night()
    assert Message.objects.get(occasion="people.farewell").recipient == ada
    User.objects.filter(pk=ada.pk).update(last_login=timezone.make_aware(dt.datetime.combine(DAY, dt.time(9))))
    assert (night(31).active_again, User.objects.filter(pk=ada.pk).exists()) == (1, True)


def test_what_a_browser_had_open_ends_without_a_term(client_for):
    from allauth.usersessions.models import UserSession  # noqa: PLC0415 - the app wants its settings
    from django.contrib.sessions.models import Session  # noqa: PLC0415

    open_still = UserSession.objects.create(user=UserFactory(), ip="127.0.0.1", session_key="open", user_agent="x")
    UserSession.objects.create(user=UserFactory(), ip="127.0.0.1", session_key="over", user_agent="x")
    Session.objects.create(session_key="open", session_data="", expire_date=timezone.now() + dt.timedelta(days=1))
    Session.objects.create(session_key="over", session_data="", expire_date=timezone.now() - dt.timedelta(days=1))
    night()
    assert list(Session.objects.values_list("pk", flat=True)) == ["open"]
    assert list(UserSession.objects.all()) == [open_still]


def test_sessions_end_when_the_fixed_words_say(settings):
    assert dt.timedelta(days=7).total_seconds() >= settings.SESSION_COOKIE_AGE
    with pytest.raises(RetentionTerm.DoesNotExist):
        RetentionTerm.objects.get(category="session")


# --- the officer switches on -------------------------------------------------------------------------------------------
@pytest.fixture
def officer(client_for):
    return client_for(GrantFactory(user=UserFactory(name="Odile", language="en"), role=Role.PROTECTION_OFFICER).user)


def test_the_officer_sees_the_dry_run_and_switches_on_with_name_and_day(officer):
    pupil()
    term = RetentionTerm.objects.get(category="pupil")
    page = reverse("people:term-edit", args=[term.pk])
    # Today nobody has been silent for long enough but the pupil of long ago, whose days lie in the past.
    assert "If this term acted, " in officer.get(page).content.decode()
    officer.post(reverse("people:term-apply", args=[term.pk]))
    term.refresh_from_db()
    assert (term.applied_on, term.applied_by.name) == (timezone.localdate(), "Odile")
    text = officer.get(reverse("people:term-list")).content.decode().split("<tbody>")[1]
    assert ("switched on" in text, "Odile" in text, text.count("runs dry")) == (True, True, len(CASES) - 1)
    officer.post(reverse("people:term-suspend", args=[term.pk]))
    term.refresh_from_db()
    assert (term.applied_on, term.applied_by) == (None, None)


def test_what_was_changed_runs_dry_until_it_is_looked_at(officer):
    switch_on("pupil")
    term = RetentionTerm.objects.get(category="pupil")
    officer.post(reverse("people:term-edit", args=[term.pk]), {"months_active": 24, "months_grace": 1})
    term.refresh_from_db()
    assert (term.months_active, term.is_applied) == (24, False)


def test_whoever_was_announced_waits_while_the_term_is_off():
    lou = pupil()
    switch_on("pupil")
    night()
    RetentionTerm.objects.update(applied_on=None)
    assert night(40).erased == 0
    assert is_there("pupil", lou)
    switch_on("pupil")
    assert night(41).erased == 1


def test_the_officers_hear_of_the_dry_run_once_and_again_when_it_changes(officer):
    pupil()
    night()
    night(1)
    reports = Message.objects.filter(occasion="people.retention_report").order_by("pk")
    assert reports.count() == 1
    PupilFactory()
    night(2)
    assert reports.count() == 2
    assert RetentionRun.objects.first().rehearsed["pupil"] == 2
