from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation
from participants.people.models.pupil import Pupil


class PupilNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those about the pupils one manages; all for those who answer the families' requests."""
        if Organisation.objects.reaches_center(user, Permission.RIGHTS_HANDLE):
            return self
        return self.filter(pupil__in=Pupil.objects.managed_by(user))


@history.track()
class PupilNote(models.Model):
    """What helps the work with a pupil, in a few words. In no export; it goes with the pupil."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="notes", verbose_name=_("pupil"))
    text = models.TextField(
        _("note"),
        max_length=1000,
        help_text=_("Only what helps the work; never health, origin, religion or opinions. The family may read it."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = PupilNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about a pupil")
        verbose_name_plural = _("notes about pupils")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="people_pupilnote_says_something",
                violation_error_message=_("Write the note first."),
            )
        ]

    def __str__(self):
        return f"{self.pupil} · {self.written_at:%d/%m/%Y}"
