"""What is left of a person beside the rows that point at them: files, histories, letters, sessions, log lines."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from pghistory.models import Context

from participants.accounts.models import User
from participants.correspondence.models import Job, Message
from participants.people import addressees
from participants.people import occasions as letters
from participants.people.models import Guardian, Pupil
from participants.people.rights import looks, relations


@dataclass
class Trail:
    """What was deleted on the way, so that what hangs on it is found."""

    rows: dict = field(default_factory=lambda: defaultdict(set))
    files: set = field(default_factory=set)
    contexts: set = field(default_factory=set)


@dataclass(frozen=True)
class Identity:
    """What a person is found by once their row is gone."""

    kind: str
    pk: int
    names: tuple[str, ...]
    addresses: frozenset[str]
    user_id: int | None
    # Who took a list or a document with the person away, as long as its file is kept.
    takers: frozenset[int] = frozenset()

    @property
    def reference(self) -> dict:
        """How the parameters of a job name the person."""
        return {"kind": self.kind, "id": self.pk}


def identity_of(person) -> Identity:
    """Read it while the row is still there."""
    user = person if isinstance(person, User) else getattr(person, "user", None)
    addresses = {getattr(person, "email", "")}
    if user:
        addresses |= {user.email, *user.emailaddress_set.values_list("email", flat=True)}
    names = tuple(name for part in ("first_name", "last_name") if (name := getattr(person, part, "")))
    return Identity(
        person._meta.model_name,
        person.pk,
        names,
        frozenset(address.lower() for address in addresses if address),
        user and user.pk,
        looks.takers(person) if isinstance(person, Pupil) else frozenset(),
    )


def remove(rows, trail: Trail) -> int:
    """Delete rows with everything below them, and remember what they were. Returns how many were asked for."""
    ids = set(rows.order_by().values_list("pk", flat=True))
    if not ids:
        return 0
    model = rows.model
    for relation in model._meta.related_objects:
        child = relation.related_model
        if relation.on_delete and relation.on_delete.__name__ == "CASCADE" and not hasattr(child, "pgh_tracked_model"):
            remove(child._base_manager.filter(**{f"{relation.field.name}__in": ids}), trail)
    trail.files |= files_of(model, ids)
    trail.rows[model] |= ids
    model._base_manager.filter(pk__in=ids).delete()
    forget_history(model, ids, trail)
    return len(ids)


def files_of(model, ids) -> set:
    """The paths of the files of these rows."""
    if model not in relations.folders():
        return set()
    name, folder = relations.folders()[model]
    kept = model._base_manager.filter(pk__in=ids).exclude(**{name: ""}).values_list(name, flat=True)
    return {settings.PRIVATE_ROOT / folder / str(value) for value in kept}


def forget_history(model, ids, trail: Trail) -> None:
    for event in relations.histories_of(model):
        forget(event._base_manager.filter(pgh_obj_id__in=ids), trail)


def forget(events, trail: Trail) -> int:
    """Delete lines of a history, and remember in which context they were written."""
    trail.contexts |= set(events.exclude(pgh_context=None).values_list("pgh_context_id", flat=True))
    return events.delete()[0]


def sweep(identity: Identity, trail: Trail) -> None:
    """Everything that no foreign key shows. Runs last, when the rows are gone."""
    _letters(identity)
    _names(identity, trail)
    _loose(identity, trail)
    _exports(identity, trail)
    _log_lines(trail)
    _sessions(identity)
    _contexts(identity, trail)
    for path in trail.files:
        path.unlink(missing_ok=True)


def _letters(identity):
    """Letters about the person, to them, and to an address that is nobody else's."""
    addressees.letters_to(identity.kind, identity.pk).delete()
    own = {"guardian": letters.OF_GUARDIANS, "pupil": letters.OF_PUPILS}.get(identity.kind, ())
    Message.objects.filter(occasion__in=own, about=identity.pk).delete()
    for address in identity.addresses:
        others = (model.objects.filter(email__iexact=address).exists() for model in (User, Guardian, Pupil))
        if not any(others):
            Message.objects.filter(address__iexact=address).delete()


def _names(identity, trail):
    """A text that says the first and the last name is emptied, a line of a list goes, of whomever it was."""
    if len(identity.names) < 2:
        return
    for model, name in relations.texts_with_names():
        _saying(identity, model._base_manager.all(), name).update(**{name: ""})
    for model, name in relations.rows_with_names():
        rows = model._base_manager.annotate(said=Cast(name, TextField()))
        remove(_saying(identity, rows, "said"), trail)


def _saying(identity, rows, name):
    """The rows whose text holds every name as a word of its own; the plain search first, because it is quick."""
    found = Q(**{f"{name}__icontains": identity.names[-1]})
    for word in identity.names:
        found &= Q(**{f"{name}__iregex": rf"\y{re.escape(word)}\y"})
    return rows.filter(found)


def _loose(identity, trail):
    for loose in relations.loose():
        rows = loose.rows(identity.kind, identity.pk)
        if loose.relation.fate == relations.Fate.DELETE:
            remove(rows, trail)
            continue
        ids = list(rows.values_list("pk", flat=True))
        rows.update(**{loose.number: None}, **loose.relation.blanks)
        forget_history(loose.model, ids, trail)


def _exports(identity, trail):
    """Files that were made about the person, and lists and documents that somebody took away with them."""
    about = Q(parameters__contains=identity.reference)
    since = timezone.now() - settings.JOB_FILE_LIFE - timedelta(hours=1)
    about |= Q(owner__in=identity.takers, created_at__gte=since)
    jobs = Job.objects.filter(about)
    trail.files |= files_of(Job, list(jobs.values_list("pk", flat=True)))
    jobs.filter(parameters__contains=identity.reference).delete()
    jobs.update(stored_as="")


def _log_lines(trail):
    for model, ids in trail.rows.items():
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in ids]).delete()


def _sessions(identity):
    """What a browser still has open in the person's name."""
    gone = []
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        kept = session.get_decoded()
        mine = identity.user_id and kept.get("_auth_user_id") == str(identity.user_id)
        if mine or any(address in str(kept).lower() for address in identity.addresses):
            gone.append(session.pk)
    Session.objects.filter(pk__in=gone).delete()


def _contexts(identity, trail):
    """Why and by whom something was changed goes with the last line that says it."""
    still = set()
    for event in relations.histories():
        lines = event._base_manager.filter(pgh_context__in=trail.contexts)
        still |= set(lines.values_list("pgh_context_id", flat=True))
    Context.objects.filter(pk__in=trail.contexts - still).delete()
    with connection.cursor() as cursor:
        table = Context._meta.db_table
        cursor.execute(f"UPDATE {table} SET metadata = metadata - 'reason' WHERE id = ANY(%s)", [list(still)])  # noqa: S608
        if identity.user_id:
            cursor.execute(
                f"UPDATE {table} SET metadata = metadata - 'user' WHERE metadata->>'user' = %s",  # noqa: S608
                [str(identity.user_id)],
            )
