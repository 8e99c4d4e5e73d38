"""Every field has a term, whoever is silent for longer goes, and whoever comes back stays."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence.models import Message
from participants.people import actions, checks
from participants.people.actions.retention import tidy_lines
from participants.people.models import Category, Farewell, Pupil, RetentionRun, RetentionTerm, Tombstone, Volunteer
from participants.people.privacy import PERSONAL
from participants.people.rights import erasure, terms
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import AssignmentFactory, AttendanceFactory, SessionFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    LookFactory,
    PupilFactory,
    SchoolContactFactory,
    VolunteerFactory,
)
from tests.participants.people.rights.test_erasure import private_root

__all__ = ["private_root"]

pytestmark = [pytest.mark.retention, pytest.mark.django_db]

TODAY = dt.date(2029, 11, 25)


@pytest.fixture(autouse=True)
def switched_on(db):
    """All terms act, but where a test says otherwise."""
    RetentionTerm.objects.update(applied_on=dt.date(2026, 9, 1))


def at(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(14)))


def pupil(last, **facts):
    lou = PupilFactory(birth_date=dt.date(2014, 3, 14), **facts)
    EnrolmentFactory(pupil=lou, school_year=2024)
    AttendanceFactory(pupil=lou, session=SessionFactory(starts_at=at(last), ends_at=at(last) + dt.timedelta(hours=2)))
    return lou


def test_every_field_has_a_purpose_and_a_term():
    assert checks.every_field_has_a_term() == []
    assert {term.category for term in RetentionTerm.objects.all()} == set(Category.values) - set(terms.FIXED)


def test_a_field_without_a_category_is_an_error(monkeypatch):
    monkeypatch.delitem(PERSONAL, "Pupil.email")
    [error] = checks.every_field_has_a_term()
    assert (error.id, "Pupil.email" in error.msg) == ("people.E001", True)


def test_months_end_where_the_month_ends():
    assert terms.months_before(dt.date(2029, 3, 31), 1) == dt.date(2029, 2, 28)
    assert terms.months_before(dt.date(2029, 1, 15), 12) == dt.date(2028, 1, 15)
    assert terms.months_before(dt.date(2029, 1, 31), 2) == dt.date(2028, 11, 30)


def test_whoever_is_silent_for_longer_than_the_term_is_announced():
    silent, active = pupil(dt.date(2028, 11, 24)), pupil(dt.date(2028, 11, 26))
    assert list(terms.over("pupil", TODAY)) == [silent]
    run = actions.keep_terms(today=TODAY)
    farewell = Farewell.objects.get()
    assert (farewell.model, farewell.person_id, farewell.due_on) == ("pupil", silent.pk, dt.date(2029, 12, 25))
    assert (run.announced, run.erased) == (1, 0)
    assert Pupil.objects.named().count() == 2
    assert active.is_statistic is False


def test_whoever_agreed_to_be_followed_stays_longer():
    lou = pupil(dt.date(2028, 6, 1))
    adult = dt.date(2010, 1, 1)
    Pupil.objects.filter(pk=lou.pk).update(birth_date=adult)
    ConsentFactory(pupil=lou, purpose="follow_up", said_at=at(dt.date(2028, 6, 1)), valid_until=dt.date(2034, 1, 1))
    assert not terms.over("pupil", TODAY).exists()
    assert not terms.over("pupil_followed", TODAY).exists()
    assert list(terms.over("pupil_followed", dt.date(2033, 7, 1))) == [lou]


def test_after_the_notice_the_same_engine_erases():
    lou = pupil(dt.date(2028, 6, 1))
    actions.keep_terms(today=TODAY)
    actions.keep_terms(today=TODAY + dt.timedelta(days=29))
    assert Pupil.objects.named().get() == lou
    run = actions.keep_terms(today=TODAY + dt.timedelta(days=30))
    assert run.erased == 1
    assert not Pupil.objects.named().exists()
    assert Tombstone.objects.get().ground == "term"
    assert not Farewell.objects.exists()
    assert terms.standing(TODAY + dt.timedelta(days=31))["pupil"].overdue == 0


def test_whoever_comes_back_stays():
    lou = pupil(dt.date(2028, 6, 1))
    actions.keep_terms(today=TODAY)
    moment = at(TODAY + dt.timedelta(days=3))
    AttendanceFactory(pupil=lou, session=SessionFactory(starts_at=moment, ends_at=moment + dt.timedelta(hours=1)))
    run = actions.keep_terms(today=TODAY + dt.timedelta(days=30))
    assert (run.active_again, run.erased) == (1, 0)
    assert Pupil.objects.named().get() == lou


def test_volunteers_and_contacts_are_told_by_mail_and_officers_of_the_night():
    officer = GrantFactory(user=UserFactory(), role=Role.PROTECTION_OFFICER).user
    ben = VolunteerFactory(joined_on=dt.date(2024, 9, 1))
    graduate = VolunteerFactory(joined_on=dt.date(2024, 9, 1), graduation_year=2029)
    ada = SchoolContactFactory()  # entered today, never seen since
    actions.keep_terms(today=TODAY + dt.timedelta(days=40))
    told = Message.objects.filter(occasion="people.farewell")
    assert {message.recipient for message in told} == {ben.user, ada.user}
    assert graduate.user not in {message.recipient for message in told}
    assert Message.objects.get(occasion="people.retention_report").recipient == officer


def test_somebody_who_is_held_is_counted_and_stays():
    ben = VolunteerFactory(joined_on=dt.date(2024, 9, 1))
    actions.keep_terms(today=TODAY)
    invited = SessionFactory(starts_at=timezone.now() + dt.timedelta(days=3))
    AssignmentFactory(session=invited, volunteer=ben)
    run = actions.keep_terms(today=TODAY + dt.timedelta(days=30))
    assert (run.held_back, run.erased) == (1, 0)
    assert Volunteer.objects.get() == ben


def test_a_letter_is_as_old_as_its_sending():
    """Written down long before it left, it is kept a year from the day on which it was sent."""
    old, new = at(TODAY - dt.timedelta(days=500)), at(TODAY - dt.timedelta(days=100))
    facts = {
        "sent of old": ("sent", old, old),
        "planned of old, sent lately": ("sent", old, new),
        "called off of old": ("cancelled", old, None),
        "called off lately": ("cancelled", new, None),
        "still to leave": ("planned", old, None),
    }
    for subject, (state, created, sent) in facts.items():
        reason = "moved" if state == "cancelled" else ""
        letter = MessageFactory(subject=subject, state=state, sent_at=sent, reason=reason)
        Message.objects.filter(pk=letter.pk).update(created_at=created)
    tidy_lines(categories=["message"], today=TODAY, run=RetentionRun.objects.create(ran_on=TODAY))
    kept = Message.objects.filter(subject__in=facts).values_list("subject", flat=True)
    assert set(kept) == {"planned of old, sent lately", "called off lately", "still to leave"}


def test_old_traces_go_by_themselves():
    old = LookFactory(pupil=pupil(dt.date(2029, 11, 1)), hour=at(dt.date(2028, 11, 1)))
    LookFactory(pupil=old.pupil, user=old.user, hour=at(dt.date(2029, 11, 1)))
    actions.keep_terms(today=TODAY)
    [left] = old.pupil.looks.all()
    assert left.hour == at(dt.date(2029, 11, 1))


def test_a_night_that_was_cut_short_ends_like_one_that_was_not(monkeypatch):
    """Killed after each person: the next night finds the rest, and the end is the same."""
    pupils = [pupil(dt.date(2028, 6, 1)) for _number in range(5)]
    actions.keep_terms(today=TODAY)
    due = TODAY + dt.timedelta(days=30)
    whole = erasure.erase

    def dies_after_one(**facts):
        whole(**facts)
        raise KeyboardInterrupt

    for killed in range(1, len(pupils) + 1):
        with monkeypatch.context() as patch:
            patch.setattr(erasure, "erase", dies_after_one)
            with pytest.raises(KeyboardInterrupt):
                actions.keep_terms(today=due)
        assert Pupil.objects.named().count() == 5 - killed
    actions.keep_terms(today=due)
    assert Pupil.objects.filter(is_statistic=True).count() == 5
    assert Tombstone.objects.count() == 5
    assert not Farewell.objects.exists()


def test_the_command_says_what_it_would_do_and_does_nothing():
    pupil(dt.date(2020, 6, 1))
    out = StringIO()
    call_command("purge", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["undeclared"] == 0
    assert report["overdue"] == 0
    assert set(report["people"]) == {"pupil", "pupil_followed", "guardian", "volunteer", "contact", "account"}
    assert (report["people"]["pupil"]["to_announce"], report["dry"]) == (1, [])
    assert report["lines"]["message"] == 0
    assert not Farewell.objects.exists()
    assert not RetentionRun.objects.exists()


def test_erased_again_after_a_restored_backup(settings):
    lou = pupil(dt.date(2028, 6, 1))
    old = lou.pk
    erasure.erase(kind="pupil", pk=old, ground="request")
    actions.keep_tombstones_beside()
    # The backup knew nothing of the erasure.
    Tombstone.objects.all().delete()
    PupilFactory(pk=old, first_name="Lou")
    assert actions.reapply_erasures() == 1
    assert not Pupil.objects.named().exists()
    assert Tombstone.objects.get().old_id == old
    assert actions.reapply_erasures() == 0
    assert PupilFactory().pk > old
