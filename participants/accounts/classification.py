"""How a field that tells something about a person is declared: what it is for and how long it may stay; and what becomes
of each relation when the person is erased."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise


@dataclass(frozen=True)
class Personal:
    """A personal field: its purpose, and its term counted from the end of the person's last activity. The category names
    the row of `RetentionTerm` that says in months what the term says in words."""

    purpose: Promise
    term: Promise
    category: str = ""


class Fate(StrEnum):
    """What becomes of a row that leads to a person when that person is erased."""

    DELETE = "delete"  # it goes with the person
    COPY = "copy"  # what figures need is written anew under the nameless row, with fresh ids; the row itself goes
    UNLINK = "unlink"  # it stays and no longer says who
    KEEP = "keep"  # it stays as it is: the law wants to know who decided, or the other side outlives this one


@dataclass(frozen=True)
class Relation:
    """A relation to a person and its fate. `keeps` are the fields that a copy takes over, `fills` the values that it gets
    instead of a telling one, `copied` which of the rows (all, if not said); `blanks` the texts that an unlinked row loses.
    """

    fate: Fate
    keeps: tuple[str, ...] = ()
    fills: Callable[..., dict] | None = None
    copied: Callable[..., object] | None = None
    blanks: dict[str, object] = field(default_factory=dict)


DELETE, UNLINK, KEEP = Relation(Fate.DELETE), Relation(Fate.UNLINK), Relation(Fate.KEEP)
