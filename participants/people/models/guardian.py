from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation, School
from participants.people.models.enrolment import Enrolment
from participants.people.models.person import Person, ends_links_of_old_address


class GuardianQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; the guardians of the pupils of one's school, for its contacts; all for the whole center."""
        if Organisation.objects.reaches_center(user, Permission.PUPIL_VIEW):
            return self
        if not user.can(Permission.PUPIL_VIEW):
            return self.filter(user=user)
        return self.filter(Q(user=user) | Q(pk__in=Guardianship.objects.visible_to(user).values("guardian")))


@history.track()
class Guardian(Person):
    """A parent or legal guardian. The address may be shared: it identifies nobody."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="guardian",
        verbose_name=_("user"),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    # Changed to take back every personal link at once.
    link_key = models.PositiveIntegerField(_("link key"), default=1, editable=False)

    objects = GuardianQuerySet.as_manager()

    class Meta(Person.Meta):
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        indexes = [*Person.Meta.indexes, models.Index(fields=["email"], name="people_guardian_email")]
        triggers = [ends_links_of_old_address()]


class GuardianshipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the pupils of one's school, and of oneself: a tutor sees the pupil, not the family."""
        if Organisation.objects.reaches_center(user, Permission.PUPIL_VIEW):
            return self
        own = Q(guardian__user=user) | Q(pupil__user=user)
        if user.can(Permission.PUPIL_VIEW):
            schools = School.objects.of(user, Permission.PUPIL_VIEW)
            own |= Q(pupil__in=Enrolment.objects.newest().filter(school__in=schools).values("pupil"))
        return self.filter(own)


@history.track()
class Guardianship(models.Model):
    """That a guardian answers for a pupil, as the first or the second of two."""

    class Rank(models.IntegerChoices):
        FIRST = 1, _("first guardian")
        SECOND = 2, _("second guardian")

    guardian = models.ForeignKey(Guardian, models.CASCADE, related_name="guardianships", verbose_name=_("guardian"))
    pupil = models.ForeignKey("people.Pupil", models.CASCADE, related_name="guardianships", verbose_name=_("pupil"))
    rank = models.PositiveSmallIntegerField(_("which"), choices=Rank, default=Rank.FIRST)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        ordering = ["pupil", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "pupil"],
                name="people_guardianship_once",
                violation_error_message=_("This guardian is already linked to this pupil."),
            ),
            models.UniqueConstraint(
                fields=["pupil", "rank"],
                name="people_guardianship_one_of_each_rank",
                violation_error_message=_("This pupil already has a guardian in this place."),
            ),
            models.CheckConstraint(
                condition=Q(rank__in=[1, 2]),
                name="people_guardianship_two_at_most",
                violation_error_message=_("A pupil has one or two guardians."),
            ),
        ]

    def __str__(self):
        return f"{self.guardian} → {self.pupil}"
