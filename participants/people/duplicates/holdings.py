"""What each of two records holds, for the page on which they stand side by side."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count

from participants.accounts.models import User
from participants.people.duplicates import clashes
from participants.people.duplicates.relations import pointing_at
from participants.people.models import DuplicatePair, Look, Merge, Pupil

# About the records themselves and not about the person.
_NOT_SHOWN = {DuplicatePair, Look, Merge}
EVENTS_SHOWN = 6


@dataclass(frozen=True)
class Holding:
    label: str
    one: int
    other: int


@dataclass(frozen=True)
class Event:
    """That a record was entered or corrected: when and by whom."""

    pupil_id: int
    is_entry: bool
    at: object
    by: str


def holdings(one: Pupil, other: Pupil) -> list[Holding]:
    """How many rows of each kind point at either, where there are any."""
    found = []
    for field in pointing_at(Pupil):
        if field.model in _NOT_SHOWN or clashes.is_derived(field.model):
            continue
        rows = field.model._base_manager.filter(**{f"{field.name}__in": [one.pk, other.pk]})
        counts = dict(rows.order_by().values_list(field.name).annotate(n=Count("pk")))
        if counts:
            label = str(field.model._meta.verbose_name_plural)
            found.append(Holding(label, counts.get(one.pk, 0), counts.get(other.pk, 0)))
    return sorted(found, key=lambda holding: holding.label)


def history(one: Pupil, other: Pupil) -> list[Event]:
    """The last entries and corrections of both, the newest first."""
    events = apps.get_model("people.PupilEvent").objects.filter(pgh_obj_id__in=[one.pk, other.pk])
    rows = events.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")[: 2 * EVENTS_SHOWN]
    told = [(row, _user_of(row)) for row in rows]
    names = dict(User.objects.filter(pk__in={pk for _row, pk in told if pk}).order_by().values_list("pk", "name"))
    return [Event(row.pgh_obj_id, row.pgh_label == "insert", row.pgh_created_at, names.get(pk, "")) for row, pk in told]


def _user_of(event):
    return (event.pgh_context.metadata if event.pgh_context else {}).get("user")
