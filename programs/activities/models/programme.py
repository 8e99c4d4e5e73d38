from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.models import Grant
from participants.accounts.roles import ROLES, Permission, Scope
from participants.organisations.levels import Level
from participants.organisations.models import Organisation
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.people.models import Clearance


def in_language(french, english):
    """The text in the reader's language, or in the other one rather than none."""
    return (english or french) if (get_language() or "fr").startswith("en") else (french or english)


def check_seats(place, seats: int) -> None:
    """Nobody loses a place because a session, or what is booked as a whole, gets fewer seats."""
    needed = place.seats_taken - place.seats_overridden
    if seats < needed:
        raise ValidationError({"seats": _("%(count)d seats are taken: cancel a booking first.") % {"count": needed}})


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Topics are public facts among people who have signed in."""
        return self


class Topic(models.Model):
    """What a talk can be about."""

    name_fr = models.CharField(_("name in French"), max_length=80, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name_fr"]

    def __str__(self):
        return in_language(self.name_fr, self.name_en)


def may_manage(user, permission: Permission):
    """Whether a live role gives the permission on organisations or programmes: asked first, because a volunteer who
    looks at sessions manages none, and the question is on the path of every page."""
    scopes = {Scope.ORGANISATION, Scope.PROGRAMME}
    return any(permission in ROLES[role].permissions and ROLES[role].scope in scopes for role in user.live_roles)


class ProgrammeQuerySet(models.QuerySet):
    def managed_by(self, user, permission: Permission):
        """The programmes led by an organisation that the user manages, and those named in a grant's scope."""
        if user.can_everywhere(permission):
            return self
        if not may_manage(user, permission):
            return self.none()
        named = ProgrammeScope.objects.filter(
            grant__in=Grant.objects.live().with_permission(permission).filter(user=user)
        )
        return self.filter(
            Q(lead__in=Organisation.objects.managed_by(user, permission)) | Q(pk__in=named.values("programme"))
        )

    def visible_to(self, user):
        """Programmes are public facts among people who have signed in."""
        return self


class Programme(models.Model):
    """A long-lived scheme (a Cordée, a camp, a campaign) of a lead organisation, in one pillar."""

    class Pillar(models.IntegerChoices):
        AWARENESS = 1, _("awareness")
        TUTORING = 2, _("tutoring")
        ENGAGEMENT = 3, _("student engagement")
        MEASUREMENT = 4, _("impact measurement")
        RESEARCH = 5, _("research and monitoring")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    pillar = models.PositiveSmallIntegerField(_("pillar"), choices=Pillar)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="programmes", verbose_name=_("lead organisation")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["pillar", "name_fr"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="activities_programme_dates_ordered",
                violation_error_message=_("The programme ends before it starts."),
            )
        ]

    def __str__(self):
        return in_language(self.name_fr, self.name_en)

    def get_absolute_url(self):
        return reverse("activities:programme-detail", args=[self.pk])

    @property
    def description(self):
        return in_language(self.description_fr, self.description_en)


class ProgrammeScopeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(grant__in=Grant.objects.visible_to(user))


@history.track()
class ProgrammeScope(models.Model):
    """On which programme a grant counts."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="programme_scopes", verbose_name=_("grant"))
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+", verbose_name=_("programme"))

    objects = ProgrammeScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme of a grant")
        verbose_name_plural = _("programmes of grants")
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "programme"],
                name="activities_programmescope_once",
                violation_error_message=_("The grant already counts on this programme."),
            )
        ]

    def __str__(self):
        return f"{self.grant} · {self.programme}"


class ActivityQuerySet(models.QuerySet):
    def managed_by(self, user, permission: Permission):
        if user.can_everywhere(permission):
            return self
        if not may_manage(user, permission):
            return self.none()
        return self.filter(
            Q(programme__in=Programme.objects.managed_by(user, permission))
            | Q(organisation__in=Organisation.objects.managed_by(user, permission))
        )

    def visible_to(self, user):
        """One's own to manage; the published ones for everybody else."""
        return self.filter(
            ~Q(state=Activity.State.DRAFT) | Q(pk__in=self.managed_by(user, Permission.SESSION_VIEW).values("pk"))
        )

    def published(self):
        """Those that stand in the public catalogue."""
        return self.filter(is_public=True, state__in=[Activity.State.OPEN, Activity.State.CLOSED])

    def for_levels(self, levels):
        """Those that take at least one of these levels; an unknown level is nobody's fault."""
        if Level.UNKNOWN in levels:
            return self
        return self.filter(Q(levels=[]) | Q(levels__overlap=list(levels)))

    def booked_as_a_whole(self):
        return self.filter(seats__gt=0)

    def taking_registrations(self):
        """Those that people may register for now, by themselves."""
        now = timezone.now()
        early, late = Q(registration_opens_at__gt=now), Q(registration_closes_at__lte=now)
        return self.filter(state=Activity.State.OPEN).exclude(registration_for=[]).exclude(early | late)


