import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, School
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.people.models.outgoing import OutgoingOfPupil


class Answer(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("unknown")


class Source(models.TextChoices):
    """Who said it."""

    SCHOOL = "school", _("school")
    FAMILY = "family", _("family")
    PUPIL = "pupil", _("pupil")


class SocialOrigin(models.TextChoices):
    """The four groups of the statistical services of the ministry, from the occupation of the parents."""

    VERY_FAVOURED = "tf", _("very advantaged")
    FAVOURED = "f", _("advantaged")
    AVERAGE = "m", _("average")
    MODEST = "d", _("low-income")
    UNKNOWN = "unknown", _("unknown")


class ScholarshipScale(models.TextChoices):
    """Whose steps: three at collège, six at lycée, 0bis (written 0) to 7 afterwards."""

    COLLEGE = "college", _("collège, steps 1 to 3")
    LYCEE = "lycee", _("lycée, steps 1 to 6")
    HIGHER = "higher", _("higher education, steps 0bis to 7")


class Track(models.TextChoices):
    GENERAL = "general", _("general")
    STMG = "STMG", "STMG"
    STI2D = "STI2D", "STI2D"
    STL = "STL", "STL"
    ST2S = "ST2S", "ST2S"
    STD2A = "STD2A", "STD2A"
    STHR = "STHR", "STHR"
    S2TMD = "S2TMD", "S2TMD"
    STAV = "STAV", "STAV"
    VOCATIONAL = "vocational", _("vocational")
    UNKNOWN = "unknown", _("unknown")


class Speciality(models.TextChoices):
    MATHS = "maths", _("mathematics")
    PHYSICS = "physics", _("physics and chemistry")
    NSI = "nsi", _("computer science (NSI)")
    SI = "si", _("engineering sciences (SI)")
    SVT = "svt", _("life and earth sciences (SVT)")
    MATHS_EXPERT = "maths_expert", _("advanced mathematics (option)")
    MATHS_EXTRA = "maths_extra", _("further mathematics (option)")
    OTHER = "other", _("other")


LANGUAGES_STUDIED = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("pt", _("Portuguese")),
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("la", _("Latin")),
    ("grc", _("ancient Greek")),
]


# Each optional fact -> the columns that say who told it and when.
FACTS = {
    "scholarship": ("scholarship_source", "scholarship_on"),
    "priority_neighbourhood": ("neighbourhood_source", "neighbourhood_on"),
    "first_generation": ("generation_source", "generation_on"),
    "social_origin": ("origin_source", "origin_on"),
    "track": ("track_source", "track_on"),
    "specialities": ("specialities_source", "specialities_on"),
    "languages": ("languages_source", "languages_on"),
}
# What the value of a fact says when nobody knows: nothing stands in a list.
NOBODY_KNOWS = {"specialities": [], "languages": []}
# Noted before anybody asked who told them: what was written then says neither.
OFTEN_UNSAID = {"track", "specialities", "languages"}


# A year that stands for an erased pupil says so, whatever the writer says, and keeps what is coarse only.
FOLLOW_PUPIL = """
SELECT is_statistic INTO NEW.is_statistic FROM people_pupil WHERE id = NEW.pupil_id;
RETURN NEW;
"""


def follows_pupil() -> pgtrigger.Trigger:
    """For each table that tells something of a pupil year by year."""
    operation = pgtrigger.Insert | pgtrigger.Update
    return pgtrigger.Trigger(name="follow_pupil", when=pgtrigger.Before, operation=operation, func=FOLLOW_PUPIL)


