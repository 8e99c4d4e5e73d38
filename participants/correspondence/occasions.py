"""What a message can be about: the registry that the apps above fill in their `AppConfig.ready()`.

Correspondence knows no session and no school; an occasion tells it which words may stand in the text, where their
values come from, and when the message no longer makes sense.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

# Every text may use these; an occasion adds its own. `action_url` is where the one button of the mail leads.
HOUSE_PLACEHOLDERS = ("recipient_name", "center_name", "action_url")


class Pointless(Exception):  # noqa: N818 - the word of the contract
    """Raised by an occasion when its message no longer makes sense; the sentence is the reason kept in the log
    (in English, marked with `gettext_noop`: it is translated when shown)."""


@dataclass(frozen=True)
class Occasion:
    """Something that happens to someone and that we may write about."""

    key: str
    label: Promise | str
    placeholders: tuple[str, ...]
    # (id of what it is about, who is written to: a user, or an `Addressee` without an account) -> values of the
    # placeholders, in the language active at the call.
    # `action_url` may be a path; it becomes absolute here. Raises Pointless.
    context: Callable[..., dict]
    # (id, recipient) -> [(file name, bytes, MIME type)], such as an invitation to put in one's calendar.
    attachments: Callable[..., list] | None = None
    # user -> the objects whose messages this member of staff may see; without it, only roles on the whole center do.
    abouts_visible_to: Callable[..., QuerySet] | None = None
    for_families: bool = False  # in doubt whether it left, it is not sent again by itself
    # The button is a personal link: whoever holds it acts as the recipient, so what staff read leaves it out.
    has_personal_link: bool = False
    is_urgent: bool = False  # leaves first, and the daily limit does not count it

    @property
    def allowed_placeholders(self) -> frozenset[str]:
        return frozenset(HOUSE_PLACEHOLDERS + self.placeholders)


_registry: dict[str, Occasion] = {}


def register(occasion: Occasion) -> None:
    """Make an occasion known; a key is taken once."""
    if occasion.key in _registry:
        raise ValueError(f"The occasion {occasion.key} is registered twice.")
    _registry[occasion.key] = occasion


def find(key: str) -> Occasion | None:
    """The occasion of this key, or nothing when no app knows it any more."""
    return _registry.get(key)


def every() -> list[Occasion]:
    """All occasions, by label in the active language."""
    return sorted(_registry.values(), key=lambda occasion: str(occasion.label))


def keys_by_door() -> dict[Callable, list[str]]:
    """Who says which messages a member of staff may see -> the occasions it speaks for: each is asked once."""
    doors: dict[Callable, list[str]] = {}
    for occasion in _registry.values():
        if occasion.abouts_visible_to:
            doors.setdefault(occasion.abouts_visible_to, []).append(occasion.key)
    return doors


def keys(*, for_families: bool) -> list[str]:
    """The keys of the occasions that write to families, or of those that do not."""
    return [occasion.key for occasion in _registry.values() if occasion.for_families == for_families]
