"""What travels in files, out and in: each row by the names that people outside know it by.

A line that comes in goes through the same action as the page, under the same locks: a booking stands in the waiting line
when the seats are gone, nobody is in two places, a closed period stays closed.
"""

import zoneinfo

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export import fields

from participants.accounts.travel import ActedResource, TravelResource
from participants.organisations.school_years import school_year_label
from participants.people.resources import OfPupilResource
from programs.activities import actions
from programs.activities.forms.lines import AssignmentLine, AttendanceLine, BookingLine, HeadcountLine, SessionLine
from programs.activities.models import Assignment, Attendance, Booking, Headcount, Session

WALL = "%Y-%m-%d %H:%M"


def on_the_wall(moment, zone):
    """As the clock of that place shows it; seconds only where there are some."""
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return local.strftime(f"{WALL}:%S" if local.second else WALL)


def differs(known, said):
    """Whether something else is said; a file may have lost how the lines of a text end."""
    return known.splitlines() != said.splitlines() if isinstance(said, str) else known != said


class SessionResource(ActedResource):
    """A session is known by activity, start and place: it moves on its page, where everybody is told why."""

    programme = fields.Field("activity__programme__code", "programme")
    activity = fields.Field("activity__title_fr", "activity")
    school_uai = fields.Field("school__uai", "school_uai")
    school = fields.Field("school__name", "school")
    campus = fields.Field("campus__name", "campus")

    line = SessionLine

    class Meta(TravelResource.Meta):
        model = Session
        fields = [
            *("programme", "activity", "starts_at", "ends_at", "zone", "school_uai", "school", "campus", "place"),
            *("online_url", "contact_on_site", "briefing", "state", "state_reason", "seats", "seats_taken"),
            *("volunteer_places", "volunteers_confirmed", "staff_adults"),
        ]
        export_order = fields

    def dehydrate_starts_at(self, session):
        return on_the_wall(session.starts_at, session.zone)

    def dehydrate_ends_at(self, session):
        return on_the_wall(session.ends_at, session.zone)

    def named(self, queryset):
        return queryset.select_related("activity__programme", "school", "campus")

    def act(self, line, found):
        said = line.cleaned_data
        session = found and self._changed(found, line.facts())
        session = session or self._planned(line)
        if said["state"] in {"", session.state}:
            return session
        reason = said["state_reason"]
        if said["state"] == Session.State.CANCELLED:
            return actions.cancel_session(session=session, reason=reason, by=self.user)
        if said["state"] == Session.State.NOT_HELD:
            return actions.report_not_held(session=session, reason=reason, by=self.user)
        raise ValidationError({"state": _("What was called off stays so: plan a new session.")})

    def _changed(self, session, facts):
        wanted = {name: value for name, value in facts.items() if differs(getattr(session, name), value)}
        return actions.change_session(session=session, by=self.user, **wanted) if wanted else session

    def _planned(self, line):
        said = line.cleaned_data
        at = {name: said[name] for name in ("activity", "starts_at", "school", "campus")}
        if not said["ends_at"]:
            raise ValidationError({"ends_at": _("Say when the session ends.")})
        return actions.create_session(by=self.user, **at, **line.said("zone"), **line.facts())


class OfSessionResource(ActedResource):
    """A row that belongs to a session says which, where and when."""

    programme = fields.Field("session__activity__programme__code", "programme")
    activity = fields.Field("session__activity__title_fr", "activity")
    starts_at = fields.Field("session__starts_at", "starts_at")
    zone = fields.Field("session__zone", "zone")
    school_uai = fields.Field("session__school__uai", "school_uai")
    campus = fields.Field("session__campus__name", "campus")
    place = fields.Field("session__place", "place")

    AT = ("programme", "activity", "starts_at", "zone", "school_uai", "campus", "place")

    def dehydrate_starts_at(self, row):
        return on_the_wall(row.session.starts_at, row.session.zone) if row.session else ""

    def named(self, queryset):
        return (
            super().named(queryset).select_related("session__activity__programme", "session__school", "session__campus")
        )


