from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.accounts.text import Fold
from participants.organisations.levels import Level
from participants.organisations.models.organisation import GrantScope
from participants.organisations.models.territory import Territory
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.organisations.search import SearchWords, find
from participants.organisations.uai import validate_uai

OFFERED = 10
# How a profile says that it does not know.
UNKNOWN = {fact: {fact: "unknown"} for fact in ("priority_education", "neighbourhood", "rurality")}


class SchoolQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The national directory is public."""
        return self

    def of(self, user, permission: Permission):
        """The schools on which one of the user's own grants gives this permission."""
        return self.filter(pk__in=GrantScope.objects.live(user, permission).values("school"))

    def pickable(self):
        """Open schools that a person would name: no sections (SEGPA, SEP, SGT), nothing closed."""
        return self.filter(is_section=False).exclude(state=School.State.CLOSED)

    def with_facts(self, year):
        """Each with `priority_education`, `ips_quintile` and `pupils` as last known in that school year."""
        told = SchoolYearProfile.objects.filter(school=OuterRef("pk"), school_year__lte=year).order_by("-school_year")
        return self.annotate(
            priority_education=Subquery(told.saying("priority_education").values("priority_education")[:1]),
            ips_quintile=Subquery(told.saying("ips_quintile").values("ips_quintile")[:1]),
            pupils=Subquery(told.saying("head_count").values("head_count")[:1]),
        )

    def known_for(self, year, **fact):
        """Those of which a dated fact, as last known in that school year, has this value."""
        [name] = fact
        told = SchoolYearProfile.objects.filter(school_year__lte=year).saying(name)
        newer = told.filter(school=OuterRef("school"), school_year__gt=OuterRef("school_year"))
        return self.filter(pk__in=told.filter(~Exists(newer), **fact).values("school"))

    def search(self, text):
        """Those that fit what somebody typed (name, town, UAI, with mistakes), best first. Filter before, not after."""
        return find(self, text)

    def offered(self, text):
        """The first of those that somebody may pick who typed this; nobody is offered anything before that."""
        return self.pickable().search(text).select_related("departement")[:OFFERED] if text else self.none()