def _told(fact, source, day):
    """A known fact says who told it and when; an unknown one, and whatever only counts, says neither."""
    unknown, unsaid = Q(**{fact: NOBODY_KNOWS.get(fact, "unknown")}), Q(**{source: "", f"{day}__isnull": True})
    may_be_unsaid = unsaid if fact in OFTEN_UNSAID else unsaid & (unknown | Q(is_statistic=True))
    return models.CheckConstraint(
        condition=may_be_unsaid | (~unknown & ~Q(**{source: ""}) & Q(**{f"{day}__isnull": False})),
        name=f"people_enrolment_{fact}_has_source",
        violation_error_message=_("Say who told it and when, or leave it unknown."),
    )


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        pupils = self.model.pupil.field.related_model  # a pupil knows its years, so this file cannot know it by name
        return self.filter(pupil__in=pupils.objects.visible_to(user))

    def newest(self):
        """The last year of each pupil: where they are now."""
        newer = Enrolment.objects.filter(pupil=OuterRef("pupil"), school_year__gt=OuterRef("school_year"))
        return self.filter(~Exists(newer))


def uai_of(pupil):
    """The UAI of the newest school of a pupil, as a column: by it, a name and a date of birth a pupil is known."""
    newest = Enrolment.objects.filter(pupil=OuterRef(pupil)).order_by("-school_year", "-pk")
    return Subquery(newest.values("school__uai")[:1])


