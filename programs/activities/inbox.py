"""What needs a person today: the registry of kinds of things to do, which every app fills in its `AppConfig.ready()`.

A kind says, for a user, what there is to do now, read from the records in a fixed number of queries; an item is gone when
the records say so, never because somebody ticked it. What people add is a mark by the item's key (`InboxMark`): seen again
from a day on, given to a colleague.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from participants.accounts.models import Grant, User
from participants.accounts.roles import ROLES, Permission, Scope
from participants.organisations.models import Organisation
from programs.activities.models import InboxMark, Programme

OF_CENTER = [role for role, defined in ROLES.items() if defined.scope == Scope.CENTER]

# Of one kind, so that a bad week does not bury the others; the page says when there are more.
MOST = 50


@dataclass(frozen=True)
class Item:
    """One thing to do: what, about what, where a click leads and what to do there. `since` orders them."""

    key: str
    title: str
    detail: str
    url: str
    action: str
    since: dt.datetime | None = None
    tone: str = "warn"
    mark: InboxMark | None = None

    @property
    def snoozed_until(self):
        return self.mark.snoozed_until if self.mark and self.is_snoozed else None

    @property
    def is_snoozed(self):
        return bool(self.mark and self.mark.snoozed_until and self.mark.snoozed_until > timezone.localdate())

    @property
    def assigned_to(self):
        return self.mark.assigned_to if self.mark else None


@dataclass(frozen=True)
class Kind:
    """A kind of thing to do; `items(user, most)` gives what this user may do something about, so many at most."""

    code: str
    label: Promise | str
    items: Callable[[User, int], list[Item]]


@dataclass(frozen=True)
class Inbox:
    """The items of one user, each once."""

    mine: list[Item]
    colleagues: list[Item]
    later: list[Item]

    @property
    def all(self) -> list[Item]:
        return [*self.mine, *self.colleagues, *self.later]

    def find(self, key) -> Item | None:
        return next((item for item in self.all if item.key == key), None)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; its code is taken once."""
    if kind.code in _kinds:
        raise ValueError(f"The kind {kind.code} is registered twice.")
    _kinds[kind.code] = kind


def inbox_of(user) -> Inbox:
    """What waits for this user, what colleagues have taken on, and what comes back later."""
    # What was put off must not stand in the place of what waits: so much more is read of each kind.
    most = MOST + InboxMark.objects.filter(snoozed_until__gt=timezone.localdate()).count()
    found = {item.key: item for kind in _kinds.values() for item in kind.items(user, most)}
    marks = InboxMark.objects.filter(key__in=found).select_related("assigned_to")
    for mark in marks:
        found[mark.key] = replace(found[mark.key], mark=mark)
    inbox = Inbox([], [], [])
    for item in sorted(found.values(), key=_urgency):
        if item.is_snoozed:
            inbox.later.append(item)
        elif item.assigned_to and item.assigned_to != user:
            inbox.colleagues.append(item)
        else:
            inbox.mine.append(item)
    return inbox


def colleagues_of(user):
    """To whom something can be given: those who run sessions of the same organisations or programmes; who runs others is
    a stranger, also by name."""
    grants = Grant.objects.live().with_permission(Permission.SESSION_MANAGE)
    if not Organisation.objects.reaches_center(user, Permission.SESSION_MANAGE):
        grants = grants.filter(_runs_the_same(user))
    return User.objects.active().filter(grants__in=grants).distinct().order_by("name", "pk")


def _runs_the_same(user):
    """Grants on what the user manages, on what that belongs to, or on the whole center."""
    programmes = Programme.objects.managed_by(user, Permission.SESSION_MANAGE)
    managed = Organisation.objects.managed_by(user, Permission.SESSION_MANAGE)
    own = Organisation.objects.filter(Q(pk__in=managed) | Q(pk__in=programmes.values("lead")))
    of_organisation = Q(scopes__organisation__in=own) | Q(scopes__organisation__children__in=own)
    of_center = Q(scopes__organisation__kind=Organisation.Kind.CENTER) | Q(role__in=OF_CENTER)
    return of_center | of_organisation | Q(programme_scopes__programme__in=programmes)


def _urgency(item):
    """What has waited longest first; what has no moment comes last, in the order of the kinds."""
    return (item.since is None, item.since or timezone.now())
