"""A school's request for a talk, from the draft on the teacher's phone to the answer."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.accounts import history, sabotage
from participants.accounts.paging import InTurn
from participants.accounts.roles import Permission
from participants.accounts.text import Fold
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, School, SchoolYearProfile
from participants.organisations.school_years import SchoolYearField
from participants.people.models import SchoolContact, SchoolPost
from programs.activities.models import Activity, Topic

# How long the mark "is planning this" counts after a coordinator opened the planning form.
TAKEN_FOR = dt.timedelta(minutes=30)


def _slots_ahead():
    return RequestedSlot.objects.filter(week__gte=monday_of(timezone.localdate())).order_by()


class TalkRequestQuerySet(models.QuerySet):
    def written_by(self, user):
        """One's own requests, for the schools in which one still has a post."""
        posts = SchoolPost.objects.filter(
            contact__user=user,
            school=OuterRef("school"),
            state__in=[SchoolPost.State.PENDING, SchoolPost.State.VERIFIED],
        )
        return self.filter(Exists(posts), contact__user=user)

    def for_staff(self, user):
        """What schools have sent, for those who handle requests; drafts are nobody else's."""
        return self.sent() if user.can(Permission.REQUEST_HANDLE) else self.none()

    def visible_to(self, user):
        """One's own, those that colleagues sent for one's schools, and all that were sent for those who handle them."""
        if user.can(Permission.REQUEST_HANDLE) or sabotage.is_on("scope"):
            return self.filter(~Q(state=TalkRequest.State.DRAFT) | Q(pk__in=self.written_by(user).values("pk")))
        of_colleagues = ~Q(state=TalkRequest.State.DRAFT) & Q(
            school__in=School.objects.of(user, Permission.REQUEST_MAKE)
        )
        return self.filter(of_colleagues | Q(pk__in=self.written_by(user).values("pk")))

    def sent(self):
        return self.exclude(state=TalkRequest.State.DRAFT)

    def waiting(self):
        return self.filter(state=TalkRequest.State.SENT)

    def with_size(self):
        """Adds `young_people`: the pupils of all the classes together."""
        classes = RequestedClass.objects.filter(request=OuterRef("pk")).order_by().values("request")
        return self.annotate(young_people=Coalesce(Subquery(classes.values(total=Sum("head_count"))), 0))

    def with_first_week(self):
        """Adds `first_week`: the first wished week that is not over."""
        slots = _slots_ahead().filter(request=OuterRef("pk")).values("request")
        return self.annotate(first_week=Subquery(slots.values(first=Min("week"))))

    def by_school(self):
        """By the name of the school, and there by age."""
        return self.with_first_week().order_by("school__sort_name", "sent_at", "pk")

    def by_week(self):
        """Those that wish for a week that is not over by the first of them, then the others by age."""
        wishing, requests = _slots_ahead().values("request"), self.with_first_week()
        ahead, others = requests.filter(pk__in=wishing), requests.exclude(pk__in=wishing)
        return InTurn(requests, ahead.order_by("first_week", "sent_at", "pk"), others.order_by("sent_at", "pk"))

    def with_profile(self):
        """Adds `ips`, `ips_quintile` and `priority_education` of the school's newest profile up to the year."""
        newest = SchoolYearProfile.objects.filter(
            school=OuterRef("school"), school_year__lte=OuterRef("school_year")
        ).order_by("-school_year")
        return self.annotate(
            ips=Subquery(newest.filter(ips__isnull=False).values("ips")[:1]),
            ips_quintile=Subquery(newest.filter(ips__isnull=False).values("ips_quintile")[:1]),
            priority_education=Coalesce(
                Subquery(newest.values("priority_education")[:1]), Value(SchoolYearProfile.PriorityEducation.UNKNOWN)
            ),
        )

    def with_proof(self):
        """Adds `is_proven`: the contact's post in the school is verified."""
        posts = SchoolPost.objects.verified().filter(contact=OuterRef("contact"), school=OuterRef("school"))
        return self.annotate(is_proven=Exists(posts))


