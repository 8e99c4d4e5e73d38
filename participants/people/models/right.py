import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.accounts import history
from participants.accounts.roles import Permission


class Subject(models.TextChoices):
    """Who can be asked about and erased. The value is the name of the model."""

    PUPIL = "pupil", _("pupil")
    GUARDIAN = "guardian", _("guardian")
    VOLUNTEER = "volunteer", _("volunteer")
    SCHOOL_CONTACT = "schoolcontact", _("school contact")


class OfficerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who answer people about their data, on the whole center."""
        return self if user.can_everywhere(Permission.RIGHTS_HANDLE) else self.none()


class RightsRequestQuerySet(OfficerQuerySet):
    def open(self):
        return self.filter(state=RightsRequest.State.OPEN)

    def overdue(self):
        return self.open().filter(due_on__lt=timezone.localdate())


@history.track()
class RightsRequest(models.Model):
    """What somebody asks about their data, or a parent about their child's: to be answered within one month. Once the
    person is erased only the kind, the dates and the outcome stay."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("access")
        RECTIFICATION = "rectification", _("rectification")
        ERASURE = "erasure", _("erasure")
        OBJECTION = "objection", _("objection")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "to answer")
        DONE = "done", pgettext_lazy("request", "done")
        REFUSED = "refused", pgettext_lazy("request", "refused")

    class Check(models.TextChoices):
        ACCOUNT = "account", _("signed in with their own account")
        ADDRESS = "address", _("wrote from the address that we know")
        CALL = "call", _("called back on the number that we know")
        SCHOOL = "school", _("confirmed by the school")
        PAPER = "paper", _("showed a document, of which no copy was kept")

    kind = models.CharField(_("right"), max_length=15, choices=Kind)
    # The person, once found; without a foreign key, because the request outlives the erasure that it asks for.
    subject = models.CharField(_("about a"), max_length=15, choices=Subject)
    subject_id = models.BigIntegerField(_("person"), null=True, blank=True, editable=False)
    about = models.CharField(_("about whom"), max_length=150, help_text=_("First name and last name, as written."))
    asked_by = models.CharField(_("asked by"), max_length=150, help_text=_("The person, or who answers for them."))
    checked_by = models.CharField(_("how the identity was checked"), max_length=10, choices=Check)
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    due_on = models.DateField(_("to answer by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    done_on = models.DateField(_("answered on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["state", "due_on"], name="people_rightsrequest_due"),
            models.Index(fields=["-received_on", "-id"], name="people_rightsrequest_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("received_on")),
                name="people_rightsrequest_due_after_received",
                violation_error_message=_("The answer is due after the request."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_on=None) | (~Q(state="open") & Q(done_on__isnull=False)),
                name="people_rightsrequest_end_has_day",
                violation_error_message=_("An answer, and only an answer, has a day."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused", answer="", subject_id__isnull=False),
                name="people_rightsrequest_refusal_has_reason",
                violation_error_message=_("Say why: a refusal needs a reason that can be challenged."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.received_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("people:right-detail", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def days_left(self):
        return (self.due_on - timezone.localdate()).days

    @property
    def is_overdue(self):
        return self.is_open and self.days_left < 0


def one_month_after(day: dt.date) -> dt.date:
    """The same day of the next month, or its last day (regulation 1182/71, article 3)."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month, number)
        except ValueError:
            continue
    return dt.date(year, month, day.day)


class Tombstone(models.Model):
    """That somebody was erased: which row of which table, in which month and why. All that stays of a person, so that a
    restored backup can be cleaned again."""

    class Ground(models.TextChoices):
        REQUEST = "request", _("asked for")
        OBJECTION = "objection", _("objected")
        TERM = "term", _("the term was over")
        WITH_CHILD = "with_child", _("the only child was erased")

    model = models.CharField(_("kind of person"), max_length=15, choices=[*Subject.choices, ("user", _("user"))])
    old_id = models.BigIntegerField(_("former number"))
    month = models.DateField(_("month"))
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        ordering = ["-month", "model", "old_id"]
        constraints = [
            models.UniqueConstraint(fields=["model", "old_id"], name="people_tombstone_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="people_tombstone_says_the_month"),
        ]

    def __str__(self):
        return f"{self.get_model_display()} {self.old_id}"
