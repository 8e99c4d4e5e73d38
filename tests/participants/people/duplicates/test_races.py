"""Two people at the same moment, on real connections."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from participants.people import actions
from participants.people.models import Merge, Pupil
from programs.activities.actions import record_attendance
from programs.activities.models import Attendance
from tests.factories.accounts import UserFactory
from tests.factories.activities import AttendanceFactory, SessionFactory
from tests.factories.people import DuplicatePairFactory, PupilFactory
from tests.harness.threads import at_once, meeting

pytestmark = pytest.mark.django_db(transaction=True)


def slow(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    time.sleep(0.01)
    return result


def merging(pair, by):
    def merge():
        with translation.override("en"):
            return actions.merge_pupils(pair=pair, by=by, choices={})

    return merge


def test_two_merges_that_share_a_pupil():
    a, b, c = (PupilFactory(last_name="Double") for _ in "123")
    for pupil in (a, b, c):
        AttendanceFactory(pupil=pupil)
    pairs = [DuplicatePairFactory(one=a, other=b), DuplicatePairFactory(one=b, other=c)]
    user = UserFactory()
    answers = at_once([merging(pair, user) for pair in pairs], slow)
    done = [answer for answer in answers if isinstance(answer, Merge)]
    refused = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert (len(done), len(refused)) in {(1, 1), (2, 0)}
    # b is in both: when (b, c) went first, (a, b) still stands and could follow.
    assert Pupil.objects.count() == 3 - len(done)
    assert Attendance.objects.count() == 3
    assert set(Attendance.objects.values_list("pupil", flat=True)) == set(Pupil.objects.values_list("pk", flat=True))


def test_two_coordinators_on_one_pair():
    pair = DuplicatePairFactory()
    answers = at_once([merging(pair, UserFactory(name=name)) for name in ("Cléo", "Dan")], slow)
    [refusal] = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert refusal.messages == ["One of the two records is gone: somebody merged or deleted it meanwhile."]
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_a_presence_written_meanwhile_is_moved_or_refused(round_):
    pair = DuplicatePairFactory()
    session, gone, user = SessionFactory(past=True), pair.other, UserFactory()

    def write():
        time.sleep(0.01 * round_)
        return record_attendance(session=session, by=user, presences=[(gone, "present", None)])

    merged, written = at_once([merging(pair, user), write], slow)
    assert isinstance(merged, Merge)
    if isinstance(written, Exception):
        assert isinstance(written, ValidationError)
    assert not Attendance.objects.filter(pupil=gone.pk).exists()
    assert Attendance.objects.count() == (0 if isinstance(written, Exception) else 1)


def test_a_presence_that_is_not_committed_yet_makes_the_merge_wait_or_is_refused():
    pair = DuplicatePairFactory()
    session, user = SessionFactory(past=True), UserFactory()
    written_down = threading.Event()

    def write_slowly():
        with transaction.atomic():
            record_attendance(session=session, by=user, presences=[(pair.other, "present", None)])
            written_down.set()
            time.sleep(1)

    def merge_meanwhile():
        assert written_down.wait(30)
        return merging(pair, user)()

    written, merged = at_once([write_slowly, merge_meanwhile])
    assert isinstance(merged, Merge)
    assert isinstance(written, Exception)  # the pupil was gone at the commit
    assert Attendance.objects.count() == 0


@pytest.mark.sabotage
def test_without_the_lock_two_coordinators_collide(monkeypatch):
    """The test above would notice."""
    monkeypatch.setenv("EOC_SABOTAGE", "merge_lock")
    pair = DuplicatePairFactory()
    answers = at_once(
        [merging(pair, UserFactory(name=name)) for name in ("Cléo", "Dan")], meeting(2, 'SELECT "people_duplicatepair"')
    )
    refusals = [str(answer.messages) for answer in answers if isinstance(answer, ValidationError)]
    assert refusals != ["['One of the two records is gone: somebody merged or deleted it meanwhile.']"]