class BookingResource(OfSessionResource, OfPupilResource):
    """Classes by the name of the class; pupils by their own, with the agreement of the family. The seats of the open
    public stay: their address is between them and the center."""

    class_uai = fields.Field("class_group__school__uai", "class_uai")
    class_group = fields.Field("class_group__name", "class_group")
    school_year = fields.Field(column_name="school_year")
    contact = fields.Field("booked_by__email", "contact")
    booked_at = fields.Field("booked_at", "booked_at")

    line = BookingLine

    class Meta(TravelResource.Meta):
        model = Booking
        fields = [
            *(*OfSessionResource.AT, "school_year", "class_uai", "class_group", *OfPupilResource.PUPIL),
            *("seats", "stage", "reason", "contact", "override_reason", "booked_at"),
        ]
        export_order = fields

    def dehydrate_programme(self, booking):
        return booking.of.programme.code

    def dehydrate_activity(self, booking):
        return booking.of.title_fr

    def dehydrate_school_year(self, booking):
        return school_year_label(booking.of.school_year)

    def dehydrate_booked_at(self, booking):
        return timezone.localtime(booking.booked_at).strftime(WALL)

    def named(self, queryset):
        return super().named(queryset).select_related("activity__programme", "class_group__school", "booked_by")

    def may_leave(self):
        return Q(class_group__isnull=False) | super().may_leave()

    def act(self, line, found):
        said = line.cleaned_data
        if found is None:
            more = {name: said[name] for name in ("seats", "override_reason")}
            return actions.book(by=self.user, contact=said["contact"] or None, **said["target"], **said["whom"], **more)
        if line.is_over():
            return actions.cancel_booking(booking=found, by=self.user, reason=said["reason"])
        return found


class AttendanceResource(OfSessionResource, OfPupilResource):
    """Who was there, by name: in the hands of those who run the session, with the agreement of the family."""

    line = AttendanceLine

    class Meta(TravelResource.Meta):
        model = Attendance
        fields = [*OfSessionResource.AT, *OfPupilResource.PUPIL, "status", "minutes"]
        export_order = fields

    def act(self, line, found):
        said = line.cleaned_data
        status, minutes = said["status"], said["minutes"]
        if found and status == found.status and minutes in {None, found.minutes}:
            return found
        presence = (said["pupil"], status, minutes)
        return actions.record_attendance(session=said["session"], by=self.user, presences=[presence])[0]


class HeadcountResource(OfSessionResource):
    """A line is one class (or the open public) at one level; the other counts of the session stand."""

    class_uai = fields.Field("class_group__school__uai", "class_uai")
    class_group = fields.Field("class_group__name", "class_group")

    line = HeadcountLine

    class Meta(TravelResource.Meta):
        model = Headcount
        fields = [
            *(*OfSessionResource.AT, "class_uai", "class_group", "level", "total", "girls", "boys"),
            *("source", "confirmed_at"),
        ]
        export_order = fields

    def named(self, queryset):
        return super().named(queryset).select_related("class_group__school")

    def act(self, line, found):
        said = line.cleaned_data
        parts = {name: getattr(found, name, 0) for name in ("girls", "boys")} | line.said("girls", "boys")
        count = (said["total"], parts["girls"], parts["boys"])
        if found and count == (found.total, found.girls, found.boys):
            return found
        others = said["session"].headcounts.exclude(pk=found and found.pk).select_related("class_group")
        counts = [(row.class_group, row.level, row.total, row.girls, row.boys) for row in others]
        key = (said["class"], said["level"])
        rows = actions.confirm_headcount(
            session=said["session"], by=self.user, source=Headcount.Source.STAFF, counts=[*counts, (*key, *count)]
        )
        return next(row for row in rows if (row.class_group, row.level) == key)


class AssignmentResource(OfSessionResource):
    """Volunteers in sessions, by the address of their account: a place, or the line when there is none."""

    volunteer = fields.Field("volunteer__user__email", "volunteer")

    line = AssignmentLine

    class Meta(TravelResource.Meta):
        model = Assignment
        fields = [*OfSessionResource.AT, "volunteer", "role", "state", "applied_at"]
        export_order = fields

    def named(self, queryset):
        return super().named(queryset).select_related("volunteer__user")

    def act(self, line, found):
        state = Assignment.State
        wanted = line.cleaned_data["state"]
        if found is None:
            do = actions.invite if wanted == state.INVITED else actions.sign_up
            more = line.said("role") | ({"by": self.user} if wanted == state.INVITED else {})
            return do(session=line.cleaned_data["session"], volunteer=line.cleaned_data["person"], **more)
        if line.is_over() and found.is_live:
            do = actions.decline if wanted == state.DECLINED else actions.withdraw
            return do(assignment=found, by=self.user)
        if found.state == state.INVITED and wanted in {state.APPLIED, state.CONFIRMED}:
            return actions.accept(assignment=found, by=self.user)
        return found
