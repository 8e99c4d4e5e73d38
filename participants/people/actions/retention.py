"""What the terms make happen each night: announce, tell, take back, erase, tidy; or say only what they would do. Stopped
at any point, it goes on the next night where it was: each person is a transaction of its own."""

from dataclasses import asdict
from datetime import timedelta
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts import history
from participants.accounts.models import Grant, User
from participants.accounts.roles import Permission
from participants.correspondence.actions import plan
from participants.correspondence.models import Message
from participants.people import occasions, questions
from participants.people.actions.asking import write_to
from participants.people.actions.rights import keep_tombstones_beside
from participants.people.models import Farewell, Pupil, RetentionRun, RightsRequest, Tombstone
from participants.people.rights import erasure, lines, terms, traces

FAREWELL = "people.farewell"
REPORT = "people.retention_report"
BATCH = 500
DAYS_A_MONTH = 30


@transaction.atomic
def change_term(*, term, months_active, months_grace=0, by):
    """Set another term. It runs dry until it is switched on: nobody switches on what was not looked at."""
    term.months_active, term.months_grace = months_active, months_grace
    if months_grace and term.category not in terms.PEOPLE:
        raise ValidationError(_("Nobody is told about these data: they have no notice."))
    term.applied_on = term.applied_by = None
    term.full_clean()
    term.save(update_fields=["months_active", "months_grace", "applied_on", "applied_by"])
    return term


@transaction.atomic
def apply_term(*, term, by):
    """Switch a term on: from the next night on it announces and deletes."""
    term.applied_on, term.applied_by = timezone.localdate(), by
    term.save(update_fields=["applied_on", "applied_by"])
    return term


@transaction.atomic
def suspend_term(*, term, by):
    """Switch a term off: it runs dry again, and whoever was announced waits."""
    term.applied_on = term.applied_by = None
    term.save(update_fields=["applied_on", "applied_by"])
    return term


def keep_terms(*, today=None) -> RetentionRun:
    """One night. Not atomic on purpose: whoever is done stays done when the worker is killed."""
    today = today or timezone.localdate()
    run, _is_new = RetentionRun.objects.get_or_create(ran_on=today)
    applied = [category for category in terms.DEFAULTS if terms.term_of(category).is_applied]
    people = [category for category in terms.PEOPLE if category in applied]
    for kind in terms.KINDS:
        take_back(kind=kind, today=today, run=run)
    for category in people:
        announce(category=category, today=today, run=run)
    for kind in terms.KINDS:
        tell(kind=kind, today=today)
    for category in people:
        end(category=category, today=today, run=run)
    tidy_lines(categories=applied, today=today, run=run)
    keep_tombstones_beside()
    rehearse(categories=[category for category in terms.DEFAULTS if category not in applied], today=today, run=run)
    standing = {category.value: asdict(standing) for category, standing in terms.standing(today).items()}
    RetentionRun.objects.filter(pk=run.pk).update(standing=standing)
    run.refresh_from_db()
    _tell_officers(run)
    return run


def _note(run, **more):
    RetentionRun.objects.filter(pk=run.pk).update(**{name: F(name) + number for name, number in more.items()})


@transaction.atomic
def take_back(*, kind, today, run):
    """Whoever is active again, or is gone, is no longer announced."""
    gone = Farewell.objects.filter(model=kind)
    for category, of_kind in terms.PEOPLE.items():
        if of_kind == kind:
            gone = gone.exclude(person_id__in=terms.over(category, today).values("pk"))
    _note(run, active_again=gone.delete()[0])


