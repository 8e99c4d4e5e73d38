"""Somebody we write to who has no account: the registry that the apps above fill in their `AppConfig.ready()`.

A message keeps a reference such as `people.guardian:12`; who that is today, with which address and language, is asked of
the app that knows at the moment of sending.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Addressee:
    """A person without an account, as far as a letter needs to know them."""

    reference: str
    name: str
    email: str
    language: str
    is_active: bool = True
    is_of_family: bool = True  # else somebody who gave the address themselves

    def get_full_name(self) -> str:
        return self.name


# kind -> (id -> who that is now, or nothing when they are gone)
_finders: dict[str, Callable[[int], Addressee | None]] = {}


def register(kind: str, find_one: Callable[[int], Addressee | None]) -> None:
    """Make a kind of addressee known; a kind is taken once."""
    if kind in _finders:
        raise ValueError(f"The kind of addressee {kind} is registered twice.")
    _finders[kind] = find_one


def reference(kind: str, number: int) -> str:
    return f"{kind}:{number}"


def find(said: str) -> Addressee | None:
    """Who a reference means today; nothing when they are gone."""
    kind, _colon, number = said.partition(":")
    finder = _finders.get(kind)
    return finder(int(number)) if finder and number.isdigit() else None
