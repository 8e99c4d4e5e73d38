"""What the terms make happen each night: announce, take back, erase, tidy. Stopped at any point, it goes on the next
night where it was: each person is a transaction of its own."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participants.accounts import history
from participants.accounts.models import Grant, User
from participants.accounts.roles import Permission
from participants.correspondence.actions import plan
from participants.people.actions.rights import keep_tombstones_beside
from participants.people.models import Farewell, RetentionRun, Tombstone
from participants.people.rights import erasure, terms, traces

FAREWELL = "people.farewell"
REPORT = "people.retention_report"
BATCH = 500
DAYS_A_MONTH = 30


@transaction.atomic
def change_term(*, term, months_active, months_grace, then, by):
    """Set another term; it counts from the next night on."""
    term.months_active, term.months_grace, term.then = months_active, months_grace, then
    term.full_clean()
    term.save(update_fields=["months_active", "months_grace", "then"])
    return term


def keep_terms(*, today=None) -> RetentionRun:
    """One night. Not atomic on purpose: whoever is done stays done when the worker is killed."""
    today = today or timezone.localdate()
    run, _new = RetentionRun.objects.get_or_create(ran_on=today)
    for kind in terms.KINDS:
        take_back(kind=kind, today=today, run=run)
        announce(kind=kind, today=today, run=run)
        end(kind=kind, today=today, run=run)
    tidy_lines(today=today, run=run)
    keep_tombstones_beside()
    run.refresh_from_db()
    _tell_officers(run)
    return run


def _note(run, **more):
    RetentionRun.objects.filter(pk=run.pk).update(**{name: F(name) + number for name, number in more.items()})


@transaction.atomic
def take_back(*, kind, today, run):
    """Whoever is active again, or is gone, is no longer announced."""
    still = terms.over(kind, today).values("pk")
    gone = Farewell.objects.filter(model=kind).exclude(person_id__in=still)
    _note(run, active_again=gone.delete()[0])


def announce(*, kind, today, run):
    """Tell those whose term is over when their data will go; in batches, so that a night can be cut short."""
    due_on = today + timedelta(days=DAYS_A_MONTH * terms.notice(kind))
    told = Farewell.objects.filter(model=kind).values("person_id")
    while people := list(terms.over(kind, today).exclude(pk__in=told).select_related("user")[:BATCH]):
        with transaction.atomic():
            rows = [Farewell(model=kind, person_id=p.pk, announced_on=today, due_on=due_on) for p in people]
            Farewell.objects.bulk_create(rows, ignore_conflicts=True)
            _note(run, announced=len(rows))
            _tell(kind, people)


def _tell(kind, people):
    """By mail, whoever has an account; families hear it from the school, for whom the officer has the list."""
    users = {person.pk: person.user for person in people if person.user and person.user.is_active}
    if kind in {"pupil", "guardian"}:
        return
    for farewell in Farewell.objects.filter(model=kind, person_id__in=users):
        key = f"farewell:{farewell.pk}"
        plan(occasion=FAREWELL, recipients=[users[farewell.person_id]], about=farewell.pk, key=key)


def end(*, kind, today, run):
    """Erase those whose notice is over, by the same engine as on request."""
    due = Farewell.objects.filter(model=kind, due_on__lte=today).order_by("due_on", "pk")
    for pk in list(due.values_list("person_id", flat=True)):
        try:
            erasure.erase(kind=kind, pk=pk, ground=Tombstone.Ground.TERM)
        except ValidationError:
            _note(run, held_back=1)
        else:
            _note(run, erased=1)


def tidy_lines(*, today, run):
    """Delete the lines that are older than their term, some at a time."""
    for _category, rows in terms.old_rows(today):
        while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic(), history.open_door():
                trail = traces.Trail()
                traces.remove(rows.model._base_manager.filter(pk__in=ids), trail)
                for path in trail.files:
                    path.unlink(missing_ok=True)
                _note(run, rows_deleted=len(ids))


@transaction.atomic
def _tell_officers(run):
    """Once a night in which something happened."""
    if not any((run.announced, run.active_again, run.erased, run.held_back)):
        return
    officers = Grant.objects.live().with_permission(Permission.RIGHTS_HANDLE).values("user")
    users = list(User.objects.active().filter(pk__in=officers).order_by("pk"))
    plan(occasion=REPORT, recipients=users, about=run.pk, key=f"retention:{run.pk}")
