"""What we write about a session: which words may stand in the letter, and when it no longer makes sense.

Everything is about a session; the recipient says which of its people is meant. A letter is composed when it leaves,
so it always tells the facts as they are then.
"""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts import links
from participants.accounts.dates import say_span
from participants.correspondence import occasions
from participants.correspondence.occasions import Occasion, Pointless
from programs.activities import calendars, feedback
from programs.activities.models import Assignment, Session

VOLUNTEER_CONFIRMED = "activities.volunteer_confirmed"
VOLUNTEER_PROMOTED = "activities.volunteer_promoted"
VOLUNTEER_IN_LINE = "activities.volunteer_in_line"
VOLUNTEER_INVITED = "activities.volunteer_invited"
VOLUNTEER_ASKED = "activities.volunteer_asked"
VOLUNTEER_NOT_NEEDED = "activities.volunteer_not_needed"
VOLUNTEER_WITHDRAWN = "activities.volunteer_withdrawn"
VOLUNTEER_BUSY = "activities.volunteer_busy"
VOLUNTEER_SKIPPED = "activities.volunteer_skipped"
VOLUNTEER_MOVED = "activities.volunteer_moved"
VOLUNTEER_CANCELLED = "activities.volunteer_cancelled"
VOLUNTEER_REMINDER = "activities.volunteer_reminder"
VOLUNTEER_HEADCOUNT = "activities.volunteer_headcount"
SCHOOL_CONFIRMED = "activities.school_confirmed"
SCHOOL_MOVED = "activities.school_moved"
SCHOOL_CANCELLED = "activities.school_cancelled"
SCHOOL_REMINDER = "activities.school_reminder"
SCHOOL_HEADCOUNT = "activities.school_headcount"
SCHOOL_FEEDBACK = "activities.school_feedback"

# What hangs on the time of the session: called off and written anew when it moves.
AHEAD = [VOLUNTEER_REMINDER, VOLUNTEER_HEADCOUNT, SCHOOL_REMINDER, SCHOOL_HEADCOUNT, SCHOOL_FEEDBACK]
COUNTING = [VOLUNTEER_HEADCOUNT, SCHOOL_HEADCOUNT]
OF_A_VOLUNTEER = [
    VOLUNTEER_CONFIRMED,
    VOLUNTEER_PROMOTED,
    VOLUNTEER_IN_LINE,
    VOLUNTEER_INVITED,
    VOLUNTEER_ASKED,
    VOLUNTEER_MOVED,
    VOLUNTEER_REMINDER,
    VOLUNTEER_HEADCOUNT,
]
OF_A_CONTACT = [SCHOOL_CONFIRMED, SCHOOL_MOVED, SCHOOL_REMINDER, SCHOOL_HEADCOUNT, SCHOOL_FEEDBACK]

FACTS = ("title", "when", "where", "facts")
COUNTED = gettext_noop("The young people were counted.")
HEADCOUNT_PURPOSE = "headcount"
FEEDBACK_PURPOSE = "feedback"
HEADCOUNT_LINK_LASTS = timedelta(days=60)


