"""Who waits for whom. Always in this order, so that two actions never wait for each other: the session (or the
activity that is booked as a whole), then the volunteers by number.

On a hot session everybody waits for one lock: what is asked under it is asked in plain SQL, which costs half.
"""

from django.db import connection

from participants.accounts import sabotage
from programs.activities.models import Activity, Session

SESSION = "SELECT * FROM activities_session WHERE id = %s"
VOLUNTEERS = "SELECT 1 FROM people_volunteer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def locked_session(pk):
    """The session as it is now, while nobody else changes it or the people in it."""
    lock = "" if sabotage.is_on("signup_lock") else " FOR NO KEY UPDATE"
    return Session.objects.raw(SESSION + lock, [pk])[0]


def locked_activity(pk):
    """The activity as it is now, while nobody else books it."""
    return Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def lock_volunteers(*volunteers):
    """Take the commitments of these people one at a time: the exclusion constraint alone would let two sign-ups of
    one person at the same moment wait for each other until one is thrown out as a deadlock."""
    with connection.cursor() as cursor:
        cursor.execute(VOLUNTEERS, [[volunteer.pk for volunteer in volunteers]])
