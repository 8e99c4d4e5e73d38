"""Who works with which pupils because of sessions: tutors for a while, those who run a programme for all of it."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.roles import Permission
from participants.people.models import Pupil
from programs.activities.models import Activity, Assignment, Attendance, Booking, Session
from programs.activities.models.programme import may_manage

# A tutor prepares a session before it, and writes the report after it.
BEFORE = AFTER = dt.timedelta(days=14)


def of_volunteers(user):
    """The pupils who have a seat, or whose presence was noted, in the sessions that the user holds a place in: from 14
    days before a session to 14 days after it."""
    if not user.can(Permission.SESSION_JOIN):
        return None
    now = timezone.now()
    held = Assignment.objects.confirmed().filter(
        volunteer__user=user,
        session__state=Session.State.PLANNED,
        session__starts_at__lte=now + BEFORE,
        session__ends_at__gte=now - AFTER,
    )
    seated = Booking.objects.seated().filter(
        Q(session__in=held.values("session")) | Q(activity__in=held.values("session__activity")),
        pupil__isnull=False,
    )
    noted = Attendance.objects.filter(session__in=held.values("session"))
    return _ids(seated, noted)


def of_programmes(user):
    """The pupils booked or present in the programmes on which the user may see pupils."""
    if not may_manage(user, Permission.PUPIL_VIEW):
        return None
    run = Activity.objects.managed_by(user, Permission.PUPIL_VIEW).values("pk")
    booked = Booking.objects.live().filter(Q(session__activity__in=run) | Q(activity__in=run), pupil__isnull=False)
    return _ids(booked, Attendance.objects.filter(session__activity__in=run))


def named_in(session, user):
    """The pupils of a session by name, as far as the user may see them."""
    booked = Booking.objects.live().filter(Q(session=session.pk) | Q(activity=session.activity_id), pupil__isnull=False)
    found = _ids(booked, Attendance.objects.filter(session=session.pk))
    return Pupil.objects.visible_to(user).filter(pk__in=found).order_by("sort_name", "pk")


def booking_names(user, bookings) -> dict[int, str]:
    """What each booking is called to this reader: a pupil by name only to whoever may see the pupil."""
    pupils = Pupil.objects.visible_to(user).filter(pk__in=[b.pupil_id for b in bookings if b.pupil_id])
    known = {pupil.pk: str(pupil) for pupil in pupils}
    return {b.pk: known.get(b.pupil_id, _("a pupil")) if b.pupil_id else _unnamed(b) for b in bookings}


def _unnamed(booking):
    return (booking.guest and booking.guest.email) or str(booking.whom)


def year_is_used(pupils, school_year) -> bool:
    """Whether one of these pupils was booked, or noted, in an activity of this school year."""
    of_year = Q(session__activity__school_year=school_year)
    booked = Booking.objects.live().filter(of_year | Q(activity__school_year=school_year), pupil__in=pupils)
    return booked.exists() or Attendance.objects.filter(of_year, pupil__in=pupils).exists()


def _ids(booked, noted):
    return Pupil.objects.filter(Q(pk__in=booked.values("pupil")) | Q(pk__in=noted.values("pupil"))).values("pk")