def register() -> None:
    """Make the occasions known."""
    held = _volunteer(Assignment.HOLDS_A_PLACE, calendar="request")
    for key, label, context, attachments in (
        (VOLUNTEER_CONFIRMED, gettext_lazy("volunteer: confirmed"), *held),
        (VOLUNTEER_PROMOTED, gettext_lazy("volunteer: a place came free"), *held),
        (VOLUNTEER_MOVED, gettext_lazy("volunteer: the session moved"), *held),
        (VOLUNTEER_REMINDER, gettext_lazy("volunteer: reminder"), remind_of_session, None),
        (VOLUNTEER_IN_LINE, gettext_lazy("volunteer: in line"), *_volunteer([Assignment.State.APPLIED])),
        (VOLUNTEER_INVITED, gettext_lazy("volunteer: invited"), *_volunteer([Assignment.State.INVITED])),
        (VOLUNTEER_ASKED, gettext_lazy("volunteer: asked to step in"), *_volunteer([Assignment.State.INVITED])),
        (VOLUNTEER_NOT_NEEDED, gettext_lazy("volunteer: the place is taken"), *_volunteer([Assignment.State.LAPSED])),
        (VOLUNTEER_WITHDRAWN, gettext_lazy("volunteer: withdrawn"), *_volunteer(LEFT, calendar="cancel")),
        (VOLUNTEER_BUSY, gettext_lazy("volunteer: busy at the new time"), *_volunteer(LEFT, calendar="cancel")),
        (VOLUNTEER_SKIPPED, gettext_lazy("volunteer: busy when a place came free"), *_volunteer(LEFT)),
        (VOLUNTEER_HEADCOUNT, gettext_lazy("volunteer: how many young people?"), ask_volunteer, None),
        (SCHOOL_CONFIRMED, gettext_lazy("school: confirmed"), describe_to_school, None),
        (SCHOOL_MOVED, gettext_lazy("school: the session moved"), describe_to_school, None),
        (SCHOOL_REMINDER, gettext_lazy("school: reminder"), describe_to_school, None),
        (SCHOOL_HEADCOUNT, gettext_lazy("school: how many young people?"), ask_school, None),
        (SCHOOL_FEEDBACK, gettext_lazy("school: three questions"), ask_feedback, None),
    ):
        urgent = key in {VOLUNTEER_MOVED, VOLUNTEER_ASKED, VOLUNTEER_NOT_NEEDED, SCHOOL_MOVED}
        occasions.register(Occasion(key, label, FACTS, context, attachments, seen_by_staff, is_urgent=urgent))
    for key, label, attachments in (
        (VOLUNTEER_CANCELLED, gettext_lazy("volunteer: the session is cancelled"), attach_cancellation),
        (SCHOOL_CANCELLED, gettext_lazy("school: the session is cancelled"), None),
    ):
        words = (*FACTS, "reason")
        occasions.register(Occasion(key, label, words, describe_end, attachments, seen_by_staff, is_urgent=True))


def seen_by_staff(user):
    return Session.objects.managed_by(user)


LEFT = [Assignment.State.WITHDRAWN, Assignment.State.REPLACED]


def _volunteer(states, calendar=None):
    """Context and attachments for a volunteer whose part in the session is in one of these states."""

    def context(about, recipient):
        session = _planned(about)
        assignment = _part_of(session, recipient)
        if assignment is None or assignment.state not in states:
            raise Pointless(gettext_noop("This no longer holds for the volunteer."))
        facts = facts_of(session, is_inside=assignment.holds_a_place)
        return facts | {"action_url": session.get_absolute_url()}

    def attachments(about, recipient):
        session = _found(about)
        return [calendars.invitation(session, recipient.volunteer, is_cancelled=calendar == "cancel")]

    return context, attachments if calendar else None


def remind_of_session(about, recipient):
    """The facts, and first of all that the kit was not opened, if there is one."""
    held, _attachments = _volunteer(Assignment.HOLDS_A_PLACE)
    said, session = held(about, recipient), _found(about)
    unopened = session.assignments.confirmed().with_unopened_kit().filter(volunteer__user=recipient)
    if unopened.exists():
        ask = _("You have not opened your kit yet. Open it before you come: it takes five minutes.")
        said |= {
            "facts": f"{ask}\n\n{said['facts']}",
            "action_url": reverse("activities:session-kit", args=[session.pk]),
        }
    return said


def attach_cancellation(about, recipient):
    return [calendars.invitation(_found(about), recipient.volunteer, is_cancelled=True)]


def describe_to_school(about, recipient):
    session = _planned(about)
    _check_booked(session, recipient)
    return facts_of(session) | {"action_url": session.get_absolute_url()}


def describe_end(about, recipient):
    session = _found(about)
    if session.is_planned:
        raise Pointless(gettext_noop("The session takes place after all."))
    facts = facts_of(session, is_inside=False)
    return facts | {"reason": session.state_reason, "action_url": session.get_absolute_url()}


