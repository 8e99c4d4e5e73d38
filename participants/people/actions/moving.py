"""Two records become one: every row goes over, and a journal is kept from which all of it can be put back.

A journal is a list of steps, as PostgreSQL writes rows (so that a moment, a list or a number comes back exactly): the
columns of a row that the merge changed, before and after, or the whole of a row that it removed. Steps are undone from the
last to the first: each state on the way has stood before. What others changed since in other columns stays.
"""

import json
from dataclasses import dataclass, field

from django.db import connection, models

from participants.people.duplicates import clashes
from participants.people.duplicates.clashes import Fate, Rows
from participants.people.duplicates.relations import pointing_at


class ChangedSinceError(Exception):
    """A row is no longer as the journal left it."""

    def __init__(self, model):
        super().__init__(model._meta.label)
        self.model = model


@dataclass
class Journal:
    """Writes, and remembers how to take it back."""

    steps: list[dict] = field(default_factory=list)
    unattached: list[int] = field(default_factory=list)

    def change(self, row, changes):
        before = _as_it_stands(type(row), row.pk)
        type(row)._base_manager.filter(pk=row.pk).update(**changes)
        after = _as_it_stands(type(row), row.pk)
        differing = [column for column in after if before[column] != after[column]]
        if differing:
            self._note(row, *({column: side[column] for column in differing} for side in (before, after)))

    def remove(self, row):
        before = _as_it_stands(type(row), row.pk)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {_table(type(row))} WHERE {_key(type(row))} = %s", [row.pk])  # noqa: S608
        self._note(row, before, None)

    def _note(self, row, before, after):
        self.steps.append({"model": row._meta.label_lower, "pk": row.pk, "before": before, "after": after})


def move_everything(model, kept_id, gone_id, journal):
    """Let all that points at the one record point at the other."""
    fields = {}
    for pointing in pointing_at(model):
        fields.setdefault(pointing.model, []).append(pointing)
    for each in clashes.in_order_of_rules(fields):
        for pointing in fields[each]:
            if not clashes.is_derived(each):
                _move(pointing, kept_id, gone_id, journal)


def _move(pointing, kept_id, gone_id, journal):
    rows = pointing.model._base_manager.filter(**{f"{pointing.name}__in": [kept_id, gone_id]}).order_by("pk")
    sides = {kept_id: [], gone_id: []}
    for row in rows:
        sides[getattr(row, pointing.attname)].append(row)
    if not sides[gone_id]:
        return
    both = Rows(pointing.name, kept_id, gone_id, sides[kept_id], sides[gone_id])
    fates = clashes.fates(pointing.model, both)
    moving = {row.pk for row in both.gone}
    # First what makes room, then what takes it.
    for fate in sorted(fates, key=lambda fate: fate.row.pk in moving):
        _make_room(fate, moving, journal)
    ruled = {fate.row.pk: fate for fate in fates}
    for row in both.gone:
        fate = ruled.get(row.pk, Fate(row))
        if not fate.goes:
            journal.change(row, {pointing.name: kept_id} | fate.changes)


def _make_room(fate, moving, journal):
    if fate.unattached:
        journal.unattached.append(fate.unattached)
    if fate.goes:
        if fate.heir is not None:
            move_everything(type(fate.row), fate.heir.pk, fate.row.pk, journal)
        journal.remove(fate.row)
    elif fate.row.pk not in moving and fate.changes:
        journal.change(fate.row, fate.changes)


def put_back(steps, model_of):
    """Undo the steps of a journal, from the last to the first. What somebody deleted since stays deleted;
    `ChangedSinceError` when what the merge wrote was written over since."""
    for step in reversed(steps):
        model, pk, before, after = model_of(step["model"]), step["pk"], step["before"], step["after"]
        stands = _stands(model, pk, after or {})
        if stands is False or (after is None and stands is not None):
            raise ChangedSinceError(model)
        if after is None:
            _insert(model, before)
        elif stands:
            _overwrite(model, pk, before)


def _as_it_stands(model, pk):
    """The row without the columns that the database computes; numbers with decimals as text, which keeps them whole."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {_table(model)} t WHERE {_key(model)} = %s", [pk])  # noqa: S608
        row = json.loads(cursor.fetchone()[0], parse_float=str)
    return {column: row[column] for column in _written(model, row)}


def _stands(model, pk, columns):
    """Whether these columns of the row are as they were left; None without a row. Compared by the database, in which a
    moment has one value in every zone."""
    names = [connection.ops.quote_name(column) for column in columns]
    same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM left_as.{name}" for name in names) or "true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {same} FROM {_table(model)} t, "  # noqa: S608
            f"jsonb_populate_record(NULL::{_table(model)}, %s::jsonb) left_as WHERE t.{_key(model)} = %s",
            [json.dumps(columns), pk],
        )
        found = cursor.fetchone()
    return found and found[0]


def _insert(model, row):
    columns = _quoted(model, row)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(model)} ({columns}) "  # noqa: S608
            f"SELECT {columns} FROM jsonb_populate_record(NULL::{_table(model)}, %s::jsonb)",
            [json.dumps(row)],
        )


def _overwrite(model, pk, row):
    columns = _quoted(model, row)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_table(model)} SET ({columns}) = "  # noqa: S608
            f"(SELECT {columns} FROM jsonb_populate_record(NULL::{_table(model)}, %s::jsonb)) WHERE {_key(model)} = %s",
            [json.dumps(row), pk],
        )


def _written(model, row):
    computed = {each.column for each in model._meta.concrete_fields if isinstance(each, models.GeneratedField)}
    return [each.column for each in model._meta.concrete_fields if each.column in row and each.column not in computed]


def _quoted(model, row):
    return ", ".join(connection.ops.quote_name(column) for column in _written(model, row))


def _table(model):
    return connection.ops.quote_name(model._meta.db_table)


def _key(model):
    return connection.ops.quote_name(model._meta.pk.column)
