"""What other apps show on the page of a pupil: activities, presence, consents.

An app above registers a panel when it starts; this one never imports it. A panel sees the pupil and the user, and shows
only what this user may see: whoever looks may be a tutor, who reads less than the school.
"""

from collections.abc import Callable

from participants.organisations.panels import Panel

_makers: list[Callable[..., Panel | None]] = []


def register(maker: Callable[..., Panel | None]) -> None:
    """Show what `maker(pupil, user)` returns, after what was registered before."""
    if maker not in _makers:
        _makers.append(maker)


def panels_of(pupil, user) -> list[Panel]:
    """The panels that have something to say about this pupil to this user."""
    return [panel for maker in _makers if (panel := maker(pupil, user))]
