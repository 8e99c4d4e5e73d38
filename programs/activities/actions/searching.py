"""Looking for speakers in rounds: a few are asked at a time, until somebody has taken every place."""

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.activities import eligibility, fitting, reminders
from programs.activities.actions.closing import close
from programs.activities.locks import lock_volunteers, locked_session
from programs.activities.models import Asking, Assignment, QuietVolunteer, SpeakerSearch
from programs.activities.refusals import in_sentences

State = SpeakerSearch.State


@in_sentences
@transaction.atomic
def start_search(*, session, size, minutes, by):
    """Begin to ask: the first round leaves at once."""
    session = locked_session(session.pk)
    eligibility.check_session(session)
    if session.volunteer_places_left <= 0:
        raise ValidationError(_("Every place of this session is taken: there is nobody to look for."))
    search = SpeakerSearch.objects.create(
        session=session, size=size, minutes=minutes, started_by=by, seed=secrets.randbits(62)
    )
    _next_round(search, session)
    return search


@transaction.atomic
def stop_search(*, search, by):
    """Ask nobody else; those who have not answered are told that they are no longer needed."""
    locked_session(search.session_id)
    search.refresh_from_db()
    if search.is_running:
        close(search, State.STOPPED)
    return search


def go_on_searching():
    """What the clock does: the next round of every search whose last one ended without enough. Returns how many."""
    return sum(_go_on(pk) for pk in SpeakerSearch.objects.due().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _go_on(pk):
    session = locked_session(SpeakerSearch.objects.values_list("session", flat=True).get(pk=pk))
    # Another worker may have gone on while we waited for the session.
    search = SpeakerSearch.objects.due().select_related("started_by").filter(pk=pk).first()
    if search is None:
        return False
    if not session.is_planned or session.has_begun:
        close(search, State.BEGUN)
    elif session.volunteer_places_left <= 0:
        close(search, State.FILLED)
    else:
        _next_round(search, session)
    return True


def _next_round(search, session):
    """Ask the best of those who are left; when nobody is left the search stays open, for somebody may come free."""
    fits, _left_out = fitting.look(session, by=search.started_by, seed=search.seed)
    best = fits[: search.size]
    # Searches of other sessions ask the same people at the same moment: looked at again, one at a time.
    lock_volunteers(*[fit.volunteer for fit in best])
    asked = fitting.still(session, best)
    is_overtaken = best and not asked  # the clock looks for others at once
    search.round_ends_at = timezone.now() + dt.timedelta(minutes=0 if is_overtaken else search.minutes)
    search.round += bool(asked)
    search.save(update_fields=["round", "round_ends_at"])
    for fit in asked:
        assignment = Assignment.objects.create(session=session, volunteer=fit.volunteer, state=Assignment.State.INVITED)
        Asking.objects.create(
            search=search,
            assignment=assignment,
            round=search.round,
            reasons=fit.reasons,
            is_saved=fit.is_saved,
        )
        reminders.volunteer_asked(assignment)


def ask_at_short_notice(*, volunteer, is_asked):
    """Whether this volunteer wants to be asked when a speaker is missing."""
    if is_asked:
        QuietVolunteer.objects.filter(volunteer=volunteer).delete()
    else:
        QuietVolunteer.objects.get_or_create(volunteer=volunteer)
