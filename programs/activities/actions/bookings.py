"""How classes, pupils and guests get seats, wait for them and give them back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.organisations.levels import Level
from programs.activities import limits, priority, reminders
from programs.activities.actions.offers import fill
from programs.activities.locks import locked_place
from programs.activities.models import Booking, Session
from programs.activities.refusals import in_sentences

Stage = Booking.Stage


def book(
    *,
    by,
    session=None,
    activity=None,
    class_group=None,
    pupil=None,
    guest=None,
    seats=None,
    contact=None,
    override_reason="",
):
    """Seats for a class, a pupil or a guest in a session, or in an activity booked as a whole; the waiting list while a
    limit is in the way or somebody who could have the seats waits already; held for a short time until a guest has
    proven the address. With a reason, `by` seats them over the limits. `contact` is who answers for the booking and gets
    its mail (`by`, if nobody is named). Asked twice, it gives the same answer."""
    seats = _seats_of(class_group, seats)
    target = {"session": session, "activity": activity, "class_group": class_group, "pupil": pupil, "guest": guest}
    try:
        return _book(by=by, seats=seats, contact=contact, override_reason=override_reason, **target)
    except ValidationError as refusal:
        live = Booking.objects.live().filter(**target).first()
        if refusal.code == "activities_booking_one_live" and live:
            return live
        raise


@in_sentences
@transaction.atomic
def _book(*, by, session, activity, class_group, pupil, guest, seats, contact, override_reason):
    place = locked_place(session, activity)
    check_to_come(place)
    limits.check_not_denied(pupil)
    booking = Booking(
        session=place if session else None,
        activity=None if session else place,
        class_group=class_group,
        pupil=pupil,
        guest=guest,
        seats=seats,
        booked_by=contact or by,
    )
    if known := _same(booking).first():
        return known
    _describe(booking)
    held = limits.Held(booking.of)
    blocks = limits.blocking(place, booking, held)
    if blocks and override_reason:
        booking.override_by, booking.override_reason = by, override_reason
        booking.stage, tell = Stage.CONFIRMED, reminders.booking_confirmed
    elif blocks or _somebody_waits_for_it(place, held):
        booking.stage, tell = Stage.WAITLISTED, reminders.booking_waits
    elif guest and not guest.is_proven:
        booking.stage, booking.offered_until = Stage.OFFERED, limits.provable_until(place)
        tell = reminders.address_to_prove
    else:
        booking.stage, tell = Stage.CONFIRMED, reminders.booking_confirmed
    booking.save()
    tell(booking)
    return booking


@in_sentences
@transaction.atomic
def seat_booking(*, booking, by, override_reason=""):
    """Give seats to one that waits, by hand: at once where nothing is in the way and nobody comes before it, else only
    with a reason, which is kept with the name."""
    place = locked_place(booking.session, booking.activity)
    booking.refresh_from_db(fields=["stage", "seats"])
    if booking.stage != Stage.WAITLISTED:
        raise ValidationError(_("This booking does not wait any more."))
    check_to_come(place)
    limits.check_not_denied(booking.pupil)
    held = limits.Held(limits.activity_of(place))
    blocks = limits.blocking(place, booking, held)
    before = _first_in_line(place, held)
    if blocks or before != booking:
        if not override_reason.strip():
            raise ValidationError({"override_reason": _refusal(blocks)})
        booking.override_by, booking.override_reason = by, override_reason.strip()
        booking.is_out_of_turn = not blocks
    booking.stage = Stage.CONFIRMED
    booking.save(update_fields=["stage", "override_by", "override_reason", "is_out_of_turn"])
    reminders.booking_confirmed(booking)
    return booking


@in_sentences
@transaction.atomic
def cancel_booking(*, booking, by, reason=Booking.Reason.NONE):
    """Give the seats back; they are offered at once to whoever waits, in order, and fits."""
    place = locked_place(booking.session, booking.activity)
    booking.refresh_from_db(fields=["stage", "reason", "offered_until"])
    if booking.stage not in Booking.LIVE:
        return booking
    if isinstance(place, Session):
        check_to_come(place)
    own = by is None or by == booking.booked_by
    booking.stage, booking.reason = Stage.WITHDRAWN if own else Stage.CANCELLED, reason
    booking.offered_until = None
    booking.save(update_fields=["stage", "reason", "offered_until"])
    reminders.booking_ended(booking)
    fill(limits.activity_of(place))
    return booking


def _refusal(blocks):
    if blocks:
        sentence = _("A limit is in the way. %(limits)s Say why you go over it.")
        return sentence % {"limits": " ".join(str(block) for block in blocks)}
    return _("Others who could have these seats wait longer or have priority: say why this one comes first.")


def _same(booking):
    """The same guest in the same place, already there; the public is known by its address."""
    same = Booking.objects.live().filter(session=booking.session, activity=booking.activity)
    if booking.guest:
        return same.filter(guest__email=booking.guest.email)
    return same.filter(class_group=booking.class_group, pupil=booking.pupil, guest=None)


def _describe(booking):
    """School, level and priority as they are today: limits and order go by them."""
    booking.level = Level.UNKNOWN
    if booking.class_group:
        booking.school, booking.level = booking.class_group.school, booking.class_group.level
    elif booking.pupil:
        years = booking.pupil.enrolments.select_related("school").order_by("-school_year")
        year = years.filter(school_year=booking.of.school_year).first() or years.first()
        if year:
            booking.school, booking.level = year.school, year.level
    booking.priority = priority.score(booking.of, booking)


def _first_in_line(place, held):
    """The first of those who wait for this place whom no limit blocks."""
    return next((b for b in place.bookings.in_line() if not limits.blocking(place, b, held)), None)


def _somebody_waits_for_it(place, held):
    """Nobody passes the line: free seats that wait for an answer of the team are not for newcomers."""
    return _first_in_line(place, held) is not None


def _seats_of(class_group, seats):
    """A class brings everybody unless told otherwise; a pupil is one."""
    if seats is not None or class_group is None:
        return seats or 1
    if class_group.head_count is None:
        raise ValidationError({"seats": _("Say how many pupils %(name)s has.") % {"name": class_group.name}})
    return class_group.head_count


def check_to_come(place):
    """A date that is cancelled or has begun takes and gives no seats any more."""
    if not isinstance(place, Session):
        return
    if not place.is_planned:
        raise ValidationError(_("This session is cancelled. Choose another one."))
    if place.starts_at <= timezone.now():
        raise ValidationError(_("This session has begun: bookings can no longer change."))
