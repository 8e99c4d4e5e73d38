import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, School
from participants.people.models import Pupil
from programs.activities.models.guest import Guest
from programs.activities.models.programme import Activity
from programs.activities.models.session import Session

SEATS_OVER = "CASE WHEN {0}.override_reason <> '' AND NOT {0}.is_out_of_turn THEN {0}.seats ELSE 0 END"
WHAT_COUNTS = "({0}.session_id, {0}.activity_id, {0}.seats, {0}.stage, {0}.override_reason, {0}.is_out_of_turn)"
# The counter on the session follows every way of writing: actions, admin, bulk and raw SQL.
COUNT_SEATS = f"""
IF TG_OP = 'UPDATE' AND {WHAT_COUNTS.format("OLD")}
        IS NOT DISTINCT FROM {WHAT_COUNTS.format("NEW")} THEN
    RETURN NULL;
END IF;
IF TG_OP <> 'INSERT' AND OLD.stage IN ('confirmed', 'offered', 'completed') THEN
    UPDATE activities_session SET seats_taken = seats_taken - OLD.seats,
        seats_overridden = seats_overridden - {SEATS_OVER.format("OLD")}
    WHERE id = OLD.session_id;
    UPDATE activities_activity SET seats_taken = seats_taken - OLD.seats,
        seats_overridden = seats_overridden - {SEATS_OVER.format("OLD")}
    WHERE id = OLD.activity_id;
END IF;
IF TG_OP <> 'DELETE' AND NEW.stage IN ('confirmed', 'offered', 'completed') THEN
    UPDATE activities_session SET seats_taken = seats_taken + NEW.seats,
        seats_overridden = seats_overridden + {SEATS_OVER.format("NEW")}
    WHERE id = NEW.session_id;
    UPDATE activities_activity SET seats_taken = seats_taken + NEW.seats,
        seats_overridden = seats_overridden + {SEATS_OVER.format("NEW")}
    WHERE id = NEW.activity_id;
END IF;
RETURN NULL;
"""  # noqa: S608 - nothing of anybody else stands in it


class BookingQuerySet(models.QuerySet):
    def live(self):
        return self.filter(stage__in=Booking.LIVE)

    def seated(self):
        return self.filter(stage__in=Booking.SEATED)

    def given(self):
        return self.filter(stage__in=Booking.GIVEN)

    def within_limits(self):
        """Those that count in a limit: all but those that somebody gave over it."""
        return self.filter(Q(override_reason="") | Q(is_out_of_turn=True))

    def of_activity(self, activity):
        """Of all its dates and of the whole; a date that does not take place holds nobody."""
        return self.filter(Q(activity=activity) | Q(session__activity=activity, session__state=Session.State.PLANNED))

    def in_line(self):
        """Who waits, in the order in which places are offered: priority, then time."""
        return self.filter(stage=Booking.Stage.WAITLISTED).order_by("-priority", "booked_at", "pk")

    def visible_to(self, user):
        """The bookings of the sessions and activities one manages, and those of one's own classes and pupils."""
        if user.can_everywhere(Permission.SESSION_MANAGE):
            return self
        return self.filter(
            Q(session__in=Session.objects.managed_by(user))
            | Q(activity__in=Activity.objects.managed_by(user, Permission.SESSION_MANAGE))
            | Q(class_group__school__in=School.objects.of(user, Permission.REQUEST_MAKE))
            | Q(pupil__in=Pupil.objects.visible_to(user))
        )

    def managed_by(self, user):
        """Those that one may take back: of what one manages, of the classes of one's schools, of one's own pupils."""
        activities = Activity.objects.managed_by(user, Permission.SESSION_MANAGE)
        of_school = Q(class_group__school__in=School.objects.of(user, Permission.REQUEST_MAKE))
        managed = Q(session__activity__in=activities) | Q(activity__in=activities)
        own = Q(booked_by=user, pupil__in=Pupil.objects.visible_to(user))
        return self.filter(managed | of_school | own)


