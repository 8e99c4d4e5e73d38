"""What other apps show on the page of a school: its contacts, what was done with it.

An app above registers a panel when it starts; this one never imports it.

    # programs/awareness/apps.py
    def ready(self):
        panels.register(panels_of.school)          # school(school, user) -> Panel, or None to show nothing

A panel sees the school and the user, and shows only what this user may see.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A titled part of the page: its template is given `context`, and nothing else of the page."""

    title: str | Promise
    template: str
    context: dict = field(default_factory=dict)


_makers: list[Callable] = []


def register(maker: Callable) -> None:
    """Show what `maker(school, user)` returns, after what was registered before."""
    if maker not in _makers:
        _makers.append(maker)


def panels_of(school, user) -> list[Panel]:
    """The panels that have something to say about this school to this user."""
    return [panel for maker in _makers if (panel := maker(school, user))]
