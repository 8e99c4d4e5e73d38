"""What activities hold about a person, why and until when. Talks hold classes and numbers, not persons."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import DELETE, KEEP, UNLINK, Fate, Personal, Relation
from programs.activities.locks import lock_places
from programs.activities.models import Answer, Assignment, Attendance, Booking

ENGAGEMENT = Personal(_("plan sessions and certify the hours of volunteers"), _("end of studies + 1 year"), "volunteer")
ACCOMPANIED = Personal(_("accompany a young person in tutoring and camps"), _("participation + 1 year"), "pupil")
WHO_DECIDED = Personal(_("know who booked, counted or decided"), _("3 years after the last activity"), "contact")
GUEST = Personal(_("write to somebody who holds seats"), _("30 days after the date"), "message")
TOLD = Personal(
    _("know what those who come need"), _("participation + 1 year, sensitive: days after the date"), "pupil"
)
FOLLOWS = Personal(_("write once a week what is new"), _("until they leave; 7 days if never confirmed"), "message")
RIGHTS = Personal(_("say who may do what"), _("1 year after the grant ends"), "account")
ROLL = Personal(_("bring together what several phones noted"), _("45 days after it arrived"), "pupil")

PERSONAL = {
    "ProgrammeScope.grant": RIGHTS,
    "ProgrammeScope.programme": RIGHTS,
    "Assignment.volunteer": ENGAGEMENT,
    "Assignment.session": ENGAGEMENT,
    "Assignment.role": ENGAGEMENT,
    "Assignment.state": ENGAGEMENT,
    "Assignment.applied_at": ENGAGEMENT,
    "Assignment.period": ENGAGEMENT,
    "Booking.pupil": ACCOMPANIED,
    "Booking.guest": GUEST,
    "Booking.school": ACCOMPANIED,
    "Booking.level": ACCOMPANIED,
    "Booking.priority": ACCOMPANIED,
    "Booking.stage": ACCOMPANIED,
    "Booking.reason": ACCOMPANIED,
    "Booking.booked_by": WHO_DECIDED,
    "Booking.override_by": WHO_DECIDED,
    "Booking.override_reason": WHO_DECIDED,
    "Booking.is_out_of_turn": WHO_DECIDED,
    **{f"Answer.{name}": TOLD for name in ("booking", "asked", "pupil", "value", "file", "answered_at")},
    "Guest.email": GUEST,
    "Guest.language": GUEST,
    "Guest.is_proven": GUEST,
    "Guest.link_key": GUEST,
    "Subscription.email": FOLLOWS,
    "Subscription.language": FOLLOWS,
    "Subscription.query": FOLLOWS,
    "Subscription.asked_at": FOLLOWS,
    "Subscription.confirmed_at": FOLLOWS,
    "Attendance.pupil": ACCOMPANIED,
    "Attendance.session": ACCOMPANIED,
    "Attendance.status": ACCOMPANIED,
    "Attendance.minutes": ACCOMPANIED,
    **{f"RollEntry.{name}": ROLL for name in ("pupil", "status", "missed", "way", "observed_at", "is_standing")},
    "RollEntry.by": WHO_DECIDED,
    "Feedback.by": WHO_DECIDED,
    "Reply.text": WHO_DECIDED,
    "Headcount.confirmed_by": WHO_DECIDED,
    "Session.contact_on_site": WHO_DECIDED,
    "Session.briefing": WHO_DECIDED,
    "Asking.assignment": ENGAGEMENT,
    "Asking.asked_at": ENGAGEMENT,
    "Asking.reasons": ENGAGEMENT,
    "Asking.is_saved": ENGAGEMENT,
    "KitOpening.assignment": ENGAGEMENT,
    "KitOpening.opened_at": ENGAGEMENT,
    "QuietVolunteer.volunteer": ENGAGEMENT,
    "QuietVolunteer.since": ENGAGEMENT,
    "SpeakerSearch.started_by": WHO_DECIDED,
    "Change.pupil_id": ACCOMPANIED,
    "PeriodLock.locked_by": WHO_DECIDED,
    "InboxMark.assigned_to": WHO_DECIDED,
}
TECHNICAL = {
    "Questionnaire",
    "Question",
    # A pupil's sheet says nothing about the pupil.
    *(f"Feedback.{name}" for name in ("session", "questionnaire", "nonce", "given_on")),
    *(f"Reply.{name}" for name in ("feedback", "question", "value")),
    *(f"Subscription.{name}" for name in ("told", "fresh", "told_on")),
    *(f"InboxMark.{name}" for name in ("key", "snoozed_until", "changed_at")),
    "Topic",
    "Programme",
    "Activity",
    "AskedQuestion",
    "LevelQuota",
    "Inquiry",
    "Kit",
    "WhatIf",
    "KitDocument",
    "PriorityCriterion",
    *(
        f"Session.{name}"
        for name in (
            *("activity", "starts_at", "ends_at", "zone", "school", "campus", "place", "online_url", "seats"),
            *("volunteer_places", "state", "state_reason", "version"),
            *("seats_taken", "seats_overridden", "volunteers_confirmed", "staff_adults"),
        )
    ),
    *(f"Booking.{name}" for name in ("session", "activity", "class_group", "seats", "offered_until", "booked_at")),
    *(
        f"Headcount.{name}"
        for name in ("session", "class_group", "level", "total", "girls", "boys", "source", "confirmed_at")
    ),
    *(
        f"RollEntry.{name}"
        for name in ("nonce", "session", "class_group", "total", "girls", "boys", "received_at", "base")
    ),
    *(f"Asking.{name}" for name in ("search", "round")),
    *(
        f"SpeakerSearch.{name}"
        for name in ("session", "state", "size", "minutes", "seed", "started_at", "ended_at", "round", "round_ends_at")
    ),
    *(f"Change.{name}" for name in ("session_id", "class_group_id", "noted_at")),
    *(f"PeriodLock.{name}" for name in ("starts_on", "ends_on", "reason", "locked_at")),
}


def past(rows):
    """What took place, or will not change any more."""
    return rows.filter(session__ends_at__lte=timezone.now())


def past_seats(bookings):
    """Seats that were used: of sessions that are over, and of activities without a session to come."""
    ahead = bookings.filter(activity__sessions__ends_at__gt=timezone.now()).values("pk")
    over = bookings.filter(session__ends_at__lte=timezone.now()) | bookings.filter(activity__isnull=False)
    return over.filter(stage__in=("offered", "confirmed", "completed")).exclude(pk__in=ahead)


def given(assignments):
    """The sessions that were given: over, and not called off."""
    return past(assignments).filter(state__in=("confirmed", "done"), session__state="planned")


def of_booking(booking):
    """A copy was booked when its session began, over the limit for a reason that names nobody."""
    moment = booking.session.starts_at if booking.session else timezone.make_aware(FIRST_DAY)
    offered = {"stage": "confirmed", "offered_until": None} if booking.stage == "offered" else {}
    reason = {"override_reason": "…" if booking.override_reason else "", "is_out_of_turn": booking.is_out_of_turn}
    return {"booked_at": moment} | reason | offered


FIRST_DAY = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - made aware where it is used

# What becomes of each relation to a person at erasure; histories follow what they are the history of.
RELATIONS = {
    "Answer.pupil": DELETE,
    "Attendance.pupil": Relation(Fate.COPY, keeps=("session", "status", "minutes"), copied=past),
    # What it said stands in the presence.
    "RollEntry.pupil": DELETE,
    "RollEntry.by": UNLINK,
    "Feedback.by": UNLINK,
    "Booking.pupil": Relation(
        Fate.COPY, keeps=("session", "activity", "seats", "stage", "override_by"), fills=of_booking, copied=past_seats
    ),
    "Booking.booked_by": UNLINK,
    # Who took the decision to go over a limit or to close a period answers for it: the emptied account stays.
    "Booking.override_by": KEEP,
    "PeriodLock.locked_by": KEEP,
    "Headcount.confirmed_by": UNLINK,
    "InboxMark.assigned_to": UNLINK,
    "SpeakerSearch.started_by": UNLINK,
    "QuietVolunteer.volunteer": DELETE,
    "Assignment.volunteer": Relation(
        Fate.COPY,
        keeps=("session", "role", "state"),
        fills=lambda assignment: {"applied_at": assignment.session.starts_at},
        copied=given,
    ),
}
# When somebody was last active: a relation, and the moment on its row.
ACTIVITY = {
    "Attendance.pupil": "session__ends_at",
    "Booking.pupil": "session__ends_at",
    "Assignment.volunteer": "session__ends_at",
}
# Texts in which a name may stand although nothing points at the person: they are emptied when it does.
NAMES = ("Session.contact_on_site", "Session.briefing", "Reply.text")
# Answers in which a name stands although nothing points at the person: they go when it does.
NAMED_ROWS = ("Answer.value",)
FILES = {"Answer.file": "answers"}


def old_answers(moment):
    """Sensitive ones stay no longer than their term, whatever number of days the question says."""
    return Answer.objects.over_by(moment)


# Lines that are older than the term of their category.
OLD_ROWS = {"health": [old_answers]}


def of_volunteer(volunteer):
    """Who still counts on a volunteer."""
    ahead = volunteer.assignments.filter(
        state__in=("confirmed", "invited", "applied"), session__state="planned", session__ends_at__gt=timezone.now()
    )
    if ahead.exists():
        return _(
            "This volunteer still has sessions to come: withdraw them from these first, so that they are replaced."
        )
    return ""


# Why a person cannot be erased yet: each says a sentence, or nothing.
HOLDS = {"volunteer": [of_volunteer]}


def lock_places_of_pupil(pk):
    """Sessions and activities before the pupil, as every booking and every list of presences does."""
    lock_places(Booking.objects.filter(pupil=pk))
    lock_places(Attendance.objects.filter(pupil=pk))


def lock_places_of_volunteer(pk):
    """Sessions before the volunteer, as every sign-up does."""
    lock_places(Assignment.objects.filter(volunteer=pk))


# What is locked before a person is, when the person is erased.
LOCKS = {"pupil": [lock_places_of_pupil], "volunteer": [lock_places_of_volunteer]}
