"""Everything that leads to a person, read from the models, with the fate that each app's `privacy.py` decided.

A relation that nobody decided has no fate, and a test says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import models

from participants.accounts.classification import DELETE, Fate, Personal, Relation
from participants.accounts.models import User
from participants.people.models import Guardian, Pupil, SchoolContact, Volunteer

PERSONS = (Pupil, Guardian, Volunteer, SchoolContact)
OWN_PACKAGES = ("participants.", "programs.", "impact.")


@dataclass(frozen=True)
class Link:
    """A foreign key to a person or to an account."""

    model: type[models.Model]
    field: str
    target: type[models.Model]
    relation: Relation | None

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    @property
    def is_history(self) -> bool:
        return hasattr(self.model, "pgh_tracked_model")

    def rows(self, pk):
        """The rows that lead to this person, whatever their scope."""
        return self.model._base_manager.filter(**{self.field: pk})


@dataclass(frozen=True)
class Loose:
    """A person named by kind and number, without a foreign key."""

    model: type[models.Model]
    kind: str
    number: str
    relation: Relation

    def rows(self, kind, pk):
        return self.model._base_manager.filter(**{self.kind: kind, self.number: pk})


def privacies() -> Iterator[tuple[str, object]]:
    """The label of each app of ours, and what it says it holds."""
    for config in apps.get_app_configs():
        if config.name.startswith(OWN_PACKAGES):
            yield config.label, import_module(f"{config.name}.privacy")


def said(name: str) -> Iterator[tuple[str, object, object]]:
    """(app, key, value) of everything that the apps say under this name."""
    for label, privacy in privacies():
        words = getattr(privacy, name, {})
        for key in words:
            yield label, key, words[key] if isinstance(words, dict) else None


@cache
def decided() -> dict[str, Relation]:
    """The label of a relation -> its fate."""
    return {_whole(app, key): relation for app, key, relation in said("RELATIONS")}


def _whole(app: str, key: str) -> str:
    return key if key.count(".") == 2 else f"{app}.{key}"


@cache
def links() -> tuple[Link, ...]:
    """Every foreign key to a person or an account, hidden ones and histories too."""
    return tuple(
        Link(model, field.name, field.related_model, _fate(model, field))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in (*PERSONS, User)
    )


def links_to(target) -> list[Link]:
    return [link for link in links() if link.target is target]


def _fate(model, field) -> Relation | None:
    """A history goes with what it is the history of, and forgets what that forgets."""
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is None:
        return decided().get(f"{model._meta.label}.{field.name}")
    if field.name == "pgh_obj":
        return DELETE
    relation = decided().get(f"{tracked._meta.label}.{field.name}")
    return DELETE if relation and relation.fate == Fate.COPY else relation


@cache
def further(model) -> tuple[tuple[type[models.Model], str], ...]:
    """(table, field) of what belongs to the rows of this table, goes with them and is personal: the days on which a
    speaker's place was asked for, where a right holds. Histories aside."""
    return tuple(
        (other, field.name)
        for other in apps.get_models(include_auto_created=True)
        if not hasattr(other, "pgh_tracked_model")
        for field in other._meta.concrete_fields
        if field.related_model is model
        and field.remote_field.on_delete is models.CASCADE
        and f"{other._meta.label}.{field.name}" in _personal()
    )


@cache
def _personal() -> frozenset[str]:
    return frozenset(f"{app}.{key}" for app, key, _personal in personal_fields())


@cache
def loose() -> tuple[Loose, ...]:
    """What names a person by kind and number."""
    return tuple(
        Loose(apps.get_model(app, model), kind, number, relation)
        for app, (model, kind, number), relation in said("LOOSE")
    )


def texts_with_names() -> list[tuple[type[models.Model], str]]:
    """(model, field) of the texts in which somebody's name may stand, their histories too."""
    found = []
    for app, key, _nothing in said("NAMES"):
        model, field = key.split(".")
        model = apps.get_model(app, model)
        found.append((model, field))
        found += [(event, field) for event in histories_of(model)]
    return found


def rows_with_names() -> list[tuple[type[models.Model], str]]:
    """(model, field) of the lists whose lines go when somebody's name stands in them."""
    pairs = ((app, *key.split(".")) for app, key, _nothing in said("NAMED_ROWS"))
    return [(apps.get_model(app, model), field) for app, model, field in pairs]


@cache
def folders() -> dict[type[models.Model], tuple[str, str]]:
    """model -> (field with the name of a file, its folder under PRIVATE_ROOT)."""
    found = {}
    for app, key, folder in said("FILES"):
        model, field = key.split(".")
        found[apps.get_model(app, model)] = (field, folder)
    return found


@cache
def histories_of(model) -> tuple[type[models.Model], ...]:
    """The tables in which the database notes each change of this one."""
    return tuple(event for event in histories() if event.pgh_tracked_model is model)


@cache
def histories() -> tuple[type[models.Model], ...]:
    return tuple(model for model in apps.get_models() if hasattr(model, "pgh_tracked_model"))


@cache
def activity_of(target) -> tuple[tuple[Link, str], ...]:
    """The relations that show when such a person was last active, each with the moment on its row."""
    moments = {_whole(app, key): moment for app, key, moment in said("ACTIVITY")}
    return tuple((link, moments[link.label]) for link in links_to(target) if link.label in moments)


def holds_on(person) -> list[str]:
    """The sentences that say why this person cannot be erased yet."""
    kind = person._meta.model_name
    asked = [hold for _app, key, holds in said("HOLDS") if key == kind for hold in holds]
    return [str(sentence) for hold in asked if (sentence := hold(person))]


def locks_before(kind: str) -> list:
    """What the apps above lock before they write about a person of this kind: called with the number."""
    return [lock for _app, key, locks in said("LOCKS") if key == kind for lock in locks]


def personal_fields() -> Iterator[tuple[str, str, Personal]]:
    """(app, "Model.field", what it is for) of every personal field."""
    yield from said("PERSONAL")
