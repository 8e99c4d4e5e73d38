"""What a family may register its children for: the registry that the apps above fill in their `AppConfig.ready()`.

People knows no activity; the app that does says, for the page of a family, what stands open and where a click leads.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """One line: what, when and where, and the address behind it."""

    title: str
    detail: str
    url: str


# (guardian or pupil, token of the personal link or nothing) -> what stands open for them.
Source = Callable[..., list[Offer]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Make a source known, once."""
    if source not in _sources:
        _sources.append(source)


def open_to(person, token: str) -> list[Offer]:
    """Everything that this guardian or pupil may register for now."""
    return [offer for source in _sources for offer in source(person, token)]
