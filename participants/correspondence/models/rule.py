from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.correspondence import occasions
from participants.correspondence.spans import say_offset


class RuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules hold nobody's name: all of them for those who may see messages."""
        return self if user.can(Permission.MESSAGE_VIEW) else self.none()

    def active(self):
        return self.filter(is_active=True)

    def with_waiting(self):
        """`waiting`: how many messages of the rule are still to leave."""
        return self.annotate(waiting=Count("messages", filter=Q(messages__state__in=("planned", "held"))))


class Rule(models.Model):
    """When something happens, write this, so long before or after. Staff edit the texts and the time."""

    # The seed's own name for the rule, so that seeding again finds it whatever staff made of it.
    code = models.CharField(
        _("code"), max_length=80, unique=True, validators=[RegexValidator(r"^[a-z0-9._-]+$")], editable=False
    )
    occasion = models.CharField(_("occasion"), max_length=60)
    offset = models.DurationField(
        _("when"), help_text=_("Counted on the wall clock: one day before 18:00 is 18:00, also when clocks change.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    subject_fr = models.CharField(_("subject in French"), max_length=150)
    subject_en = models.CharField(_("subject in English"), max_length=150)
    body_fr = models.TextField(_("text in French"), max_length=5000)
    body_en = models.TextField(_("text in English"), max_length=5000)
    action_label_fr = models.CharField(_("button in French"), max_length=60, blank=True)
    action_label_en = models.CharField(_("button in English"), max_length=60, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["occasion", "offset", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action_label_fr="", action_label_en="") | (~Q(action_label_fr="") & ~Q(action_label_en="")),
                name="correspondence_rule_button_in_both_languages",
                violation_error_message=_("Give the button in both languages, or in none."),
            )
        ]

    def __str__(self):
        return f"{self.occasion_label} · {say_offset(self.offset)}"

    @property
    def occasion_label(self):
        occasion = occasions.find(self.occasion)
        return str(occasion.label) if occasion else self.occasion

    @property
    def when(self):
        return say_offset(self.offset)

    @property
    def subject(self):
        return self.text("subject")

    def text(self, field: str) -> str:
        """The subject, body or action label in the active language."""
        language = "fr" if (get_language() or "").startswith("fr") else "en"
        return getattr(self, f"{field}_{language}")