def announce(*, category, today, run):
    """Note those whose term is over and when they will go; in batches, so that a night can be cut short."""
    kind = terms.PEOPLE[category]
    due_on = today + timedelta(days=DAYS_A_MONTH * terms.term_of(category).months_grace)
    noted = Farewell.objects.filter(model=kind).values("person_id")
    while ids := list(terms.over(category, today).exclude(pk__in=noted).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows = [Farewell(model=kind, person_id=pk, announced_on=today, due_on=due_on) for pk in ids]
            Farewell.objects.bulk_create(rows, ignore_conflicts=True)
            _note(run, announced=len(rows))


def tell(*, kind, today):
    """Write to those who are announced and were not told yet: an address that comes later is used later. Of whom nobody
    has an address, the officer's list says so."""
    waiting = Farewell.objects.filter(model=kind, told_on=None, due_on__gt=today).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            farewell = waiting.filter(pk=pk).first()
            if farewell and (_tell_family if kind == "pupil" else _tell_account)(farewell, today):
                Farewell.objects.filter(pk=pk).update(told_on=today)


def _tell_account(farewell, today) -> bool:
    """By the address of the account, with which whoever wants to stay signs in."""
    person = erasure.model_of(farewell.model).objects.get(pk=farewell.person_id)
    user = person if isinstance(person, User) else person.user
    if user is None or not user.is_active:
        return False
    plan(occasion=FAREWELL, recipients=[user], about=farewell.pk, key=f"farewell:{farewell.pk}")
    return Message.objects.filter(occasion=FAREWELL, about=farewell.pk).exists()


def _tell_family(farewell, today) -> bool:
    """One mail a guardian and night for all children, and one to a pupil who decides; whether anybody is reached."""
    pupil = Pupil.objects.get(pk=farewell.person_id)
    told = [_tell_signer(person, f"farewell:{today:%Y-%m-%d}") for person in questions.signers_of(pupil)]
    return any(told)


def _tell_signer(person, key) -> bool:
    if _has_objected(person):
        return False
    write_to(occasions.LEAVING, person, key=key)
    letters = Message.objects.filter(occasion=occasions.key_for(occasions.LEAVING, person), about=person.pk)
    return letters.filter(key=f"{key}:{person.pk}").exists()


def _has_objected(person) -> bool:
    """Who asked not to be dealt with any more is not written to."""
    asked = RightsRequest.objects.filter(kind=RightsRequest.Kind.OBJECTION, subject_id=person.pk)
    return asked.filter(subject=person._meta.model_name).exclude(state=RightsRequest.State.REFUSED).exists()


def end(*, category, today, run):
    """Erase those whose notice is over, by the same engine as on request."""
    kind = terms.PEOPLE[category]
    due = Farewell.objects.filter(model=kind, due_on__lte=today, person_id__in=terms.over(category, today).values("pk"))
    for pk in list(due.order_by("due_on", "pk").values_list("person_id", flat=True)):
        try:
            erasure.erase(kind=kind, pk=pk, ground=Tombstone.Ground.TERM)
        except ValidationError:
            _note(run, held_back=1)
        else:
            _note(run, erased=1)


def tidy_lines(*, categories, today, run):
    """Delete the lines that are older than their term, some at a time; what ends by itself goes in any case."""
    found = [rows for category in categories for rows in terms.old_rows(category, today)]
    for rows in chain(found, lines.ended_sessions()):
        while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic(), history.open_door():
                trail = traces.Trail()
                traces.remove(rows.model._base_manager.filter(pk__in=ids), trail)
                for path in trail.files:
                    path.unlink(missing_ok=True)
                _note(run, rows_deleted=len(ids))


@transaction.atomic
def rehearse(*, categories, today, run):
    """Count what the terms that run dry would have done, and do nothing."""
    numbers = {category.value: terms.would_go(category, today) for category in categories}
    RetentionRun.objects.filter(pk=run.pk).update(rehearsed=numbers)


@transaction.atomic
def _tell_officers(run):
    """Once a night in which something happened, or in which a dry run found something else than the night before."""
    before = RetentionRun.objects.filter(ran_on__lt=run.ran_on).order_by("-ran_on").first()
    is_news = run.rehearsed != (before.rehearsed if before else {})
    if not any((run.announced, run.active_again, run.erased, run.held_back, is_news)):
        return
    officers = Grant.objects.live().with_permission(Permission.RIGHTS_HANDLE).values("user")
    users = list(User.objects.active().filter(pk__in=officers).order_by("pk"))
    plan(occasion=REPORT, recipients=users, about=run.pk, key=f"retention:{run.pk}")
