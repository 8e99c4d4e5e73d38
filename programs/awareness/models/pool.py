"""The talent pool: young people who want to hear of what comes next, how they came in, and what they were invited to.

Where somebody stands is read from the records each time it is asked; nobody types it.
"""

from itertools import takewhile

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.models import School
from participants.organisations.school_years import SchoolYearField
from participants.people.models import Pupil, Purpose, manages_all
from participants.people.models.enrolment import Answer
from programs.activities.models import Activity, Attendance, Booking

DAYS_BETWEEN = 14
Kind, Stage = Activity.Kind, Booking.Stage
TUTORING = [Kind.SCHOOL_TUTORING, Kind.ONLINE_TUTORING]


# Whether the user works with the pool as a whole: those who manage pupils for the whole center.
runs_pool = manages_all


class Status(models.TextChoices):
    """The furthest that somebody has come, in this order."""

    ENTERED = "entered", _("entered")
    INVITED = "invited", _("invited")
    TOOK_PART = "took_part", _("took part")
    TUTORING = "tutoring", _("in tutoring")
    CAMP = "camp", _("at a camp")


def _took_up(kinds):
    """Was there, or holds a seat, in an activity of one of these kinds."""
    seats, there = (
        rows.filter(pupil=OuterRef("pupil")) for rows in (Booking.objects.given(), Attendance.objects.present())
    )
    # Each way by itself: of few activities the database then reads few seats.
    of_date, of_whole = seats.filter(session__activity__kind__in=kinds), seats.filter(activity__kind__in=kinds)
    return Q(Exists(of_date)) | Q(Exists(of_whole)) | Q(Exists(there.filter(session__activity__kind__in=kinds)))


def _steps() -> list[tuple[Status, Q]]:
    """What the records must show for each status but the first, the furthest before the others."""
    there = Attendance.objects.present().filter(pupil=OuterRef("pupil"))
    done = Booking.objects.filter(pupil=OuterRef("pupil"), stage=Stage.COMPLETED)
    invited = PoolInvitation.objects.filter(pupil=OuterRef("pupil"))
    return [
        (Status.CAMP, _took_up([Kind.CAMP])),
        (Status.TUTORING, _took_up(TUTORING)),
        (Status.TOOK_PART, Q(Exists(there)) | Q(Exists(done))),
        (Status.INVITED, Q(Exists(invited))),
    ]


class PoolEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With the record of the pupil: one's own and one's children's, those of one's school, all for the center."""
        return self.filter(pupil__in=Pupil.objects.recorded_for(user))

    def standing(self):
        """Those who have not left."""
        return self.filter(left_at=None, pupil__is_statistic=False)

    def contactable(self):
        """Those whom we may write to, today: the agreement stands and nobody entitled has taken it back."""
        return self.standing().filter(pupil__in=Pupil.outgoing.allowing(Purpose.FOLLOW_UP))

    def with_status(self):
        """Adds `status`: the furthest that the records show."""
        steps = [When(shows, then=Value(status)) for status, shows in _steps()]
        return self.annotate(status=Case(*steps, default=Value(Status.ENTERED), output_field=models.CharField()))

    def at(self, status):
        """Those who have come as far as this and no further."""
        steps = _steps()
        further = [~shows for _step, shows in takewhile(lambda step: step[0] != status, steps)]
        return self.filter(*further, dict(steps).get(status, Q()))


@history.track()
class PoolEntry(models.Model):
    """That a young person is in the pool, and by which door they came. Once a person."""

    class Door(models.TextChoices):
        SELF = "self", _("by themselves")
        GUARDIAN = "guardian", _("by a guardian")
        NOMINATION = "nomination", _("nominated by a teacher")
        EVENT = "event", _("from an event")

    pupil = models.OneToOneField(Pupil, models.CASCADE, related_name="pool_entry", verbose_name=_("pupil"))
    door = models.CharField(_("came in"), max_length=10, choices=Door)
    # The seat by which we met, where they came from an event.
    booking = models.ForeignKey(
        Booking, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("booking")
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = PoolEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the talent pool")
        verbose_name_plural = _("entries of the talent pool")
        ordering = ["entered_at", "pk"]
        indexes = [
            models.Index(fields=["entered_at", "id"], condition=Q(left_at=None), name="awareness_poolentry_in_turn")
        ]

    def __str__(self):
        return f"{self.pupil}: {self.get_door_display()}"


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, those of one's schools, all for those who run the pool."""
        if runs_pool(user):
            return self
        return self.filter(Q(nominated_by=user) | Q(school__in=School.objects.of(user, Permission.PUPIL_MANAGE)))


