from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """That the counts of a session changed. Written by triggers in the same transaction; whoever computes figures
    takes the rows away once the figures follow. No foreign key: the note must outlive a deleted session."""

    session_id = models.BigIntegerField(_("session"))
    noted_at = models.DateTimeField(_("noted"))

    class Meta:
        verbose_name = _("change of counts")
        verbose_name_plural = _("changes of counts")
        ordering = ["pk"]

    def __str__(self):
        return f"session {self.session_id}"
