"""What the house remembers about itself."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HeartbeatQuerySet(models.QuerySet):
    def recent(self):
        return self.filter(beaten_at__gte=timezone.now() - Heartbeat.LONGEST_SILENCE)


class Heartbeat(models.Model):
    """The last moment at which the clock and a worker of this queue were both at work."""

    LONGEST_SILENCE = timedelta(seconds=150)

    queue = models.CharField(_("queue"), max_length=30, primary_key=True)
    beaten_at = models.DateTimeField(_("last beat"))

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["queue"]

    def __str__(self):
        return self.queue


class DoorMark(models.Model):
    """A limit of sign-in, or that a code was used, while Redis is away: the table of the cache `doors`.

    Django's cache in the database writes it, and gives its columns their names.
    """

    cache_key = models.CharField(_("key"), max_length=255, primary_key=True)
    value = models.TextField(_("value"))
    expires = models.DateTimeField(_("forgotten at"), db_index=True)

    class Meta:
        verbose_name = _("mark at the door")
        verbose_name_plural = _("marks at the door")
        ordering = ["cache_key"]

    def __str__(self):
        return self.cache_key
