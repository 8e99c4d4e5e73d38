from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from programs.activities.models.programme import Activity


class OfActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to the activities that one manages."""
        return self.filter(activity__in=Activity.objects.managed_by(user, Permission.SESSION_MANAGE))


class LevelQuota(models.Model):
    """So many seats at most for these levels, over all dates of an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="quotas", verbose_name=_("activity"))
    levels = ArrayField(models.CharField(max_length=10, choices=Level), verbose_name=_("levels"))
    seats = models.PositiveIntegerField(_("seats"))

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota of levels")
        verbose_name_plural = _("quotas of levels")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(levels=[]),
                name="activities_levelquota_some_level",
                violation_error_message=_("Choose at least one level."),
            )
        ]

    def __str__(self):
        return _("seats for %(levels)s") % {"levels": ", ".join(self.level_labels)}

    @property
    def level_labels(self):
        return [str(Level(level).label) for level in self.levels]


class PriorityCriterion(models.Model):
    """A fact that moves a booking forward in the line, and by how much. Sex is none: it may not decide who comes in."""

    class Criterion(models.TextChoices):
        SCHOLARSHIP = "scholarship", _("scholarship holder")
        NEIGHBOURHOOD = "neighbourhood", _("lives in a priority neighbourhood (QPV)")
        PRIORITY_EDUCATION = "priority_education", _("school in priority education (REP, REP+)")
        LOW_IPS = "low_ips", _("school in the two lowest fifths of the IPS of its kind")
        RURAL = "rural", _("rural school")
        NEVER_REACHED = "never_reached", _("school that no activity has reached yet")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="priorities", verbose_name=_("activity"))
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion)
    weight = models.PositiveSmallIntegerField(_("points"), default=1)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority criterion")
        verbose_name_plural = _("priority criteria")
        ordering = ["-weight", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "criterion"],
                name="activities_prioritycriterion_once",
                violation_error_message=_("This criterion is already named."),
            ),
            models.CheckConstraint(
                condition=Q(weight__range=(1, 100)),
                name="activities_prioritycriterion_weight",
                violation_error_message=_("Give between 1 and 100 points."),
            ),
        ]

    def __str__(self):
        return f"{self.get_criterion_display()} · {self.weight}"
