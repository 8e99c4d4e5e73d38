import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.accounts import sabotage
from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, Organisation, School
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.people.models.person import Person


class Sex(models.TextChoices):
    FEMALE = "F", _("girl")
    MALE = "M", _("boy")
    NOT_GIVEN = "N", _("not given")


class PupilQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself, one's children, the pupils of one's schools; all for those who work for the whole center."""
        if sabotage.is_on("scope") or Organisation.objects.reaches_center(user, Permission.PUPIL_VIEW):
            return self
        enrolled = Enrolment.objects.filter(school__in=School.objects.of(user, Permission.REQUEST_MAKE))
        return self.filter(
            Q(user=user)
            | Q(pk__in=Guardianship.objects.filter(guardian__user=user).values("pupil"))
            | Q(pk__in=enrolled.values("pupil"))
        )


@pghistory.track()
class Pupil(Person):
    """A named young person: tutoring, camps. Talks only count heads. No address, no nationality, no origin."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="pupil", verbose_name=_("user")
    )
    birth_date = models.DateField(_("date of birth"))
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, default=Sex.NOT_GIVEN)

    objects = PupilQuerySet.as_manager()

    class Meta(Person.Meta):
        verbose_name = _("pupil")
        verbose_name_plural = _("pupils")


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(pupil__in=Pupil.objects.visible_to(user))


@pghistory.track()
class Enrolment(models.Model):
    """What is true of a pupil in one school year, so that a figure of 2024 keeps the profile of 2024."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        UNKNOWN = "unknown", _("unknown")

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="enrolments", verbose_name=_("pupil"))
    school_year = SchoolYearField()
    school = models.ForeignKey(School, models.PROTECT, related_name="enrolments", verbose_name=_("school"))
    class_group = models.ForeignKey(
        ClassGroup, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("class")
    )
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.UNKNOWN)
    scholarship = models.CharField(_("scholarship holder"), max_length=7, choices=Answer, default=Answer.UNKNOWN)
    priority_neighbourhood = models.CharField(
        _("lives in a priority neighbourhood"), max_length=7, choices=Answer, default=Answer.UNKNOWN
    )
    first_generation = models.CharField(
        _("first of the family in higher education"), max_length=7, choices=Answer, default=Answer.UNKNOWN
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["pupil", "-school_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "school_year"],
                name="people_enrolment_once_a_year",
                violation_error_message=_("This pupil is already enrolled for this school year."),
            )
        ]

    def __str__(self):
        return f"{self.pupil} · {school_year_label(self.school_year)}"


class GuardianQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; the guardians of the pupils one sees, for those who work for the whole center."""
        if Organisation.objects.reaches_center(user, Permission.PUPIL_VIEW):
            return self
        return self.filter(user=user)


@pghistory.track()
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

    objects = GuardianQuerySet.as_manager()

    class Meta(Person.Meta):
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")


class GuardianshipQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(pupil__in=Pupil.objects.visible_to(user))


@pghistory.track()
class Guardianship(models.Model):
    """That a guardian answers for a pupil."""

    guardian = models.ForeignKey(Guardian, models.CASCADE, related_name="guardianships", verbose_name=_("guardian"))
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="guardianships", verbose_name=_("pupil"))

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        ordering = ["pupil", "guardian"]
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "pupil"],
                name="people_guardianship_once",
                violation_error_message=_("This guardian is already linked to this pupil."),
            )
        ]

    def __str__(self):
        return f"{self.guardian} → {self.pupil}"
