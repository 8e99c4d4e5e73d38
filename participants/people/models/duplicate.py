import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.people.models.pupil import Pupil, sees_all

UNDO_FOR = dt.timedelta(days=30)


def undo_until():
    return timezone.now() + UNDO_FOR


class DuplicatePairQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who may merge: the pairs of which they see both pupils."""
        if not user.can(Permission.PUPIL_MERGE):
            return self.none()
        if sees_all(user):
            return self
        seen = Pupil.objects.visible_to(user).values("pk")
        return self.filter(one__in=seen, other__in=seen)

    def open(self):
        """Those that wait for somebody's judgement."""
        return self.filter(state=DuplicatePair.State.OPEN)


@history.track()
class DuplicatePair(models.Model):
    """Two records that may be one pupil, kept once, the lower number first. What is merged is no pair any more: `Merge`
    tells of it. A pair that was judged stays, so that it is never proposed again."""

    class State(models.TextChoices):
        OPEN = "open", _("to look at")
        APART = "apart", _("not the same person")

    one = models.ForeignKey(Pupil, models.CASCADE, related_name="+", verbose_name=_("pupil"))
    other = models.ForeignKey(Pupil, models.CASCADE, related_name="+", verbose_name=_("other pupil"))
    score = models.SmallIntegerField(_("score"))
    # The evidence that adds up to the score: codes of duplicates/scoring.py.
    codes = ArrayField(models.CharField(max_length=20), verbose_name=_("reasons"))
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["state", "-score", "id"], name="people_duplicatepair_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"],
                name="people_duplicatepair_once",
                violation_error_message=_("These two records are already compared."),
            ),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")),
                name="people_duplicatepair_in_order",
                violation_error_message=_("The record with the lower number comes first."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | Q(state="apart", decided_at__isnull=False),
                name="people_duplicatepair_judged_once",
                violation_error_message=_("A judgement has a moment."),
            ),
        ]

    def __str__(self):
        return f"{self.one} · {self.other}"

    def get_absolute_url(self):
        return reverse("people:duplicate-detail", args=[self.pk])


class MergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.can(Permission.PUPIL_MERGE):
            return self.none()
        if sees_all(user):
            return self
        return self.filter(kept__in=Pupil.objects.visible_to(user).values("pk"))

    def standing(self):
        return self.filter(undone_at=None)

    def undoable(self):
        return self.standing().filter(undo_until__gt=timezone.now(), journal__isnull=False)


@history.track(exclude=["journal"])
class Merge(models.Model):
    """That two records became one, and how to take it back. The journal holds what the gone record was: it is deleted
    with the time for undoing."""

    kept = models.ForeignKey(Pupil, models.CASCADE, related_name="merges", verbose_name=_("pupil"))
    # Numbers and no keys: what they name is gone.
    gone_id = models.BigIntegerField(_("merged record"))
    pair_id = models.BigIntegerField(_("pair"))
    codes = ArrayField(models.CharField(max_length=20), verbose_name=_("reasons"))
    journal = models.JSONField(_("journal for undoing"), null=True, blank=True, editable=False)
    # Guardians for whom the merged pupil has no place left.
    unattached = ArrayField(models.BigIntegerField(), verbose_name=_("guardians left over"), default=list)
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("merged by")
    )
    undo_until = models.DateTimeField(_("can be undone until"), default=undo_until)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]
        indexes = [
            models.Index(fields=["pair_id"], name="people_merge_pair"),
            models.Index(fields=["undo_until"], condition=Q(journal__isnull=False), name="people_merge_journal"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(journal=None),
                name="people_merge_undone_keeps_no_journal",
                violation_error_message=_("What was undone keeps no journal."),
            )
        ]

    def __str__(self):
        return f"{self.kept} ← {self.gone_id}"

    @property
    def can_undo(self):
        return self.undone_at is None and self.journal is not None and self.undo_until > timezone.now()

    def name_of_gone(self):
        """The name of the record that went, while the journal remembers it."""
        for step in self.journal or []:
            if step["model"] == "people.pupil" and step["after"] is None:
                return f"{step['before']['first_name']} {step['before']['last_name']}"
        return ""


class DuplicateSearch(models.Model):
    """One run of the search, so that the next one looks only at what has changed since."""

    started_at = models.DateTimeField(_("started"))
    is_full = models.BooleanField(_("all pupils"))
    compared = models.PositiveIntegerField(_("pairs compared"))
    found = models.PositiveIntegerField(_("pairs found"))

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")
        ordering = ["-started_at"]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M}"
