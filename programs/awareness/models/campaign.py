"""A campaign: a few weeks in which many students speak in many schools; the schools, their classes, the students."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.accounts import history, sabotage
from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, Organisation, School
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.people.models import SchoolContact, Volunteer
from programs.activities.models import Headcount, Programme, Session
from programs.activities.models.programme import in_language
from programs.awareness.models.request import WEEKDAYS, HalfDay

# The half-days of a school week, as "1-morning" (Monday); none chosen means that all suit.
HALF_DAYS = [
    (f"{weekday}-{half_day.value}", format_lazy("{} {}", WEEKDAYS[weekday], half_day.label))
    for weekday in range(1, 6)
    for half_day in (HalfDay.MORNING, HalfDay.AFTERNOON)
]
# A school that has not answered so long after its invitation is silent: somebody should call.
SILENT_AFTER = dt.timedelta(days=14)


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the organisations for which one answers schools."""
        if sabotage.is_on("scope"):
            return self
        if not user.can(Permission.REQUEST_HANDLE):
            return self.none()
        return self.filter(organisation__in=Organisation.objects.managed_by(user, Permission.REQUEST_HANDLE))

    def with_answers(self):
        """How many schools there are, were invited, said yes; how many speakers said yes."""
        schools = {
            "school_count": Q(),
            "invited_count": Q(schools__state__in=["invited", "yes", "no"]),
            "yes_count": Q(schools__state="yes"),
        }
        counts = {name: Count("schools", filter=wanted, distinct=True) for name, wanted in schools.items()}
        speakers = Count("speakers", filter=Q(speakers__state="yes"), distinct=True)
        return self.annotate(**counts, speaker_count=speakers)


class Campaign(models.Model):
    """Students speak in schools in these weeks of a school year, in groups of this size."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="campaigns", verbose_name=_("programme"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation in charge")
    )
    school_year = SchoolYearField()
    first_week = models.DateField(_("first week"), help_text=_("A Monday."))
    last_week = models.DateField(_("last week"), help_text=_("A Monday."))
    name_fr = models.CharField(_("name in French"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    letter_fr = models.TextField(_("words to schools in French"), max_length=2000, blank=True)
    letter_en = models.TextField(_("words to schools in English"), max_length=2000, blank=True)
    least_speakers = models.PositiveSmallIntegerField(
        _("speakers at least"), default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    most_speakers = models.PositiveSmallIntegerField(
        _("speakers at most"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    needs_woman = models.BooleanField(_("at least one woman in each group"), default=True)
    created_at = models.DateTimeField(_("begun on"), auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-first_week", "name_fr", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_week__iso_week_day=1, last_week__iso_week_day=1),
                name="awareness_campaign_weeks_are_mondays",
                violation_error_message=_("A week is named by its Monday."),
            ),
            models.CheckConstraint(
                condition=Q(last_week__gte=F("first_week")),
                name="awareness_campaign_weeks_ordered",
                violation_error_message=_("The campaign ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(least_speakers__gte=1, most_speakers__gte=F("least_speakers")),
                name="awareness_campaign_sizes_ordered",
                violation_error_message=_("A group has at least one speaker, and no fewer at most than at least."),
            ),
        ]

    def __str__(self):
        return in_language(self.name_fr, self.name_en)

    def get_absolute_url(self):
        return reverse("awareness:campaign-detail", args=[self.pk])

    @property
    def letter(self):
        return in_language(self.letter_fr, self.letter_en)

    @property
    def last_day(self):
        return self.last_week + dt.timedelta(days=4)

    @property
    def school_year_label(self):
        return school_year_label(self.school_year)

    @property
    def is_over(self):
        return self.last_day < timezone.localdate()

    @property
    def mondays(self):
        weeks = (self.last_week - self.first_week).days // 7 + 1
        return [self.first_week + dt.timedelta(weeks=number) for number in range(weeks)]


class CampaignSchoolQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's campaigns; for a school's contact, what their school was asked."""
        own = Q(school__in=School.objects.of(user, Permission.REQUEST_MAKE)) & ~Q(state="chosen")
        return self.filter(own | Q(campaign__in=Campaign.objects.visible_to(user)))

    def waiting(self):
        return self.filter(state=CampaignSchool.State.INVITED)

    def silent(self):
        return self.waiting().filter(invited_at__lt=timezone.now() - SILENT_AFTER)

    def with_reached(self):
        """`reached`: how many young people were counted in the talks; nothing while nobody has counted."""
        counts = Headcount.objects.filter(session__campaign_talk__place=OuterRef("pk"), session__state="planned")
        totals = counts.order_by().values("session__campaign_talk__place").annotate(sum=Sum("total")).values("sum")
        return self.annotate(reached=Subquery(totals))


