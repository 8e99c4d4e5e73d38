from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.people.models.pupil import Pupil


class LookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The trace is for those who watch over it."""
        return self if user.can_everywhere(Permission.TRACE_VIEW) else self.none()


class Look(models.Model):
    """That somebody looked at a pupil's record: one row for each person, pupil, manner and hour."""

    class What(models.TextChoices):
        PAGE = "page", _("page")
        EXPORT = "export", _("list or spreadsheet")
        ARCHIVE = "archive", _("archive of access")
        FILE = "file", _("document")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="looks", verbose_name=_("who looked")
    )
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="looks", verbose_name=_("pupil"))
    what = models.CharField(_("manner"), max_length=7, choices=What)
    # The hour in which it happened: the minute would tell more about the staff than about the protection of pupils.
    hour = models.DateTimeField(_("hour"))

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a record")
        verbose_name_plural = _("looks at records")
        ordering = ["-hour", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "pupil", "what", "hour"], name="people_look_once_an_hour")
        ]
        indexes = [
            models.Index(fields=["-hour", "-id"], name="people_look_newest"),
            models.Index(fields=["pupil", "-hour"], name="people_look_of_pupil"),
        ]

    def __str__(self):
        return f"{self.user} → {self.pupil}"
