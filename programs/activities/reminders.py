"""Which messages follow from what happens to a session. Each function is called by an action, in its transaction.

The key of a message says when it is the same one again: a confirmation belongs to one sign-up, a reminder to one
sign-up and one version of the session, so that coming back or moving the session writes new ones and nothing else
does.
"""

from django.utils import timezone
from django.utils.translation import gettext_noop

from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.correspondence.actions import Plan, call_off, plan, plan_all
from programs.activities import occasions, place_occasions
from programs.activities.answerers import people_of
from programs.activities.models import Assignment

NOT_NEEDED = gettext_noop("The place is taken, or the search has ended.")
LEFT = gettext_noop("The volunteer is no longer in the session.")
MOVED = gettext_noop("The session moved.")
CANCELLED = gettext_noop("The session is cancelled.")
COUNTED = gettext_noop("The young people were counted.")
SCHOOL_AHEAD = [occasions.SCHOOL_REMINDER, occasions.SCHOOL_HEADCOUNT, occasions.SCHOOL_FEEDBACK]
UNBOOKED = gettext_noop("The school has no booking any more.")
ANSWERED = gettext_noop("The booking has changed.")


def volunteer_confirmed(assignment, *, from_line=False):
    """A place: the confirmation with its calendar file, and what comes later."""
    occasion = occasions.VOLUNTEER_PROMOTED if from_line else occasions.VOLUNTEER_CONFIRMED
    plan_all([_letter(assignment, occasion), *_ahead_of_volunteer(assignment)])


def volunteer_in_line(assignment):
    _tell(assignment, occasions.VOLUNTEER_IN_LINE)


def volunteer_invited(assignment):
    _tell(assignment, occasions.VOLUNTEER_INVITED)


def volunteer_asked(assignment):
    """A search asks whether this person can step in."""
    _tell(assignment, occasions.VOLUNTEER_ASKED)


def volunteer_not_needed(assignment, *, is_told):
    """The search is over: whoever has not answered need not. What already began or was called off is told otherwise."""
    user = assignment.volunteer.user
    asked = [occasions.VOLUNTEER_ASKED]
    call_off(about=assignment.session_id, occasions=asked, reason=NOT_NEEDED, recipients=[user])
    if is_told:
        _tell(assignment, occasions.VOLUNTEER_NOT_NEEDED)


def volunteer_left(assignment, *, had_place, by):
    """Nothing more is sent; whoever had a place or was taken out by somebody else is told."""
    _forget_volunteer(assignment)
    if had_place or by != assignment.volunteer.user:
        _tell(assignment, occasions.VOLUNTEER_WITHDRAWN)


def volunteer_freed_by_move(assignment):
    """The session moved to a time at which the volunteer is busy."""
    _forget_volunteer(assignment)
    _tell(assignment, occasions.VOLUNTEER_BUSY)


def volunteer_skipped(assignment):
    """A place came free while the volunteer had another commitment at that time."""
    _forget_volunteer(assignment)
    _tell(assignment, occasions.VOLUNTEER_SKIPPED)


def booking_confirmed(booking):
    """Seats: the school's contact gets all facts once, however many classes, and what comes later; a family or a guest
    gets the confirmation of this one booking."""
    _forget_place(booking)
    contact = _contact_of(booking)
    if contact:
        first = _first_booking(booking.session, contact)
        key = f"session:{booking.session_id}:b{first.pk}"
        plan(occasion=occasions.SCHOOL_CONFIRMED, recipients=[contact], about=booking.session_id, key=key)
        remind_contact(booking.session, contact)
    else:
        _tell_place(booking, place_occasions.CONFIRMED)


def booking_waits(booking, *, is_again=False):
    """On the waiting list, and which limit is in the way."""
    _forget_place(booking)
    _tell_place(booking, place_occasions.WAITING, timezone.now().timestamp() if is_again else "")


def place_offered(booking):
    """A place is held for a time: yes or no in one tap."""
    _forget_place(booking)
    _tell_place(booking, place_occasions.OFFERED, booking.offered_until.timestamp())


def address_to_prove(booking):
    """Seats are held until somebody answers from the address that was typed."""
    _tell_place(booking, place_occasions.TO_PROVE)


def offer_ended(booking):
    """Nobody answered in time."""
    _tell_place(booking, place_occasions.ENDED)


def registered_again(booking):
    """Somebody registers twice: what they were told is told once more, once a day."""
    offered = place_occasions.OFFERED if booking.guest.is_proven else place_occasions.TO_PROVE
    occasion = {"waitlisted": place_occasions.WAITING, "offered": offered}.get(booking.stage)
    _tell_place(booking, occasion or place_occasions.CONFIRMED, timezone.localdate().isoformat())


def booking_ended(booking):
    """When the last class of a contact leaves, so do the messages; while one stays, they stay under its name."""
    _forget_place(booking)
    contact = _contact_of(booking)
    if contact is None:
        return
    if booking.session.bookings.seated().filter(booked_by=contact).exists():
        remind_contact(booking.session, contact)
    else:
        call_off(about=booking.session_id, occasions=occasions.OF_A_CONTACT, reason=UNBOOKED, recipients=[contact])


