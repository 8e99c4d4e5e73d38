from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TakenBack(models.Model):
    """Something that was done to many at once, and may be taken back as a whole: when, and by whom."""

    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    class Meta:
        abstract = True
