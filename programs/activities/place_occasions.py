"""What we write about one booking, to whoever answers for it: a letter is composed when it leaves, so it says what holds
then, names the limit that is in the way, and leads to the page of the booking without signing in."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.dates import say_moment, say_span
from participants.accounts.roles import Permission
from participants.correspondence import occasions
from participants.correspondence.occasions import Occasion, Pointless
from programs.activities import limits, place_links
from programs.activities.answerers import person_behind
from programs.activities.models import Activity, Booking

CONFIRMED = "activities.place_confirmed"
WAITING = "activities.place_waiting"
OFFERED = "activities.place_offered"
TO_PROVE = "activities.place_to_prove"
ENDED = "activities.place_ended"
MOVED = "activities.place_moved"
CANCELLED = "activities.place_cancelled"
ALL = (CONFIRMED, WAITING, OFFERED, TO_PROVE, ENDED, MOVED)

WORDS = ("title", "when", "where", "seats")
Stage = Booking.Stage
GONE = gettext_noop("The booking no longer stands so.")


def register() -> None:
    """Make the occasions known. They write to families: in doubt whether one left, it is not sent again by itself."""
    common = {"for_families": True, "has_personal_link": True}
    for key, label, words, context, urgent in (
        (CONFIRMED, gettext_lazy("place: confirmed"), (), _in([Stage.CONFIRMED]), False),
        (WAITING, gettext_lazy("place: on the waiting list"), ("limits", "number"), describe_line, False),
        (OFFERED, gettext_lazy("place: offered for a time"), ("until",), describe_offer, True),
        (TO_PROVE, gettext_lazy("place: address to prove"), ("until",), describe_offer, True),
        (ENDED, gettext_lazy("place: the offer is over"), (), _in([Stage.WITHDRAWN]), False),
        (MOVED, gettext_lazy("place: the session moved"), (), _in(Booking.LIVE), True),
        (CANCELLED, gettext_lazy("place: the session is cancelled"), ("reason",), describe_end, True),
    ):
        occasions.register(
            Occasion(key, label, WORDS + words, context, None, bookings_of_staff, is_urgent=urgent, **common)
        )


def bookings_of_staff(user):
    activities = Activity.objects.managed_by(user, Permission.SESSION_MANAGE)
    return Booking.objects.filter(Q(session__activity__in=activities) | Q(activity__in=activities))


def _in(stages):
    """The context while the booking stands in one of these stages, of a date that takes place."""

    def context(about, recipient):
        return _facts(_found(about, stages), recipient)

    return context


def describe_line(about, recipient):
    booking = _found(about, [Stage.WAITLISTED])
    blocks = limits.blocking(booking.place, booking) or [limits.waits_for_the_team(booking.place)]
    number = limits.place_in_line(booking)
    return _facts(booking, recipient) | {"limits": "\n".join(f"· {block}" for block in blocks), "number": number}


def describe_offer(about, recipient):
    booking = _found(about, [Stage.OFFERED])
    if booking.offered_until <= timezone.now():
        raise Pointless(gettext_noop("The offer is over."))
    if limits.is_denied(booking.pupil):
        raise Pointless(gettext_noop("The family has said no since."))
    zone = booking.session.zone if booking.session else None
    return _facts(booking, recipient) | {"until": say_moment(booking.offered_until, zone)}


def describe_end(about, recipient):
    booking = _found(about, Booking.LIVE, takes_place=False)
    return _facts(booking, recipient) | {"reason": booking.session.state_reason}


def _found(about, stages, *, takes_place=True):
    related = ("session__activity", "session__school", "session__campus", "activity")
    booking = Booking.objects.select_related(*related).filter(pk=about, stage__in=stages).first()
    if booking is None:
        raise Pointless(GONE)
    if booking.session and booking.session.is_planned != takes_place:
        raise Pointless(gettext_noop("The session does not take place."))
    return booking


def _facts(booking, recipient):
    session, person = booking.session, person_behind(recipient)
    if not place_links.answers_for(person, booking):
        raise Pointless(GONE)
    return {
        "title": booking.of.title,
        "when": say_span(session.starts_at, session.ends_at, session.zone)
        if session
        else booking.activity.school_year_label,
        "where": session.where if session else str(booking.activity.organisation),
        "seats": booking.seats,
        "action_url": place_links.url(booking, person),
    }
