from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from participants.accounts import history


class PeriodLockQuerySet(models.QuerySet):
    def covering(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def visible_to(self, user):
        """That a period is closed is known to everyone who counts."""
        return self


@history.track()
class PeriodLock(models.Model):
    """A period whose counts were handed in: nobody changes what was counted there."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=150)
    locked_at = models.DateTimeField(_("locked"), auto_now_add=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("locked by")
    )

    objects = PeriodLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("locked period")
        verbose_name_plural = _("locked periods")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="activities_periodlock_dates_ordered",
                violation_error_message=_("The period ends before it starts."),
            )
        ]

    def __str__(self):
        return f"{self.starts_on} – {self.ends_on}"
