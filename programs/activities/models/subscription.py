from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def visible_to(self, user):
        """Whoever watches over all messages."""
        return self if user.can_everywhere(Permission.MESSAGE_VIEW) else self.none()


class Subscription(models.Model):
    """Somebody who wants to hear once a week of what is new in the public catalogue: an address, what they look for, and
    nothing else. The row is deleted when they have enough of it, and when they never confirmed."""

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language"), max_length=2, default="fr", choices=[("fr", _("French")), ("en", _("English"))]
    )
    query = models.CharField(_("filters"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # Which dates they have heard of, which the last mail was about, and when that was decided.
    told = ArrayField(models.BigIntegerField(), verbose_name=_("dates they heard of"), default=list, blank=True)
    fresh = ArrayField(models.BigIntegerField(), verbose_name=_("dates of the last mail"), default=list, blank=True)
    told_on = models.DateField(_("last looked for"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "query"],
                name="activities_subscription_once",
                violation_error_message=_("This address follows this already."),
            )
        ]

    def __str__(self):
        return str(_("subscription %(number)s") % {"number": self.pk})
