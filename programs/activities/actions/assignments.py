"""How volunteers come into a session, stand in line, step back and take each other's place."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from participants.accounts import sabotage
from programs.activities import eligibility, reminders
from programs.activities.actions.closing import close_when_full
from programs.activities.actions.offers import fill
from programs.activities.limits import ADULTS
from programs.activities.locks import lock_volunteers, locked_place, locked_session
from programs.activities.models import Assignment
from programs.activities.refusals import in_sentences

State = Assignment.State
LIVE_OR_CLASHING = """
SELECT * FROM activities_assignment
WHERE volunteer_id = %s AND (
    session_id = %s AND state IN ('invited', 'applied', 'confirmed', 'done')
    OR state IN ('confirmed', 'done') AND period && tstzrange(%s, %s, '[)')
)
ORDER BY session_id <> %s LIMIT 1
"""


def sign_up(*, session, volunteer, role=Assignment.Role.SPEAKER):
    """Take a place in the session, or stand in line when it is full. Asked twice, it gives the same answer."""
    try:
        return _sign_up(session=session, volunteer=volunteer, role=role)
    except ValidationError as refusal:
        # Somebody was faster between our question and our answer; if it was oneself, all is well.
        live = _live(session, volunteer)
        if refusal.code == "activities_assignment_one_live" and live:
            return live
        if refusal.code == "activities_assignment_no_overlap":
            eligibility.check_clash(session, volunteer)
        raise


@in_sentences
@transaction.atomic
def _sign_up(*, session, volunteer, role):
    # What can be refused without the lock is refused without it: a hot session has one lock and many callers.
    known = _live_or_clashing(session, volunteer)
    if known and known.session_id == session.pk and known.state != State.INVITED:
        return known
    eligibility.check(session=session, volunteer=volunteer)
    if known and known.session_id != session.pk:
        raise ValidationError(eligibility.clash_sentence(known.session), code="clash")
    session = _locked(session)
    eligibility.check_session(session)
    if known:
        known.refresh_from_db(fields=["state"])
    assignment = known if known and known.is_live else Assignment(session=session, volunteer=volunteer)
    if assignment.pk and assignment.state != State.INVITED:
        return assignment
    assignment.role = role
    return _take_place_or_line(assignment, session)


def _locked(session):
    """The session as it is now; its activity as it was read."""
    now = locked_session(session.pk)
    now.activity = session.activity
    return now


@in_sentences
@transaction.atomic
def accept(*, assignment, by):
    """Say yes to an invitation: a place, or the line when the session has filled up meanwhile."""
    eligibility.check_volunteer(assignment.session, assignment.volunteer)
    session = _locked(assignment.session)
    assignment.refresh_from_db(fields=["state"])
    if assignment.state in {State.APPLIED, *Assignment.HOLDS_A_PLACE}:
        return assignment
    if assignment.state == State.LAPSED:
        raise ValidationError(_("Somebody was faster: the place is taken. Thank you for wanting to step in."))
    if assignment.state != State.INVITED:
        raise ValidationError(_("This invitation no longer holds. You can still sign up yourself."))
    eligibility.check_session(session)
    lock_volunteers(assignment.volunteer)
    eligibility.check_clash(session, assignment.volunteer)
    return _take_place_or_line(assignment, session)


def _take_place_or_line(assignment, session):
    """Under the lock of the session: confirmed while a place is free, else at the end of the line."""
    has_place = session.volunteer_places_left > 0
    if has_place:
        lock_volunteers(assignment.volunteer)
    assignment.state = State.CONFIRMED if has_place else State.APPLIED
    if assignment.pk:
        assignment.applied_at = Now()
        assignment.save(update_fields=["state", "role", "applied_at"])
    else:
        assignment.save()
    assignment.session = session
    if has_place:
        reminders.volunteer_confirmed(assignment)
        if session.volunteer_places_left == 1:
            close_when_full(session)
        if session.activity.needs_two_adults and session.adults == ADULTS - 1:
            transaction.on_commit(partial(let_pupils_in, session), robust=True)
    else:
        reminders.volunteer_in_line(assignment)
    return assignment


@transaction.atomic
def let_pupils_in(session):
    """The last adult has come: offer the pupils in line for the session what is free. After the sign-up, and not in it:
    whoever signs up holds the session alone, and nobody waits for the other dates of the activity. Killed in between,
    `pass_on_offers` does it."""
    session = locked_place(session, None)
    fill(session.activity, session)


@in_sentences
@transaction.atomic
def invite(*, session, volunteer, by, role=Assignment.Role.SPEAKER):
    """Ask a volunteer to come; whoever is already in the session or in line stays as they are."""
    session = locked_session(session.pk)
    eligibility.check_session(session)
    live = _live(session, volunteer)
    if live:
        return live
    assignment = Assignment.objects.create(session=session, volunteer=volunteer, role=role, state=State.INVITED)
    reminders.volunteer_invited(assignment)
    return assignment


@transaction.atomic
def decline(*, assignment, by):
    """Say no to an invitation."""
    locked_session(assignment.session_id)
    assignment.refresh_from_db(fields=["state"])
    if assignment.state == State.INVITED:
        _end(assignment, State.DECLINED)
    return assignment


@transaction.atomic
def withdraw(*, assignment, by):
    """Step back, or be taken out by staff; the next person in line comes in at once."""
    session = locked_session(assignment.session_id)
    assignment.refresh_from_db(fields=["state"])
    if not assignment.is_live:
        return assignment
    eligibility.check_session(session)
    assignment.session = session
    had_place = assignment.holds_a_place
    _end(assignment, State.WITHDRAWN)
    reminders.volunteer_left(assignment, had_place=had_place, by=by)
    promote(session)
    return assignment


@in_sentences
@transaction.atomic
def replace(*, assignment, volunteer, by):
    """Put somebody else in a confirmed person's place, before the line: staff decide and both are told."""
    session = _locked(assignment.session)
    eligibility.check_session(session)
    assignment.refresh_from_db(fields=["state"])
    if assignment.state != State.CONFIRMED:
        raise ValidationError(_("Only somebody who is confirmed can be replaced."))
    if volunteer.pk == assignment.volunteer_id:
        raise ValidationError(_("Choose another person."))
    newcomer = _live(session, volunteer) or Assignment(session=session, volunteer=volunteer)
    if newcomer.holds_a_place:
        raise ValidationError(_("This person already has a place in the session: choose somebody else."))
    eligibility.check_volunteer(session, volunteer)
    lock_volunteers(assignment.volunteer, volunteer)
    eligibility.check_clash(session, volunteer)
    assignment.session = session
    _end(assignment, State.REPLACED)
    reminders.volunteer_left(assignment, had_place=True, by=by)
    session.refresh_from_db(fields=["volunteers_confirmed"])
    newcomer.role = assignment.role
    return _take_place_or_line(newcomer, session)


