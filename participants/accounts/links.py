"""Personal links: an address in a mail or a calendar that lets its owner do one narrow thing without signing in.

A link names a user, a purpose, an object of that purpose and, where it is for a time, its end. It opens nothing else,
it is signed with the site's secret and the user's `link_key`, and raising that key (`actions.revoke_links`) takes back
all links of the person at once. Whatever is wrong with a link, the answer is the same 404.

    url = reverse("activities:calendar-feed", args=[links.sign(user, purpose="calendar")])

    @links.opened_by("calendar")
    def calendar_feed(request, link): ...      # link.user, link.object_id; path("feed/<str:token>/", calendar_feed)

A GET never changes anything behind such a link: mail scanners follow it. Show a page with a button that posts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.utils import timezone

from participants.accounts.models import User

SEPARATOR = "."
FOR_EVER = 0


@dataclass(frozen=True)
class Link:
    user: User
    object_id: int | None


def sign(user: User, *, purpose: str, object_id: int | None = None, expires: datetime | None = None) -> str:
    """The token of a link for this user, this purpose and this object only; without an end it lives until revoked."""
    end = int(expires.timestamp()) if expires else FOR_EVER
    claims = SEPARATOR.join(str(part) for part in (user.pk, object_id or 0, end))
    return _signer(purpose, user.link_key).sign(claims)


def read(token: str, *, purpose: str) -> Link:
    """Whom and what a token speaks of; Http404 when it is forged, for another purpose, too old or taken back."""
    try:
        user_id, object_id, end = (int(part) for part in token.split(SEPARATOR)[:3])
        user = User.objects.active().get(pk=user_id)
        _signer(purpose, user.link_key).unsign(token)
    except (ValueError, OverflowError, User.DoesNotExist, BadSignature):
        raise Http404 from None
    if end != FOR_EVER and end < timezone.now().timestamp():
        raise Http404
    return Link(user, object_id or None)


class ToRow:
    """Links to a row that belongs to no account: whoever has one acts on that row, as long as it stands. They have the
    shape of all personal links, so that logs leave them out (eocenter/logs.py)."""

    VERSION = "1"

    def __init__(self, letter: str, salt: str):
        self.letter, self._signer = letter, Signer(sep=SEPARATOR, salt=salt)

    def sign(self, row) -> str:
        return self._signer.sign(SEPARATOR.join([self.letter, str(row.pk), self.VERSION]))

    def read(self, token: str, rows):
        """The one of these rows of which the token speaks; Http404 when it is forged or the row is gone."""
        try:
            return rows.get(pk=int(self._signer.unsign(token).split(SEPARATOR)[1]))
        except (BadSignature, ValueError, IndexError, OverflowError, rows.model.DoesNotExist):
            raise Http404 from None


def opened_by(purpose: str) -> Callable:
    """A public view that a personal link of this purpose opens."""
    return opened_with(partial(read, purpose=purpose))


def opened_with(read: Callable[[str], object]) -> Callable:
    """A public view that any link opens: `token` of its path becomes what `read` finds, and no copy of the answer stays."""

    def decorate(view):
        @login_not_required
        @wraps(view)
        def opened(request, token, *args, **kwargs):
            response = view(request, read(token), *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            response["X-Robots-Tag"] = "noindex"
            # Not no-referrer: the page's own form would come from the origin "null", which the CSRF check refuses.
            response["Referrer-Policy"] = "same-origin"
            return response

        return opened

    return decorate


def _signer(purpose, link_key):
    return Signer(sep=SEPARATOR, salt=f"accounts.links:{purpose}:{link_key}")
