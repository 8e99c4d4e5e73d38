"""The sender checks and confirms; then everything is written in one transaction, with a note of what was written."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from participants.people.actions import staging
from participants.people.actions.rosters.sending import lock_roster, settle, start_work
from participants.people.actions.rosters.writing import write
from participants.people.models import Roster, RosterRow
from participants.people.rosters.comparing import DECIDED, compare, count, decided

State, RowState, Choice = Roster.State, RosterRow.State, RosterRow.Choice


def save_comparison(roster) -> bool:
    """Set the lines against the database of now; says whether anything is seen otherwise than before."""
    before = {row.pk: decided(row) for row in roster.rows.order_by("line")}
    rows = compare(roster)
    moved = [row for row in rows if decided(row) != before[row.pk]]
    RosterRow.objects.bulk_update(moved, [name.removesuffix("_id") for name in DECIDED], batch_size=500)
    roster.counts = count(rows)
    return bool(moved)


@transaction.atomic
def choose_pupil(*, roster, choices: dict[int, str], by) -> Roster:
    """Say of doubtful lines who they are: `another`, or the id of a pupil that was proposed."""
    roster = lock_roster(roster, states=[State.READY], by=by)
    rows = roster.rows.exclude(candidates=[]).in_bulk(choices)
    for pk, row in rows.items():
        _choose(row, choices[pk])
    RosterRow.objects.bulk_update(rows.values(), ["choice", "pupil"])
    _look_again(roster)
    return roster


@transaction.atomic
def same_for_all(*, roster, by) -> Roster:
    """Every line that may be one pupil only is this pupil."""
    roster = lock_roster(roster, states=[State.READY], by=by)
    rows = [row for row in roster.rows.filter(state=RowState.DOUBTFUL).order_by("line") if len(row.candidates) == 1]
    for row in rows:
        _choose(row, str(row.candidates[0][0]))
    RosterRow.objects.bulk_update(rows, ["choice", "pupil"])
    _look_again(roster)
    return roster


def _choose(row, said):
    offered = {str(pupil) for pupil, _why in row.candidates}
    if said == Choice.ANOTHER:
        row.choice, row.pupil_id = Choice.ANOTHER, None
    elif said in offered:
        row.choice, row.pupil_id = Choice.SAME, int(said)
    else:
        raise ValidationError(_("Choose one of the pupils that are proposed, or another person."))


def _look_again(roster):
    save_comparison(roster)
    roster.is_compared_anew = False
    roster.save(update_fields=["counts", "is_compared_anew"])


@transaction.atomic
def confirm_roster(*, roster, by) -> Roster:
    """Let the worker take what the preview shows. Asked for again after the worker gave up, it tries once more."""
    roster = lock_roster(roster, states=[State.READY, State.APPLYING], by=by)
    if roster.state == State.APPLYING and roster.job and not roster.job.is_finished:
        return roster
    if roster.rows.filter(state=RowState.DOUBTFUL).exists():
        raise ValidationError(_("Say of each doubtful line who it is, then confirm."))
    roster.state = State.APPLYING
    roster.save(update_fields=["state"])
    start_work(roster, by)
    return roster


@transaction.atomic
def take_roster(*, roster, by) -> Roster:
    """Write everything that was confirmed, or nothing: when the school's pupils have changed since the preview, it is
    made anew and the sender looks again."""
    roster = lock_roster(roster, states=[State.APPLYING], by=by)
    staging.wait_for_the_center()
    if save_comparison(roster):
        roster.state, roster.is_compared_anew = State.READY, True
        roster.save(update_fields=["state", "is_compared_anew", "counts"])
        return roster
    write(roster)
    # Who was taken is among the pupils now; the lines that were refused wait a few days to be corrected.
    roster.rows.exclude(state=RowState.REFUSED).delete()
    settle(roster, State.APPLIED, by)
    return roster
