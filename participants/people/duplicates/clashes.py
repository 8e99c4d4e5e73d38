"""What happens to the rows of two pupils that cannot both stand once the pupils are one: a rule per model, which each app
registers in its `AppConfig.ready()`. What has no rule moves as it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class Rows:
    """The rows of one model that point by `field` at the record that stays and at the one that goes."""

    field: str
    kept_id: int
    gone_id: int
    kept: list[Any]
    gone: list[Any]


@dataclass(frozen=True)
class Fate:
    """What happens to one row: it changes, or it `goes` and what points at it goes over to its `heir`. A guardian whose
    place is taken is named as `unattached`."""

    row: Model
    changes: dict[str, Any] = field(default_factory=dict)
    goes: bool = False
    heir: Model | None = None
    unattached: int | None = None


Rule = Callable[[Rows], list[Fate]]
# Called before anything is locked, with the numbers of both records: whoever locks more locks it first.
Lock = Callable[[int, int], None]
_rules: dict[type[Model], Rule | None] = {}
_locks: list[Lock] = []


def register(model: type[Model], resolve: Rule | None, lock: Lock | None = None) -> None:
    """Give a model its rule; None says that its rows are derived from others and follow them by themselves."""
    _rules[model] = resolve
    if lock and lock not in _locks:
        _locks.append(lock)


def has_rule(model) -> bool:
    return model in _rules


def is_derived(model) -> bool:
    return model in _rules and _rules[model] is None


def fates(model, rows: Rows) -> list[Fate]:
    """What the rule of a model says; nothing without a rule."""
    rule = _rules.get(model)
    return rule(rows) if rule else []


def in_order_of_rules(models):
    """Models with a rule come first, as they were registered: a later rule may rest on an earlier one."""
    turn = {model: i for i, model in enumerate(_rules)}
    return sorted(models, key=lambda model: (turn.get(model, len(turn)), model._meta.label))


def locks() -> list[Lock]:
    return list(_locks)


def one_of_each(key: Callable, choose: Callable) -> Rule:
    """A rule for rows of which only one of each `key` may stand (a key of None stands in nobody's way): `choose(kept,
    gone)` says what happens to the two."""

    def resolve(rows: Rows) -> list[Fate]:
        standing = {key(row): row for row in rows.kept if key(row) is not None}
        met = [(standing[key(row)], row) for row in rows.gone if key(row) in standing]
        return [fate for kept, gone in met for fate in choose(kept, gone)]

    return resolve


def stronger(rank: Callable) -> Callable:
    """The row of the higher rank stands, of equals the one of the record that stays; the other goes."""

    def choose(kept, gone):
        winner, loser = (gone, kept) if rank(gone) > rank(kept) else (kept, gone)
        return [Fate(loser, goes=True, heir=winner)]

    return choose