@history.track()
class Booking(models.Model):
    """A class or a guest of the open public (n seats), or a pupil (one seat), in a session or, for series and camps,
    in the whole activity."""

    class Stage(models.TextChoices):
        REQUESTED = "requested", _("requested")
        WAITLISTED = "waitlisted", _("on the waiting list")
        OFFERED = "offered", _("place offered")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CANCELLED = "cancelled", _("cancelled")
        COMPLETED = "completed", _("completed")

    class Reason(models.TextChoices):
        NONE = "", _("none given")
        DATE = "date", _("the date does not suit")
        SCHOOL = "school", _("decision of the school")
        CENTER = "center", _("decision of the center")
        ILLNESS = "illness", _("illness")
        NO_ANSWER = "no_answer", _("no answer")
        OTHER = "other", _("other")

    LIVE = [Stage.REQUESTED, Stage.WAITLISTED, Stage.OFFERED, Stage.CONFIRMED, Stage.COMPLETED]
    SEATED = [Stage.OFFERED, Stage.CONFIRMED, Stage.COMPLETED]
    GIVEN = [Stage.CONFIRMED, Stage.COMPLETED]  # a seat with no question left

    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("session")
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("activity")
    )
    class_group = models.ForeignKey(
        ClassGroup, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("class")
    )
    pupil = models.ForeignKey(
        Pupil, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("pupil")
    )
    guest = models.OneToOneField(
        Guest, models.PROTECT, null=True, blank=True, related_name="booking", verbose_name=_("guest")
    )
    # As they were when the booking was made: limits count by them, and a pupil who moves changes no past limit.
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school"), editable=False
    )
    level = models.CharField(
        _("level"), max_length=10, choices=Level, default=Level.UNKNOWN, db_default="unknown", editable=False
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=0, db_default=0, editable=False)
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.REQUESTED)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, default=Reason.NONE, blank=True)
    booked_at = models.DateTimeField(_("booked"), default=timezone.now)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("booked by")
    )
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("over the limit, decided by"),
    )
    override_reason = models.CharField(_("over the limit, because"), max_length=250, blank=True)
    # The reason is then for passing others in the line: the seats were free and count in every limit.
    is_out_of_turn = models.BooleanField(_("out of turn"), default=False, db_default=False, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["booked_at", "pk"]
        indexes = [
            models.Index(
                fields=["stage", "offered_until"],
                condition=Q(stage__in=["waitlisted", "offered"]),
                name="activities_booking_line",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, activity=None) | Q(session=None, activity__isnull=False),
                name="activities_booking_one_target",
                violation_error_message=_("Book either a session or a whole activity."),
            ),
            models.CheckConstraint(
                condition=Q(class_group__isnull=False, pupil=None, guest=None)
                | Q(class_group=None, pupil__isnull=False, guest=None, seats=1)
                | Q(class_group=None, pupil=None, guest__isnull=False),
                name="activities_booking_one_guest",
                violation_error_message=_("Book for a class, for one pupil with one seat, or for one guest."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1),
                name="activities_booking_some_seats",
                violation_error_message=_("Book at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(stage="offered", offered_until__isnull=False)
                | (~Q(stage="offered") & Q(offered_until=None)),
                name="activities_booking_offer_has_end",
                violation_error_message=_("An offer, and only an offer, has an end."),
            ),
            models.CheckConstraint(
                condition=Q(override_by=None, override_reason="")
                | (Q(override_by__isnull=False) & ~Q(override_reason="")),
                name="activities_booking_override_is_named",
                violation_error_message=_("Going over the limit needs a name and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(is_out_of_turn=False) | ~Q(override_reason=""),
                name="activities_booking_out_of_turn_has_reason",
                violation_error_message=_("Say why this booking comes before others."),
            ),
            models.UniqueConstraint(
                fields=["session", "activity", "class_group", "pupil", "guest"],
                condition=Q(stage__in=["requested", "waitlisted", "offered", "confirmed", "completed"]),
                nulls_distinct=False,
                name="activities_booking_one_live",
                violation_error_message=_("There is already a booking."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="count_seats",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=COUNT_SEATS,
            )
        ]

    def __str__(self):
        return f"{self.whom} → {self.place}"

    @property
    def whom(self):
        """The class, the pupil or the guest."""
        return self.class_group or self.pupil or self.guest

    @property
    def place(self):
        """The session, or the activity booked as a whole."""
        return self.session or self.activity

    @property
    def of(self):
        """The activity, whichever of the two is booked."""
        return self.session.activity if self.session_id else self.activity
