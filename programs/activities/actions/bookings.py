"""How classes and pupils get seats, wait for them and give them back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from programs.activities import reminders
from programs.activities.locks import locked_activity, locked_session
from programs.activities.models import Booking, Session
from programs.activities.refusals import in_sentences

Stage = Booking.Stage


def book(
    *, by, session=None, activity=None, class_group=None, pupil=None, seats=None, contact=None, override_reason=""
):
    """Seats for a class or a pupil in a session, or in an activity booked as a whole; the waiting list when they are
    not left. With a reason, `by` seats them over the limit. `contact` is who answers for the booking and gets its
    mail (`by`, if nobody is named). Asked twice, it gives the same answer."""
    seats = _seats_of(class_group, seats)
    target = {"session": session, "activity": activity, "class_group": class_group, "pupil": pupil}
    try:
        return _book(by=by, seats=seats, contact=contact, override_reason=override_reason, **target)
    except ValidationError as refusal:
        live = Booking.objects.live().filter(**target).first()
        if refusal.code == "activities_booking_one_live" and live:
            return live
        raise


@in_sentences
@transaction.atomic
def _book(*, by, session, activity, class_group, pupil, seats, contact, override_reason):
    place = _locked(session, activity)
    if session:
        _check_to_come(place)
    booking = Booking(
        session=place if session else None,
        activity=None if session else place,
        class_group=class_group,
        pupil=pupil,
        seats=seats,
        booked_by=contact or by,
    )
    live = Booking.objects.live().filter(
        session=booking.session, activity=booking.activity, class_group=class_group, pupil=pupil
    )
    if known := live.first():
        return known
    if override_reason and seats > place.seats_left:
        booking.override_by, booking.override_reason = by, override_reason
    has_seats = booking.override_by_id or seats <= place.seats_left
    booking.stage = Stage.CONFIRMED if has_seats else Stage.WAITLISTED
    booking.save()
    if has_seats:
        reminders.booking_confirmed(booking)
    else:
        reminders.booking_waits(booking)
    return booking


@in_sentences
@transaction.atomic
def cancel_booking(*, booking, by, reason=Booking.Reason.NONE):
    """Give the seats back; whoever waits and fits gets them at once, in order."""
    place = _locked(booking.session, booking.activity)
    booking.refresh_from_db()
    if booking.stage not in Booking.LIVE:
        return booking
    if isinstance(place, Session):
        _check_to_come(place)
    own = by == booking.booked_by
    booking.stage, booking.reason = Stage.WITHDRAWN if own else Stage.CANCELLED, reason
    booking.offered_until = None
    booking.save(update_fields=["stage", "reason", "offered_until"])
    reminders.booking_ended(booking)
    promote_bookings(place)
    return booking


def promote_bookings(place):
    """Seat those who wait, in order, each that fits; a class too large for what is free keeps its turn. Only under
    the lock of the session or activity."""
    place.refresh_from_db(fields=["seats", "seats_taken", "seats_overridden"])
    free = place.seats_left
    for booking in place.bookings.filter(stage=Stage.WAITLISTED).order_by("booked_at", "pk"):
        if booking.seats <= free:
            free -= booking.seats
            booking.stage = Stage.CONFIRMED
            booking.save(update_fields=["stage"])
            reminders.booking_confirmed(booking)


def _locked(session, activity):
    return locked_session(session.pk) if session else locked_activity(activity.pk)


def _seats_of(class_group, seats):
    """A class brings everybody unless told otherwise; a pupil is one."""
    if seats is not None or class_group is None:
        return seats or 1
    if class_group.head_count is None:
        raise ValidationError({"seats": _("Say how many pupils %(name)s has.") % {"name": class_group.name}})
    return class_group.head_count


def _check_to_come(session):
    if not session.is_planned:
        raise ValidationError(_("This session is cancelled. Choose another one."))
    if session.has_begun:
        raise ValidationError(_("This session has begun: bookings can no longer change."))
