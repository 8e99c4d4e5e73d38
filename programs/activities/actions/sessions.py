"""How a session comes to be, moves, changes its size and is called off."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.organisations.school_years import school_year_label, school_year_of
from programs.activities import eligibility, reminders
from programs.activities.actions.assignments import promote
from programs.activities.actions.bookings import promote_bookings
from programs.activities.locks import lock_volunteers, locked_session
from programs.activities.models import Assignment, Session
from programs.activities.refusals import in_sentences


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
def move_session(*, session, starts_at, ends_at, by):
    """Change the time of a session to come. Volunteers who are busy then lose their place and are told, the next in
    line come in, and every reminder follows."""
    session = locked_session(session.pk)
    _check_to_come(session)
    if (starts_at, ends_at) == (session.starts_at, session.ends_at):
        return session
    if starts_at <= timezone.now():
        raise ValidationError({"starts_at": _("That moment has passed: choose one to come.")})
    _free_the_busy(session, starts_at, ends_at)
    session.starts_at, session.ends_at = starts_at, ends_at
    session.version += 1
    session.full_clean()
    _check_school_year(session)
    session.save(update_fields=["starts_at", "ends_at", "version"])
    reminders.session_moved(session)
    promote(session)
    return session


@in_sentences
@transaction.atomic
def change_facts(*, session, by, **facts):
    """Change where people meet, whom they meet and what they should know; those who come are told."""
    session = locked_session(session.pk)
    _check_to_come(session)
    for name, value in facts.items():
        setattr(session, name, value)
    session.version += 1
    session.full_clean()
    session.save(update_fields=[*facts, "version"])
    reminders.session_moved(session)
    return session


@in_sentences
@transaction.atomic
def resize(*, session, by, volunteer_places=None, seats=None):
    """Give more or fewer places; never fewer than are taken. New ones go to those who wait, in order."""
    session = locked_session(session.pk)
    _check_to_come(session)
    if volunteer_places is not None:
        if volunteer_places < session.volunteers_confirmed:
            raise ValidationError(
                {
                    "volunteer_places": _("%(count)d volunteers are confirmed: withdraw some of them first.")
                    % {"count": session.volunteers_confirmed}
                }
            )
        session.volunteer_places = volunteer_places
    if seats is not None:
        if seats + session.seats_overridden < session.seats_taken:
            raise ValidationError(
                {
                    "seats": _("%(count)d seats are taken: cancel a booking first.")
                    % {"count": session.seats_taken - session.seats_overridden}
                }
            )
        session.seats = seats
    session.save(update_fields=["volunteer_places", "seats"])
    promote(session)
    promote_bookings(session)
    return session


@in_sentences
@transaction.atomic
def cancel_session(*, session, reason, by):
    """Call a session to come off: everybody is told, and its volunteers are free at that time."""
    session = locked_session(session.pk)
    if session.state == Session.State.CANCELLED:
        return session
    _check_to_come(session)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: everybody concerned will read it.")})
    session.state, session.state_reason = Session.State.CANCELLED, reason.strip()
    session.version += 1
    session.save(update_fields=["state", "state_reason", "version"])
    reminders.session_cancelled(session)
    return session


def _free_the_busy(session, starts_at, ends_at):
    """Withdraw the confirmed volunteers who have another commitment at the new time."""
    confirmed = list(session.assignments.confirmed().select_related("volunteer__user").order_by("volunteer"))
    lock_volunteers(*(assignment.volunteer for assignment in confirmed))
    for assignment in confirmed:
        if eligibility.clash_of(session, assignment.volunteer, starts_at, ends_at):
            assignment.session = session
            assignment.state = Assignment.State.WITHDRAWN
            assignment.save(update_fields=["state"])
            reminders.volunteer_freed_by_move(assignment)
    session.refresh_from_db(fields=["volunteers_confirmed"])


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