@history.track()
class CampaignSchool(models.Model):
    """A school in a campaign: chosen, invited in a wave, and what it answered."""

    class State(models.TextChoices):
        CHOSEN = "chosen", pgettext_lazy("school", "chosen")
        INVITED = "invited", pgettext_lazy("school", "invited")
        YES = "yes", pgettext_lazy("school", "said yes")
        NO = "no", pgettext_lazy("school", "said no")

    class Reason(models.TextChoices):
        NONE = "", _("none given")
        DATES = "dates", _("not in these weeks")
        DONE = "done", _("we have had such a talk this year")
        PEOPLE = "people", _("nobody can welcome the students")
        NOT_US = "not_us", _("it is not for our pupils")
        OTHER = "other", _("another reason")

    LANGUAGES = [("fr", _("French")), ("en", _("English"))]

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="schools", verbose_name=_("campaign"))
    school = models.ForeignKey(School, models.PROTECT, related_name="campaigns", verbose_name=_("school"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHOSEN)
    # What spoke for it when it was chosen: the points of its need, for whoever asks later.
    need = models.PositiveSmallIntegerField(_("need"), default=0)
    wave = models.PositiveSmallIntegerField(_("wave"), null=True, blank=True)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)
    weeks = ArrayField(models.DateField(), verbose_name=_("weeks"), default=list, blank=True)
    half_days = ArrayField(
        models.CharField(max_length=12, choices=HALF_DAYS), verbose_name=_("half-days"), default=list, blank=True
    )
    language = models.CharField(_("language of the talk"), max_length=2, choices=LANGUAGES, default="fr")
    note = models.TextField(_("practical information"), max_length=1000, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, default=Reason.NONE, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    contact = models.ForeignKey(
        SchoolContact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    objects = CampaignSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school in a campaign")
        verbose_name_plural = _("schools in campaigns")
        ordering = ["campaign", "school"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "school"],
                name="awareness_campaignschool_once",
                violation_error_message=_("This school is already in the campaign."),
            ),
            models.CheckConstraint(
                condition=Q(state="chosen", wave=None, invited_at=None)
                | (~Q(state="chosen") & Q(wave__isnull=False, invited_at__isnull=False)),
                name="awareness_campaignschool_invited_in_wave",
                violation_error_message=_("A school is invited in a wave, at a moment."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["yes", "no"], answered_at__isnull=False)
                | (~Q(state__in=["yes", "no"]) & Q(answered_at=None)),
                name="awareness_campaignschool_answer_has_moment",
                violation_error_message=_("An answer, and only an answer, has a moment."),
            ),
            models.CheckConstraint(
                condition=(Q(state="no") & ~Q(reason="")) | (~Q(state="no") & Q(reason="")),
                name="awareness_campaignschool_no_has_reason",
                violation_error_message=_("A no, and only a no, has a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(state="yes", weeks=[]),
                name="awareness_campaignschool_yes_has_weeks",
                violation_error_message=_("Choose at least one week."),
            ),
        ]

    def __str__(self):
        return f"{self.school} · {self.campaign}"

    @property
    def is_silent(self):
        return self.state == self.State.INVITED and self.invited_at < timezone.now() - SILENT_AFTER


class OfSchoolQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What a school asked for is seen with its answer."""
        return self.filter(place__in=CampaignSchool.objects.visible_to(user))


class CampaignTalk(models.Model):
    """A class for which a school said yes: one talk. With a session, once a plan was applied."""

    place = models.ForeignKey(CampaignSchool, models.CASCADE, related_name="talks", verbose_name=_("school"))
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, related_name="+", verbose_name=_("class"))
    session = models.OneToOneField(
        Session, models.SET_NULL, null=True, blank=True, related_name="campaign_talk", verbose_name=_("session")
    )

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("talk of a campaign")
        verbose_name_plural = _("talks of campaigns")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "class_group"],
                name="awareness_campaigntalk_once",
                violation_error_message=_("This class stands twice in the list: keep one of the two."),
            ),
        ]

    def __str__(self):
        return f"{self.class_group} · {self.place.school}"

    @property
    def level_label(self):
        return Level(self.class_group.level).label


class CampaignSpeakerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own wishes; those of one's campaigns."""
        return self.filter(Q(volunteer__user=user) | Q(campaign__in=Campaign.objects.visible_to(user)))

    def willing(self):
        return self.filter(state=CampaignSpeaker.State.YES)


# What somebody says of their gender is blanked after the campaign: no history keeps it.
@history.track(exclude=["gender"])
class CampaignSpeaker(models.Model):
    """A volunteer asked to speak in a campaign, and what they wish."""

    class State(models.TextChoices):
        INVITED = "invited", pgettext_lazy("speaker", "invited")
        YES = "yes", pgettext_lazy("speaker", "takes part")
        NO = "no", pgettext_lazy("speaker", "not this time")

    class Gender(models.TextChoices):
        UNSAID = "", _("I would rather not say")
        WOMAN = "woman", _("a woman")
        MAN = "man", _("a man")
        OTHER = "other", _("neither")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="speakers", verbose_name=_("campaign"))
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="campaigns", verbose_name=_("volunteer"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.INVITED)
    weeks = ArrayField(models.DateField(), verbose_name=_("weeks"), default=list, blank=True)
    half_days = ArrayField(
        models.CharField(max_length=12, choices=HALF_DAYS), verbose_name=_("half-days"), default=list, blank=True
    )
    travel_minutes = models.PositiveSmallIntegerField(
        _("longest way, in minutes"), default=90, validators=[MinValueValidator(15), MaxValueValidator(600)]
    )
    own_school = models.ForeignKey(
        School, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("former school")
    )
    leaves_from_home = models.BooleanField(_("also leaves from home"), default=False)
    most_talks = models.PositiveSmallIntegerField(
        _("talks at most"), default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    # Said by the person or not at all, for the composition of groups alone, and blanked when the campaign is over.
    gender = models.CharField(
        _("in a group, I count as"), max_length=6, choices=Gender, default=Gender.UNSAID, blank=True
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = CampaignSpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker in a campaign")
        verbose_name_plural = _("speakers in campaigns")
        ordering = ["campaign", "volunteer"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "volunteer"],
                name="awareness_campaignspeaker_once",
                violation_error_message=_("This volunteer is already in the campaign."),
            ),
            models.CheckConstraint(
                condition=Q(state="invited", answered_at=None) | (~Q(state="invited") & Q(answered_at__isnull=False)),
                name="awareness_campaignspeaker_answer_has_moment",
                violation_error_message=_("An answer, and only an answer, has a moment."),
            ),
            models.CheckConstraint(
                condition=~Q(state="yes", weeks=[]),
                name="awareness_campaignspeaker_yes_has_weeks",
                violation_error_message=_("Choose at least one week."),
            ),
        ]

    def __str__(self):
        return f"{self.volunteer} · {self.campaign}"

    def get_absolute_url(self):
        return reverse("awareness:campaign-wishes", args=[self.pk])