@history.track(exclude=["taken_by", "taken_at", "updated_at"])
class TalkRequest(models.Model):
    """What a teacher asks for: classes, weeks and half-days that suit, wishes, practical needs; and the answer."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("request", "draft")
        SENT = "sent", pgettext_lazy("request", "waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("request", "accepted")
        DECLINED = "declined", pgettext_lazy("request", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")

    class Format(models.TextChoices):
        ON_SITE = "on_site", _("In our school")
        ON_CAMPUS = "on_campus", _("On the campus")
        ONLINE = "online", _("Online")
        ANY = "any", _("All of them suit us")

    class DeclineReason(models.TextChoices):
        NONE = "", _("none given")
        NO_VOLUNTEERS = "no_volunteers", _("no students are free in these weeks")
        DATES = "dates", _("none of the dates can be kept")
        NOTICE = "notice", _("the request comes too late")
        DISTANCE = "distance", _("the school is too far from our campuses")
        AUDIENCE = "audience", _("the classes are not those we speak to")
        TURN = "turn", _("the school has had its turn this year")
        OTHER = "other", _("another reason")

    LANGUAGES = [("fr", _("French")), ("en", _("English"))]

    school = models.ForeignKey(School, models.PROTECT, related_name="talk_requests", verbose_name=_("school"))
    # Nobody, once whoever asked is erased: what was asked for and what came of it stays.
    contact = models.ForeignKey(
        SchoolContact, models.PROTECT, null=True, related_name="talk_requests", verbose_name=_("school contact")
    )
    school_year = SchoolYearField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    format = models.CharField(_("where"), max_length=10, choices=Format, default=Format.ON_SITE)
    language = models.CharField(_("language of the talk"), max_length=2, choices=LANGUAGES, default="fr")
    topics = models.ManyToManyField(Topic, blank=True, related_name="talk_requests", verbose_name=_("topics"))
    wish = models.TextField(_("what you wish for"), max_length=1000, blank=True)
    needs = models.TextField(_("practical information"), max_length=1000, blank=True)
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("being planned by"),
    )
    taken_at = models.DateTimeField(_("planning begun"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    handled_at = models.DateTimeField(_("answered"), null=True, blank=True)
    decline_reason = models.CharField(
        _("reason"), max_length=15, choices=DeclineReason, default=DeclineReason.NONE, blank=True
    )
    decline_text = models.TextField(_("words to the school"), max_length=1000, blank=True)
    activity = models.OneToOneField(
        Activity, models.PROTECT, null=True, blank=True, related_name="talk_request", verbose_name=_("activity")
    )
    # Raised by every change of content or state: whoever answers says which version was read.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("begun on"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = TalkRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a talk")
        verbose_name_plural = _("requests for talks")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["sent_at"], condition=Q(state="sent"), name="awareness_talkrequest_waiting"),
            models.Index(fields=["sent_at", "id"], condition=~Q(state="draft"), name="awareness_talkrequest_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "school"],
                condition=Q(state="draft"),
                name="awareness_talkrequest_one_draft",
                violation_error_message=_("There is already a draft for this school: continue that one."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="awareness_talkrequest_sent_has_moment",
                violation_error_message=_("A draft is not sent; everything else was, at a moment."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "declined"], handled_at__isnull=False)
                | (~Q(state__in=["accepted", "declined"]) & Q(handled_at=None, handled_by=None)),
                name="awareness_talkrequest_answer_has_moment",
                violation_error_message=_("An answer, and only an answer, has a moment."),
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", activity__isnull=False) | (~Q(state="accepted") & Q(activity=None)),
                name="awareness_talkrequest_accepted_has_activity",
                violation_error_message=_("An accepted request, and no other, leads to an activity."),
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(decline_reason="")) | (~Q(state="declined") & Q(decline_reason="")),
                name="awareness_talkrequest_declined_has_reason",
                violation_error_message=_("A declined request, and no other, has a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(decline_reason="other", decline_text=""),
                name="awareness_talkrequest_other_reason_said",
                violation_error_message=_("Say the other reason in a few words."),
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | Q(taken_at__isnull=False),
                name="awareness_talkrequest_taken_has_moment",
            ),
        ]

    def __str__(self):
        return f"{self.school} · {self.sent_at:%d/%m/%Y}" if self.sent_at else f"{self.school}"

    def get_absolute_url(self):
        return reverse("awareness:request-detail", args=[self.pk])

    @property
    def contact_name(self):
        """Who asked; nobody is named once they are erased."""
        return str(self.contact or _("a former contact"))

    @property
    def can_be_edited(self):
        """The school may still change it: nobody has answered yet."""
        return self.state in {self.State.DRAFT, self.State.SENT}

    @property
    def days_waiting(self):
        return (timezone.localdate() - timezone.localdate(self.sent_at)).days

    def is_taken_from(self, user):
        """Whether somebody else has just begun to plan it."""
        return (
            self.state == self.State.SENT
            and self.taken_by_id not in {None, user.pk}
            and self.taken_at > timezone.now() - TAKEN_FOR
        )


class PartQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to a request is seen with it."""
        return self.filter(request__in=TalkRequest.objects.visible_to(user))


