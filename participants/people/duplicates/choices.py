"""The two records side by side, field by field, and which value is proposed."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from participants.accounts.text import fold
from participants.people.models import Pupil, Sex

_UNKNOWN = (None, "", Sex.NOT_GIVEN)


@dataclass(frozen=True)
class Choice:
    """One field of both records; `proposed` is the number of the record whose value is the better guess."""

    name: str
    label: str
    one: Any
    other: Any
    one_id: int
    other_id: int
    proposed: int

    @property
    def differs(self):
        return self.one != self.other


def fields() -> list[models.Field]:
    """What a person may choose: all that a pupil's own row says and people may edit, the fields of tomorrow included."""
    return [
        field
        for field in Pupil._meta.concrete_fields
        if field.editable and not (field.primary_key or field.is_relation or isinstance(field, models.GeneratedField))
    ]


def choices(one: Pupil, other: Pupil) -> list[Choice]:
    """Every field of both, the proposal made: known before unknown, then the longer and better written, then the
    newer record's."""
    return [
        Choice(
            field.name,
            field.verbose_name,
            getattr(one, field.attname),
            getattr(other, field.attname),
            one.pk,
            other.pk,
            max((one, other), key=lambda pupil: (*_worth(getattr(pupil, field.attname)), pupil.pk)).pk,
        )
        for field in fields()
    ]


def _worth(value):
    if not isinstance(value, str) or value in _UNKNOWN:
        return (value not in _UNKNOWN, 0, 0, 0)
    accents = sum(letter != plain for letter, plain in zip(value.lower(), fold(value), strict=False))
    return (True, len(value.strip()), not (value.isupper() or value.islower()), accents)


def kept_of(one: Pupil, other: Pupil) -> tuple[Pupil, Pupil]:
    """The record that stays and the one that goes: whoever can sign in stays, else the older record."""
    first, second = sorted([one, other], key=lambda pupil: pupil.pk)
    return (second, first) if second.user_id and not first.user_id else (first, second)
