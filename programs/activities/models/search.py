"""Looking for a speaker at short notice, in rounds of a few invitations."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.people.models import Volunteer
from programs.activities.models.assignment import Assignment
from programs.activities.models.session import Session


class SpeakerSearchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(session__in=Session.objects.managed_by(user))

    def running(self):
        return self.filter(state=SpeakerSearch.State.RUNNING)

    def due(self):
        """Those whose round may be over: its time is up, or nobody has an answer to give any more."""
        open_askings = Asking.objects.filter(
            search=models.OuterRef("pk"),
            round=models.OuterRef("round"),
            assignment__state=Assignment.State.INVITED,
        )
        late = Q(round_ends_at__lte=timezone.now()) | Q(session__starts_at__lte=timezone.now())
        over = late | ~Q(session__state=Session.State.PLANNED) | Q(round__gt=0) & ~models.Exists(open_askings)
        return self.running().filter(over)


class SpeakerSearch(models.Model):
    """A search for whoever can take the free places of a session: a few are asked, then the next few."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        FILLED = "filled", _("filled")
        BEGUN = "begun", _("the session began or was called off")
        STOPPED = "stopped", _("stopped by hand")

    session = models.ForeignKey(Session, models.PROTECT, related_name="searches", verbose_name=_("session"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    size = models.PositiveSmallIntegerField(
        _("invitations in a round"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes until the next round"), default=60, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    # With it the order among equals can be told again afterwards.
    seed = models.PositiveBigIntegerField(_("seed of the draw"), editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    round = models.PositiveSmallIntegerField(_("round"), default=0, editable=False)
    round_ends_at = models.DateTimeField(_("round ends"), null=True, editable=False)

    objects = SpeakerSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for a speaker")
        verbose_name_plural = _("searches for speakers")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(state="running"),
                name="activities_search_one_running",
                violation_error_message=_("A search is already running for this session."),
            ),
        ]

    def __str__(self):
        return f"{self.session} · {self.get_state_display()}"

    @property
    def is_running(self):
        return self.state == self.State.RUNNING


class AskingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(search__in=SpeakerSearch.objects.visible_to(user))


class Asking(models.Model):
    """That a search invited somebody: in which round, when, and what spoke for this person."""

    class Reason(models.TextChoices):
        FORMER_SCHOOL = "former_school", _("went to this school")
        HOME = "home", _("comes from this département")
        NEAR = "near", _("studies nearby")
        SAME_KIND = "same_kind", _("has done this kind of session")
        SAME_TOPIC = "same_topic", _("has spoken on this topic")
        LANGUAGE = "language", _("speaks the language")

    search = models.ForeignKey(SpeakerSearch, models.CASCADE, related_name="askings", verbose_name=_("search"))
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="asking", verbose_name=_("assignment"))
    round = models.PositiveSmallIntegerField(_("round"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    reasons = ArrayField(
        models.CharField(max_length=15, choices=Reason), verbose_name=_("what speaks for it"), default=list, blank=True
    )
    is_saved = models.BooleanField(_("kept for something rarer"), default=False)

    objects = AskingQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation of a search")
        verbose_name_plural = _("invitations of searches")
        ordering = ["search", "round", "pk"]

    def __str__(self):
        return f"{self.assignment} · {self.round}"

    @property
    def reason_labels(self):
        return [str(self.Reason(reason).label) for reason in self.reasons]


class QuietVolunteerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(volunteer__in=Volunteer.objects.visible_to(user))


class QuietVolunteer(models.Model):
    """Somebody who does not want to be asked at short notice."""

    volunteer = models.OneToOneField(
        Volunteer, models.CASCADE, primary_key=True, related_name="quiet", verbose_name=_("volunteer")
    )
    since = models.DateTimeField(_("since"), db_default=Now())

    objects = QuietVolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer who is not asked at short notice")
        verbose_name_plural = _("volunteers who are not asked at short notice")
        ordering = ["volunteer"]

    def __str__(self):
        return str(self.volunteer)
