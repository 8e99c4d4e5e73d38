import datetime as dt
import zoneinfo

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import ACos, Coalesce, Cos, Least, Radians, Sin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history, sabotage
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation, School, SchoolYearProfile
from programs.activities.models.programme import Activity, may_manage

# A move reaches the commitments (their trigger reads the new times) and every change that figures read is noted.
FOLLOW_SESSION = """
UPDATE activities_assignment SET period = NULL WHERE session_id = NEW.id;
INSERT INTO activities_change (session_id, noted_at) VALUES (NEW.id, now());
RETURN NULL;
"""
EARTH_RADIUS = 6371  # kilometres
REMEMBERED = dt.timedelta(days=3 * 365)


def _of_schools(schools):
    """In one of these schools, or with a class of one of them."""
    booked = Session.objects.filter(bookings__class_group__school__in=schools).values("pk")
    return Q(school__in=schools) | Q(pk__in=booked)


def _published():
    return Q(activity__state=Activity.State.OPEN, ends_at__gt=timezone.now())


class SessionQuerySet(models.QuerySet):
    def managed_by(self, user, permission=Permission.SESSION_MANAGE):
        if user.can_everywhere(permission):
            return self
        if not may_manage(user, permission):
            return self.none()
        return self.filter(activity__in=Activity.objects.managed_by(user, permission))

    def visible_to(self, user):
        """Those one manages; those of one's schools; for volunteers, the published ones to come and one's own."""
        if user.can_everywhere(Permission.SESSION_VIEW) or sabotage.is_on("scope"):
            return self
        if not user.can(Permission.SESSION_VIEW):
            return self.none()
        live = Q(assignments__state__in=["invited", "applied", "confirmed", "done"])
        own = Session.objects.filter(live | Q(ends_at__gt=timezone.now()), assignments__volunteer__user=user)
        seen = Q(pk__in=own.values("pk"))
        if may_manage(user, Permission.SESSION_VIEW):
            seen |= Q(activity__in=Activity.objects.managed_by(user, Permission.SESSION_VIEW))
        if user.can(Permission.REQUEST_MAKE):
            seen |= _of_schools(School.objects.of(user, Permission.REQUEST_MAKE))
        if user.can(Permission.SESSION_JOIN):
            seen |= _published()
        return self.filter(seen)

    def open_to(self, user):
        """The published ones to come, for whoever may join sessions: a part of what `visible_to` shows."""
        return self.filter(_published()) if user.can(Permission.SESSION_JOIN) else self.none()

    def roll_called_by(self, user):
        """Those whose young people the user may call: one's own school's, those given as a confirmed volunteer, those
        managed."""
        if not user.can(Permission.HEADCOUNT_CONFIRM):
            return self.none()
        given = Session.objects.filter(assignments__volunteer__user=user, assignments__state__in=["confirmed", "done"])
        counted = Q(pk__in=given.values("pk")) | _of_schools(School.objects.of(user, Permission.HEADCOUNT_CONFIRM))
        managed = Session.objects.managed_by(user).values("pk")
        return self.filter(counted | Q(pk__in=managed))

    def countable_by(self, user):
        """Those of them that have begun."""
        begun = self.filter(starts_at__lte=timezone.now()).exclude(state=Session.State.CANCELLED)
        return begun.roll_called_by(user)

    def upcoming(self):
        return self.filter(state=Session.State.PLANNED, starts_at__gt=timezone.now())

    def taking_registrations(self):
        """To come, of activities that somebody may register for now."""
        return self.upcoming().filter(activity__in=Activity.objects.taking_registrations())

    def once_for_a_whole(self):
        """Of what is booked as a whole, the first date to come stands for all."""
        before = Q(starts_at__lt=OuterRef("starts_at")) | Q(starts_at=OuterRef("starts_at"), pk__lt=OuterRef("pk"))
        earlier = Session.objects.upcoming().filter(before, activity=OuterRef("activity"))
        return self.exclude(Q(activity__in=Activity.objects.booked_as_a_whole()) & Exists(earlier))

    def upcoming_or_running(self):
        return self.filter(state=Session.State.PLANNED, ends_at__gt=timezone.now())

    def open_for_volunteers(self):
        """To come, and the activity still takes people."""
        now = timezone.now()
        closed = Q(activity__registration_closes_at__lte=now)
        return self.upcoming().filter(activity__state=Activity.State.OPEN).exclude(closed)

    def past(self):
        return self.filter(state=Session.State.PLANNED, ends_at__lte=timezone.now())

    def uncounted(self):
        """Past, and nobody has said yet who or how many were there; what is older than three years nobody remembers."""
        remembered = timezone.now() - REMEMBERED
        return self.past().filter(ends_at__gt=remembered, headcounts=None, attendances=None)

    def with_free_places(self):
        return self.filter(volunteers_confirmed__lt=F("volunteer_places"))

    def with_position(self):
        """Where people meet: the school's position, or the campus's; nowhere when online."""
        return self.annotate(
            latitude=Coalesce("school__latitude", "campus__latitude"),
            longitude=Coalesce("school__longitude", "campus__longitude"),
        )

    def with_distance_from(self, organisation):
        """Kilometres as the crow flies from an organisation; unknown when one of the two lies nowhere."""
        here, there = Radians(Value(organisation.latitude)), Radians("latitude")
        turn = Radians(F("longitude") - Value(organisation.longitude))
        cosine = Sin(here) * Sin(there) + Cos(here) * Cos(there) * Cos(turn)
        # Rounding may leave the cosine a hair above 1 for a session on the spot; LEAST passes over what is unknown.
        distance = ExpressionWrapper(ACos(Least(cosine, Value(1.0))) * EARTH_RADIUS, FloatField())
        return self.with_position().annotate(distance=Case(When(latitude__isnull=False, then=distance)))

    def for_display(self):
        """With everything that a row or a page says about the session itself."""
        profile = SchoolYearProfile.objects.filter(
            school=OuterRef("school"), school_year=OuterRef("activity__school_year")
        )
        related = ["activity", "school__departement", "campus"]
        priority = Subquery(profile.values("priority_education"))
        return self.with_position().with_line_length().annotate(priority=priority).select_related(*related)

    def with_part_of(self, user):
        """`own_parts`: the user's live assignments, none or one."""
        assignments = self.model._meta.get_field("assignments").related_model.objects
        own = assignments.live().filter(volunteer__user=user)
        return self.prefetch_related(Prefetch("assignments", own, to_attr="own_parts"))

    def missing_first(self):
        """`is_missing`: whether volunteers are still to be found; those sessions stand first."""
        missing = Q(state="planned", starts_at__gt=timezone.now(), volunteers_confirmed__lt=F("volunteer_places"))
        is_missing = ExpressionWrapper(missing, BooleanField())
        return self.annotate(is_missing=is_missing).order_by("-is_missing", "starts_at", "pk")

    def with_line_length(self):
        """How many volunteers stand in line."""
        in_line = Count("assignments", filter=Q(assignments__state="applied"))
        counts = Session.objects.filter(pk=OuterRef("pk")).annotate(n=in_line).order_by().values("n")
        return self.annotate(line_length=Subquery(counts))


