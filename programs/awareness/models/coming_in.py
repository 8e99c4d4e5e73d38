"""Young people at the door of the talent pool: what they typed, until their address is proven and they are on record."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.organisations.levels import Level
from participants.organisations.models import School
from participants.people.models import Pupil
from programs.awareness.models.pool import runs_pool

# How long a link to prove an address works, and how long what was typed stays without an answer.
PROVEN_WITHIN = dt.timedelta(days=3)
DECIDED_WITHIN = dt.timedelta(days=30)


class SelfEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that wait for somebody's judgement, for those who run the pool."""
        return self.waiting() if runs_pool(user) else self.none()

    def waiting(self):
        return self.filter(state=SelfEntry.State.WAITING)

    def over(self):
        """Those whose time is over, answered or not."""
        now = timezone.now()
        waiting = Q(state=SelfEntry.State.WAITING)
        return self.filter(
            ~waiting & Q(asked_at__lte=now - PROVEN_WITHIN) | waiting & Q(proven_at__lte=now - DECIDED_WITHIN)
        )


class SelfEntry(models.Model):
    """What somebody typed to come into the pool by themselves. They are on no list before the address is proven; a few
    days later the row is gone."""

    class State(models.TextChoices):
        ASKED = "asked", _("the address is not proven")
        WAITING = "waiting", _("may be on record")
        DONE = "done", _("settled")

    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    birth_date = models.DateField(_("date of birth"))
    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name=_("school"))
    level = models.CharField(_("level"), max_length=10, choices=Level)
    email = models.EmailField(_("own e-mail address"), blank=True)
    # Below 15 the one who is written to.
    guardian_email = models.EmailField(_("e-mail address of the guardian"), blank=True)
    guardian_first_name = models.CharField(_("first name of the guardian"), max_length=80, blank=True)
    guardian_last_name = models.CharField(_("last name of the guardian"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    proven_at = models.DateTimeField(_("address proven"), null=True, blank=True)
    # Whose record it may be, and why: codes of participants/people/duplicates/scoring.py.
    pupil = models.ForeignKey(
        Pupil, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("pupil on record")
    )
    codes = ArrayField(models.CharField(max_length=20), verbose_name=_("reasons"), default=list, blank=True)

    objects = SelfEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("young person at the door of the pool")
        verbose_name_plural = _("young people at the door of the pool")
        ordering = ["proven_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="", guardian_email=""),
                name="awareness_selfentry_has_address",
                violation_error_message=_("Give an address to write to."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", proven_at=None) | ~Q(state="asked") & Q(proven_at__isnull=False),
                name="awareness_selfentry_nothing_before_proof",
                violation_error_message=_("Nothing follows before the address is proven."),
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(pupil__isnull=False),
                name="awareness_selfentry_waits_for_record",
                violation_error_message=_("Name the record that it may be."),
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    @property
    def address(self):
        """The one address that is written to."""
        return self.guardian_email or self.email
