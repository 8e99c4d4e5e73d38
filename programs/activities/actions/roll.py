"""What phones and pages say about who was there: every word is kept, the strongest stands."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.activities import roll
from programs.activities.actions.counts import check_countable, finish, write_count
from programs.activities.locks import locked_session
from programs.activities.models import Attendance, Headcount, RollEntry, Session
from programs.activities.models.roll import REMEMBERED_FOR, TAKEN_FOR
from programs.activities.refusals import SENTENCES_OF_TRIGGERS, in_sentences

STANDS, OVERRULED, REFUSED = "stands", "overruled", "refused"
# One question for all marks of a batch: whoever has one of them is still writing it.
CLAIM = "SELECT bool_and(pg_try_advisory_xact_lock(mark)) FROM unnest(%s::bigint[]) AS mark"


class StillRunning(Exception):  # noqa: N818 - what it says, not an error
    """The same words are being written at this moment by another request."""


@dataclass(frozen=True)
class Answer:
    """What became of a word, and why it was refused."""

    outcome: str
    why: str = ""


@in_sentences
@transaction.atomic
def take_roll(*, session, by, source, words, pupils, classes) -> dict[uuid.UUID, Answer]:
    """Take words about one session (unsaved entries) and bring the presences up to date, all or nothing. A word that is
    already here gets the answer that it got. `pupils` and `classes` are the numbers of those that `by` may speak of.
    A refusal writes nothing, so that the same word may come again when what stood in its way is gone."""
    _claim(words)
    session = locked_session(session.pk)
    _check_open(session, words)
    known = RollEntry.objects.in_bulk([word.nonce for word in words], field_name="nonce")
    answers = {nonce: _answer(entry) for nonce, entry in known.items()}
    fresh = {}
    for word in words:
        if word.nonce in known:
            continue
        if word.pupil_id in pupils if word.pupil_id else word.class_group_id in classes:
            word.observed_at = min(word.observed_at, timezone.now())
            fresh[word.nonce] = word
        else:
            answers[word.nonce] = Answer(REFUSED, _("Not on this list any more."))
    _write(session, by, source, list(fresh.values()))
    return answers | {nonce: _answer(entry) for nonce, entry in fresh.items()}


@in_sentences
@transaction.atomic
def record_attendance(*, session, by, presences):
    """Write who was there: `presences` are (pupil, status, minutes or None for the whole session). The latest word
    wins, and this one is said now."""
    session = locked_session(session.pk)
    check_countable(session)
    said_at = timezone.now()
    last = session.roll.filter(observed_at__gte=said_at).order_by("observed_at").last()
    words = []
    for pupil, status, stayed in presences:
        missed = session.minutes - (session.minutes if stayed is None else stayed)
        if missed < 0:
            raise ValidationError(SENTENCES_OF_TRIGGERS["activities_attendance_minutes_within_session"])
        was_there = status in Attendance.WAS_THERE
        word = RollEntry(nonce=uuid.uuid4(), pupil=pupil, status=status, missed=missed if was_there else 0)
        word.observed_at = last.observed_at + timedelta(microseconds=1) if last else said_at
        words.append(word)
    _write(session, by, Headcount.Source.STAFF, words)
    return list(session.attendances.filter(pupil__in=[word.pupil_id for word in words]).select_related("pupil"))


@transaction.atomic
def forget_roll() -> int:
    """Delete words whose time is over: the presences that they gave stay."""
    gone, _kinds = RollEntry.objects.filter(received_at__lt=timezone.now() - REMEMBERED_FOR).delete()
    return gone


def _claim(words):
    marks = sorted({word.nonce.int >> 65 for word in words})
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [marks])
        if cursor.fetchone()[0] is False:
            raise StillRunning


def _check_open(session, words):
    check_countable(session, before=roll.OPENS_BEFORE)
    if session.state == Session.State.NOT_HELD:
        raise ValidationError(_("Somebody said that this session did not take place: correct that first."))
    if any(word.observed_at < timezone.now() - TAKEN_FOR for word in words):
        raise ValidationError(_("This was seen too long ago. Write to the center."))


def _answer(entry):
    return Answer(STANDS if entry.is_standing else OVERRULED)


def _write(session, by, source, words):
    for word in words:
        word.session, word.by = session, by
    _remember_noted(session, {word.pupil_id for word in words if word.pupil_id})
    subjects = _by_subject([*_words_about(session, words), *words])
    standing = {subject: roll.standing(entries) for subject, entries in subjects.items()}
    for word in words:
        word.is_standing = standing[_subject(word)] is word
    _write_presence(session, [entry for entry in standing.values() if entry.pupil_id])
    counts = [entry for entry in standing.values() if entry.is_standing and not entry.pupil_id and entry in words]
    for entry in counts:
        entry.is_standing = _write_number(session, by, source, entry)
    RollEntry.objects.bulk_create(words)
    if counts:
        finish(session)


def _subject(entry):
    return ("pupil", entry.pupil_id) if entry.pupil_id else ("class", entry.class_group_id)


def _by_subject(entries):
    found = defaultdict(list)
    for entry in entries:
        found[_subject(entry)].append(entry)
    return found


def _words_about(session, words):
    """What was said before about the same pupils and classes."""
    pupils = Q(pupil__in=[word.pupil_id for word in words if word.pupil_id])
    numbers = {word.class_group_id for word in words if not word.pupil_id}
    classes = Q(pupil=None, class_group__in=numbers - {None})
    public = Q(pupil=None, class_group=None) if None in numbers else Q(pk__in=[])
    return list(session.roll.filter(pupils | classes | public))


def _remember_noted(session, pupils):
    """A presence that no word stands behind (it is older than the words) becomes one, seen when the session began."""
    noted = session.attendances.filter(pupil__in=pupils).exclude(
        pupil__in=session.roll.exclude(pupil=None).values("pupil")
    )
    RollEntry.objects.bulk_create(
        RollEntry(
            nonce=uuid.uuid4(),
            session=session,
            pupil_id=row.pupil_id,
            status=row.status,
            missed=session.minutes - row.minutes if row.status in Attendance.WAS_THERE else 0,
            observed_at=session.starts_at - roll.OPENS_BEFORE,
        )
        for row in noted
    )


def _write_presence(session, standing):
    """What changed, and nothing else: every write is a line in the history and a change of figures."""
    said = {entry.pupil_id: (entry.status, roll.minutes(entry, session)) for entry in standing}
    noted = {row.pupil_id: (row.status, row.minutes) for row in session.attendances.filter(pupil__in=said)}
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, pupil_id=pupil, status=status, minutes=stayed)
            for pupil, (status, stayed) in sorted(said.items())
            if noted.get(pupil) != (status, stayed)
        ],
        update_conflicts=True,
        unique_fields=["session", "pupil"],
        update_fields=["status", "minutes"],
    )


def _write_number(session, by, source, entry) -> bool:
    """Whether the number was written: one confirmed later on its own page stands, and so do those by several levels."""
    rows = list(session.headcounts.filter(class_group=entry.class_group_id))
    if len(rows) > 1 or any(row.confirmed_at > entry.observed_at for row in rows):
        return False
    level = rows[0].level if rows else entry.class_group.level if entry.class_group_id else "unknown"
    numbers = (entry.class_group, level, entry.total, entry.girls, entry.boys)
    write_count(session, by, source, *numbers, confirmed_at=entry.observed_at)
    return True
