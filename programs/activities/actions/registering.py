"""How people register by themselves: a class by its teacher, a pupil by the family or the school, the open public by an
address. Who may is said in `registration.py`; seats and the line are those of every booking."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import ngettext

from participants.correspondence import addressees
from participants.correspondence.models import Message
from programs.activities import health, limits, registration, reminders
from programs.activities.actions.answers import delete_answers, save_answers
from programs.activities.actions.bookings import book
from programs.activities.answerers import GUEST
from programs.activities.locks import locked_place
from programs.activities.models import Answer, Booking, Guest, Session
from programs.activities.refusals import in_sentences

Audience = registration.Audience
REMEMBERED = dt.timedelta(days=30)


def _target(place):
    return {"session": place, "activity": None} if isinstance(place, Session) else {"session": None, "activity": place}


@in_sentences
@transaction.atomic
def register_class(*, place, class_group, by, seats=None, answers=None):
    """A class, by a contact of its school."""
    place = locked_place(**_target(place))
    registration.check(place, Audience.CLASSES)
    registration.check_level(limits.activity_of(place), class_group.level)
    return _with(book(**_target(place), class_group=class_group, seats=seats, by=by), answers)


@in_sentences
@transaction.atomic
def register_pupil(*, place, pupil, by=None, answers=None, agreed_by=None):
    """A pupil, by somebody who may: the family, the school, oneself from 15. Nobody comes without the agreement.
    `agreed_by` says with it that we may receive health data."""
    place = locked_place(**_target(place))
    if agreed_by:
        health.agree(pupil, agreed_by)
    registration.check(place, Audience.PUPILS)
    registration.check_agreement(pupil)
    activity = limits.activity_of(place)
    year = pupil.enrolments.filter(school_year=activity.school_year).first()
    if year:
        registration.check_level(activity, year.level)
    return _with(book(**_target(place), pupil=pupil, by=by), answers)


@in_sentences
@transaction.atomic
def register_guest(*, place, email, seats, language, answers=None):
    """Seats for somebody of the open public. Who registers twice gets the letter once more and no second seat."""
    place = locked_place(**_target(place))
    registration.check(place, Audience.PUBLIC)
    most = limits.activity_of(place).public_seats
    if seats > most:
        sentence = ngettext("You can take %(most)d seat at most.", "You can take %(most)d seats at most.", most)
        raise ValidationError({"seats": sentence % {"most": most}})
    known = Booking.objects.live().filter(**_target(place), guest__email=email.lower()).select_related("guest").first()
    if known:
        reminders.registered_again(known)
        return known
    guest = Guest.objects.create(email=email.lower(), language=language)
    return _with(book(**_target(place), guest=guest, seats=seats, by=None), answers)


def _with(booking, answers):
    """What was answered goes with the booking. Who registers a second time changes nothing that was said."""
    if answers and not booking.answers.exists():
        save_answers(booking=booking, answers=answers)
    return booking


@transaction.atomic
def forget_guests():
    """Empty the addresses of guests 30 days after their date, and delete what was written to them; the seats stay in
    the figures. Returns how many."""
    limit = timezone.now() - REMEMBERED
    ahead = Booking.objects.filter(activity__sessions__ends_at__gt=limit).values("pk")
    over = Q(session__ends_at__lte=limit) | Q(activity__isnull=False, booked_at__lte=limit) & ~Q(pk__in=ahead)
    guests = Guest.objects.exclude(email="").filter(booking__in=Booking.objects.filter(over))
    numbers = list(guests.values_list("pk", flat=True))
    delete_answers(Answer.objects.filter(booking__guest__in=numbers))
    Message.objects.filter(addressee__in=[addressees.reference(GUEST, number) for number in numbers]).delete()
    return Guest.objects.filter(pk__in=numbers).update(email="", link_key=F("link_key") + 1)
