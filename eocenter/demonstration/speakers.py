"""A talk soon that misses its speaker, and the search that asks the next few."""

import datetime as dt

from django.utils import timezone

from programs.activities import fitting
from programs.activities.models import Asking, Assignment, Session, SpeakerSearch

ROUNDS = [("declined", "invited", "declined"), ("invited", "invited", "invited")]
HOUR = dt.timedelta(hours=1)


def build_search(coordinator):
    """The second round is open, nobody has said yes."""
    sessions = Session.objects.upcoming().with_free_places().filter(school__isnull=False, activity__kind="talk")
    session = sessions.select_related("activity", "school").order_by("starts_at", "pk").first()
    if session is None:
        return
    now = timezone.now()
    search = SpeakerSearch.objects.create(
        session=session,
        size=3,
        minutes=120,
        seed=2026,
        started_by=coordinator,
        started_at=now - 3 * HOUR,
        round=len(ROUNDS),
        round_ends_at=now + HOUR,
    )
    fits, _left_out = fitting.look(session, by=coordinator, seed=search.seed)
    people = iter(fits)
    for number, states in enumerate(ROUNDS, start=1):
        for state, fit in zip(states, people, strict=False):
            asked_at = now - (5 - 2 * number) * HOUR
            assignment = Assignment.objects.create(
                session=session, volunteer=fit.volunteer, state=state, applied_at=asked_at
            )
            Asking.objects.create(
                search=search, assignment=assignment, round=number, asked_at=asked_at, reasons=fit.reasons
            )
