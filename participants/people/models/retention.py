from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.people.models.right import OfficerQuerySet, Subject


class Category(models.TextChoices):
    """Data that are kept alike. Every personal field names one."""

    PUPIL = "pupil", _("pupils in tutoring and camps")
    PUPIL_FOLLOWED = "pupil_followed", _("pupils who agreed to be followed afterwards")
    GUARDIAN = "guardian", _("families")
    CONSENT = "consent", _("what families agreed to")
    HEALTH = "health", _("sensitive answers, such as health")
    VOLUNTEER = "volunteer", _("volunteers")
    CONTACT = "contact", _("school contacts")
    ACCOUNT = "account", _("accounts and roles")
    SESSION = "session", _("open sessions in the browser")
    MESSAGE = "message", _("messages and prepared files")
    AUDIT = "audit", _("traces and histories")
    PROOF = "proof", _("requests about personal data and their outcome")


@history.track()
class RetentionTerm(models.Model):
    """How long data of a category stay: so many months after the last activity, then so many of notice. It runs dry, and
    only says what it would do, until the officer switches it on."""

    class Then(models.TextChoices):
        DELETE = "delete", _("delete")
        MINIMISE = "minimise", _("keep what only counts")

    category = models.CharField(_("data"), max_length=15, choices=Category, unique=True, editable=False)
    months_active = models.PositiveSmallIntegerField(
        _("months after the last activity"), help_text=_("How long the data stay in use.")
    )
    months_grace = models.PositiveSmallIntegerField(
        _("months of notice"), default=1, help_text=_("Between the announcement and the end; 0 announces nothing.")
    )
    # What the house does when the time is over: said, not chosen.
    then = models.CharField(_("then"), max_length=8, choices=Then, editable=False)
    applied_on = models.DateField(_("switched on"), null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("switched on by"),
    )

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention term")
        verbose_name_plural = _("retention terms")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months_active__lte=120, months_grace__lte=12),
                name="people_retentionterm_within_ten_years",
                violation_error_message=_("Ten years and twelve months of notice are the most."),
            ),
            models.CheckConstraint(
                condition=~Q(months_active=0, months_grace=0),
                name="people_retentionterm_some_time",
                violation_error_message=_("Give at least one month."),
            ),
            models.CheckConstraint(
                condition=Q(applied_by=None) | Q(applied_on__isnull=False),
                name="people_retentionterm_switched_on_has_day",
                violation_error_message=_("Who switched it on did so on a day."),
            ),
        ]

    def __str__(self):
        return self.get_category_display()

    @property
    def is_applied(self):
        """Whether it acts; else it runs dry."""
        return self.applied_on is not None


class Farewell(models.Model):
    """That the term of somebody's data is over and when they will go, unless the person is active again before."""

    model = models.CharField(_("kind of person"), max_length=15, choices=[*Subject.choices, ("user", _("user"))])
    person_id = models.BigIntegerField(_("person"))
    announced_on = models.DateField(_("announced"), default=timezone.localdate)
    due_on = models.DateField(_("goes on"))
    # Empty: nobody could be written to, so somebody has to tell them otherwise.
    told_on = models.DateField(_("told by mail"), null=True, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("announced erasure")
        verbose_name_plural = _("announced erasures")
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["model", "person_id"], name="people_farewell_once")]
        indexes = [models.Index(fields=["due_on"], name="people_farewell_due")]

    def __str__(self):
        return f"{self.get_model_display()} {self.person_id}"


class RetentionRun(models.Model):
    """One night of the terms: how much was announced, taken back, erased, and what the terms that run dry would have
    done, in numbers only."""

    ran_on = models.DateField(_("night"), default=timezone.localdate, unique=True)
    announced = models.PositiveIntegerField(_("announced"), default=0)
    active_again = models.PositiveIntegerField(_("active again"), default=0)
    erased = models.PositiveIntegerField(_("erased"), default=0)
    held_back = models.PositiveIntegerField(_("held back"), default=0)
    rows_deleted = models.PositiveIntegerField(_("old lines deleted"), default=0)
    # category -> how many people or lines would have gone.
    rehearsed = models.JSONField(_("would have gone"), default=dict, db_default={}, editable=False)
    # category of people -> how they stood in the morning (`terms.Standing`).
    standing = models.JSONField(_("standing"), default=dict, db_default={}, editable=False)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of the terms")
        verbose_name_plural = _("runs of the terms")
        ordering = ["-ran_on"]

    def __str__(self):
        return f"{self.ran_on:%d/%m/%Y}"