class Activity(models.Model):
    """What a programme offers in one school year."""

    class Kind(models.TextChoices):
        TALK = "talk", _("talk in a school")
        CAMPUS_DAY = "campus_day", _("day on campus")
        EVENT = "event", _("event")
        SCHOOL_TUTORING = "school_tutoring", _("in-school tutoring")
        ONLINE_TUTORING = "online_tutoring", _("online tutoring")
        MASTER_CLASS = "master_class", _("science master class")
        CAMP = "camp", _("science camp")
        PRO_BONO = "pro_bono", _("pro bono day")
        TRAINING = "training", _("training")
        OUTING = "outing", _("cultural outing")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    class Audience(models.TextChoices):
        CLASSES = "classes", _("classes, by their teacher")
        PUPILS = "pupils", _("pupils, by themselves, their family or their school")
        PUBLIC = "public", _("everybody, by number of seats")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="activities", verbose_name=_("programme"))
    # The member school (or the center) whose people do it: figures by member school read this.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="activities", verbose_name=_("organisation in charge")
    )
    school_year = SchoolYearField()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    title_fr = models.CharField(_("title in French"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="activities", verbose_name=_("topics"))
    levels = ArrayField(
        models.CharField(max_length=10, choices=Level), verbose_name=_("levels"), default=list, blank=True
    )
    language = models.CharField(
        _("language"), max_length=2, default="fr", choices=[("fr", _("French")), ("en", _("English"))]
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    # For what is booked as a whole (a camp, a series); a talk has its seats on the session.
    seats = models.PositiveIntegerField(_("seats for young people"), default=0)
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    seats_overridden = models.PositiveIntegerField(_("seats given over the limit"), default=0, editable=False)
    registration_for = ArrayField(
        models.CharField(max_length=10, choices=Audience),
        verbose_name=_("who may register"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("Nobody: the team of the center books."),
    )
    is_public = models.BooleanField(
        _("in the public catalogue"),
        default=False,
        db_default=False,
        help_text=_(
            "Everybody reads the texts of the activity and its coming dates; those in a school only when the public "
            "may register. Write no name of a person in them."
        ),
    )
    # What binds the bookings of all dates together; the seats of one date stand on the session.
    seats_in_all = models.PositiveIntegerField(_("seats over all dates"), null=True, blank=True)
    school_cap = models.PositiveIntegerField(_("seats that one school may hold"), null=True, blank=True)
    needs_two_adults = models.BooleanField(
        _("two adults before pupils come"),
        default=False,
        db_default=False,
        help_text=_("Pupils are confirmed by name only when two adults are confirmed for the date."),
    )
    public_seats = models.PositiveSmallIntegerField(
        _("seats for one registration of the public"), default=4, db_default=4, validators=[MinValueValidator(1)]
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        default=48,
        db_default=48,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
    )
    offer_margin_hours = models.PositiveSmallIntegerField(
        _("no offer in the last hours before the start"),
        default=24,
        db_default=24,
        validators=[MaxValueValidator(336)],
    )
    volunteers_needed = models.PositiveSmallIntegerField(_("volunteers a session"), default=2)
    required_clearances = ArrayField(
        models.CharField(max_length=15, choices=Clearance.Kind),
        verbose_name=_("clearances that volunteers need"),
        default=list,
        blank=True,
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-school_year", "title_fr", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(registration_opens_at=None)
                | Q(registration_closes_at=None)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="activities_activity_window_ordered",
                violation_error_message=_("Registration closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("seats") + F("seats_overridden")),
                name="activities_activity_seats_within_limit",
                violation_error_message=_("There are not enough seats left."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("activities:activity-detail", args=[self.pk])

    def clean(self):
        check_seats(self, self.seats)

    def save(self, *args, update_fields=None, **kwargs):
        """What triggers count is never written from here, where it may be older than a booking."""
        if update_fields is None and not self._state.adding:
            counted = {"seats_taken", "seats_overridden"}
            update_fields = {field.name for field in self._meta.concrete_fields if not field.primary_key} - counted
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def is_booked_as_a_whole(self):
        """A camp or a series takes people for all its dates; otherwise each date has seats of its own."""
        return self.seats > 0

    @property
    def seats_left(self):
        return max(0, self.seats + self.seats_overridden - self.seats_taken)

    @property
    def school_year_label(self):
        return school_year_label(self.school_year)

    @property
    def clearance_labels(self):
        return [str(Clearance.Kind(kind).label) for kind in self.required_clearances]

    @property
    def level_labels(self):
        """The levels as people say them."""
        return [str(Level(level).label) for level in self.levels]

    @property
    def is_registration_open(self):
        """Whether people may sign up now."""
        now = timezone.now()
        opened = self.registration_opens_at is None or self.registration_opens_at <= now
        closed = self.registration_closes_at is not None and self.registration_closes_at <= now
        return self.state == self.State.OPEN and opened and not closed

    @property
    def title(self):
        return in_language(self.title_fr, self.title_en)

    @property
    def description(self):
        return in_language(self.description_fr, self.description_en)
