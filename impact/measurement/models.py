"""What figures are made of: rolled-up facts that nobody types, and the targets beside them."""

from django.db import models
from django.db.models import F, Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, Organisation, School
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.people.models import Pupil
from participants.people.models.pupil import Sex
from programs.activities.models import Programme, Session


class Within(models.TextChoices):
    """Inside what a person is counted once. The same class can count 28 in one programme and 30 over all of them."""

    ALL = "all", _("the whole center")
    PILLAR = "pillar", _("pillar")
    PROGRAMME = "programme", _("programme")
    ORGANISATION = "organisation", _("organisation")


class FactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rows behind figures, for those whose role shows rows: of the center, or of what they manage."""
        organisations = Organisation.objects.managed_by(user, Permission.FIGURE_ROWS)
        if user.can_everywhere(Permission.FIGURE_ROWS) or organisations.filter(kind=Organisation.Kind.CENTER).exists():
            return self
        programmes = Programme.objects.managed_by(user, Permission.FIGURE_ROWS)
        return self.filter(
            Q(within=Within.ORGANISATION, within_id__in=organisations.values("pk"))
            | Q(within=Within.PROGRAMME, within_id__in=programmes.values("pk"))
        )


# Facts point at records without a constraint in the database: checking millions of derived rows at each commit takes
# longer than computing them, and what a fact points at cannot go without a note that computes it again.
DERIVED = {"related_name": "+", "db_index": False, "db_constraint": False}


class Fact(models.Model):
    """A row of figures: derived from records by `rollup`, never edited, always the same after a full rebuild."""

    within = models.CharField(_("counted within"), max_length=12, choices=Within)
    # The pillar's number, the programme or the organisation; 0 for the whole center.
    within_id = models.BigIntegerField(_("counted within which"), default=0)
    school_year = SchoolYearField()
    level = models.CharField(_("level"), max_length=10, choices=Level)
    school = models.ForeignKey(School, models.CASCADE, null=True, verbose_name=_("school"), **DERIVED)
    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation in charge"), **DERIVED)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class ReachUnit(Fact):
    """Young people reached who are counted together: those of one level of a class, of the public of an open event,
    or one named pupil of no counted class. The session is the one whose count stands."""

    class_group = models.ForeignKey(ClassGroup, models.CASCADE, null=True, verbose_name=_("class"), **DERIVED)
    pupil = models.ForeignKey(Pupil, models.CASCADE, null=True, verbose_name=_("pupil"), **DERIVED)
    session = models.ForeignKey(Session, models.CASCADE, verbose_name=_("session"), **DERIVED)
    count = models.PositiveIntegerField(_("young people"))
    girls = models.PositiveIntegerField(_("girls"))
    boys = models.PositiveIntegerField(_("boys"))

    class Meta:
        verbose_name = _("young people reached")
        verbose_name_plural = _("young people reached")
        ordering = ["school__sort_name", "level", "class_group__name", "pk"]
        indexes = [models.Index(fields=["within", "within_id", "school_year"], name="measurement_reachunit_total")]
        constraints = [
            models.CheckConstraint(
                condition=Q(class_group=None) | Q(pupil=None), name="measurement_reachunit_one_noun"
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1) & Q(count__gte=F("girls") + F("boys")),
                name="measurement_reachunit_parts_within_count",
            ),
            models.UniqueConstraint(
                fields=["class_group", "within", "within_id", "school_year", "level"],
                condition=Q(class_group__isnull=False),
                name="measurement_reachunit_class_once",
            ),
            models.UniqueConstraint(
                fields=["pupil", "within", "within_id", "school_year"],
                condition=Q(pupil__isnull=False),
                name="measurement_reachunit_pupil_once",
            ),
            models.UniqueConstraint(
                fields=["session", "within", "level"],
                condition=Q(class_group=None, pupil=None),
                name="measurement_reachunit_public_once",
            ),
        ]

    def __str__(self):
        public = self.class_group or _("open public")
        return f"{public}: {self.count}"


class Participation(Fact):
    """What a named pupil took part in during a school year. Who attended once or more is accompanied; what was
    attended of what was expected is a rate, kept as its two parts."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, verbose_name=_("pupil"), **DERIVED)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    class_group = models.ForeignKey(ClassGroup, models.CASCADE, null=True, verbose_name=_("class"), **DERIVED)
    session = models.ForeignKey(Session, models.CASCADE, verbose_name=_("first session"), **DERIVED)
    attended = models.PositiveIntegerField(_("sessions attended"))
    expected = models.PositiveIntegerField(_("sessions expected"))
    minutes = models.PositiveIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["school__sort_name", "level", "pk"]
        indexes = [models.Index(fields=["within", "within_id", "school_year"], name="measurement_participation_all")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected__gte=1) & Q(expected__gte=F("attended")),
                name="measurement_participation_parts",
            ),
            models.UniqueConstraint(
                fields=["pupil", "within", "within_id", "school_year"], name="measurement_participation_once"
            ),
        ]

    def __str__(self):
        return f"{self.attended}/{self.expected}"


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Targets stand beside figures: those of the programmes one reads; those of the center to its readers."""
        if user.can_everywhere(Permission.FIGURE_VIEW):
            return self
        centers = Organisation.objects.managed_by(user, Permission.FIGURE_VIEW).filter(kind=Organisation.Kind.CENTER)
        if centers.exists():
            return self
        return self.filter(programme__in=Programme.objects.managed_by(user, Permission.FIGURE_VIEW))

    def managed_by(self, user):
        """Those of the center for who manages it; those of one's programmes."""
        center = Organisation.objects.managed_by(user, Permission.FIGURE_MANAGE).filter(kind=Organisation.Kind.CENTER)
        if user.can_everywhere(Permission.FIGURE_MANAGE) or center.exists():
            return self
        return self.filter(programme__in=Programme.objects.managed_by(user, Permission.FIGURE_MANAGE))


@history.track()
class Target(models.Model):
    """How many a figure should reach in a school year, over everything or in one programme."""

    class Indicator(models.TextChoices):
        REACHED = "reached", _("young people reached")
        ACCOMPANIED = "accompanied", _("young people supported")
        SCHOOLS = "schools", _("schools reached")
        SESSIONS = "sessions", _("sessions held")
        VOLUNTEERS = "volunteers", _("volunteers involved")
        HOURS = "hours", _("volunteer hours")

    school_year = SchoolYearField()
    programme = models.ForeignKey(
        Programme,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("programme"),
        help_text=_("Empty for the whole center."),
    )
    indicator = models.CharField(_("figure"), max_length=12, choices=Indicator, default=Indicator.REACHED)
    value = models.PositiveIntegerField(_("target"))

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-school_year", F("programme").asc(nulls_first=True), "indicator"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_year", "programme", "indicator"],
                nulls_distinct=False,
                name="measurement_target_once",
                violation_error_message=_("There is already a target for this figure and this year: change that one."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=1),
                name="measurement_target_positive",
                violation_error_message=_("A target is at least 1."),
            ),
        ]

    def __str__(self):
        return f"{self.get_indicator_display()}, {school_year_label(self.school_year)}: {self.value}"

    @property
    def school_year_label(self):
        return school_year_label(self.school_year)

    @property
    def value_text(self):
        return number_format(self.value, use_l10n=True, force_grouping=True)