def promote(session):
    """Give every free place to the next in line, in order. Whoever is busy at that time by now leaves the line and is
    told. Only under the lock of the session."""
    session.refresh_from_db(fields=["volunteers_confirmed", "volunteer_places"])
    free = session.volunteer_places_left
    if not session.is_planned or session.has_begun or sabotage.is_on("promotion"):
        return
    if free > 0:
        for assignment in session.assignments.in_line().select_related("volunteer__user"):
            assignment.session = session
            free -= _promote_one(assignment)
            if free == 0:
                break
    if free <= 0:
        close_when_full(session)


def _promote_one(assignment):
    """Whether the person could take the place: still a volunteer, and free at that time."""
    lock_volunteers(assignment.volunteer)
    if not eligibility.may_join(assignment.session, assignment.volunteer):
        _end(assignment, State.WITHDRAWN)
        reminders.volunteer_left(assignment, had_place=False, by=None)
        return False
    clash = eligibility.clash_of(assignment.session, assignment.volunteer)
    if clash:
        _end(assignment, State.WITHDRAWN)
        reminders.volunteer_skipped(assignment)
        return False
    assignment.state = State.CONFIRMED
    assignment.save(update_fields=["state"])
    reminders.volunteer_confirmed(assignment, from_line=True)
    return True


def _end(assignment, state):
    assignment.state = state
    assignment.save(update_fields=["state"])


def _live(session, volunteer):
    return Assignment.objects.live().filter(session=session, volunteer=volunteer).first()


def _live_or_clashing(session, volunteer):
    """One question for two: is this person already in it (that comes first), or busy at that time?"""
    found = Assignment.objects.raw(
        LIVE_OR_CLASHING, [volunteer.pk, session.pk, session.starts_at, session.ends_at, session.pk]
    )
    return next(iter(found), None)
