"""How a session comes to be, moves, changes its size and is called off."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.organisations.school_years import school_year_label, school_year_of
from programs.activities import eligibility, reminders
from programs.activities.actions.assignments import promote
from programs.activities.actions.offers import fill, shorten_offers
from programs.activities.locks import lock_volunteers, locked_place
from programs.activities.models import Assignment, Session
from programs.activities.models.programme import check_seats
from programs.activities.refusals import in_sentences

TIMES = {"starts_at", "ends_at"}
SIZES = {"volunteer_places", "seats", "staff_adults"}


@in_sentences
@transaction.atomic
def create_session(*, activity, starts_at, ends_at, by, volunteer_places=None, **facts):
    """Put a date of an activity on the calendar. `facts` are the other fields of the session: zone, school or campus,
    place, online_url, contact_on_site, briefing, seats."""
    places = activity.volunteers_needed if volunteer_places is None else volunteer_places
    session = Session(activity=activity, starts_at=starts_at, ends_at=ends_at, volunteer_places=places, **facts)
    session.full_clean()
    _check_school_year(session)
    session.save()
    return session


@in_sentences
@transaction.atomic
def change_session(*, session, by, **wanted):
    """Change a session to come: its time, its place, what people should know, its size. Volunteers who are busy at a
    new time lose their place; free places go to those who wait; everybody who comes is told once, and every reminder
    follows."""
    session = locked_place(session, None)
    _check_to_come(session)
    changed = {name: value for name, value in wanted.items() if getattr(session, name) != value}
    _check_size(session, changed)
    if TIMES & changed.keys():
        _check_new_time(session, changed)
        _free_the_busy(session, changed)
    is_told = bool(changed.keys() - SIZES)
    for name, value in changed.items():
        setattr(session, name, value)
    session.version += is_told
    session.full_clean()
    _check_school_year(session)
    session.save(update_fields=[*changed, "version"])
    if is_told:
        reminders.session_moved(session)
    if TIMES & changed.keys():
        shorten_offers(session)
    promote(session)
    fill(session.activity)
    return session


def move_session(*, session, starts_at, ends_at, by):
    """Change the time of a session to come."""
    return change_session(session=session, by=by, starts_at=starts_at, ends_at=ends_at)


def resize(*, session, by, **sizes):
    """Give more or fewer `volunteer_places` or `seats`; never fewer than are taken."""
    return change_session(session=session, by=by, **sizes)


@in_sentences
@transaction.atomic
def cancel_session(*, session, reason, by):
    """Call a session to come off: everybody is told, and its volunteers are free at that time."""
    session = locked_place(session, None)
    if session.state == Session.State.CANCELLED:
        return session
    _check_to_come(session)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: everybody concerned will read it.")})
    session.state, session.state_reason = Session.State.CANCELLED, reason.strip()
    session.version += 1
    session.save(update_fields=["state", "state_reason", "version"])
    reminders.session_cancelled(session)
    fill(session.activity)
    return session


def _free_the_busy(session, changed):
    """Withdraw the confirmed volunteers who have another commitment at the new time."""
    start, end = (changed.get(name, getattr(session, name)) for name in ("starts_at", "ends_at"))
    confirmed = list(session.assignments.confirmed().named().select_related("volunteer__user").order_by("volunteer"))
    lock_volunteers(*(assignment.volunteer for assignment in confirmed))
    for assignment in confirmed:
        if eligibility.clash_of(session, assignment.volunteer, start, end):
            assignment.session = session
            assignment.state = Assignment.State.WITHDRAWN
            assignment.save(update_fields=["state"])
            reminders.volunteer_freed_by_move(assignment)
    session.refresh_from_db(fields=["volunteers_confirmed"])


def _check_size(session, changed):
    """Nobody loses a place because the session shrinks."""
    if changed.get("volunteer_places", session.volunteer_places) < session.volunteers_confirmed:
        sentence = _("%(count)d volunteers are confirmed: withdraw some of them first.")
        raise ValidationError({"volunteer_places": sentence % {"count": session.volunteers_confirmed}})
    check_seats(session, changed.get("seats", session.seats))


def _check_new_time(session, changed):
    if changed.get("starts_at", session.starts_at) <= timezone.now():
        raise ValidationError({"starts_at": _("That moment has passed: choose one to come.")})


def _check_to_come(session):
    if not session.is_planned:
        raise ValidationError(_("This session is cancelled: plan a new one."))
    if session.has_begun:
        raise ValidationError(_("This session has begun: it can no longer be changed."))


def _check_school_year(session):
    """A figure of a school year counts sessions of that year only."""
    year = session.activity.school_year
    if school_year_of(session.local_start.date()) != year:
        raise ValidationError(
            {
                "starts_at": _("“%(title)s” belongs to the school year %(year)s: choose a day in it.")
                % {"title": session.activity.title, "year": school_year_label(year)}
            }
        )
