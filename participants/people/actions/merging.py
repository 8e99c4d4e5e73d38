"""Two records of one pupil: looked for, judged, merged, taken apart again."""

import datetime as dt

import pghistory
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts import sabotage
from participants.people.actions.moving import ChangedSinceError, Journal, move_everything, put_back
from participants.people.duplicates import candidates, clashes
from participants.people.duplicates.choices import choices as choices_of
from participants.people.duplicates.choices import kept_of
from participants.people.duplicates.scoring import total
from participants.people.models import DuplicatePair, DuplicateSearch, Merge, Pupil
from participants.people.rights import relations

# One search at a time: two would write the same pair.
ONE_AT_A_TIME = 0xD0B1  # any number that nobody else locks
# A change belongs to the next search although its transaction began before the last one.
OVERLAP = dt.timedelta(days=1)


@transaction.atomic
def find_duplicates(*, is_full: bool = False) -> int:
    """Bring the pairs up to date: of the pupils changed since the last search, or of all. How many wait; nothing is
    done while another search runs."""
    started = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SET LOCAL statement_timeout = '30min'")
    last = None if is_full else DuplicateSearch.objects.order_by("-started_at").first()
    ids = _changed_since(last.started_at - OVERLAP) if last else None
    met = candidates.pairs(ids)
    found = {(one, other): codes for one, other, codes in candidates.weighed(met)}
    _write_pairs(found, ids)
    DuplicateSearch.objects.create(
        started_at=started, is_full=last is None, compared=len(met), found=len(found)
    )  # fmt: skip
    return len(found)


def _changed_since(moment):
    """The pupils of whom something changed that is compared, as the history tells."""
    ids = set()
    for model, column in (("people.PupilEvent", "pgh_obj_id"), ("people.EnrolmentEvent", "pupil_id")):
        events = apps.get_model(model).objects.filter(pgh_created_at__gte=moment).order_by(column)
        ids.update(events.values_list(column, flat=True).distinct())
    return ids


def _write_pairs(found, ids):
    judged = set(DuplicatePair.objects.exclude(state=DuplicatePair.State.OPEN).values_list("one", "other").order_by())
    touched = DuplicatePair.objects.open()
    if ids is not None:
        touched = touched.filter(one__in=ids) | touched.filter(other__in=ids)
    standing = {(pair.one_id, pair.other_id): pair for pair in touched.order_by("pk")}
    gone = [pair.pk for key, pair in standing.items() if key not in found]
    DuplicatePair.objects.filter(pk__in=gone).delete()
    rows = [
        DuplicatePair(one_id=one, other_id=other, score=total(codes), codes=codes)
        for (one, other), codes in found.items()
        if (one, other) not in judged and not _is_known(standing.get((one, other)), codes)
    ]
    DuplicatePair.objects.bulk_create(
        rows, 1000, update_conflicts=True, unique_fields=["one", "other"], update_fields=["score", "codes"]
    )


def _is_known(pair, codes):
    return pair is not None and pair.codes == codes and pair.score == total(codes)


@transaction.atomic
def keep_apart(*, pair, by):
    """Say that two records are two people: the pair is never proposed again."""
    pair = _lock_pair(pair.pk)
    pair.state, pair.decided_at, pair.decided_by = DuplicatePair.State.APART, timezone.now(), by
    pair.save(update_fields=["state", "decided_at", "decided_by"])
    return pair


def merge_pupils(*, pair, by, choices):
    """Make one pupil of two. `choices` says, for each field, the number of the record whose value stands; without a word
    the proposed one. Everything that points at either points at the record that stays; it can be undone for 30 days."""
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, action="merge", pair=pair.pk):
            return _merge(pair, by, choices)
    except IntegrityError as error:
        raise ValidationError(_("These records changed meanwhile. Look at them again.")) from error


