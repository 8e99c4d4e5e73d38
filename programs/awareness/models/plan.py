"""A plan of a campaign: which students in which class on which half-day, before anything of it is real."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.accounts import history
from programs.awareness.models.campaign import Campaign, CampaignSpeaker, CampaignTalk
from programs.awareness.models.request import HalfDay


class OfCampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Seen by those who run the campaign."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class CampaignPlan(models.Model):
    """One run of the search: looked at by a coordinator, then applied or left."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("plan", "being worked out")
        READY = "ready", pgettext_lazy("plan", "to look at")
        APPLIED = "applied", pgettext_lazy("plan", "applied")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="plans", verbose_name=_("campaign"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    keeps_last = models.BooleanField(_("stays close to the last plan"), default=True)
    finished_at = models.DateTimeField(_("worked out"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    worth = models.BigIntegerField(_("worth"), null=True, blank=True)
    bound = models.BigIntegerField(_("worth at most"), null=True, blank=True)

    objects = OfCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of a campaign")
        verbose_name_plural = _("plans of campaigns")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", finished_at=None) | (~Q(state="asked") & Q(finished_at__isnull=False)),
                name="awareness_campaignplan_finished_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False) | (~Q(state="applied") & Q(applied_at=None)),
                name="awareness_campaignplan_applied_has_moment",
            ),
        ]

    def __str__(self):
        return f"{self.campaign} · {self.asked_at:%d/%m/%Y %H:%M}"

    @property
    def gap_percent(self):
        """How much of the best possible plan may be missing at most, in percent."""
        return 100 * max(0, self.bound - self.worth) / self.bound if self.bound else 0


class PairRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(speaker__campaign__in=Campaign.objects.visible_to(user))


@history.track()
class PairRule(models.Model):
    """That a coordinator wants, or does not want, this person in this talk, whatever the search finds."""

    class Kind(models.TextChoices):
        LOCK = "lock", _("stays together")
        FORBID = "forbid", _("never together")

    speaker = models.ForeignKey(CampaignSpeaker, models.CASCADE, related_name="rules", verbose_name=_("speaker"))
    talk = models.ForeignKey(CampaignTalk, models.CASCADE, related_name="rules", verbose_name=_("talk"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    made_at = models.DateTimeField(_("decided"), auto_now=True)

    objects = PairRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for a pair")
        verbose_name_plural = _("rules for pairs")
        ordering = ["talk", "speaker"]
        constraints = [
            models.UniqueConstraint(fields=["speaker", "talk"], name="awareness_pairrule_once"),
        ]

    def __str__(self):
        return f"{self.speaker.volunteer} · {self.talk} · {self.get_kind_display()}"


class OfPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=CampaignPlan.objects.visible_to(user))


class PlannedTalk(models.Model):
    """A talk in a plan: its half-day, or why there is none. `facts` hold numbers and codes, no words."""

    plan = models.ForeignKey(CampaignPlan, models.CASCADE, related_name="talks", verbose_name=_("plan"))
    talk = models.ForeignKey(CampaignTalk, models.CASCADE, related_name="planned", verbose_name=_("talk"))
    day = models.DateField(_("day"), null=True, blank=True)
    half_day = models.CharField(_("half-day"), max_length=10, choices=HalfDay, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    refusal = models.TextField(_("what stood in the way"), blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned talk")
        verbose_name_plural = _("planned talks")
        ordering = ["plan", "day", "-half_day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "talk"], name="awareness_plannedtalk_once"),
            models.CheckConstraint(
                condition=Q(day=None, half_day="") | (Q(day__isnull=False) & ~Q(half_day="")),
                name="awareness_plannedtalk_half_day_whole",
            ),
        ]

    def __str__(self):
        return f"{self.talk} · {self.day or '–'}"


class OfPlannedTalkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(planned__in=PlannedTalk.objects.visible_to(user))


class PlannedSpeaker(models.Model):
    """Somebody in a planned talk, and why. `facts` hold numbers and codes, no words."""

    planned = models.ForeignKey(PlannedTalk, models.CASCADE, related_name="speakers", verbose_name=_("planned talk"))
    speaker = models.ForeignKey(CampaignSpeaker, models.CASCADE, related_name="planned", verbose_name=_("speaker"))
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    refusal = models.TextField(_("what stood in the way"), blank=True)

    objects = OfPlannedTalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned speaker")
        verbose_name_plural = _("planned speakers")
        ordering = ["planned", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["planned", "speaker"], name="awareness_plannedspeaker_once"),
        ]

    def __str__(self):
        return f"{self.speaker.volunteer} → {self.planned}"