def ask_school(about, recipient):
    session = _planned(about)
    _check_booked(session, recipient)
    own = session.bookings.seated().filter(booked_by=recipient, class_group__isnull=False)
    counted = Q(class_group=None) | Q(class_group__school__in=own.values("class_group__school"))
    if session.attendances.exists() or session.headcounts.filter(counted).exists():
        raise Pointless(COUNTED)
    return facts_of(session) | {"action_url": headcount_path(session, recipient)}


def ask_feedback(about, recipient):
    """One mail the day after: who is still asked for the number finds the questions behind it."""
    session = _planned(about)
    if not (session.headcounts.exists() or session.attendances.exists()):
        raise Pointless(gettext_noop("The young people are not counted yet: the questions stand behind that page."))
    _check_booked(session, recipient)
    if feedback.has_answered(session, recipient, feedback.TEACHER):
        raise Pointless(gettext_noop("The questions are answered."))
    return facts_of(session) | {"action_url": feedback_path(session, recipient)}


def ask_volunteer(about, recipient):
    session = _uncounted(about)
    assignment = _part_of(session, recipient)
    if assignment is None or not assignment.holds_a_place:
        raise Pointless(gettext_noop("This no longer holds for the volunteer."))
    return facts_of(session) | {"action_url": headcount_path(session, recipient)}


def headcount_path(session, user) -> str:
    """The personal address under which this user, and nobody else, counts the young people of this session."""
    expires = session.ends_at + HEADCOUNT_LINK_LASTS
    token = links.sign(user, purpose=HEADCOUNT_PURPOSE, object_id=session.pk, expires=expires)
    return reverse("activities:headcount-link", args=[token])


def feedback_path(session, user) -> str:
    """The personal address under which this teacher answers three questions about this session."""
    expires = session.ends_at + HEADCOUNT_LINK_LASTS
    token = links.sign(user, purpose=FEEDBACK_PURPOSE, object_id=session.pk, expires=expires)
    return reverse("activities:feedback-teacher", args=[token])


def facts_of(session, *, is_inside=True) -> dict:
    """The practical facts, in the language active at the call; who comes and the online room are for those who come."""
    return {
        "title": session.activity.title,
        "when": say_span(session.starts_at, session.ends_at, session.zone),
        "where": session.where,
        "facts": "\n".join(_lines(session, is_inside)),
    }


def _lines(session, is_inside):
    for label, value in [*_outside(session), *(_inside(session) if is_inside else [])]:
        if value:
            yield _("%(label)s: %(value)s") % {"label": label, "value": value}


def _outside(session):
    return [
        (_("When"), say_span(session.starts_at, session.ends_at, session.zone)),
        (_("Where"), calendars.address_of(session) or session.where),
        (_("Meeting point"), session.place),
        (_("Young people expected"), session.seats_taken),
    ]


def _inside(session):
    classes = [
        str(booking.class_group)
        for booking in session.bookings.seated().select_related("class_group")
        if booking.class_group_id
    ]
    team = [str(part.volunteer) for part in session.assignments.confirmed().select_related("volunteer")]
    return [
        (_("Online room"), session.online_url),
        (_("Contact on site"), session.contact_on_site),
        (_("Classes"), ", ".join(classes)),
        (_("Team"), ", ".join(team)),
        (_("Good to know"), session.briefing),
    ]


def _found(about):
    session = Session.objects.select_related("activity", "school", "campus").filter(pk=about).first()
    if session is None:
        raise Pointless(gettext_noop("The session no longer exists."))
    return session


def _planned(about):
    session = _found(about)
    if not session.is_planned:
        raise Pointless(gettext_noop("The session does not take place."))
    return session


def _uncounted(about):
    session = _planned(about)
    if session.headcounts.exists() or session.attendances.exists():
        raise Pointless(COUNTED)
    return session


def _part_of(session, recipient):
    """The recipient's last part in the session: they may have left and come back."""
    return session.assignments.filter(volunteer__user=recipient).order_by("-pk").first()


def _check_booked(session, recipient):
    if not session.bookings.live().filter(booked_by=recipient).exists():
        raise Pointless(gettext_noop("The school has no booking any more."))
    if not Session.objects.visible_to(recipient).filter(pk=session.pk).exists():
        raise Pointless(gettext_noop("This person no longer speaks for the school."))
