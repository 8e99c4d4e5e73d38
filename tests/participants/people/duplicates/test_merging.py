import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from participants.accounts import history
from participants.people import actions
from participants.people.models import (
    Consent,
    DuplicatePair,
    DuplicateSearch,
    Enrolment,
    Guardianship,
    Merge,
    Pupil,
)
from programs.activities.models import Attendance, Booking
from tests.factories.accounts import UserFactory
from tests.factories.activities import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import (
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    RightsRequestFactory,
)
from tests.participants.people.duplicates.dump import dump, pointers_to

UTC = dt.UTC


@pytest.fixture
def pair(db):
    return DuplicatePairFactory()


def merge(pair, by, **choices):
    return actions.merge_pupils(pair=pair, by=by, choices=choices)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("people_duplicatepair_in_order", lambda a, b: DuplicatePairFactory(one=b, other=a)),
        ("people_duplicatepair_once", lambda a, b: [DuplicatePairFactory(one=a, other=b) for _ in "12"]),
        ("people_duplicatepair_judged_once", lambda a, b: DuplicatePairFactory(one=a, other=b, state="apart")),
        (
            "people_merge_undone_keeps_no_journal",
            lambda a, b: Merge.objects.create(
                kept=a, gone_id=0, pair_id=0, codes=[], journal=[], undone_at=timezone.now()
            ),
        ),
    ],
)
def test_the_database_refuses(db, name, make):
    pupils = PupilFactory(), PupilFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make(*pupils)


def test_the_better_value_is_proposed_and_a_choice_stands(pair, cleo):
    Pupil.objects.filter(pk=pair.one_id).update(first_name="ELOISE", last_name="MARTIN", sex="N", email="")
    Pupil.objects.filter(pk=pair.other_id).update(
        first_name="Éloïse", last_name="Martin-Roy", sex="F", email="e@example.org", birth_date="2010-04-03"
    )
    result = merge(pair, cleo, last_name=pair.one_id, birth_date=pair.one_id)
    kept = Pupil.objects.get(pk=pair.one_id)
    assert result.kept == kept
    assert (kept.first_name, kept.last_name, kept.sex, kept.email) == ("Éloïse", "MARTIN", "F", "e@example.org")
    assert kept.birth_date == dt.date(2010, 3, 14)
    assert (result.gone_id, result.merged_by, result.codes) == (pair.other_id, cleo, pair.codes)
    assert not DuplicatePair.objects.filter(pk=pair.pk).exists()


def test_whoever_can_sign_in_stays(pair, cleo):
    user = UserFactory()
    Pupil.objects.filter(pk=pair.other_id).update(user=user)
    assert merge(pair, cleo).kept_id == pair.other_id
    assert Pupil.objects.get(pk=pair.other_id).user == user


def test_two_accounts_are_refused(pair, cleo):
    for pk in (pair.one_id, pair.other_id):
        Pupil.objects.filter(pk=pk).update(user=UserFactory())
    before = dump()
    with pytest.raises(ValidationError, match="Both records have an account"):
        merge(pair, cleo)
    assert dump() == before


def test_a_year_of_both_keeps_the_newer_class_and_what_is_known(pair, cleo):
    first, second = ClassGroupFactory(school_year=2026), ClassGroupFactory(school_year=2026)
    told = {"scholarship_source": "school", "scholarship_on": "2026-09-09"}
    old = EnrolmentFactory(pupil=pair.one, school=first.school, class_group=first, scholarship="yes", **told)
    EnrolmentFactory(pupil=pair.other, school=second.school, class_group=second, level="seconde_gt")
    EnrolmentFactory(pupil=pair.other, school=first.school, school_year=2025)
    merge(pair, cleo)
    years = {year.school_year: year for year in Enrolment.objects.filter(pupil=pair.one_id)}
    assert set(years) == {2025, 2026}
    year = years[2026]
    assert (year.pk, year.class_group, year.school) == (old.pk, second, second.school)
    assert (year.level, year.scholarship, year.scholarship_source) == ("seconde_gt", "yes", "school")