# By statement, not by row: a list of 100,000 pupils is one event statement, and history is the same.
@history.track(level=pghistory.Statement)
class Enrolment(models.Model):
    """What is true of a pupil in one school year, so that a figure of 2024 keeps the profile of 2024."""

    Answer = Answer

    class State(models.TextChoices):
        ENROLLED = "enrolled", _("enrolled")
        LEFT = "left", _("left the school")

    # Pupil and school each begin an index below: one of their own would only make long lists slower to take in.
    pupil = models.ForeignKey(
        "people.Pupil", models.CASCADE, related_name="enrolments", db_index=False, verbose_name=_("pupil")
    )
    school_year = SchoolYearField()
    school = models.ForeignKey(
        School, models.PROTECT, related_name="enrolments", db_index=False, verbose_name=_("school")
    )
    class_group = models.ForeignKey(
        ClassGroup, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("class")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ENROLLED)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.UNKNOWN)
    # What a promotion expects, until the school confirms the level.
    expected_level = models.CharField(_("expected level"), max_length=10, choices=Level, blank=True, default="")
    track = models.CharField(_("track"), max_length=10, choices=Track, default=Track.UNKNOWN)
    track_source = models.CharField(_("track: told by"), max_length=6, choices=Source, blank=True, db_default="")
    track_on = models.DateField(_("track: told on"), null=True, blank=True)
    specialities = ArrayField(
        models.CharField(max_length=15, choices=Speciality),
        verbose_name=_("specialist subjects"),
        default=list,
        blank=True,
    )
    specialities_source = models.CharField(
        _("specialist subjects: told by"), max_length=6, choices=Source, blank=True, db_default=""
    )
    specialities_on = models.DateField(_("specialist subjects: told on"), null=True, blank=True)
    languages = ArrayField(
        models.CharField(max_length=3), verbose_name=_("languages studied"), default=list, blank=True
    )
    languages_source = models.CharField(
        _("languages studied: told by"), max_length=6, choices=Source, blank=True, db_default=""
    )
    languages_on = models.DateField(_("languages studied: told on"), null=True, blank=True)
    scholarship = models.CharField(_("scholarship holder"), max_length=7, choices=Answer, default=Answer.UNKNOWN)
    scholarship_scale = models.CharField(_("scholarship scale"), max_length=7, choices=ScholarshipScale, blank=True)
    scholarship_step = models.PositiveSmallIntegerField(_("scholarship step"), null=True, blank=True)
    scholarship_source = models.CharField(_("scholarship: told by"), max_length=6, choices=Source, blank=True)
    scholarship_on = models.DateField(_("scholarship: told on"), null=True, blank=True)
    priority_neighbourhood = models.CharField(
        _("lives in a priority neighbourhood"), max_length=7, choices=Answer, default=Answer.UNKNOWN
    )
    neighbourhood_version = models.PositiveSmallIntegerField(
        _("version of the zones"), null=True, blank=True, choices=[(2015, "2015"), (2024, "2024")]
    )
    neighbourhood_source = models.CharField(_("neighbourhood: told by"), max_length=6, choices=Source, blank=True)
    neighbourhood_on = models.DateField(_("neighbourhood: told on"), null=True, blank=True)
    first_generation = models.CharField(
        _("first of the family in higher education"), max_length=7, choices=Answer, default=Answer.UNKNOWN
    )
    generation_source = models.CharField(_("first generation: told by"), max_length=6, choices=Source, blank=True)
    generation_on = models.DateField(_("first generation: told on"), null=True, blank=True)
    social_origin = models.CharField(
        _("social background"), max_length=7, choices=SocialOrigin, default=SocialOrigin.UNKNOWN
    )
    origin_source = models.CharField(_("social background: told by"), max_length=6, choices=Source, blank=True)
    origin_on = models.DateField(_("social background: told on"), null=True, blank=True)

    is_statistic = models.BooleanField(_("only counts"), default=False, db_default=False, editable=False)

    objects = EnrolmentQuerySet.as_manager()
    outgoing = OutgoingOfPupil.from_queryset(EnrolmentQuerySet)()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["pupil", "-school_year"]
        indexes = [
            models.Index(fields=["school", "school_year", "class_group"], name="people_enrolment_class"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "school_year"],
                name="people_enrolment_once_a_year",
                violation_error_message=_("This pupil is already enrolled for this school year."),
            ),
            *(_told(fact, *columns) for fact, columns in FACTS.items()),
            models.CheckConstraint(
                condition=Q(is_statistic=False)
                | Q(
                    *(Q(**{name: ""}) for columns in FACTS.values() for name in columns[:1]),
                    *(Q(**{name: None}) for columns in FACTS.values() for name in columns[1:]),
                    expected_level="",
                    specialities=[],
                    languages=[],
                    scholarship_scale="",
                    scholarship_step=None,
                    track="unknown",
                ),
                name="people_enrolment_statistic_is_coarse",
                violation_error_message=_("What only counts keeps no detail."),
            ),
            models.CheckConstraint(
                condition=Q(scholarship_scale="", scholarship_step=None)
                | Q(scholarship="yes", scholarship_scale="college", scholarship_step__range=(1, 3))
                | Q(scholarship="yes", scholarship_scale="lycee", scholarship_step__range=(1, 6))
                | Q(scholarship="yes", scholarship_scale="higher", scholarship_step__range=(0, 7))
                | (Q(scholarship="yes", scholarship_step=None) & ~Q(scholarship_scale="")),
                name="people_enrolment_scholarship_step_on_scale",
                violation_error_message=_("The step does not exist on this scale of scholarships."),
            ),
            models.CheckConstraint(
                condition=Q(priority_neighbourhood="unknown", neighbourhood_version=None)
                | (~Q(priority_neighbourhood="unknown") & Q(neighbourhood_version__isnull=False)),
                name="people_enrolment_neighbourhood_has_version",
                violation_error_message=_("Say by which version of the zones: 2015 or 2024."),
            ),
            models.CheckConstraint(
                condition=Q(expected_level="") | Q(level="unknown") & ~Q(expected_level=F("level")),
                name="people_enrolment_expected_until_confirmed",
                violation_error_message=_("A confirmed level takes the place of the expected one."),
            ),
        ]
        triggers = [follows_pupil()]

    def __str__(self):
        return f"{self.pupil} · {school_year_label(self.school_year)}"

    @property
    def year_label(self):
        return school_year_label(self.school_year)

    @property
    def scholarship_label(self):
        """The step in words: the lowest of higher education is called 0bis."""
        step = "0bis" if self.scholarship_step == 0 else self.scholarship_step
        return _("step %(step)s (%(scale)s)") % {"step": step, "scale": self.get_scholarship_scale_display()}

    @property
    def speciality_labels(self):
        return [str(Speciality(name).label) for name in self.specialities]

    def language_labels(self):
        """The names of the languages; a code from elsewhere stays a code."""
        names = dict(LANGUAGES_STUDIED)
        return [str(names.get(code, code)) for code in self.languages]
