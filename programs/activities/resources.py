"""What travels in files, out: each row with the names by which people outside know it."""

from import_export import fields, resources

from participants.people.consents import allowed
from participants.people.models import Pupil, Purpose
from programs.activities.models import Attendance, Booking, Headcount, Session


class SessionResource(resources.ModelResource):
    activity = fields.Field("activity__title_fr", "activity")
    programme = fields.Field("activity__programme__name_fr", "programme")
    school_uai = fields.Field("school__uai", "school_uai")
    school = fields.Field("school__name", "school")
    campus = fields.Field("campus__name", "campus")

    class Meta:
        model = Session
        fields = [
            *("programme", "activity", "starts_at", "ends_at", "zone", "school_uai", "school", "campus", "place"),
            *("state", "seats", "seats_taken", "volunteer_places", "volunteers_confirmed"),
        ]
        export_order = fields

    def get_queryset(self):
        return super().get_queryset().select_related("activity__programme", "school", "campus")


class OfSessionResource(resources.ModelResource):
    """A row that belongs to a session says which, where and when."""

    activity = fields.Field("session__activity__title_fr", "activity")
    starts_at = fields.Field("session__starts_at", "starts_at")
    school_uai = fields.Field("session__school__uai", "school_uai")

    def get_queryset(self):
        return super().get_queryset().select_related("session__activity", "session__school")


class BookingResource(OfSessionResource):
    class_group = fields.Field("class_group__name", "class_group")

    class Meta:
        model = Booking
        fields = ["activity", "starts_at", "school_uai", "class_group", "seats", "stage", "booked_at"]
        export_order = fields


class AttendanceResource(OfSessionResource):
    """Only of pupils whose family agreed, and without names: who was there stands on the pages of those who work with
    them."""

    class Meta:
        model = Attendance
        fields = ["activity", "starts_at", "school_uai", "status", "minutes"]
        export_order = fields

    def filter_export(self, queryset, **kwargs):
        return queryset.filter(pupil__in=allowed(Pupil.objects.all(), Purpose.TAKING_PART))


class HeadcountResource(OfSessionResource):
    class_group = fields.Field("class_group__name", "class_group")

    class Meta:
        model = Headcount
        fields = [
            *("activity", "starts_at", "school_uai", "class_group", "level", "total", "girls", "boys"),
            *("source", "confirmed_at"),
        ]
        export_order = fields
