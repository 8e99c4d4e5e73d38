"""What activities hold about a person, why and until when. Talks hold classes and numbers, not persons."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Personal

ENGAGEMENT = Personal(_("plan sessions and certify the hours of volunteers"), _("end of studies + 1 year"))
ACCOMPANIED = Personal(_("accompany a young person in tutoring and camps"), _("participation + 1 year"))
WHO_DECIDED = Personal(_("know who booked, counted or decided"), _("3 years after the last activity"))
RIGHTS = Personal(_("say who may do what"), _("1 year after the grant ends"))

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
    "Booking.stage": ACCOMPANIED,
    "Booking.reason": ACCOMPANIED,
    "Booking.booked_by": WHO_DECIDED,
    "Booking.override_by": WHO_DECIDED,
    "Booking.override_reason": WHO_DECIDED,
    "Attendance.pupil": ACCOMPANIED,
    "Attendance.session": ACCOMPANIED,
    "Attendance.status": ACCOMPANIED,
    "Attendance.minutes": ACCOMPANIED,
    "Headcount.confirmed_by": WHO_DECIDED,
    "Session.contact_on_site": WHO_DECIDED,
    "Session.briefing": WHO_DECIDED,
    "Change.pupil_id": ACCOMPANIED,
    "PeriodLock.locked_by": WHO_DECIDED,
}
TECHNICAL = {
    "Topic",
    "Programme",
    "Activity",
    *(
        f"Session.{name}"
        for name in (
            *("activity", "starts_at", "ends_at", "zone", "school", "campus", "place", "online_url", "seats"),
            *("volunteer_places", "state", "state_reason", "version"),
            *("seats_taken", "seats_overridden", "volunteers_confirmed"),
        )
    ),
    *(f"Booking.{name}" for name in ("session", "activity", "class_group", "seats", "offered_until", "booked_at")),
    *(
        f"Headcount.{name}"
        for name in ("session", "class_group", "level", "total", "girls", "boys", "source", "confirmed_at")
    ),
    *(f"Change.{name}" for name in ("session_id", "class_group_id", "noted_at")),
    *(f"PeriodLock.{name}" for name in ("starts_on", "ends_on", "reason", "locked_at")),
}
