import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from participants.organisations.models import ClassGroup
from participants.people.models import Pupil
from programs.activities.models.presence import Attendance
from programs.activities.models.session import Session

# A phone may come back this late; what it sent is remembered longer, so that a retry never counts as a second word.
TAKEN_FOR = dt.timedelta(days=30)
REMEMBERED_FOR = dt.timedelta(days=45)


class RollEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(session__in=Session.objects.managed_by(user))


class RollEntry(models.Model):
    """One word about who was there, as somebody saw it: about a pupil, or a number for a class or an open public.

    Every phone and page writes its own; the presence is what all words about a pupil together say (`roll.py`). A word
    that was overruled stays here until its time is over, so that two phones that disagree can be told."""

    class Way(models.TextChoices):
        TAP = "tap", _("seen")
        TICKET = "ticket", _("ticket shown")
        REST = "rest", _("like all the others")

    nonce = models.UUIDField(_("mark of the sender"), unique=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="roll", verbose_name=_("session"))
    pupil = models.ForeignKey(
        Pupil, models.PROTECT, null=True, blank=True, related_name="roll", verbose_name=_("pupil")
    )
    status = models.CharField(_("presence"), max_length=10, choices=Attendance.Status, blank=True)
    missed = models.PositiveSmallIntegerField(_("minutes missed"), default=0)
    class_group = models.ForeignKey(
        ClassGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class")
    )
    total = models.PositiveIntegerField(_("young people"), null=True, blank=True)
    girls = models.PositiveIntegerField(_("girls"), default=0)
    boys = models.PositiveIntegerField(_("boys"), default=0)
    way = models.CharField(_("how it was seen"), max_length=6, choices=Way, default=Way.TAP)
    observed_at = models.DateTimeField(_("seen"))
    received_at = models.DateTimeField(_("received"), db_default=Now())
    # The number of the last word that its author had seen: what came later, and says something else, is a dispute.
    base = models.BigIntegerField(_("last word seen"), default=0)
    is_standing = models.BooleanField(_("stood when it came"), default=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("said by")
    )

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of a roll call")
        verbose_name_plural = _("words of roll calls")
        ordering = ["session", "pk"]
        indexes = [models.Index(fields=["received_at"], name="activities_rollentry_received")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(pupil__isnull=False, class_group=None, total=None) & ~Q(status=""))
                | Q(pupil=None, status="", total__isnull=False),
                name="activities_rollentry_one_subject",
                violation_error_message=_("Say who was there, or how many of a class."),
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(total__gte=F("girls") + F("boys")),
                name="activities_rollentry_parts_within_total",
                violation_error_message=_("Girls and boys together are more than the total."),
            ),
        ]

    def __str__(self):
        said = self.get_status_display() if self.pupil_id else self.total
        public = self.class_group or _("open public")
        return f"{self.pupil or public}: {said}"
