from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """That what figures read changed: counts of a session, of a class or of a pupil. Written by triggers in the same
    transaction; whoever computes figures takes the rows away once the figures follow. No foreign keys: the note must
    outlive what was deleted."""

    session_id = models.BigIntegerField(_("session"), null=True)
    class_group_id = models.BigIntegerField(_("class"), null=True)
    pupil_id = models.BigIntegerField(_("pupil"), null=True)
    noted_at = models.DateTimeField(_("noted"))

    class Meta:
        verbose_name = _("change of counts")
        verbose_name_plural = _("changes of counts")
        ordering = ["pk"]

    def __str__(self):
        return f"session {self.session_id}, class {self.class_group_id}, pupil {self.pupil_id}"
