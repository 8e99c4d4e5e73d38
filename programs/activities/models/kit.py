"""What a speaker takes along: one kit an activity, opened before the day."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from programs.activities.models.assignment import Assignment
from programs.activities.models.programme import Activity, in_language


class KitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who manage the activity, and for volunteers who hold a place in one of its sessions."""
        held = Assignment.objects.confirmed().filter(volunteer__user=user, session__state="planned")
        return self.filter(
            Q(activity__in=Activity.objects.managed_by(user, Permission.SESSION_MANAGE))
            | Q(activity__in=held.values("session__activity"))
        )


class Kit(models.Model):
    """What whoever speaks should know before the day."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="kit", verbose_name=_("activity"))
    briefing_fr = models.TextField(_("briefing in French"))
    briefing_en = models.TextField(_("briefing in English"), blank=True)
    transport_fr = models.TextField(
        _("by public transport, in French"), blank=True, help_text=_("Lines, stops, the last minutes on foot.")
    )
    transport_en = models.TextField(_("by public transport, in English"), blank=True)

    objects = KitQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker’s kit")
        verbose_name_plural = _("speakers’ kits")
        ordering = ["activity"]

    def __str__(self):
        return str(self.activity)

    @property
    def briefing(self):
        return in_language(self.briefing_fr, self.briefing_en)

    @property
    def transport(self):
        return in_language(self.transport_fr, self.transport_en)


class OfKitQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(kit__in=Kit.objects.visible_to(user))


class WhatIf(models.Model):
    """What may happen, and what to do then."""

    kit = models.ForeignKey(Kit, models.CASCADE, related_name="what_ifs", verbose_name=_("speaker’s kit"))
    question_fr = models.CharField(_("what if, in French"), max_length=200)
    answer_fr = models.TextField(_("what to do, in French"))
    question_en = models.CharField(_("what if, in English"), max_length=200, blank=True)
    answer_en = models.TextField(_("what to do, in English"), blank=True)

    objects = OfKitQuerySet.as_manager()

    class Meta:
        verbose_name = _("what if")
        verbose_name_plural = _("what ifs")
        ordering = ["kit", "pk"]

    def __str__(self):
        return self.question

    @property
    def question(self):
        return in_language(self.question_fr, self.question_en)

    @property
    def answer(self):
        return in_language(self.answer_fr, self.answer_en)


class KitDocument(models.Model):
    """A file for speakers; it stands under PRIVATE_ROOT under a random name and leaves as an attachment only."""

    kit = models.ForeignKey(Kit, models.CASCADE, related_name="documents", verbose_name=_("speaker’s kit"))
    title = models.CharField(_("title"), max_length=120)
    stored_as = models.CharField(_("file"), max_length=60, editable=False)
    added_at = models.DateTimeField(_("added"), db_default=Now())

    objects = OfKitQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a kit")
        verbose_name_plural = _("documents of kits")
        ordering = ["kit", "pk"]

    def __str__(self):
        return self.title


class KitOpeningQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class KitOpening(models.Model):
    """That a speaker opened the kit, and when for the first time."""

    assignment = models.OneToOneField(
        Assignment, models.CASCADE, related_name="kit_opening", verbose_name=_("assignment")
    )
    opened_at = models.DateTimeField(_("opened"), db_default=Now())

    objects = KitOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of a kit")
        verbose_name_plural = _("openings of kits")
        ordering = ["-opened_at", "-pk"]

    def __str__(self):
        return str(self.assignment)
