"""Who waits for whom. Always in this order, so that two actions never wait for each other: the activity, the session,
then the volunteers by number.

Whatever changes who has seats for young people takes the activity first, because its limits bind all its dates
together. A volunteer's sign-up takes the session alone: where it brings the last adult for whom pupils wait, they are
let in afterwards, by themselves.

On a hot session everybody waits for one lock: what is asked under it is asked in plain SQL, which costs half.
"""

from django.db import connection
from django.db.models import Q

from participants.accounts import sabotage
from programs.activities.models import Activity, Session

SESSION = "SELECT * FROM activities_session WHERE id = %s"
VOLUNTEERS = "SELECT 1 FROM people_volunteer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def locked_session(pk):
    """The session as it is now, while nobody else changes it or the people in it."""
    lock = "" if sabotage.is_on("signup_lock") else " FOR NO KEY UPDATE"
    return Session.objects.raw(SESSION + lock, [pk])[0]


def locked_activity(pk):
    """The activity as it is now, while nobody else books it or one of its dates."""
    if sabotage.is_on("booking_lock"):
        return Activity.objects.get(pk=pk)
    return Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def locked_place(session, activity):
    """The session with its activity, or the activity that is booked as a whole: what a booking hangs on."""
    if session is None:
        return locked_activity(activity.pk)
    whole = locked_activity(session.activity_id)
    place = locked_session(session.pk)
    place.activity = whole
    return place


def lock_places(rows):
    """Everything that these bookings, presences or assignments are in, in the order in which others lock it: what is
    booked as a whole, or holds a booked session, before the sessions, each by number."""
    sessions = Session.objects.filter(pk__in=rows.exclude(session=None).order_by().values("session"))
    if any(field.name == "activity" for field in rows.model._meta.concrete_fields):
        whole = rows.exclude(activity=None).order_by().values("activity")
        _lock(Activity.objects.filter(Q(pk__in=whole) | Q(pk__in=sessions.values("activity"))))
    _lock(sessions)


def _lock(places):
    list(places.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))


def lock_volunteers(*volunteers):
    """Take the commitments of these people one at a time: the exclusion constraint alone would let two sign-ups of
    one person at the same moment wait for each other until one is thrown out as a deadlock."""
    with connection.cursor() as cursor:
        cursor.execute(VOLUNTEERS, [[volunteer.pk for volunteer in volunteers]])
