from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from participants.accounts.models import User
from participants.correspondence import jobs


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own: a file made with one person's rights is nobody else's."""
        return self.filter(owner=user)

    def unfinished(self):
        return self.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))


class Job(models.Model):
    """Work too long for a page, asked for by one person, with a file as the answer."""

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("job", "waiting")
        RUNNING = "running", pgettext_lazy("job", "under way")
        DONE = "done", pgettext_lazy("job", "ready")
        FAILED = "failed", pgettext_lazy("job", "failed")

    kind = models.CharField(_("kind"), max_length=60)
    owner = models.ForeignKey(User, models.CASCADE, related_name="jobs", verbose_name=_("owner"))
    # Ids and filters only: what they lead to is read again, with the owner's rights, when the work is done.
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    # A digest of the parameters: a unique key on the parameters themselves would limit their size.
    fingerprint = models.CharField(_("fingerprint"), max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, db_default=State.QUEUED)
    done = models.PositiveIntegerField(_("done"), db_default=0)
    total = models.PositiveIntegerField(_("total"), db_default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    claim = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    file_name = models.CharField(_("file name"), max_length=150, blank=True, db_default="")
    # Where the file stands under PRIVATE_ROOT: a random name, so that nobody reaches it by guessing.
    stored_as = models.CharField(_("stored as"), max_length=60, blank=True, db_default="", editable=False)
    size = models.PositiveBigIntegerField(_("size"), db_default=0)
    # What the work counted, such as the lines that were refused: numbers only.
    outcome = models.JSONField(_("outcome"), default=dict, blank=True, db_default=Value({}, models.JSONField()))
    error = models.CharField(_("error"), max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("file kept until"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "fingerprint"],
                condition=Q(state__in=("queued", "running")),
                name="correspondence_job_once_at_a_time",
                violation_error_message=_("This work is already under way."),
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")) | Q(total=0),
                name="correspondence_job_done_within_total",
                violation_error_message=_("More is done than there is to do."),
            ),
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False, expires_at__isnull=False)
                | Q(state="failed", finished_at__isnull=False) & ~Q(error="")
                | Q(state__in=("queued", "running"), finished_at=None),
                name="correspondence_job_end_whole",
                violation_error_message=_("Finished work says when it ended and, if it failed, why."),
            ),
            models.CheckConstraint(
                condition=Q(claim=None, lease_until=None) & ~Q(state="running")
                | Q(claim__isnull=False, lease_until__isnull=False, state="running"),
                name="correspondence_job_lease_whole",
                violation_error_message=_("Only running work is leased."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state__in=("queued", "running")), name="correspondence_job_waiting"
            ),
            models.Index(fields=["expires_at"], condition=~Q(stored_as=""), name="correspondence_job_expiry"),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("correspondence:job-detail", args=[self.pk])

    @property
    def label(self):
        return jobs.label_of(self.kind)

    @property
    def error_text(self):
        return gettext(self.error) if self.error else ""

    @property
    def percent(self):
        """How far it is, once the work has said how much there is to do."""
        return 100 * self.done // self.total if self.total else None

    @property
    def is_finished(self):
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def told(self):
        """What the work counted, as words and numbers for the page."""
        words = kind.words if (kind := jobs.find(self.kind)) else {}
        return [(label, self.outcome[key]) for key, label in words.items() if key in self.outcome]

    @property
    def next_step(self):
        """Where finished work leads on: an address and the words for it, or nothing."""
        kind = jobs.find(self.kind)
        return kind.then(self) if kind and self.state == self.State.DONE else None

    @property
    def has_file(self):
        is_kept = bool(self.stored_as and self.file_name) and self.expires_at > timezone.now()
        return self.state == self.State.DONE and is_kept

    @property
    def page_url(self):
        """Where the answer stands, for work that makes no file."""
        kind = jobs.find(self.kind)
        return kind.page(self) if kind and kind.page else ""

    @property
    def path(self) -> Path:
        return settings.PRIVATE_ROOT / "jobs" / self.stored_as