def _fortnight_from(field):
    """The days in which nobody is invited again; days, because a moment plus days hangs on the time zone."""
    template = f"daterange(%(expressions)s, %(expressions)s + {DAYS_BETWEEN})"
    return Func(F(field), template=template, output_field=DateRangeField())


def _fact(label):
    return models.CharField(label, max_length=7, choices=Answer, default=Answer.UNKNOWN)


@history.track()
class Nomination(models.Model):
    """That a teacher thinks of a pupil, and why: each reason a fact of its own, yes, no or unknown, never a score."""

    FACTS = ("is_curious", "works_hard", "does_not_dare", "lacks_examples", "is_far_away")

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="nominations", verbose_name=_("pupil"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    school_year = SchoolYearField()
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nominated by"),
    )
    nominated_at = models.DateTimeField(_("nominated"), default=timezone.now)
    is_curious = _fact(_("is curious about sciences"))
    works_hard = _fact(_("works steadily"))
    does_not_dare = _fact(_("could go further than they dare to think"))
    lacks_examples = _fact(_("knows nobody who has studied longer"))
    is_far_away = _fact(_("lives far from places of higher education"))

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-nominated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "school_year", "nominated_by"],
                name="awareness_nomination_once_a_year",
                violation_error_message=_("You have already nominated this pupil this school year."),
            ),
            models.CheckConstraint(
                condition=Q(is_curious="yes")
                | Q(works_hard="yes")
                | Q(does_not_dare="yes")
                | Q(lacks_examples="yes")
                | Q(is_far_away="yes"),
                name="awareness_nomination_has_reason",
                violation_error_message=_("Say yes to at least one reason."),
            ),
        ]

    def __str__(self):
        return f"{self.pupil} · {self.school}"

    @property
    def reasons(self):
        """What was answered with yes, in words."""
        said_yes = [name for name in self.FACTS if getattr(self, name) == Answer.YES]
        return [str(self._meta.get_field(name).verbose_name) for name in said_yes]


class OfPoolQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who run the pool."""
        return self if runs_pool(user) else self.none()


class PoolRound(models.Model):
    """A list of young people invited to an activity at one moment, by filters, for a reason that they read."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="pool_rounds", verbose_name=_("activity"))
    reason = models.CharField(_("reason"), max_length=250, validators=[MinLengthValidator(10)])
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )

    objects = OfPoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of invitations")
        verbose_name_plural = _("rounds of invitations")
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.activity} · {self.made_at:%d/%m/%Y}"


class PoolInvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own and one's children's; all for those who run the pool."""
        if runs_pool(user):
            return self
        return self.filter(Q(pupil__user=user) | Q(pupil__guardianships__guardian__user=user)).distinct()

    def with_answer(self):
        """Adds `has_seat`: they took it up. Who waits in line, or has an offer to answer, has not."""
        same = Q(session__activity=OuterRef("activity")) | Q(activity=OuterRef("activity"))
        seats = Booking.objects.given().filter(same, pupil=OuterRef("pupil"))
        return self.annotate(has_seat=Exists(seats))


class PoolInvitation(models.Model):
    """One young person invited to one activity: once, and not again to anything within the next fortnight."""

    round = models.ForeignKey(PoolRound, models.CASCADE, related_name="invitations", verbose_name=_("round"))
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="pool_invitations", verbose_name=_("pupil"))
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+", verbose_name=_("activity"))
    invited_on = models.DateField(_("invited"), default=timezone.localdate)

    objects = PoolInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation from the talent pool")
        verbose_name_plural = _("invitations from the talent pool")
        ordering = ["-invited_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "activity"],
                name="awareness_poolinvitation_once",
                violation_error_message=_("This pupil was already invited to this activity."),
            ),
            ExclusionConstraint(
                name="awareness_poolinvitation_one_a_fortnight",
                expressions=[
                    ("pupil", RangeOperators.EQUAL),
                    (_fortnight_from("invited_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This pupil was invited less than a fortnight ago."),
            ),
        ]

    def __str__(self):
        return f"{self.pupil} → {self.activity}"
