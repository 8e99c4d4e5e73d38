"""What sessions ask of those who run them: speakers who are missing, counts that nobody gave, lines that stand still."""

import datetime as dt

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participants.accounts.dates import say_moment
from participants.accounts.roles import Permission
from participants.organisations.school_years import current_school_year
from programs.activities import inbox, limits
from programs.activities.inbox import Item, Kind
from programs.activities.models import Activity, Assignment, Booking, Headcount, Session

SPEAKERS_WANTED_WITHIN = dt.timedelta(days=10)
KIT_OPENED_BEFORE = dt.timedelta(days=2)


def register() -> None:
    """Make the kinds known."""
    inbox.register(Kind("speakers", gettext_lazy("speakers missing"), speakers_missing))
    inbox.register(Kind("kit", gettext_lazy("kit unopened"), kits_unopened))
    inbox.register(Kind("headcount", gettext_lazy("head-count missing"), headcounts_missing))
    inbox.register(Kind("line", gettext_lazy("waiting line blocked"), lines_blocked))


def speakers_missing(user, most) -> list[Item]:
    """Sessions of the next ten days without enough volunteers."""
    soon = timezone.now() + SPEAKERS_WANTED_WITHIN
    sessions = _managed(user).upcoming().filter(starts_at__lt=soon, volunteers_confirmed__lt=F("volunteer_places"))
    return [
        Item(
            f"speakers:{session.pk}",
            _about(session),
            _("%(there)d of %(wanted)d volunteers confirmed")
            % {"there": session.volunteers_confirmed, "wanted": session.volunteer_places},
            reverse("activities:session-people", args=[session.pk]),
            _("Find volunteers"),
            session.starts_at - SPEAKERS_WANTED_WITHIN,
            "danger" if session.volunteers_confirmed == 0 else "warn",
        )
        for session in sessions.order_by("starts_at", "pk")[:most]
    ]


def kits_unopened(user, most) -> list[Item]:
    """Sessions of the next two days with a speaker who has not opened the kit."""
    closed = Assignment.objects.confirmed().with_unopened_kit()
    sessions = (
        _managed(user)
        .upcoming()
        .filter(Exists(closed.filter(session=OuterRef("pk"))), starts_at__lt=timezone.now() + KIT_OPENED_BEFORE)
    )
    number = closed.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk")).values("n")
    return [
        Item(
            f"kit:{session.pk}",
            _about(session),
            ngettext("%(n)d speaker has not opened the kit", "%(n)d speakers have not opened the kit", session.unopened)
            % {"n": session.unopened},
            reverse("activities:session-people", args=[session.pk]),
            _("See who"),
            session.starts_at - KIT_OPENED_BEFORE,
        )
        for session in sessions.annotate(unopened=Subquery(number)).order_by("starts_at", "pk")[:most]
    ]


def headcounts_missing(user, most) -> list[Item]:
    """Past sessions of this school year with a school in them that nobody has counted."""
    counts = Headcount.objects.filter(session=OuterRef("session"))
    counted = counts.filter(Q(class_group__school=OuterRef("class_group__school")) | Q(class_group=None))
    seats = Booking.objects.seated().filter(~Exists(counted), session=OuterRef("pk"), class_group__isnull=False)
    sessions = _managed(user).past().filter(Exists(seats), activity__school_year=current_school_year())
    return [
        Item(
            f"headcount:{session.pk}",
            _about(session),
            _("nobody has said how many young people were there"),
            reverse("activities:session-headcount", args=[session.pk]),
            _("Count"),
            session.ends_at,
        )
        for session in sessions.order_by("starts_at", "pk")[:most]
    ]


def lines_blocked(user, most) -> list[Item]:
    """Dates and activities for which somebody waits, and either a limit is in the way of the first in line or it is too
    late for an offer."""
    waiting = Booking.objects.filter(session=OuterRef("pk"), stage=Booking.Stage.WAITLISTED)
    sessions = list(_managed(user).upcoming().filter(Exists(waiting)).order_by("starts_at", "pk")[:most])
    waiting = Booking.objects.filter(activity=OuterRef("pk"), stage=Booking.Stage.WAITLISTED)
    activities = Activity.objects.managed_by(user, Permission.SESSION_MANAGE).filter(
        Exists(waiting), state=Activity.State.OPEN, school_year__gte=current_school_year()
    )
    places = [*sessions, *activities.order_by("pk")[:most]]
    lines = _lines(places)
    held = limits.held_in({limits.activity_of(place) for place in places})
    found = [(place, line, _first_block(place, line[0], held)) for place in places if (line := lines.get(_key(place)))]
    return [_line_item(place, line, block) for place, line, block in found if block]


def _managed(user):
    return Session.objects.managed_by(user).select_related("activity", "school", "campus")


def _about(session):
    where = session.school or session.campus or ""
    return f"{session.activity} · {say_moment(session.starts_at, session.zone)} · {where}".rstrip(" ·")


def _key(place):
    return (place.pk, None) if isinstance(place, Session) else (None, place.pk)


def _lines(places) -> dict:
    """(session id, activity id) -> who waits there, in order; all lines in one query."""
    sessions = [place.pk for place in places if isinstance(place, Session)]
    activities = [place.pk for place in places if isinstance(place, Activity)]
    lines: dict = {}
    for booking in Booking.objects.filter(Q(session__in=sessions) | Q(activity__in=activities)).in_line():
        lines.setdefault((booking.session_id, booking.activity_id), []).append(booking)
    return lines


def _first_block(place, booking, held):
    blocks = limits.blocking(place, booking, held[limits.activity_of(place).pk])
    if not blocks and limits.offers_until(place) is None:
        return limits.waits_for_the_team(place)
    return blocks[0] if blocks else None


def _line_item(place, line, block):
    is_session = isinstance(place, Session)
    waits = ngettext("%(n)d waits", "%(n)d wait", len(line)) % {"n": len(line)}
    return Item(
        f"line:{'s' if is_session else 'a'}{place.pk}",
        _about(place) if is_session else str(place),
        f"{waits} · {block}",
        reverse(f"activities:{'session' if is_session else 'activity'}-places", args=[place.pk]),
        _("See the line"),
        line[0].booked_at,
    )
