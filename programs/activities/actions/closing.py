"""How a search for speakers ends: whoever was asked and has not answered is told that the place is taken."""

from django.utils import timezone

from programs.activities import reminders
from programs.activities.models import Assignment, SpeakerSearch


def close_when_full(session):
    """The last place was given: nobody else is needed. Only under the lock of the session."""
    search = SpeakerSearch.objects.running().filter(session=session.pk).first()
    if search:
        close(search, SpeakerSearch.State.FILLED)


def close(search, state):
    """End a search and its open invitations. Only under the lock of the session."""
    search.state, search.ended_at, search.round_ends_at = state, timezone.now(), None
    search.save(update_fields=["state", "ended_at", "round_ends_at"])
    waiting = Assignment.objects.filter(asking__search=search, state=Assignment.State.INVITED)
    for assignment in waiting.select_related("session", "volunteer__user").order_by("pk"):
        assignment.state = Assignment.State.LAPSED
        assignment.save(update_fields=["state"])
        reminders.volunteer_not_needed(assignment, is_told=state != SpeakerSearch.State.BEGUN)
