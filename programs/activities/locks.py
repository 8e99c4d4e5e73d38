"""Who waits for whom. Always in this order, so that two actions never wait for each other: the session (or the
activity that is booked as a whole), then the volunteers by number."""

from participants.accounts import sabotage
from participants.people.models import Volunteer
from programs.activities.models import Activity, Session


def locked_session(pk):
    """The session as it is now, while nobody else changes it or the people in it."""
    sessions = Session.objects.select_related("activity", "school", "campus")
    if not sabotage.is_on("signup_lock"):
        sessions = sessions.select_for_update(no_key=True, of=("self",))
    return sessions.get(pk=pk)


def locked_activity(pk):
    """The activity as it is now, while nobody else books it."""
    return Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def lock_volunteers(*volunteers):
    """Take the commitments of these people one at a time: the exclusion constraint alone would let two sign-ups of
    one person at the same moment wait for each other until one is thrown out as a deadlock."""
    pks = [volunteer.pk for volunteer in volunteers]
    list(Volunteer.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=pks).order_by("pk"))
