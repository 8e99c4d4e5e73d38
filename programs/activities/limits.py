"""What stands between a booking and its seats: each limit has a name that staff and applicants read. Reads only.

A limit counts what is confirmed or offered; seats that somebody gave over a limit, with a reason, count in none. Ask
under the lock of the activity (`locks.py`), or know that the answer may be old.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.people import consents
from participants.people.models import Consent, Pupil, Purpose
from programs.activities.models import Activity, Booking, LevelQuota, Session

ADULTS = 2
PROVE_WITHIN = timedelta(hours=2)


@dataclass(frozen=True)
class Block:
    """A limit in the way: its code, its name, how it stands, and what would free it."""

    code: str
    name: str
    state: str
    remedy: str

    def __str__(self):
        return f"{self.name}: {self.state} {self.remedy}"


@dataclass(frozen=True)
class Count:
    """A limit that counts seats, and how many of them are held."""

    code: str
    name: str
    seats: int
    held: int
    remedy: str

    @property
    def free(self):
        return max(0, self.seats - self.held)


class Held:
    """The seats confirmed or offered in an activity, and what else limits ask, read once for many questions."""

    def __init__(self, activity, quotas=None, rows=None, denied=None):
        self.quotas = list(activity.quotas.all()) if quotas is None else quotas
        self._activity, self._denied = activity, denied
        self._adults: dict = {}
        self.rows: Counter = Counter()
        if rows is None:
            seated = Booking.objects.seated().of_activity(activity).within_limits().order_by()
            rows = seated.values_list("session_id", "school_id", "level").annotate(Sum("seats"))
        for *key, seats in rows:
            self.rows[tuple(key)] += seats

    def is_denied(self, booking):
        """Whether the family of a pupil in line has said no since."""
        if self._denied is None:
            self._denied = denied_in_line([self._activity])
        return booking.pupil_id in self._denied

    def adults_missing(self, place):
        key = place.pk if isinstance(place, Session) else None
        if key not in self._adults:
            self._adults[key] = adults_missing(place)
        return self._adults[key]

    def add(self, booking):
        self.rows[booking.session_id, booking.school_id, booking.level] += booking.seats

    def all(self):
        return sum(self.rows.values())

    def of_session(self, pk):
        return sum(seats for (session, _school, _level), seats in self.rows.items() if session == pk)

    def of_school(self, pk):
        return sum(seats for (_session, school, _level), seats in self.rows.items() if school == pk)

    def of_levels(self, levels):
        return sum(seats for (_session, _school, level), seats in self.rows.items() if level in levels)


def held_in(activities) -> dict[int, Held]:
    """Activity id -> what is held in it, for all of them in three queries."""
    activities = list(activities)
    quotas: dict[int, list] = {activity.pk: [] for activity in activities}
    rows: dict[int, list] = {activity.pk: [] for activity in activities}
    for quota in LevelQuota.objects.filter(activity__in=activities):
        quotas[quota.activity_id].append(quota)
    seated = Booking.objects.seated().within_limits().order_by()
    of_dates = seated.filter(session__activity__in=activities, session__state=Session.State.PLANNED)
    of_whole = seated.filter(activity__in=activities)
    columns = ("session_id", "school_id", "level")
    for found, owner in ((of_dates, "session__activity"), (of_whole, "activity")):
        for pk, *row in found.values_list(owner, *columns).annotate(Sum("seats")):
            rows[pk].append(row)
    denied = denied_in_line(activities)
    return {activity.pk: Held(activity, quotas[activity.pk], rows[activity.pk], denied) for activity in activities}


def denied_in_line(activities) -> set[int]:
    """Ids of the pupils who wait in these activities and whose family has said no since."""
    line = Booking.objects.in_line().filter(Q(session__activity__in=activities) | Q(activity__in=activities))
    return denied_among(line.order_by().values("pupil"))


def denied_among(ids) -> set[int]:
    """Those of these pupils whose family has said no. Mostly nobody has: that is asked first, because it is asked under
    the lock for which others wait."""
    if not Consent.objects.objecting().filter(pupil__in=ids, purpose=Purpose.TAKING_PART).exists():
        return set()
    pupils = Pupil.objects.filter(pk__in=ids)
    return set(consents.denied(pupils, Purpose.TAKING_PART).values_list("pk", flat=True))


def counts(place, held, school=None, level=None) -> list[Count]:
    """Every limit on seats of a session, or of an activity booked as a whole; of those that depend on the school or the
    level, the ones of this school and this level, or all quotas where no level is said."""
    activity = activity_of(place)
    is_session = isinstance(place, Session)
    name = _("seats of this date") if is_session else _("seats of the activity")
    remedy = _("A booking that is given back frees seats, or the team adds some.")
    found = [Count("place", name, place.seats, held.of_session(place.pk if is_session else None), remedy)]
    if activity.seats_in_all is not None:
        found.append(Count("all", _("seats over all dates"), activity.seats_in_all, held.all(), remedy))
    if activity.school_cap is not None and school:
        remedy = _("A booking of the same school that is given back frees seats, or the team raises the limit.")
        name = _("seats for one school")
        found.append(Count("school", name, activity.school_cap, held.of_school(school), remedy))
    remedy = _("A booking of these levels that is given back frees seats, or the team raises the limit.")
    for quota in held.quotas:
        if level is None or level in quota.levels:
            found.append(Count(f"level-{quota.pk}", str(quota), quota.seats, held.of_levels(quota.levels), remedy))
    return found


def blocking(place, booking, held=None) -> list[Block]:
    """Why this booking has no seats yet, one block for each limit in the way; nothing when it may have them."""
    held = held or Held(activity_of(place))
    blocks = [
        Block(count.code, count.name, _state(count, booking), count.remedy)
        for count in counts(place, held, booking.school_id, booking.level)
        if booking.seats > count.free
    ]
    if booking.pupil_id and (missing := held.adults_missing(place)):
        blocks.append(missing)
    if booking.pupil_id and held.is_denied(booking):
        blocks.append(denial())
    return blocks


def check_not_denied(pupil):
    """Nobody gives a place against the word of a family, with whatever reason."""
    if is_denied(pupil):
        raise ValidationError(str(denial()), code="agreement")


def is_denied(pupil) -> bool:
    """Whether the family of this pupil has said no; who is no pupil has none."""
    return bool(pupil) and consents.denied(Pupil.objects.filter(pk=pupil.pk), Purpose.TAKING_PART).exists()


def denial() -> Block:
    return Block(
        "agreement",
        _("agreement of the family"),
        _("it was refused or taken back."),
        _("Only the family can say yes again, by its link."),
    )


def adults_missing(place) -> Block | None:
    """The rule of two adults, where the activity has it and the date has fewer."""
    if not activity_of(place).needs_two_adults:
        return None
    session = place if isinstance(place, Session) else next_session(place)
    there = session.adults if session else 0
    if there >= ADULTS:
        return None
    return Block(
        "adults",
        _("two adults"),
        _("%(there)d of %(needed)d are confirmed.") % {"there": there, "needed": ADULTS},
        _("A volunteer or somebody of the team who confirms frees it."),
    )


def waits_for_the_team(place) -> Block:
    """What an unblocked booking reads when no offer may be made any more."""
    return Block(
        "line",
        _("waiting list"),
        _("A place is free, but it is too late for an offer.")
        if offers_until(place) is None
        else _("It is your turn."),
        _("The team of the center decides and writes to you."),
    )


def _state(count, booking):
    words = {"needed": booking.seats, "free": count.free, "seats": count.seats}
    return _("%(needed)d needed, %(free)d free of %(seats)d.") % words


def place_in_line(booking) -> int:
    """First, second, third… of those who wait for the same date or the same activity."""
    line = Booking.objects.filter(session=booking.session_id, activity=booking.activity_id).in_line()
    return list(line.values_list("pk", flat=True)).index(booking.pk) + 1


def activity_of(place) -> Activity:
    return place.activity if isinstance(place, Session) else place


def next_session(activity):
    """The first date to come of an activity, or nothing."""
    return activity.sessions.upcoming().order_by("starts_at", "pk").first()


def offers_until(place, now=None):
    """Until when an offer made now would last; nothing when it is too late, or the place takes nobody."""
    now = now or timezone.now()
    activity = activity_of(place)
    if activity.state == Activity.State.CANCELLED:
        return None
    start = place.starts_at if isinstance(place, Session) else _start(place)
    if isinstance(place, Session) and not place.is_planned:
        return None
    ends = now + timedelta(hours=activity.offer_hours)
    if start is not None:
        ends = min(ends, start - timedelta(hours=activity.offer_margin_hours))
    return ends if ends > now else None


def provable_until(place):
    """Until when somebody may prove the address from which seats were asked: short, as the seats are held meanwhile."""
    ends = timezone.now() + PROVE_WITHIN
    return min(ends, place.starts_at) if isinstance(place, Session) else ends


def _start(activity):
    """When an activity goes on; what has no date yet sets no end to an offer, what has none to come is over."""
    session = next_session(activity)
    if session:
        return session.starts_at
    return timezone.now() if activity.sessions.exists() else None