def _forget_place(booking):
    call_off(about=booking.pk, occasions=place_occasions.ALL, reason=ANSWERED)


def _tell_place(booking, occasion, part=""):
    key = f"booking:{booking.pk}:{part}"
    plan(occasion=occasion, recipients=people_of(booking), about=booking.pk, key=key)


def _tell_places(session, occasion):
    """Families and guests of a session; schools are told about the session itself."""
    bookings = session.bookings.live().filter(class_group=None).select_related("guest", "pupil", "booked_by")
    key = f"v{session.version}"
    plan_all([Plan(occasion, people_of(booking), booking.pk, f"booking:{booking.pk}:{key}") for booking in bookings])


def session_moved(session):
    """Those who come are told, and every reminder is written anew for the new time."""
    call_off(about=session.pk, occasions=occasions.AHEAD, reason=MOVED)
    key = f"session:{session.pk}:v{session.version}"
    confirmed = list(session.assignments.confirmed().named().select_related("volunteer__user"))
    users = [assignment.volunteer.user for assignment in confirmed]
    plan(occasion=occasions.VOLUNTEER_MOVED, recipients=users, about=session.pk, key=key)
    for assignment in confirmed:
        assignment.session = session
        remind_volunteer(assignment)
    contacts = contacts_of(session)
    plan(occasion=occasions.SCHOOL_MOVED, recipients=contacts, about=session.pk, key=key)
    for contact in contacts:
        remind_contact(session, contact)
    _tell_places(session, place_occasions.MOVED)


def session_cancelled(session):
    """Everybody concerned is told, those in line and the invited too; nothing else is sent."""
    call_off(about=session.pk, occasions=occasions.OF_A_VOLUNTEER + occasions.OF_A_CONTACT, reason=CANCELLED)
    key = f"session:{session.pk}:v{session.version}"
    volunteers = User.objects.filter(
        volunteer__assignments__session=session, volunteer__assignments__state__in=Assignment.LIVE
    )
    plan(occasion=occasions.VOLUNTEER_CANCELLED, recipients=volunteers, about=session.pk, key=key)
    plan(occasion=occasions.SCHOOL_CANCELLED, recipients=contacts_of(session), about=session.pk, key=key)
    _tell_places(session, place_occasions.CANCELLED)


def session_counted(session):
    """Nobody is asked again."""
    call_off(about=session.pk, occasions=occasions.COUNTING, reason=COUNTED)


def contacts_of(session):
    """The school contacts who booked and whose role still stands."""
    users = User.objects.filter(pk__in=session.bookings.live().values("booked_by")).order_by("pk")
    return [user for user in users if user.can(Permission.REQUEST_MAKE)]


def remind_volunteer(assignment):
    """What comes later for a confirmed volunteer."""
    plan_all(_ahead_of_volunteer(assignment))


def remind_contact(session, contact):
    """What comes later for a school contact, under the name of their first class that has seats."""
    first = _first_booking(session, contact)
    if first is None:
        return
    key = _key(session, f"b{first.pk}")
    about = {"about": session.pk, "recipients": [contact]}
    call_off(**about, occasions=SCHOOL_AHEAD, reason=MOVED, except_key=key)
    plan_all(
        [
            Plan(occasion=occasions.SCHOOL_REMINDER, key=key, anchor=session.local_start, **about),
            Plan(occasion=occasions.SCHOOL_HEADCOUNT, key=key, anchor=session.local_end, **about),
            Plan(occasion=occasions.SCHOOL_FEEDBACK, key=key, anchor=session.local_end, **about),
        ]
    )


def _tell(assignment, occasion):
    plan_all([_letter(assignment, occasion)])


def _letter(assignment, occasion):
    """A letter about this one sign-up."""
    user = assignment.volunteer.user
    return Plan(occasion, [user], assignment.session_id, f"assignment:{assignment.pk}")


def _ahead_of_volunteer(assignment):
    session = assignment.session
    common = {
        "recipients": [assignment.volunteer.user],
        "about": session.pk,
        "key": _key(session, f"a{assignment.pk}"),
    }
    return [
        Plan(occasion=occasions.VOLUNTEER_REMINDER, anchor=session.local_start, **common),
        Plan(occasion=occasions.VOLUNTEER_HEADCOUNT, anchor=session.local_end, **common),
    ]


def _key(session, part):
    return f"session:{session.pk}:v{session.version}:{part}"


def _forget_volunteer(assignment):
    call_off(
        about=assignment.session_id,
        occasions=occasions.OF_A_VOLUNTEER,
        reason=LEFT,
        recipients=[assignment.volunteer.user],
    )


def _contact_of(booking):
    """Whom to write to: the school contact who booked. A whole activity writes through its sessions."""
    contact = booking.booked_by if booking.class_group_id else None
    return contact if booking.session_id and contact and contact.can(Permission.REQUEST_MAKE) else None


def _first_booking(session, contact):
    return session.bookings.seated().filter(booked_by=contact).order_by("pk").first()
