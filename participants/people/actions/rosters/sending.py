"""A list comes in, its columns are confirmed, or it is put aside; what is left of it is deleted in time."""

import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.roles import Permission
from participants.correspondence.actions import start_job
from participants.organisations.models import Organisation, School
from participants.organisations.school_years import current_school_year
from participants.people.models import Roster, RosterRow
from participants.people.rosters.columns import FIELDS
from participants.people.rosters.reading import MAX_BYTES

State = Roster.State
KIND = "people.roster"
LIFE = timedelta(days=7)


def schools_to_send_for(user):
    """The schools for which a user may send lists."""
    if Organisation.objects.reaches_center(user, Permission.ROSTER_SEND):
        return School.objects.pickable()
    return School.objects.of(user, Permission.ROSTER_SEND)


def lock_roster(roster, *, states, by=None):
    """The list as it is now, its school locked before it: two lists of one school never cross."""
    School.objects.select_for_update(no_key=True, of=("self",)).get(pk=roster.school_id)
    roster = Roster.objects.select_for_update(no_key=True, of=("self",)).get(pk=roster.pk)
    if by is not None and not Roster.objects.visible_to(by).filter(pk=roster.pk).exists():
        raise PermissionDenied
    if roster.state not in states:
        raise ValidationError(_("This list has moved on meanwhile. Look at it again."))
    return roster


def start_work(roster, by):
    """Ask the worker for what comes next."""
    # The round makes each step work of its own, also while the end of the last one is being written down.
    roster.round += 1
    roster.job = start_job(kind=KIND, owner=by, parameters={"roster": roster.pk, "round": roster.round})
    roster.save(update_fields=["job", "round"])


@transaction.atomic
def send_roster(*, school, school_year: int, file, by) -> Roster:
    """Keep a file under a random name until the worker has read it."""
    if not schools_to_send_for(by).filter(pk=school.pk).exists():
        raise PermissionDenied
    if school_year not in {current_school_year(), current_school_year() + 1}:
        raise ValidationError(_("A list is of this school year or of the next one."))
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. A class list is much smaller."))
    roster = Roster(
        school=school, school_year=school_year, sender=by, file_name=file.name[-150:], stored_as=secrets.token_hex(24)
    )
    roster.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with roster.path.open("xb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    roster.save()
    start_work(roster, by)
    return roster


@transaction.atomic
def choose_columns(*, roster, mapping: dict[str, int], by) -> Roster:
    """Say what each column is; the choice counts for the next list with the same columns."""
    roster = lock_roster(roster, states=[State.COLUMNS, State.READY], by=by)
    wrong = set(mapping) - set(FIELDS) or [place for place in mapping.values() if not 0 <= place < len(roster.names)]
    if wrong or len(set(mapping.values())) != len(mapping):
        raise ValidationError(_("Each column says one thing, and each thing stands in one column."))
    if not can_be_read(mapping):
        raise ValidationError(_("Say where the name and the date of birth stand."))
    roster.mapping, roster.is_mapping_confirmed, roster.state = mapping, True, State.COMPARING
    roster.save(update_fields=["mapping", "is_mapping_confirmed", "state"])
    start_work(roster, by)
    return roster


def can_be_read(mapping) -> bool:
    """Whether a pupil can be told by these columns."""
    return "birth_date" in mapping and ("full_name" in mapping or {"last_name", "first_name"} <= set(mapping))


@transaction.atomic
def discard_roster(*, roster, by) -> Roster:
    """Put a list aside that was not taken: nothing of it stays."""
    roster = lock_roster(roster, states=[state for state in Roster.UNSETTLED if state != State.APPLYING], by=by)
    return _put_aside(roster, by)


def _put_aside(roster, by):
    roster.rows.all().delete()
    settle(roster, State.DISCARDED, by)
    transaction.on_commit(lambda: delete_file(roster))
    return roster


def settle(roster, state, by):
    roster.state, roster.settled_at, roster.settled_by = state, timezone.now(), by
    roster.save()


def delete_file(roster) -> None:
    """Delete the file, then forget where it stood."""
    if roster.stored_as:
        roster.path.unlink(missing_ok=True)
        Roster.objects.filter(pk=roster.pk).update(stored_as="")


@transaction.atomic
def delete_old_rosters() -> int:
    """Put aside what nobody settled for a week, and delete the lines and files whose time is over."""
    over = timezone.now() - LIFE
    old = Roster.objects.unsettled().filter(created_at__lt=over)
    number = 0
    for roster in old.select_for_update(no_key=True, of=("self",), skip_locked=True).order_by("pk"):
        _put_aside(roster, None)
        number += 1
    RosterRow.objects.filter(roster__settled_at__lt=over).delete()
    for roster in Roster.objects.exclude(stored_as="").exclude(state=State.READING).order_by("pk"):
        delete_file(roster)
    _delete_orphans(over)
    return number


def _delete_orphans(over):
    """Files of lists that were never saved: the machine stopped between the two."""
    folder = Roster(stored_as="-").path.parent
    if not folder.exists():
        return
    named = set(Roster.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    for path in folder.iterdir():
        if path.name not in named and path.stat().st_mtime < over.timestamp():
            path.unlink(missing_ok=True)
