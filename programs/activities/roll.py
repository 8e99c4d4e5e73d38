"""What all words about one list say together: which stands, and which disagree.

The rule (README 12). A pupil is what the strongest word says. What somebody saw (a tap, a ticket) is stronger than what
was only inferred for all the others; of two words of the same kind the later one is stronger, by the moment at which
it was seen, not by the moment at which it arrived. The rest of the order only settles words of the same instant, so
that the same words give the same presence in whatever order they come.
"""

import datetime as dt
from collections import defaultdict

from django.db.models import Q
from django.utils import timezone

from participants.people.models import Pupil
from programs.activities import counters
from programs.activities.models import Attendance, Booking, RollEntry

_PRESENCE = ["absent", "excused", "left_early", "late", "present"]
# Lists are on phones from the day before a session until some hours after its end.
KEPT_AFTER = dt.timedelta(hours=6)
# People arrive before the session begins.
OPENS_BEFORE = dt.timedelta(hours=1)


def weight(entry) -> tuple:
    """The stronger of two words about the same pupil or class is the one with the greater weight."""
    presence = _PRESENCE.index(entry.status) if entry.status else entry.total
    return (
        entry.way != RollEntry.Way.REST,
        entry.observed_at,
        entry.way == RollEntry.Way.TICKET,
        presence,
        -entry.missed,
        entry.nonce.int,
    )


def standing(entries):
    """The word that stands among words about one pupil or class."""
    return max(entries, key=weight)


def disputes(entries) -> list:
    """The words that say something else than the one that stands, seen by somebody else, and not known to whoever said
    the one that stands. Saying it again after having seen them settles it."""
    stands = standing(entries)
    return [
        entry
        for entry in entries
        if entry.way != RollEntry.Way.REST
        and entry.status != stands.status
        and entry.by_id != stands.by_id
        and entry.pk > stands.base
    ]


def minutes(entry, session) -> int:
    """How long the pupil was there, as the word says."""
    return max(0, session.minutes - entry.missed) if entry.status in Attendance.WAS_THERE else 0


def window(sessions):
    """The sessions whose lists may be on a phone now: of today and tomorrow, until some hours after their end."""
    now = timezone.now()
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=2)
    return sessions.filter(state="planned", starts_at__lt=tomorrow, ends_at__gt=now - KEPT_AFTER)


def named_in_each(sessions, user) -> dict[int, list]:
    """The pupils of several sessions by name, as far as the user may see them: by number of the session."""
    by_session, by_activity = {s.pk: s for s in sessions}, defaultdict(list)
    for session in sessions:
        by_activity[session.activity_id].append(session.pk)
    pairs = defaultdict(set)
    booked = Booking.objects.seated().filter(Q(session__in=by_session) | Q(activity__in=by_activity))
    for session_id, activity_id, pupil_id in booked.exclude(pupil=None).values_list("session", "activity", "pupil"):
        for pk in [session_id] if session_id else by_activity[activity_id]:
            pairs[pk].add(pupil_id)
    noted = Attendance.objects.filter(session__in=by_session)
    for session_id, pupil_id in noted.values_list("session", "pupil"):
        pairs[session_id].add(pupil_id)
    wanted = set().union(*pairs.values())
    pupils = Pupil.objects.visible_to(user).filter(pk__in=wanted).order_by("sort_name", "pk") if wanted else []
    pupils = list(pupils)
    return {pk: [pupil for pupil in pupils if pupil.pk in pairs[pk]] for pk in by_session}


def callable_in_each(sessions, user) -> dict[int, tuple[list, dict]]:
    """(pupils by name, class -> seats) that the user may speak of, by number of the session. Where there is neither, the
    open public (None)."""
    pupils, classes = named_in_each(sessions, user), counters.classes_in_each(sessions, user)
    return {
        session.pk: (
            pupils[session.pk],
            classes[session.pk] or ({} if pupils[session.pk] else {None: session.seats_taken}),
        )
        for session in sessions
    }


def callable_in(session, user) -> tuple[list, dict]:
    return callable_in_each([session], user)[session.pk]
