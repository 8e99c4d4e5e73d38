"""Pupils come in a list: all good lines in one transaction, each bad line refused by itself."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from participants.organisations.school_years import current_school_year
from participants.people.actions import doubting, staging, upserting
from participants.people.columns import Layout

AT_ONCE = 5000


def import_pupils(
    *,
    rows: Iterable[list[str]],
    by,
    write: bool = True,
    school_year: int | None = None,
    watch: Callable[[int], None] = lambda done: None,
    look: Callable[[dict], object] = lambda found: None,
) -> dict[str, int]:
    """Take in a list whose first row is the headings, and say how many lines are new, changed, same, doubtful and
    refused.

    `write` false only looks; `watch` is told how many lines are read; `look` is given the counts while the tables of
    `staging` can be read. Not atomic as a whole on purpose: the progress of reading is seen, and all pupils are then
    written in one transaction."""
    rows = iter(rows)
    layout = layout_of(next(rows, []))
    year = school_year or current_school_year()
    staging.open_table()
    try:
        _stage(rows, layout, watch)
        with transaction.atomic(), pghistory.context(user=by.pk, what="list of pupils"):
            _alone()
            staging.find(by, year)
            doubting.hold_back(by)
            staging.compare()
            found = staging.outcome()
            look(found)
            if write:
                upserting.write()
        if write:
            upserting.tell_the_planner(found)
        return found
    finally:
        if not connection.needs_rollback:
            staging.close_tables()


def layout_of(headings: list[str]) -> Layout:
    """Where the columns stand; refused in a sentence when one that is needed is missing."""
    layout = Layout.of(headings)
    if layout.missing:
        names = ", ".join(str(column.label) for column in layout.missing)
        raise ValidationError(_("The first line must name the columns. Missing: %(names)s.") % {"names": names})
    return layout


def _stage(rows, layout, watch):
    lines = _lines(rows, layout.reader())
    done = 0
    while part := list(islice(lines, AT_ONCE)):
        staging.stage(part)
        done += len(part)
        watch(done)


def _lines(rows, read) -> Iterator[list]:
    """Lines as they are staged; empty ones are passed over. The headings are line 1."""
    for line, cells in enumerate(rows, start=2):
        if any(cells):
            yield [line, *read(cells)]


def _alone():
    if not staging.is_alone():
        raise ValidationError(_("Another list of pupils is being taken in. Try again in a minute."))
