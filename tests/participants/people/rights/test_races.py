"""Erasing somebody about whom another person writes at the same moment: real threads on PostgreSQL.

Whichever comes first: nobody waits for ever, nothing of the erased person is left, no figure changes, and whoever came
too late reads a sentence.
"""

import threading

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from impact.measurement import actions as measurement
from participants.accounts.roles import Role
from participants.correspondence import actions as correspondence
from participants.people import actions, exports
from participants.people.actions.consents import Word
from participants.people.models import Guardian, Pupil, Tombstone, Volunteer
from participants.people.rights import erasure
from programs.activities import actions as activities
from programs.activities.models import Attendance, Session
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import AssignmentFactory, AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import (
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    RightsRequestFactory,
    VolunteerFactory,
)
from tests.harness import dump
from tests.harness.threads import at_once, meeting
from tests.participants.people.rights.test_erasure import figures, private_root

__all__ = ["private_root"]

pytestmark = [pytest.mark.race, pytest.mark.erasure, pytest.mark.django_db(transaction=True)]


def slowly(execute, sql, params, many, context):
    """Widen the gap between what is read and what is written."""
    if sql.startswith(("INSERT", "UPDATE", "DELETE", "SELECT *")):
        threading.Event().wait(0.004)
    return execute(sql, params, many, context)


class Life:
    """One pupil, known everywhere, under a word that nobody else bears; and who writes about them."""

    def __init__(self, word, by):
        self.word, self.by = word, by
        self.school = SchoolFactory()
        group = ClassGroupFactory(school=self.school)
        self.lou = PupilFactory(first_name=f"{word}a", last_name=f"{word}b", birth_date="2014-03-14", sex="F")
        self.lou.refresh_from_db()
        EnrolmentFactory(pupil=self.lou, school=self.school, class_group=group)
        self.eve = GuardianFactory(first_name=f"{word}c", last_name=f"{word}d", email=f"{word}@example.org")
        GuardianshipFactory(guardian=self.eve, pupil=self.lou)
        for purpose in ("taking_part", "image"):
            ConsentFactory(pupil=self.lou, guardian=self.eve, purpose=purpose)
        self.past, self.ahead = SessionFactory(past=True, school=self.school), SessionFactory(school=self.school)
        AttendanceFactory(session=self.past, pupil=self.lou)
        BookingFactory(session=self.ahead, class_group=None, pupil=self.lou, seats=1)
        self.other_past, self.other_ahead = SessionFactory(past=True), SessionFactory()
        double = PupilFactory(first_name="Autre", last_name="Nom")
        AttendanceFactory(session=self.past, pupil=double)
        self.pair = DuplicatePairFactory(one=self.lou, other=double)
        self.double = double


def edit(life):
    return actions.correct_pupil(pupil=life.lou, by=life.by, first_name=f"{life.word}e")


def write_note(life):
    return actions.write_note(pupil=life.lou, text=f"{life.word} note", by=life.by)


def enter_guardian(life):
    facts = {"first_name": f"{life.word}f", "last_name": "X", "email": f"{life.word}f@example.org", "language": "fr"}
    return actions.set_guardian(pupil=life.lou, rank=2, by=life.by, **facts)


def book(life):
    return activities.book(session=life.other_ahead, pupil=life.lou, by=life.by)


def count(life):
    return activities.record_attendance(session=life.other_past, by=life.by, presences=[(life.lou, "present", None)])


def count_again(life):
    return activities.record_attendance(session=life.past, by=life.by, presences=[(life.lou, "absent", None)])


def sign(life):
    words = [Word(life.lou, life.eve, "research", "given", f"{life.word} signed")]
    return actions.sign(words=words, channel="link")


def ask(life):
    return actions.ask(pupils=[life.lou])


def merge(life):
    return actions.merge_pupils(pair=life.pair, by=life.by, choices={})


def export(life):
    wanted = {"format": "csv", "year": life.lou.enrolments.get().school_year, "purpose": "taking_part"}
    correspondence.start_job(kind=exports.KIND, owner=life.by, parameters=wanted)
    return correspondence.work()


WRITERS = [edit, write_note, enter_guardian, book, count, count_again, sign, ask, merge, export]


@pytest.fixture
def by():
    grant = GrantFactory(user=UserFactory(name="Cleo"), role=Role.COORDINATOR)
    GrantScopeFactory(grant=grant, organisation=OrganisationFactory(kind="center"))
    return grant.user