@pytest.mark.parametrize(
    ("one", "other", "stands"),
    [
        (("absent", 0), ("present", 90), ("present", 90)),
        (("present", 60), ("absent", 0), ("present", 60)),
        (("late", 60), ("late", 80), ("late", 80)),
        (("excused", 0), ("absent", 0), ("excused", 0)),
    ],
)
def test_of_two_presences_the_more_present_stands(pair, cleo, one, other, stands):
    session = SessionFactory(past=True)
    for pupil, (status, minutes) in ((pair.one, one), (pair.other, other)):
        AttendanceFactory(session=session, pupil=pupil, status=status, minutes=minutes)
    merge(pair, cleo)
    assert list(Attendance.objects.values_list("pupil", "status", "minutes")) == [(pair.one_id, *stands)]


def test_of_two_bookings_the_furthest_stands_and_its_place_is_free(pair, cleo):
    session = SessionFactory()
    for pupil, stage in ((pair.one, "waitlisted"), (pair.other, "confirmed")):
        BookingFactory(session=session, pupil=pupil, class_group=None, seats=1, stage=stage)
    withdrawn = BookingFactory(session=session, pupil=pair.other, class_group=None, seats=1, stage="withdrawn")
    merge(pair, cleo)
    assert set(Booking.objects.values_list("pupil", "stage")) == {
        (pair.one_id, "confirmed"),
        (pair.one_id, "withdrawn"),
    }
    session.refresh_from_db()
    assert session.seats_taken == 1
    assert Booking.objects.filter(pk=withdrawn.pk).exists()


def test_guardians_take_the_free_places_and_the_third_is_named(pair, cleo):
    a, b, c = (GuardianFactory(last_name=name) for name in "ABC")
    GuardianshipFactory(pupil=pair.one, guardian=a, rank=1)
    GuardianshipFactory(pupil=pair.other, guardian=b, rank=1)
    GuardianshipFactory(pupil=pair.other, guardian=c, rank=2)
    result = merge(pair, cleo)
    assert set(Guardianship.objects.values_list("pupil", "guardian", "rank")) == {
        (pair.one_id, a.pk, 1),
        (pair.one_id, b.pk, 2),
    }
    assert result.unattached == [c.pk]


def test_a_guardian_entered_twice_is_one_signer(pair, cleo):
    mother = GuardianFactory(first_name="Eve", last_name="Roy", email="eve@example.org")
    again = GuardianFactory(first_name="ÈVE", last_name="ROY", email="Eve@example.org")
    GuardianshipFactory(pupil=pair.one, guardian=mother)
    GuardianshipFactory(pupil=pair.other, guardian=again)
    said = dt.datetime(2026, 9, 10, tzinfo=UTC)
    old = ConsentFactory(pupil=pair.one, guardian=mother, said_at=said)
    new = ConsentFactory(pupil=pair.other, guardian=again, decision="refused", said_at=said + dt.timedelta(days=2))
    result = merge(pair, cleo)
    assert list(Consent.objects.standing().values_list("pk", "pupil", "guardian")) == [(new.pk, pair.one_id, mother.pk)]
    old.refresh_from_db()
    assert old.replaced_at == new.said_at
    assert result.unattached == [again.pk]


def test_nobody_is_left_over_whose_no_would_be_forgotten(pair, cleo):
    for rank in (1, 2):
        GuardianshipFactory(pupil=pair.one, rank=rank)
    third = GuardianshipFactory(pupil=pair.other)
    ConsentFactory(pupil=pair.other, guardian=third.guardian, purpose="image", decision="refused")
    before = dump()
    with pytest.raises(ValidationError, match="more than two guardians"):
        merge(pair, cleo)
    assert dump() == before


