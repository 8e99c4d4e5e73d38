"""What sessions show on the page of a pupil."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from participants.organisations.panels import Panel
from participants.people.models import Pupil
from programs.activities.models import Attendance, Booking, Session

SHOWN = 30


def of_pupil(pupil, user):
    """What the pupil is booked for, and where they were: all of it for those who read the record, else what happens in
    the sessions that the reader sees."""
    visible = Session.objects.visible_to(user)
    attendances = Attendance.objects.filter(pupil=pupil).select_related("session__activity", "session__school")
    bookings = Booking.objects.live().filter(pupil=pupil).exclude(stage=Booking.Stage.COMPLETED)
    if not Pupil.objects.recorded_for(user).filter(pk=pupil.pk).exists():
        attendances = attendances.filter(session__in=visible)
        bookings = bookings.filter(session__in=visible)
    attendances = list(attendances.order_by("-session__starts_at", "-pk"))
    bookings = list(bookings.select_related("session__activity", "activity").order_by("session__starts_at", "pk"))
    if not attendances and not bookings:
        return None
    sessions = {row.session_id for row in [*attendances[:SHOWN], *bookings] if row.session_id}
    context = {
        "bookings": bookings,
        "attendances": attendances[:SHOWN],
        "more": max(0, len(attendances) - SHOWN),
        "counts": _by_year(attendances),
        "open_sessions": set(visible.filter(pk__in=sessions).values_list("pk", flat=True)),
    }
    return Panel(_("Activities and presence"), "programs/activities/includes/pupil_presence.html", context)


def _by_year(attendances):
    """For each school year: how often there, how often noted."""
    noted = Counter(row.session.activity.school_year_label for row in attendances)
    there = Counter(row.session.activity.school_year_label for row in attendances if row.status in Attendance.WAS_THERE)
    return [(year, there[year], noted[year]) for year in sorted(noted, reverse=True)]
