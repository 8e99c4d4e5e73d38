"""Rows without an order come back in random order; a row lock of ours names its table and its strength."""

import sys

from django.db.models import OrderBy, QuerySet
from django.db.models.functions import Random
from django.db.models.sql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.models.sql.constants import MULTI

OWN_PACKAGES = ("eocenter.", "participants.", "programs.", "impact.")
OTHER_STATEMENTS = (SQLAggregateCompiler, SQLDeleteCompiler, SQLInsertCompiler, SQLUpdateCompiler)


def has_no_order_of_its_own(compiler):
    """Whether PostgreSQL may return the rows of this outermost SELECT as it likes."""
    query = compiler.query
    return (
        not isinstance(compiler, OTHER_STATEMENTS)
        and not (query.combinator or query.distinct or query.group_by is not None)
        and not any(annotation.contains_aggregate for annotation in query.annotations.values())
    )


def shuffle_unordered_rows(monkeypatch):
    execute_sql, get_order_by = SQLCompiler.execute_sql, SQLCompiler.get_order_by

    def execute_shuffled(compiler, result_type=MULTI, *args, **kwargs):
        compiler.may_shuffle = result_type == MULTI and has_no_order_of_its_own(compiler)
        return execute_sql(compiler, result_type, *args, **kwargs)

    def order_or_shuffle(compiler):
        order_by = get_order_by(compiler)
        if order_by or not getattr(compiler, "may_shuffle", False):
            return order_by
        return [(OrderBy(Random()), ("RANDOM()", (), False))]

    monkeypatch.setattr(SQLCompiler, "execute_sql", execute_shuffled)
    monkeypatch.setattr(SQLCompiler, "get_order_by", order_or_shuffle)


def name_of_caller():
    """The module that asked, behind the manager; what Django locks on its own is Django's."""
    frame = sys._getframe(2)
    while frame.f_globals.get("__name__", "") == "django.db.models.manager":
        frame = frame.f_back
    return frame.f_globals.get("__name__", "")


def refuse_careless_locks(monkeypatch):
    """FOR UPDATE without OF locks every joined table, and without NO KEY it blocks those who only point at the row."""
    select_for_update = QuerySet.select_for_update

    def select_for_update_carefully(queryset, nowait=False, skip_locked=False, of=(), no_key=False):
        caller = name_of_caller()
        if caller.startswith(OWN_PACKAGES):
            assert of, f"{caller}: select_for_update() without of=: say which table is locked"
            assert no_key, f"{caller}: select_for_update() without no_key=True"
        return select_for_update(queryset, nowait=nowait, skip_locked=skip_locked, of=of, no_key=no_key)

    monkeypatch.setattr(QuerySet, "select_for_update", select_for_update_carefully)