def test_of_two_words_of_the_pupil_the_newer_stands(pair, cleo):
    said = dt.datetime(2026, 9, 10, tzinfo=UTC)
    withdrawn = ConsentFactory(pupil=pair.one, said_at=said, withdrawn_at=said + dt.timedelta(days=30))
    given = ConsentFactory(pupil=pair.other, said_at=said + dt.timedelta(days=5))
    merge(pair, cleo)
    assert [consent.pk for consent in Consent.objects.standing()] == [withdrawn.pk]
    given.refresh_from_db()
    assert given.replaced_at == withdrawn.withdrawn_at


def test_what_was_judged_of_the_gone_record_holds_for_the_one_that_stays(pair, cleo):
    stranger = PupilFactory()
    judged = DuplicatePairFactory(one=pair.other, other=stranger)
    actions.keep_apart(pair=judged, by=cleo)
    waiting = DuplicatePairFactory(one=pair.one, other=stranger)
    merge(pair, cleo)
    rows = DuplicatePair.objects.values_list("pk", "one", "other", "state", "decided_by")
    assert list(rows) == [(waiting.pk, pair.one_id, stranger.pk, "apart", cleo.pk)]


def test_nothing_points_at_the_gone_record_and_its_history_stays(pair, cleo):
    AttendanceFactory(pupil=pair.other)
    ConsentFactory(pupil=pair.other)
    merge(pair, cleo)
    assert pointers_to(pair.other_id) == {}
    events = apps.get_model("people.PupilEvent").objects.filter(pgh_obj_id=pair.other_id)
    assert events.count() == 1
    moved = apps.get_model("activities.AttendanceEvent").objects.order_by("-pgh_id").first()
    assert (moved.pupil_id, moved.pgh_context.metadata["action"]) == (pair.one_id, "merge")
    assert moved.pgh_context.metadata["user"] == cleo.pk


def test_a_request_about_the_data_follows_the_person(pair, cleo):
    request = RightsRequestFactory(subject_id=pair.other_id)
    result = merge(pair, cleo)
    request.refresh_from_db()
    assert request.subject_id == pair.one_id
    actions.undo_merge(merge=result, by=cleo)
    request.refresh_from_db()
    assert request.subject_id == pair.other_id


def test_undone_everything_is_as_it_was(pair, cleo):
    session = SessionFactory(past=True)
    for pupil in (pair.one, pair.other):
        EnrolmentFactory(pupil=pupil)
        AttendanceFactory(session=session, pupil=pupil)
        GuardianshipFactory(pupil=pupil)
    before = dump()
    result = merge(pair, cleo)
    assert dump() != before
    actions.undo_merge(merge=result, by=cleo)
    assert dump() == before
    result.refresh_from_db()
    assert (result.journal, result.undone_by) == (None, cleo)
    with pytest.raises(ValidationError, match="Cléo has undone this merge already"):
        actions.undo_merge(merge=result, by=cleo)


def test_undoing_keeps_what_others_changed_elsewhere_in_a_row(pair, cleo):
    attendance = AttendanceFactory(pupil=pair.other, status="present", minutes=60)
    result = merge(pair, cleo)
    Attendance.objects.filter(pk=attendance.pk).update(minutes=45)
    added = AttendanceFactory(pupil=pair.one)
    actions.undo_merge(merge=result, by=cleo)
    rows = set(Attendance.objects.values_list("pk", "pupil", "minutes"))
    assert rows == {(attendance.pk, pair.other_id, 45), (added.pk, pair.one_id, 60)}


def test_undoing_is_refused_when_what_the_merge_wrote_was_written_over(pair, cleo):
    Pupil.objects.filter(pk=pair.other_id).update(first_name="Lou-Ann")
    result = merge(pair, cleo)
    Pupil.objects.filter(pk=pair.one_id).update(first_name="Lou-Anne")
    before = dump()
    with pytest.raises(ValidationError, match=r"something changed that would be lost \(pupil\)"):
        actions.undo_merge(merge=result, by=cleo)
    assert dump() == before


