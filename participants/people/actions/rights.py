"""What is done about a request: opened, the person found, data corrected or erased, answered."""

import json

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.correspondence.actions import start_job
from participants.people.actions.holding import still_there
from participants.people.models import RightsRequest, Tombstone
from participants.people.models.right import one_month_after
from participants.people.rights import archive, erasure

State = RightsRequest.State
# What may be corrected on the record of a person; facts of a school year are corrected where the school keeps them.
CORRECTABLE = {
    "pupil": ["first_name", "last_name", "birth_date", "sex", "email"],
    "guardian": ["first_name", "last_name", "email", "phone", "language"],
    "volunteer": ["first_name", "last_name", "phone"],
    "schoolcontact": ["first_name", "last_name", "phone"],
}
GROUNDS = {RightsRequest.Kind.OBJECTION: Tombstone.Ground.OBJECTION}


@transaction.atomic
def open_request(*, kind, subject, about, asked_by, checked_by, received_on, by):
    """Write down what was asked; the answer is due one month later."""
    request = RightsRequest(
        kind=kind,
        subject=subject,
        about=about,
        asked_by=asked_by,
        checked_by=checked_by,
        received_on=received_on,
        due_on=one_month_after(received_on),
    )
    request.full_clean()
    request.save()
    return request


@transaction.atomic
def name_person(*, request, person, by):
    """Say which record the request is about."""
    request = _open(request)
    request.subject_id = person.pk
    request.save(update_fields=["subject_id"])
    return request


@transaction.atomic
def correct_person(*, request, person, changes, reason, by):
    """Change what was wrong; the history keeps what it was, who changed it and why."""
    allowed = CORRECTABLE[person._meta.model_name]
    person = still_there(type(person).objects.select_for_update(no_key=True, of=("self",)).filter(pk=person.pk).first())
    request = _open(request)
    with pghistory.context(reason=reason, user=by.pk):
        for name, value in changes.items():
            if name not in allowed:
                raise ValidationError(_("This is not corrected here."))
            setattr(person, name, value)
        person.full_clean()
        person.save(update_fields=list(changes))
        return _close(request, State.DONE, "", by)


def erase_person(*, request, by):
    """Erase the person; of the request only its kind, dates and outcome stay."""
    return erasure.settled(lambda: _erase_person(request, by))


@transaction.atomic
def _erase_person(request, by):
    # The person before the request: whoever erases the same person on another request waits here.
    named = RightsRequest.objects.get(pk=request.pk)
    if named.is_open and named.subject_id is None:
        raise ValidationError(_("Say first which record the request is about."))
    if named.is_open:
        still_there(erasure.hold(named.subject, named.subject_id))
    request = _open(request)
    if request.subject_id != named.subject_id:
        raise ValidationError(_("Somebody has chosen another record meanwhile."))
    ground = GROUNDS.get(request.kind, Tombstone.Ground.REQUEST)
    erasure.erase(kind=request.subject, pk=request.subject_id, ground=ground)
    request.refresh_from_db()
    _close(request, State.DONE, "", by)
    transaction.on_commit(_keep_beside, robust=True)
    return request


@transaction.atomic
def answer_request(*, request, state, answer, by):
    """Write down what was answered; a refusal needs a reason."""
    return _close(_open(request), state, answer, by)


def start_archive(*, kind, pk, by, request=None):
    """Put everything about a person into one file, for its owner or for the officer who hands it over: then it stands on
    the page of the request who did it, and the file speaks the language of the person."""
    parameters = {"kind": kind, "id": pk}
    if request:
        parameters |= {"request": request.pk, "language": archive.language_of(kind, pk)}
    return start_job(kind=archive.KIND, owner=by, parameters=parameters)


def _open(request):
    request = RightsRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
    if not request.is_open:
        raise ValidationError(_("This request is answered already."))
    return request


def _close(request, state, answer, by):
    request.state, request.answer = state, answer.strip()
    request.done_on, request.done_by = timezone.localdate(), by
    request.full_clean(exclude=["about", "asked_by"])
    request.save(update_fields=["state", "answer", "done_on", "done_by"])
    return request


# --- after a restored backup ------------------------------------------------------------------------------------------
def _beside():
    return settings.PRIVATE_ROOT / "tombstones.jsonl"


def _keep_beside():
    """A copy outside the database, which a restored backup does not overwrite: numbers, months and grounds."""
    _beside().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = Tombstone.objects.order_by("pk").values_list("model", "old_id", "month", "ground")
    lines = [json.dumps([model, old_id, f"{month:%Y-%m-%d}", ground]) for model, old_id, month, ground in rows]
    known = set(_beside().read_text().splitlines()) if _beside().exists() else set()
    if fresh := [line for line in lines if line not in known]:
        with _beside().open("a") as file:
            file.write("\n".join(fresh) + "\n")


def keep_tombstones_beside():
    """Every tombstone also stands outside the database."""
    _keep_beside()


def reapply_erasures() -> int:
    """Erase again whoever a restored backup brought back; returns how many. The numbers of erased people are never given
    to somebody new: the counters of the tables are moved past them."""
    known = _beside().read_text().splitlines() if _beside().exists() else []
    tombstones = [
        Tombstone(**dict(zip(("model", "old_id", "month", "ground"), json.loads(line), strict=True))) for line in known
    ]
    Tombstone.objects.bulk_create(tombstones, ignore_conflicts=True)
    erased = 0
    for kind in erasure.KINDS:
        model = erasure.model_of(kind)
        ids = list(Tombstone.objects.filter(model=kind).values_list("old_id", flat=True))
        for pk in model.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True):
            ground = Tombstone.objects.get(model=kind, old_id=pk).ground
            erasure.erase(kind=kind, pk=pk, ground=ground)
            erased += 1
        _move_counter(model, max(ids, default=0))
    return erased


def _move_counter(model, least):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(%s, (SELECT last_value FROM pg_sequences WHERE "
            "schemaname || '.' || sequencename = pg_get_serial_sequence(%s, 'id')), 1))",
            [table, least, table],
        )
