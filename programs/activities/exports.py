"""The bookings of a date or an activity with their answers, as a file for those who run it. Sensitive answers never leave
in it, nor pupils whose family has not agreed."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.roles import Permission
from participants.correspondence import jobs
from participants.correspondence.spreadsheet import Sheet, write_csv, write_xlsx
from participants.people.models import Look, Pupil, Purpose
from participants.people.rights import looks
from programs.activities.models import Activity, Booking, Session

KIND = "activities.bookings"
FORMATS = ("xlsx", "csv")
GONE = gettext_noop("You may no longer read these bookings.")
LEFT_OUT = "left_out"


def register():
    """Make the work known."""
    words = {LEFT_OUT: gettext_lazy("pupils left out, without the consent of the family")}
    jobs.register(jobs.Kind(KIND, gettext_lazy("list of bookings"), run, is_allowed, words))


def is_allowed(user) -> bool:
    return user.can(Permission.SESSION_MANAGE)


def _place(job):
    models = {"session": Session.objects.managed_by(job.owner)}
    models["activity"] = Activity.objects.managed_by(job.owner, Permission.SESSION_MANAGE)
    [(kind, pk)] = [(kind, job.parameters[kind]) for kind in models if kind in job.parameters]
    place = models[kind].filter(pk=pk).first()
    if place is None:
        raise jobs.Refused(GONE)
    return place


def run(job, report):
    """Write the live bookings that the parameters of the job choose."""
    place = _place(job)
    activity = place.activity if isinstance(place, Session) else place
    bookings = place.bookings.live().select_related("class_group", "school", "pupil", "guest", "booked_by")
    pupils = bookings.exclude(pupil=None)
    may_leave = Pupil.outgoing.allowing(Purpose.TAKING_PART).visible_to(job.owner).filter(bookings__in=pupils)
    leaving = set(may_leave.values_list("pk", flat=True))
    report.outcome[LEFT_OUT] = pupils.exclude(pupil__in=leaving).count()
    looks.note_many(job.owner, sorted(leaving), Look.What.EXPORT)
    rows = bookings.exclude(pk__in=pupils.exclude(pupil__in=leaving)).order_by("stage", "-priority", "booked_at", "pk")
    with translation.override(job.owner.language):
        sheet = _sheet(activity, rows)
        if job.parameters["format"] == "csv":
            write_csv(report.path, sheet)
        else:
            write_xlsx(report.path, [sheet])
        name = _("bookings")
        return f"{name}-{timezone.localdate():%Y-%m-%d}.{job.parameters['format']}"


def _sheet(activity, bookings):
    asked = list(activity.asked.filter(question__is_sensitive=False).select_related("question"))
    columns = [_("For"), _("School"), _("Level"), _("Seats"), _("Stage"), _("Booked"), *(str(one) for one in asked)]
    return Sheet(_("Bookings"), columns, [_row(booking, asked) for booking in _with_answers(bookings)])


def _with_answers(bookings):
    return bookings.prefetch_related("answers__asked__question")


def _row(booking: Booking, asked):
    said = {answer.asked_id: answer.said for answer in booking.answers.all()}
    who = booking.guest.email if booking.guest else str(booking.whom)
    facts = [who, str(booking.school or ""), booking.get_level_display(), booking.seats, booking.get_stage_display()]
    return [*facts, timezone.localtime(booking.booked_at).date(), *(said.get(one.pk, "") for one in asked)]