def test_undoing_is_refused_when_the_place_is_taken(pair, cleo):
    session = SessionFactory(seats=2)
    for pupil in (pair.one, pair.other):
        BookingFactory(session=session, pupil=pupil, class_group=None, seats=1)
    result = merge(pair, cleo)
    BookingFactory(session=session, pupil=PupilFactory(), class_group=None, seats=1)
    with pytest.raises(ValidationError, match="has no place now"):
        actions.undo_merge(merge=result, by=cleo)


def test_a_merge_of_a_merge_is_undone_from_the_last(pair, cleo):
    third = PupilFactory(last_name="Double")
    AttendanceFactory(pupil=third)
    before = dump()
    first = merge(pair, cleo)
    next_pair = DuplicatePairFactory(one=pair.one, other=third)
    Pupil.objects.filter(pk=third.pk).update(user=UserFactory())  # so that the first record goes
    second = merge(next_pair, cleo)
    first.refresh_from_db()
    assert first.kept_id == third.pk
    with pytest.raises(ValidationError, match="cannot be undone"):
        actions.undo_merge(merge=first, by=cleo)
    actions.undo_merge(merge=second, by=cleo)
    first.refresh_from_db()
    actions.undo_merge(merge=first, by=cleo)
    next_pair.delete()
    Pupil.objects.filter(pk=third.pk).update(user=None)
    after = dump()
    assert {label for label in before if before[label] != after[label]} <= {"accounts.User"}


def test_after_thirty_days_the_journal_is_deleted(pair, cleo):
    result = merge(pair, cleo)
    assert actions.forget_journals() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=29)):
        assert (actions.forget_journals(), result.can_undo) == (0, True)
    with time_machine.travel(timezone.now() + dt.timedelta(days=30, seconds=1)):
        with pytest.raises(ValidationError, match="30 days"):
            actions.undo_merge(merge=result, by=cleo)
        assert actions.forget_journals() == 1
    result.refresh_from_db()
    assert (result.journal, result.can_undo) == (None, False)


def test_a_pair_that_was_judged_is_never_proposed_again(db, cleo):
    one, other = (PupilFactory(first_name="Éloïse", last_name="Roy") for _ in "12")
    assert actions.find_duplicates() == 1
    pair = DuplicatePair.objects.get()
    assert ((pair.one, pair.other), pair.score, pair.state) == ((one, other), 100, "open")
    actions.keep_apart(pair=pair, by=cleo)
    actions.find_duplicates(is_full=True)
    pair.refresh_from_db()
    assert (DuplicatePair.objects.count(), pair.state, pair.decided_by) == (1, "apart", cleo)
    with pytest.raises(ValidationError, match="Cléo has already said"):
        actions.keep_apart(pair=pair, by=cleo)
    with pytest.raises(ValidationError, match="Cléo has already said"):
        merge(pair, cleo)


def test_the_search_looks_at_what_has_changed(db):
    old = [PupilFactory(first_name="Éloïse", last_name="Roy") for _ in "12"]
    actions.find_duplicates()
    events = apps.get_model("people.PupilEvent").objects
    DuplicatePair.objects.all().delete()
    long_ago = timezone.now() - dt.timedelta(days=9)
    with transaction.atomic(), history.open_door():
        # Old entries: the history says that nothing has happened to them lately.
        events.update(pgh_created_at=long_ago)
        new = PupilFactory(first_name="Eloise", last_name="Roi")
        assert actions.find_duplicates() == 2
    assert set(DuplicatePair.objects.values_list("one", "other")) == {(pupil.pk, new.pk) for pupil in old}
    assert actions.find_duplicates(is_full=True) == 3
    assert list(DuplicateSearch.objects.order_by("pk").values_list("is_full", "found")) == [
        (True, 1), (False, 2), (True, 3),
    ]  # fmt: skip


def test_a_pair_that_no_longer_fits_goes_away(db):
    one, _other = (PupilFactory(first_name="Éloïse", last_name="Roy") for _ in "12")
    actions.find_duplicates()
    Pupil.objects.filter(pk=one.pk).update(first_name="Emma")
    actions.find_duplicates()
    assert DuplicatePair.objects.count() == 0
