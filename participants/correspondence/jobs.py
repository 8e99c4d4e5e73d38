"""The kinds of background work: the registry that the apps above fill in their `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise


class Refused(Exception):  # noqa: N818 - a word the reader understands
    """Raised by a job that cannot be done and need not be tried again; the sentence is shown to the owner
    (in English, marked with `gettext_noop`: it is translated when shown)."""


@dataclass(frozen=True)
class Kind:
    """A kind of work. `run(job, report)` reads `job.parameters` with the rights of `job.owner`, writes the file to
    `report.path`, tells `report(done, total)` as it goes (as often as it likes), may count in `report.outcome`, and returns
    the name that the owner's computer gives the file. It may run again after a crash: what else it writes must come
    out the same when it is written twice."""

    key: str
    label: Promise | str
    run: Callable[..., str]
    # owner -> whether they may still have the file; asked before the work and again at the download.
    is_allowed: Callable[..., bool]
    # What `report.outcome` counted -> the words for it on the page.
    words: dict[str, Promise | str] = field(default_factory=dict)
    # job -> where the page of finished work leads on, as (address, words), or nothing.
    then: Callable[..., tuple | None] = lambda job: None
    # job -> where the answer stands, for work that makes no file: `run` returns an empty name then.
    page: Callable[..., str] | None = None


_registry: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of work known; a key is taken once."""
    if kind.key in _registry:
        raise ValueError(f"The kind of work {kind.key} is registered twice.")
    _registry[kind.key] = kind


def find(key: str) -> Kind | None:
    """The kind of this key, or nothing when no app knows it any more."""
    return _registry.get(key)


def label_of(key: str) -> str:
    """What the kind is called, in the active language."""
    kind = find(key)
    return str(kind.label) if kind else key