def _merge(pair, by, choices):
    for lock in clashes.locks():
        lock(pair.one_id, pair.other_id)
    pupils = _lock_pupils(pair.one_id, pair.other_id)
    pair = _lock_pair(pair.pk, pair.one_id, pair.other_id)
    one, other = pupils[pair.one_id], pupils[pair.other_id]
    if one.user_id and other.user_id:
        raise ValidationError(_("Both records have an account to sign in with. Close one of the accounts first."))
    kept, gone = kept_of(one, other)
    chosen = _chosen(one, other, choices)
    journal = Journal()
    codes = pair.codes
    move_everything(Pupil, kept.pk, gone.pk, journal)
    _move_requests(kept, gone, journal)
    journal.remove(gone)
    journal.change(kept, chosen)
    with connection.cursor() as cursor:  # what still pointed at the gone record speaks now, not at the commit
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return Merge.objects.create(
        kept=kept, gone_id=gone.pk, pair_id=pair.pk, codes=codes, journal=journal.steps, merged_by=by,
        unattached=sorted(set(journal.unattached)),
    )  # fmt: skip


def _move_requests(kept, gone, journal):
    """What names a person by kind and number alone, and outlives them: a request about their data finds them again."""
    for loose in relations.loose():
        if loose.relation.fate == relations.Fate.UNLINK:
            for row in loose.rows(Pupil._meta.model_name, gone.pk):
                journal.change(row, {loose.number: kept.pk})


def _chosen(one, other, choices):
    return {
        choice.name: choice.one if choices.get(choice.name, choice.proposed) == one.pk else choice.other
        for choice in choices_of(one, other)
    }


def undo_merge(*, merge, by):
    """Put both records back exactly as they were; refused when something was built on the merge that would be lost."""
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, action="undo merge", merge=merge.pk):
            return _undo(merge, by)
    except ChangedSinceError as changed:
        raise ValidationError(
            _("This merge cannot be undone any more: since then something changed that would be lost (%(what)s).")
            % {"what": changed.model._meta.verbose_name}
        ) from changed
    except (DataError, IntegrityError) as error:
        raise ValidationError(
            _("This merge cannot be undone any more: what the merged record held has no place now.")
        ) from error


def _undo(merge, by):
    _lock_pupils(merge.kept_id)
    merge = Merge.objects.select_for_update(no_key=True, of=("self",)).select_related("undone_by").get(pk=merge.pk)
    if merge.undone_at:
        raise ValidationError(_("%(name)s has undone this merge already.") % {"name": _name(merge.undone_by)})
    if merge.journal is None or merge.undo_until <= timezone.now():
        raise ValidationError(_("A merge can be undone for 30 days: this one is older."))
    put_back(merge.journal, apps.get_model)
    merge.journal, merge.undone_at, merge.undone_by = None, timezone.now(), by
    merge.save(update_fields=["journal", "undone_at", "undone_by"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return merge


def forget_journals() -> int:
    """Delete the journals whose time for undoing is over."""
    return Merge.objects.filter(undo_until__lte=timezone.now(), journal__isnull=False).update(journal=None)


def _lock_pupils(*ids):
    """The pupils, locked in the order of their numbers. FOR UPDATE and not the weaker lock: one of the records goes, and
    whoever is about to point at it must wait, and is then refused."""
    strength = "" if sabotage.is_on("merge_lock") else "FOR UPDATE"
    rows = Pupil.objects.raw(
        f"SELECT * FROM people_pupil WHERE id = ANY(%s) ORDER BY id {strength}",  # noqa: S608
        [list(ids)],
    )
    found = {pupil.pk: pupil for pupil in rows}
    if len(found) != len(set(ids)):
        raise ValidationError(_("One of the two records is gone: somebody merged or deleted it meanwhile."))
    return found


def _lock_pair(pk, *ids):
    pair = DuplicatePair.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if pair is None or (ids and (pair.one_id, pair.other_id) != ids):
        raise ValidationError(_("Somebody has merged one of these records meanwhile."))
    if pair.state == DuplicatePair.State.APART:
        raise ValidationError(
            _("%(name)s has already said that these are two people.") % {"name": _name(pair.decided_by)}
        )
    return pair


def _name(user):
    return user.name if user else _("Somebody")
