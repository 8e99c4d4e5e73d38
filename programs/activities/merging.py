"""What happens to presences and bookings when two records turn out to be one pupil."""

from participants.people.duplicates.clashes import one_of_each, register, stronger
from programs.activities.locks import lock_places
from programs.activities.models import Attendance, Booking

_PRESENCE = ["absent", "excused", "left_early", "late", "present"]
_STAGES = ["requested", "waitlisted", "offered", "confirmed", "completed"]


def register_all():
    register(Attendance, one_of_each(lambda row: row.session_id, stronger(_presence)))
    register(Booking, one_of_each(_target, stronger(_stage)), lock=lock_targets)


def _presence(row):
    """The more present, and of these the longer."""
    return (_PRESENCE.index(row.status), row.minutes)


def _target(row):
    return (row.session_id, row.activity_id) if row.stage in Booking.LIVE else None


def _stage(row):
    """The furthest stage; on the same one, whoever has stood there longer."""
    return (_STAGES.index(row.stage), -row.booked_at.timestamp())


def lock_targets(one_id, other_id):
    """Sessions and activities before pupils, as every booking does: where both hold a place, one is given back."""
    lock_places(Booking.objects.live().filter(pupil__in=[one_id, other_id]))
