from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.organisations.models import Organisation


class InboxMarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for those who run sessions for the whole center; else what was given to oneself."""
        if Organisation.objects.reaches_center(user, Permission.SESSION_MANAGE):
            return self
        return self.filter(assigned_to=user)


class InboxMark(models.Model):
    """What people added to a thing to do: when it comes back, who takes it on. The thing itself is read from records."""

    key = models.CharField(_("thing to do"), max_length=60, unique=True)
    snoozed_until = models.DateField(_("comes back on"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken on by"),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = InboxMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark on a thing to do")
        verbose_name_plural = _("marks on things to do")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(key=""),
                name="activities_inboxmark_names_item",
                violation_error_message=_("A mark names what it is about."),
            )
        ]

    def __str__(self):
        return self.key