def test_whoever_writes_about_them_meanwhile(by, record_property):
    problems, rounds = [], 0
    for write in WRITERS:
        for turn in range(2):
            life = Life(f"zqw{write.__name__.replace('_', '')}{turn}", by)
            measurement.rebuild()
            before, presences = figures(), Attendance.objects.count()

            def writing(write=write, life=life, turn=turn):
                threading.Event().wait(0.04 * turn)
                return write(life)

            erased, written = at_once(
                [lambda life=life: erasure.erase(kind="pupil", pk=life.lou.pk, ground="request"), writing], slowly
            )
            rounds += 1
            problems += [f"{write.__name__} {turn}: {found}" for found in wrong(life, write, erased, written)]
            if write not in {count, count_again, merge}:
                measurement.rebuild()
                if figures() != before:
                    problems.append(f"{write.__name__} {turn}: a figure changed")
            elif write is count:
                came = presences + (not isinstance(written, Exception))
                if Attendance.objects.count() != came:
                    problems.append(f"{write.__name__} {turn}: {Attendance.objects.count()} presences, not {came}")
    record_property("tried", rounds)
    assert problems == []


def wrong(life, write, erased, written):
    """What should not be."""
    is_merged = write is merge and not Tombstone.objects.filter(model="pupil", old_id=life.lou.pk).exists()
    if not isinstance(erased, Tombstone) and not (is_merged and erased is None):
        yield f"erased: {erased!r}"
    if isinstance(written, Exception) and not isinstance(written, ValidationError):
        yield f"written: {written!r}"
    if not is_merged and (left := dump.lines_with([life.word])):
        yield f"left: {left}"


def test_two_who_erase_one_person():
    by = UserFactory()
    life = Life("zqwtwice", by)
    measurement.rebuild()
    before = figures()
    calls = [lambda: erasure.erase(kind="pupil", pk=life.lou.pk, ground="request")] * 2
    one, other = at_once(calls, slowly)
    assert one == other == Tombstone.objects.get(model="pupil")
    assert Pupil.objects.filter(is_statistic=True).count() == 1
    assert dump.lines_with([life.word]) == {}
    measurement.rebuild()
    assert figures() == before


@pytest.mark.parametrize("same", [True, False])
def test_the_second_officer_is_told(same):
    officers = [UserFactory(name=name) for name in ("Odile", "Paul")]
    life = Life("zqwtold", officers[0])
    asked = [RightsRequestFactory(subject_id=life.lou.pk, answer="") for _ in officers]
    requests = [asked[0], asked[0] if same else asked[1]]
    calls = [
        lambda asked=asked, by=by: actions.erase_person(request=asked, by=by)
        for asked, by in zip(requests, officers, strict=True)
    ]
    answers = at_once(calls, slowly)
    [told] = [answer for answer in answers if isinstance(answer, Exception)]
    assert told.messages == ["This record is no longer there: somebody has erased or merged it meanwhile."], answers
    assert Tombstone.objects.filter(model="pupil").count() == 1
    assert dump.lines_with([life.word]) == {}


def test_the_last_of_two_children_takes_the_guardian_along():
    life = Life("zqwsister", UserFactory())
    sister = PupilFactory()
    GuardianshipFactory(guardian=life.eve, pupil=sister)
    at_once(
        [lambda pk=pk: erasure.erase(kind="pupil", pk=pk, ground="request") for pk in (life.lou.pk, sister.pk)], slowly
    )
    assert not Guardian.objects.exists()
    assert dump.lines_with([life.word]) == {}


def test_a_volunteer_who_signs_up_meanwhile():
    for turn in range(3):
        ben = VolunteerFactory(first_name=f"zqwben{turn}", charter_signed_at="2026-09-01T08:00:00Z")
        AssignmentFactory(session=SessionFactory(past=True), volunteer=ben, state="done")
        ahead = SessionFactory()
        erased, signed = at_once(
            [
                lambda ben=ben: erasure.erase(kind="volunteer", pk=ben.pk, ground="request"),
                lambda ben=ben, ahead=ahead: activities.sign_up(session=ahead, volunteer=ben),
            ],
            slowly,
        )
        refused = [answer for answer in (erased, signed) if isinstance(answer, Exception)]
        assert [type(answer) for answer in refused] == [ValidationError], (erased, signed)
        is_gone = isinstance(erased, Tombstone)
        assert Volunteer.objects.filter(pk=ben.pk).exists() != is_gone
        assert Session.objects.get(pk=ahead.pk).volunteers_confirmed == (not is_gone)
        assert bool(dump.lines_with([f"zqwben{turn}"])) != is_gone
    assert settings.PRIVATE_ROOT.exists()


@pytest.mark.sabotage
def test_without_the_lock_a_person_is_left_behind(by, monkeypatch):
    """The tests above would notice."""
    monkeypatch.setenv("EOC_SABOTAGE", "erasure_lock")
    life = Life("zqwsabotage", by)
    life.lou.guardianships.all().delete()  # they are held too
    calls = [lambda: erasure.erase(kind="pupil", pk=life.lou.pk, ground="request")] * 2
    answers = at_once(calls, meeting(2, ("INSERT", "UPDATE", "DELETE")))
    went_well = all(isinstance(answer, Tombstone) for answer in answers)
    assert not went_well or Pupil.objects.filter(is_statistic=True).count() != 1
