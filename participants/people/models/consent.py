import hashlib

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.organisations.school_years import SchoolYearField
from participants.people.models.guardian import Guardian
from participants.people.models.pupil import Pupil


class Purpose(models.TextChoices):
    """What a family is asked about, each for itself."""

    TAKING_PART = "taking_part", _("taking part")
    IMAGE = "image", _("photos and films")
    FOLLOW_UP = "follow_up", _("follow-up after the programme")
    RESEARCH = "research", _("research")
    CONTACT_AFTER_18 = "contact_after_18", _("contact after 18")
    CAMP_HEALTH = "camp_health", _("health data for a camp")


class ConsentTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What families are asked is no secret."""
        return self

    def current(self):
        """The text that is shown now, one a purpose."""
        return self.filter(retired_at=None)


class ConsentText(models.Model):
    """What exactly was read and signed. Once published it is never changed: a new version takes its place."""

    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version"))
    title_fr = models.CharField(_("title in French"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150)
    text_fr = models.TextField(_("text in French"))
    text_en = models.TextField(_("text in English"))
    each_school_year = models.BooleanField(_("asked again each school year"), default=False)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, editable=False)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    retired_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="people_consenttext_version_once"),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(retired_at=None),
                name="people_consenttext_one_current",
                violation_error_message=_("There is already a current text for this purpose."),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="never_changed",
                fields=[
                    *("purpose", "version", "title_fr", "title_en", "text_fr", "text_en"),
                    *("each_school_year", "fingerprint"),
                ],
            )
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} · {self.version}"

    def save(self, *args, **kwargs):
        self.fingerprint = self.compute_fingerprint()
        super().save(*args, **kwargs)

    def compute_fingerprint(self):
        """SHA-256, in hex, of all that a reader is shown in either language."""
        parts = [self.title_fr, self.text_fr, self.title_en, self.text_en]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def title(self):
        return self.title_en if (get_language() or "fr").startswith("en") else self.title_fr

    @property
    def text(self):
        return self.text_en if (get_language() or "fr").startswith("en") else self.text_fr


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(pupil__in=Pupil.objects.visible_to(user))

    def standing(self):
        """The last word of each signer about each purpose."""
        return self.filter(replaced_at=None)

    def in_force(self, day):
        """Standing words that say yes on this day."""
        return self.standing().filter(decision=Consent.Decision.GIVEN, withdrawn_at=None, valid_until__gte=day)

    def objecting(self):
        """Standing words that say no: a refusal, or a consent taken back."""
        return self.standing().filter(Q(decision=Consent.Decision.REFUSED) | Q(withdrawn_at__isnull=False))


@history.track()
class Consent(models.Model):
    """One word of one signer about one purpose: a line of the ledger. A new word replaces the last, none is deleted."""

    class Decision(models.TextChoices):
        GIVEN = "given", _("yes")
        REFUSED = "refused", _("no")

    class Channel(models.TextChoices):
        LINK = "link", _("personal link")
        PAPER = "paper", _("paper scanned by the school")
        ACCOUNT = "account", _("own account")

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="consents", verbose_name=_("pupil"))
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents", verbose_name=_("text"))
    # Without a guardian, the pupil signed.
    guardian = models.ForeignKey(
        Guardian, models.CASCADE, null=True, blank=True, related_name="consents", verbose_name=_("guardian")
    )
    decision = models.CharField(_("word"), max_length=7, choices=Decision)
    channel = models.CharField(_("channel"), max_length=7, choices=Channel)
    school_year = SchoolYearField()
    said_at = models.DateTimeField(_("said"))
    valid_until = models.DateField(_("valid until"), help_text=_("Last day on which it counts."))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    # As typed by the signer, or as it stands on the paper.
    signature = models.CharField(_("signature"), max_length=170, blank=True)
    # The scan of a paper under PRIVATE_ROOT, under a random name.
    scan = models.CharField(_("scan"), max_length=80, blank=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["pupil", "purpose", "-said_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "purpose", "guardian"],
                condition=Q(replaced_at=None),
                nulls_distinct=False,
                name="people_consent_one_standing_word",
                violation_error_message=_("This person has already answered."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(decision="given"),
                name="people_consent_only_yes_is_withdrawn",
                violation_error_message=_("Only a consent that was given can be withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(scan="") | Q(channel="paper"),
                name="people_consent_scan_of_paper",
                violation_error_message=_("Only a paper has a scan."),
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.get_decision_display()}"

    @property
    def is_in_force(self):
        return (
            self.replaced_at is None
            and self.decision == self.Decision.GIVEN
            and self.withdrawn_at is None
            and self.valid_until >= timezone.localdate()
        )

    @property
    def signer(self):
        """Who said it, in words: the guardian's name, or the pupil's own."""
        return str(self.guardian or self.pupil)