class School(models.Model):
    """A collège or lycée of the national directory, keyed by its UAI. Schools abroad may have none."""

    class Kind(models.TextChoices):
        COLLEGE = "college", _("collège")
        LYCEE_GT = "lycee_gt", _("general and technological lycée")
        LYCEE_POLYVALENT = "lycee_polyvalent", _("comprehensive lycée")
        LYCEE_PRO = "lycee_pro", _("vocational lycée")
        LYCEE_AGRICOLE = "lycee_agricole", _("agricultural lycée")
        EREA = "erea", _("regional adapted school (EREA)")
        SCHOOL_ABROAD = "abroad", _("school abroad")
        SECTION = "section", _("section of a school")
        OTHER = "other", _("other school")

    class Sector(models.TextChoices):
        PUBLIC = "public", _("public")
        PRIVATE_CONTRACT = "private_contract", _("private under contract")
        PRIVATE = "private", _("private without contract")
        UNKNOWN = "unknown", _("unknown")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSING = "closing", _("about to close")
        CLOSED = "closed", _("closed")

    uai = models.CharField(_("UAI"), max_length=8, unique=True, null=True, blank=True, validators=[validate_uai])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    nature_code = models.CharField(_("code of nature"), max_length=3, blank=True)
    is_section = models.BooleanField(_("section of a school"), default=False)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.UNKNOWN)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    address = models.CharField(_("address"), max_length=250, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    commune_code = models.CharField(_("commune code"), max_length=5, blank=True)
    commune = models.CharField(_("town"), max_length=100, blank=True)
    departement = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("département"),
        limit_choices_to={"kind": Territory.Kind.DEPARTEMENT},
    )
    academie = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("académie"),
        limit_choices_to={"kind": Territory.Kind.ACADEMIE},
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    has_general = models.BooleanField(_("general track"), null=True, blank=True)
    has_technological = models.BooleanField(_("technological track"), null=True, blank=True)
    has_vocational = models.BooleanField(_("vocational track"), null=True, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    email_domain = models.CharField(_("own e-mail domain"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    mother = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="sections", verbose_name=_("mother school")
    )
    imported_at = models.DateTimeField(_("last imported"), null=True, blank=True, editable=False)
    # What the search reads: every word of name, town and UAI with all its beginnings, under an index.
    search_words = models.GeneratedField(
        expression=SearchWords(Concat("name", Value(" "), "commune", Value(" "), Coalesce("uai", Value("")))),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        verbose_name=_("search words"),
    )
    sort_name = models.GeneratedField(
        # A tilde comes after every letter: schools without a town stand last.
        expression=Fold(Concat(Coalesce(NullIf("commune", Value("")), Value("~")), Value(" "), "name")),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("sort name"),
    )

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["sort_name"]
        indexes = [
            GinIndex(fields=["search_words"], name="organisations_school_search"),
            models.Index(fields=["sort_name"], name="organisations_school_sort"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(uai=None) | Q(uai__regex=r"^[0-9]{7}[A-HJ-NPR-Z]$"),
                name="organisations_school_uai_shape",
                violation_error_message=_("A UAI is seven digits and a letter."),
            ),
            models.CheckConstraint(
                # IS NOT NULL in words: a comparison with NULL is unknown, and a CHECK lets the unknown pass.
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="organisations_school_position_whole",
                violation_error_message=_("Give both latitude and longitude, in degrees."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.commune}" if self.commune else self.name

    def get_absolute_url(self):
        return reverse("organisations:school-detail", args=[self.pk])


class SchoolYearProfileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published figures about schools: everyone who has signed in."""
        return self

    def saying(self, fact):
        """Those in which a fact is known."""
        return self.exclude(**{f"{fact}__isnull": True}).exclude(**UNKNOWN.get(fact, {}))


class SchoolYearProfile(models.Model):
    """The dated facts of a school: a figure of 2024 keeps the profile of 2024. Unknown is a value of its own."""

    class PriorityEducation(models.TextChoices):
        REP_PLUS = "REP+", "REP+"
        REP = "REP", "REP"
        NONE = "none", _("not in priority education")
        UNKNOWN = "unknown", _("unknown")

    class Neighbourhood(models.TextChoices):
        IN = "in", _("in a priority neighbourhood")
        NEAR = "near300", _("less than 300 m from a priority neighbourhood")
        OUT = "out", _("outside priority neighbourhoods")
        UNKNOWN = "unknown", _("unknown")

    class Rurality(models.TextChoices):
        RURAL = "rural", _("rural")
        URBAN = "urban", _("urban")
        UNKNOWN = "unknown", _("unknown")

    school = models.ForeignKey(School, models.CASCADE, related_name="profiles", verbose_name=_("school"))
    school_year = SchoolYearField()
    priority_education = models.CharField(
        _("priority education"), max_length=7, choices=PriorityEducation, default=PriorityEducation.UNKNOWN
    )
    neighbourhood = models.CharField(
        _("priority neighbourhood"), max_length=7, choices=Neighbourhood, default=Neighbourhood.UNKNOWN
    )
    neighbourhood_version = models.PositiveSmallIntegerField(_("version of the zones"), null=True, blank=True)
    rurality = models.CharField(_("rurality"), max_length=7, choices=Rurality, default=Rurality.UNKNOWN)
    ips = models.DecimalField(_("IPS"), max_digits=4, decimal_places=1, null=True, blank=True)
    ips_series = models.CharField(_("IPS series"), max_length=20, blank=True)
    ips_quintile = models.PositiveSmallIntegerField(
        _("IPS quintile"),
        null=True,
        blank=True,
        help_text=_("1 is the lowest fifth of schools of its kind and series."),
    )
    head_count = models.PositiveIntegerField(_("head-count"), null=True, blank=True)

    objects = SchoolYearProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile of a school year")
        verbose_name_plural = _("profiles of school years")
        ordering = ["school", "-school_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year"],
                name="organisations_schoolyearprofile_once",
                violation_error_message=_("This school already has a profile for this year."),
            ),
            models.CheckConstraint(
                condition=Q(ips_quintile=None) | Q(ips_quintile__range=(1, 5)),
                name="organisations_schoolyearprofile_quintile_range",
            ),
            models.CheckConstraint(
                condition=Q(ips=None, ips_quintile=None)
                | (Q(ips__isnull=False, ips__range=(30, 200)) & ~Q(ips_series="")),
                name="organisations_schoolyearprofile_ips_has_series",
                violation_error_message=_("An IPS lies between 30 and 200 and names its series."),
            ),
        ]

    def __str__(self):
        return f"{self.school} · {self.year_label}"

    @property
    def year_label(self):
        return school_year_label(self.school_year)


class ClassGroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All classes for those who handle requests or sessions; a school's own for its contacts."""
        if user.can(Permission.REQUEST_HANDLE) or user.can(Permission.SESSION_MANAGE):
            return self
        return self.filter(school__in=School.objects.of(user, Permission.REQUEST_MAKE))

    def for_school_year(self, year):
        return self.filter(school_year=year)


class ClassGroup(models.Model):
    """A class of a school in one school year; the unit in which young people are counted without names."""

    school = models.ForeignKey(School, models.PROTECT, related_name="class_groups", verbose_name=_("school"))
    school_year = SchoolYearField()
    name = models.CharField(_("name of the class"), max_length=40)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.UNKNOWN)
    head_count = models.PositiveSmallIntegerField(_("pupils"), null=True, blank=True)

    objects = ClassGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["school", "-school_year", "name"]
        constraints = [
            models.UniqueConstraint(
                Fold("name"),
                F("school"),
                F("school_year"),
                name="organisations_classgroup_once",
                violation_error_message=_("This school already has a class of this name this year."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="organisations_classgroup_named",
                violation_error_message=_("Name the class."),
            ),
            models.CheckConstraint(
                condition=Q(head_count=None) | Q(head_count__range=(1, 200)),
                name="organisations_classgroup_head_count_range",
                violation_error_message=_("A class has between 1 and 200 pupils."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_level_display()})"
