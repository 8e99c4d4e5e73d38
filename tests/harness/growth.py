"""More rows of everything: every row of a world again, beside itself."""

import uuid

from django.db import DatabaseError, models, transaction

from participants.organisations.models import School
from tests.factories.organisations import SchoolFactory
from tests.world import own_models

# What there is once for all; and what the database writes by itself.
ALONE = {"Heartbeat", "DoorMark", "Rule", "Territory", "RetentionTerm", "RetentionRun", "ConsentText", "Change"}


def multiply(times: int) -> set[str]:
    """Add so many copies of every row, and return the models of which none could be made.

    A list shows the children of something, and a row has many parents: so it is copied beside itself under all of them, and
    once for each of them with that one alone replaced by its copy, wherever the constraints of the database let it.
    """
    rows = [row for model in parents_first(own_models()) for row in model.objects.order_by("pk")]
    made = set()
    for _ in range(times):
        copies = {}
        for row in rows:
            beside = [copy for moved in ways(row, copies) if (copy := copied(row, moved, copies))]
            if beside:
                copies[type(row), row.pk] = beside[0]
                made.add(type(row))
    return {type(row).__name__ for row in rows} - {model.__name__ for model in made}


def parents_first(wanted):
    found = []

    def add(model):
        for link in links_of(model):
            parent = link.remote_field.model
            if parent in wanted and parent not in {model, *found}:
                add(parent)
        if model not in found and model.__name__ not in ALONE:
            found.append(model)

    for model in wanted:
        add(model)
    return found


def links_of(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def ways(row, copies):
    """Which parents to replace by their copies, fewest first."""
    links = [link for link in links_of(type(row)) if key_of(link, row) in copies]
    must = [link for link in links if link.unique]
    return [must, *([*must, link] for link in links if link not in must), links]


def key_of(link, row):
    return link.remote_field.model, link.value_from_object(row)


def copied(row, moved, copies):
    """The saved copy; nothing where the database does not allow it."""
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy._state.adding = None, True
    for link in moved:
        setattr(copy, link.name, copies[key_of(link, row)])
    for field in copy._meta.concrete_fields:
        is_free = field.primary_key or field.is_relation or not field.unique
        if not is_free and field.value_from_object(row) is not None:
            setattr(copy, field.attname, another(field))
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
    except DatabaseError:
        return None
    return copy


def another(field):
    if field.model is School:
        return SchoolFactory.build().uai
    value = uuid.uuid4()
    if isinstance(field, models.EmailField):
        return f"{value.hex}@example.org"
    return value if isinstance(field, models.UUIDField) else value.hex[: field.max_length]
