"""What became of a young person after the bac: what they study, year by year, and whether a member school admitted them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.organisations.models import Organisation
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.people.models.consent import Purpose
from participants.people.models.enrolment import Source, follows_pupil
from participants.people.models.outgoing import OutgoingOfPupil
from participants.people.models.pupil import Pupil, manages_all


class StudyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; for the center, of those who may be followed today."""
        if manages_all(user):
            return self.filter(pupil__in=Pupil.outgoing.allowing(Purpose.FOLLOW_UP))
        return self.filter(pupil__user=user)


@history.track()
class Study(models.Model):
    """What a young person studies in one school year after the bac, as it was told; once a year, the last word stands.

    Classes of a lycée after the bac (CPGE, BTS) may stand here and in an enrolment: either says that they are there."""

    class Kind(models.TextChoices):
        CPGE = "cpge", _("preparatory class (CPGE)")
        BTS = "bts", _("higher technician section (BTS)")
        BUT = "but", _("institute of technology (BUT)")
        UNIVERSITY = "university", _("university")
        SCHOOL = "school", _("engineering school or other grande école")
        OTHER = "other", _("something else")

    # Who may tell the facts of a school year, and the school that admitted them.
    SOURCES = [*Source.choices, ("member", _("member school"))]

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="studies", db_index=False, verbose_name=_("pupil"))
    school_year = SchoolYearField()
    kind = models.CharField(_("studies"), max_length=10, choices=Kind)
    member_school = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member school"),
        limit_choices_to={"kind": Organisation.Kind.MEMBER_SCHOOL},
    )
    source = models.CharField(_("told by"), max_length=6, choices=SOURCES, blank=True)
    told_on = models.DateField(_("told on"), null=True, blank=True)
    is_statistic = models.BooleanField(_("only counts"), default=False, db_default=False, editable=False)

    objects = StudyQuerySet.as_manager()
    outgoing = OutgoingOfPupil.from_queryset(StudyQuerySet)()

    class Meta:
        verbose_name = _("studies after the bac")
        verbose_name_plural = _("studies after the bac")
        ordering = ["pupil", "-school_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "school_year"],
                name="people_study_once_a_year",
                violation_error_message=_("What this person studies in this school year is noted already."),
            ),
            models.CheckConstraint(
                condition=Q(member_school=None) | Q(kind="school"),
                name="people_study_member_school_is_a_school",
                violation_error_message=_("A member school is an engineering school: choose that first."),
            ),
            models.CheckConstraint(
                condition=Q(is_statistic=True, source="", told_on=None)
                | (Q(is_statistic=False, told_on__isnull=False) & ~Q(source="")),
                name="people_study_told_or_statistic",
                violation_error_message=_("Say who told it and when."),
            ),
        ]
        triggers = [follows_pupil()]

    def __str__(self):
        return f"{self.pupil} · {school_year_label(self.school_year)}"

    @property
    def year_label(self):
        return school_year_label(self.school_year)

    def clean(self):
        if self.told_on and self.told_on > timezone.localdate():
            raise ValidationError({"told_on": _("This day is still to come.")})