@history.track(exclude=["seats_taken", "seats_overridden", "volunteers_confirmed"])
class Session(models.Model):
    """A dated occurrence of an activity: where, when, for how many.

    The moment is stored in UTC together with the zone in whose wall time people meet. The three counters are kept by
    triggers of the database (see Booking and Assignment) and are the second net under the row lock of the actions.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")
        NOT_HELD = "not_held", _("did not take place")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sessions", verbose_name=_("activity"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("in the school")
    )
    campus = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("on the campus of")
    )
    place = models.CharField(_("place"), max_length=250, blank=True, help_text=_("Building, room, entrance."))
    online_url = models.URLField(_("online room"), blank=True)
    contact_on_site = models.CharField(_("contact on site"), max_length=150, blank=True)
    briefing = models.TextField(_("practical information"), blank=True)
    seats = models.PositiveIntegerField(_("seats for young people"), default=0, validators=[MinValueValidator(0)])
    volunteer_places = models.PositiveSmallIntegerField(_("places for volunteers"), default=2)
    staff_adults = models.PositiveSmallIntegerField(
        _("adults of the team"),
        default=0,
        db_default=0,
        help_text=_("Who comes besides the volunteers, for the rule of two adults."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    state_reason = models.CharField(_("reason"), max_length=250, blank=True)
    # Raised when the session moves: reminders written for an older version are called off.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    seats_overridden = models.PositiveIntegerField(_("seats given over the limit"), default=0, editable=False)
    volunteers_confirmed = models.PositiveIntegerField(_("volunteers confirmed"), default=0, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["starts_at"], name="activities_session_start"),
            models.Index(fields=["ends_at"], condition=Q(state="planned"), name="activities_session_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="activities_session_end_after_start",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(school=None) | Q(campus=None),
                name="activities_session_one_place",
                violation_error_message=_("A session takes place in a school or on a campus, not in both."),
            ),
            models.CheckConstraint(
                condition=Q(state="planned", state_reason="") | (~Q(state="planned") & ~Q(state_reason="")),
                name="activities_session_end_has_reason",
                violation_error_message=_("Say why the session does not take place."),
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("seats") + F("seats_overridden")),
                name="activities_session_seats_within_limit",
                violation_error_message=_("There are not enough seats left."),
            ),
            models.CheckConstraint(
                condition=Q(volunteers_confirmed__lte=F("volunteer_places")),
                name="activities_session_volunteers_within_limit",
                violation_error_message=_("There is no place left for volunteers."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="follow_session",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("starts_at", "ends_at", "state", "activity"),
                func=FOLLOW_SESSION,
            )
        ]

    def __str__(self):
        return f"{self.activity} · {self.local_start:%d/%m/%Y %H:%M}"

    def get_absolute_url(self):
        return reverse("activities:session-detail", args=[self.pk])

    @property
    def local_start(self):
        return self.starts_at.astimezone(zoneinfo.ZoneInfo(self.zone))

    @property
    def local_end(self):
        return self.ends_at.astimezone(zoneinfo.ZoneInfo(self.zone))

    @property
    def volunteer_places_left(self):
        return self.volunteer_places - self.volunteers_confirmed

    @property
    def adults(self):
        """Who is confirmed and answers for the young people."""
        return self.volunteers_confirmed + self.staff_adults

    @property
    def seats_left(self):
        return max(0, self.seats + self.seats_overridden - self.seats_taken)

    @property
    def has_begun(self):
        return self.starts_at <= timezone.now()

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def is_planned(self):
        return self.state == self.State.PLANNED

    @property
    def minutes(self):
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_priority_education(self):
        """Whether the school was in priority education that year, as `for_display` found it."""
        return self.priority in {
            SchoolYearProfile.PriorityEducation.REP,
            SchoolYearProfile.PriorityEducation.REP_PLUS,
        }

    @property
    def where(self):
        """Online, the school or the campus, in a few words. The address of the online room is for those who come."""
        place = self.school or self.campus
        if self.is_online:
            return " · ".join(map(str, filter(None, [_("online"), place])))
        return str(place or _("place to be announced"))

    @property
    def is_online(self):
        """People meet in the room, for a school or not; at a campus the room is for those who cannot come."""
        return bool(self.online_url) and not self.campus_id