class RequestedClass(models.Model):
    """A class for which a talk is wished: what the teacher wrote; found or made in the school when the center accepts."""

    request = models.ForeignKey(TalkRequest, models.CASCADE, related_name="classes", verbose_name=_("request"))
    class_group = models.ForeignKey(
        ClassGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class of the school")
    )
    name = models.CharField(_("name of the class"), max_length=40)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    head_count = models.PositiveSmallIntegerField(
        _("pupils"), validators=[MinValueValidator(1), MaxValueValidator(200)]
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("requested class")
        verbose_name_plural = _("requested classes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                Fold("name"),
                F("request"),
                name="awareness_requestedclass_once",
                violation_error_message=_("This class stands twice in the list: keep one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="awareness_requestedclass_named",
                violation_error_message=_("Name the class."),
            ),
            models.CheckConstraint(
                condition=Q(head_count__range=(1, 200)),
                name="awareness_requestedclass_head_count_range",
                violation_error_message=_("A class has between 1 and 200 pupils."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_level_display()}, {self.head_count})"


WEEKDAYS = {1: _("Monday"), 2: _("Tuesday"), 3: _("Wednesday"), 4: _("Thursday"), 5: _("Friday"), 6: _("Saturday")}


class HalfDay(models.TextChoices):
    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")
    ANY = "any", _("any time")


class RequestedSlot(models.Model):
    """A week that suits, and in it a day and a half-day, or any."""

    HalfDay = HalfDay

    request = models.ForeignKey(TalkRequest, models.CASCADE, related_name="slots", verbose_name=_("request"))
    week = models.DateField(_("week of Monday"))
    weekday = models.PositiveSmallIntegerField(
        _("day"), null=True, blank=True, help_text=_("1 is Monday; none is any day of the week.")
    )
    half_day = models.CharField(_("half-day"), max_length=10, choices=HalfDay, default=HalfDay.ANY)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("requested slot")
        verbose_name_plural = _("requested slots")
        ordering = ["week", "weekday", "half_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "week", "weekday", "half_day"],
                nulls_distinct=False,
                name="awareness_requestedslot_once",
                violation_error_message=_("This half-day is already in the list."),
            ),
            models.CheckConstraint(
                condition=Q(week__iso_week_day=1),
                name="awareness_requestedslot_week_is_monday",
                violation_error_message=_("A week is named by its Monday."),
            ),
            models.CheckConstraint(
                condition=Q(weekday=None) | Q(weekday__range=(1, 6)),
                name="awareness_requestedslot_weekday_range",
                violation_error_message=_("A school day lies between Monday and Saturday."),
            ),
        ]

    def __str__(self):
        return f"{self.week:%d/%m/%Y} {self.weekday or '*'} {self.get_half_day_display()}"


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
