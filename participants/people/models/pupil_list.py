from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.accounts import sabotage
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation
from participants.people.models.duplicate import UNDO_FOR
from participants.people.models.taken_back import TakenBack


class PupilListQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; all for who imports for the whole center."""
        if sabotage.is_on("scope") or Organisation.objects.reaches_center(user, Permission.PUPIL_IMPORT):
            return self
        return self.filter(sender=user) if user.can(Permission.PUPIL_IMPORT) else self.none()

    def recent(self):
        """Those whose history is whole for certain: no term is shorter."""
        return self.filter(taken_at__gt=timezone.now() - UNDO_FOR)


class PupilList(TakenBack):
    """A list of the center that was taken. What it wrote is in the histories, under one context."""

    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("sent by")
    )
    context = models.UUIDField(_("context of the histories"), unique=True, editable=False)
    # Classes have no history: their ids.
    classes = models.JSONField(_("new classes"), default=list, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    taken_at = models.DateTimeField(_("taken"), default=timezone.now, db_index=True)

    objects = PupilListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of the center")
        verbose_name_plural = _("lists of the center")
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_by=None) | Q(undone_at__isnull=False),
                name="people_pupillist_undone_whole",
                violation_error_message=_("A list that somebody took back says when."),
            )
        ]

    def __str__(self):
        return date_format(timezone.localtime(self.taken_at), "SHORT_DATETIME_FORMAT")

    def get_absolute_url(self):
        return reverse("people:pupil-list-taken", args=[self.pk])

    @property
    def is_late(self):
        return self.taken_at <= timezone.now() - UNDO_FOR
