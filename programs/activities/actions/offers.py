"""A place that came free: offered for a time, answered, passed on."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.activities import limits, priority, reminders
from programs.activities.locks import locked_activity, locked_place
from programs.activities.models import Activity, Booking, Guest
from programs.activities.refusals import in_sentences

Stage = Booking.Stage
LAST_WORD = timedelta(hours=2)


def fill(activity, session=None):
    """Offer every place that is free to the first in order who may have it; a class too large for what is free keeps its
    turn. Only under the lock of the activity. Where only something of one session has changed, only who waits for that
    one, or for the whole, is asked."""
    line = Booking.objects.of_activity(activity).in_line().select_related("session", "pupil", "guest", "booked_by")
    waiting = list(line.filter(Q(session=session) | Q(session=None)) if session else line)
    if not waiting:
        return
    denied = limits.denied_among([booking.pupil_id for booking in waiting if booking.pupil_id])
    held, ends = limits.Held(activity, denied=denied), {}
    for booking in waiting:
        place = _with(activity, booking)
        if booking.session_id not in ends:
            ends[booking.session_id] = limits.offers_until(place)
        until = ends[booking.session_id]
        if until and not limits.blocking(place, booking, held):
            held.add(booking)
            booking.stage, booking.offered_until = Stage.OFFERED, until
            booking.save(update_fields=["stage", "offered_until"])
            reminders.place_offered(booking)


def _with(activity, booking):
    """The place of a booking, which knows the locked activity."""
    if booking.session_id is None:
        booking.activity = activity
        return activity
    booking.session.activity = activity
    return booking.session


@in_sentences
@transaction.atomic
def accept_offer(*, booking):
    """Say yes while the offer lasts. When an adult has left meanwhile, pupils go back to their turn in the line, and
    the seat goes to whoever may have it."""
    place = locked_place(booking.session, booking.activity)
    booking.refresh_from_db(fields=["stage", "offered_until"])
    if booking.stage == Stage.CONFIRMED:
        return booking
    if booking.stage != Stage.OFFERED or booking.offered_until <= timezone.now():
        raise ValidationError(_("This offer is over: the place has gone to somebody else."))
    limits.check_not_denied(booking.pupil)
    if booking.pupil_id and limits.adults_missing(place):
        _go_back_to_line(booking)
        fill(limits.activity_of(place))
        return booking
    booking.stage, booking.offered_until = Stage.CONFIRMED, None
    booking.save(update_fields=["stage", "offered_until"])
    Guest.objects.filter(pk=booking.guest_id).update(is_proven=True)
    reminders.booking_confirmed(booking)
    return booking


def _go_back_to_line(booking):
    booking.stage, booking.offered_until = Stage.WAITLISTED, None
    booking.save(update_fields=["stage", "offered_until"])
    reminders.booking_waits(booking, is_again=True)


@in_sentences
@transaction.atomic
def decline_offer(*, booking):
    """Say no: the place goes to the next at once."""
    place = locked_place(booking.session, booking.activity)
    booking.refresh_from_db(fields=["stage", "offered_until"])
    if booking.stage == Stage.OFFERED:
        _end(booking, Booking.Reason.OTHER)
        fill(limits.activity_of(place))
    return booking


def pass_on_offers():
    """What the clock does: end the offers that nobody answered, and offer what is free, wherever somebody waits (also
    what came free by a merge, an erasure or a second adult). Returns how many offers ended."""
    waiting = Booking.objects.filter(
        Q(stage=Stage.WAITLISTED) | Q(stage=Stage.OFFERED, offered_until__lte=timezone.now())
    )
    coming = waiting.filter(Q(session=None) | Q(session__starts_at__gt=timezone.now(), session__state="planned"))
    over = waiting.filter(stage=Stage.OFFERED)
    found = Activity.objects.filter(
        Q(pk__in=(coming | over).values("activity")) | Q(pk__in=(coming | over).values("session__activity"))
    )
    return sum(_pass_on(pk) for pk in found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _pass_on(pk):
    activity = locked_activity(pk)
    offered = Booking.objects.filter(Q(activity=pk) | Q(session__activity=pk), stage=Stage.OFFERED)
    over = list(offered.filter(offered_until__lte=timezone.now()).select_related("session", "guest", "pupil"))
    for booking in over:
        _end(booking, Booking.Reason.NO_ANSWER)
        reminders.offer_ended(booking)
    fill(activity)
    return len(over)


def _end(booking, reason):
    booking.stage, booking.reason, booking.offered_until = Stage.WITHDRAWN, reason, None
    booking.save(update_fields=["stage", "reason", "offered_until"])
    reminders.booking_ended(booking)


def shorten_offers(session):
    """A session that moves nearer takes its offers along; where no new one could be made, those that are out may still be
    answered for a moment. Only under its lock."""
    last = limits.offers_until(session) or min(timezone.now() + LAST_WORD, session.starts_at)
    session.bookings.filter(stage=Stage.OFFERED, offered_until__gt=last).update(offered_until=last)


@in_sentences
@transaction.atomic
def reorder(*, activity):
    """Count the points of everybody in line anew: the rule or the facts have changed. Then offer what is free."""
    activity = locked_activity(activity.pk)
    line = Booking.objects.of_activity(activity).in_line().select_related("school", "pupil")
    for booking in line:
        points = priority.score(activity, booking)
        if points != booking.priority:
            booking.priority = points
            booking.save(update_fields=["priority"])
    fill(activity)
