from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.accounts import sabotage
from participants.accounts.roles import Permission
from participants.correspondence.models import Job
from participants.organisations.models import Organisation, School
from participants.organisations.school_years import SchoolYearField, school_year_label


class RosterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The lists of the schools for which one sends them; all for the whole center."""
        if sabotage.is_on("scope") or Organisation.objects.reaches_center(user, Permission.ROSTER_SEND):
            return self
        return self.filter(school__in=School.objects.of(user, Permission.ROSTER_SEND))

    def unsettled(self):
        return self.filter(state__in=Roster.UNSETTLED)


class Roster(models.Model):
    """A class list that a school sent: read, checked by the sender, then taken as a whole, and undone as a whole."""

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("class list", "being read")
        COLUMNS = "columns", pgettext_lazy("class list", "columns to confirm")
        COMPARING = "comparing", pgettext_lazy("class list", "being compared")
        READY = "ready", pgettext_lazy("class list", "to check")
        APPLYING = "applying", pgettext_lazy("class list", "being taken")
        APPLIED = "applied", pgettext_lazy("class list", "taken")
        UNDONE = "undone", pgettext_lazy("class list", "undone")
        REFUSED = "refused", pgettext_lazy("class list", "refused")
        DISCARDED = "discarded", pgettext_lazy("class list", "not taken")

    WORKING = [State.READING, State.COMPARING, State.APPLYING]
    UNSETTLED = [*WORKING, State.COLUMNS, State.READY]

    school = models.ForeignKey(School, models.PROTECT, related_name="rosters", verbose_name=_("school"))
    school_year = SchoolYearField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("sent by")
    )
    file_name = models.CharField(_("file name"), max_length=150)
    # Where the file stands under PRIVATE_ROOT until it is read: a random name.
    stored_as = models.CharField(_("stored as"), max_length=60, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READING)
    problem = models.CharField(_("why it was refused"), max_length=30, blank=True)
    header_line = models.PositiveIntegerField(_("line of the column names"), default=0)
    names = models.JSONField(_("names of the columns"), default=list, blank=True)
    # Digest of the names: a list of the same program is read as the last one was.
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    is_mapping_confirmed = models.BooleanField(_("columns confirmed"), default=False)
    is_compared_anew = models.BooleanField(_("compared anew"), default=False, editable=False)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))
    round = models.PositiveSmallIntegerField(_("round"), default=0, editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("class list")
        verbose_name_plural = _("class lists")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "fingerprint"], name="people_roster_columns"),
            models.Index(fields=["-created_at", "-id"], name="people_roster_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, state__in=["reading", "columns", "comparing", "ready", "applying"])
                | Q(settled_at__isnull=False, state__in=["applied", "undone", "refused", "discarded"]),
                name="people_roster_settled_or_not",
                violation_error_message=_("A settled list says when it was settled."),
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(problem="") | ~Q(state="refused") & Q(problem=""),
                name="people_roster_refused_for_a_reason",
                violation_error_message=_("A refused list says why."),
            ),
        ]

    def __str__(self):
        return f"{self.school} · {self.year_label}"

    def get_absolute_url(self):
        return reverse("people:roster-detail", args=[self.pk])

    @property
    def year_label(self):
        return school_year_label(self.school_year)

    @property
    def path(self) -> Path:
        return settings.PRIVATE_ROOT / "rosters" / self.stored_as

    @property
    def is_settled(self):
        return self.state not in self.UNSETTLED

    @property
    def is_working(self):
        return self.state in self.WORKING


class RosterRowQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(roster__in=Roster.objects.visible_to(user))


class RosterRow(models.Model):
    """A line of a list while it is checked. Once the list is taken only refused lines stay, for a few days."""

    class State(models.TextChoices):
        UNREAD = "unread", pgettext_lazy("line of a list", "not yet read")
        NEW = "new", pgettext_lazy("line of a list", "new")
        CHANGED = "changed", pgettext_lazy("line of a list", "changed")
        SAME = "same", pgettext_lazy("line of a list", "unchanged")
        DOUBTFUL = "doubtful", pgettext_lazy("line of a list", "doubtful")
        REFUSED = "refused", pgettext_lazy("line of a list", "refused")
        REPEATED = "repeated", pgettext_lazy("line of a list", "repeated")

    class Choice(models.TextChoices):
        SAME = "same", _("the same pupil")
        ANOTHER = "another", _("another person")

    TAKEN = [State.NEW, State.CHANGED]

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="rows", verbose_name=_("class list"))
    line = models.PositiveIntegerField(_("line"))
    cells = models.JSONField(_("cells"), default=list)
    facts = models.JSONField(_("facts"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UNREAD)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    remarks = models.JSONField(_("remarks"), default=list, blank=True)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    pupil = models.ForeignKey(
        "people.Pupil", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pupil")
    )
    # Who it may be: [id of a pupil, why].
    candidates = models.JSONField(_("possible duplicates"), default=list, blank=True)
    choice = models.CharField(_("choice"), max_length=10, choices=Choice, blank=True)

    objects = RosterRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a class list")
        verbose_name_plural = _("lines of class lists")
        ordering = ["roster", "line"]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "line"],
                name="people_rosterrow_line_once",
                violation_error_message=_("This line is already there."),
            ),
        ]

    def __str__(self):
        return f"{self.roster_id}: {self.line}"


class RosterEffectQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(roster__in=Roster.objects.visible_to(user))


class RosterEffect(models.Model):
    """What a list wrote: ids only. What stood there before is in the history, which undoing reads."""

    class Kind(models.TextChoices):
        CLASS_GROUP = "classgroup", _("class")
        PUPIL = "pupil", _("pupil")
        ENROLMENT = "enrolment", _("enrolment")
        GUARDIAN = "guardian", _("guardian")
        GUARDIANSHIP = "guardianship", _("guardianship")

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="effects", verbose_name=_("class list"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    object_id = models.PositiveBigIntegerField(_("object"))
    is_new = models.BooleanField(_("new"))
    # The event of the history that the list made; a newer one means that somebody changed it since.
    event_id = models.PositiveBigIntegerField(_("event"), null=True, blank=True)

    objects = RosterEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("effect of a class list")
        verbose_name_plural = _("effects of class lists")
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "kind", "object_id"],
                name="people_rostereffect_once",
                violation_error_message=_("This effect is already noted."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.object_id}"
