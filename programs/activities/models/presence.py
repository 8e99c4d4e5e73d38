import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup
from participants.people.models import Pupil
from programs.activities.models.session import Session

MINUTES_WITHIN_SESSION = """
IF NEW.minutes > (
    SELECT extract(epoch FROM ends_at - starts_at) / 60 FROM activities_session WHERE id = NEW.session_id
) THEN
    RAISE EXCEPTION 'longer than the session' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'activities_attendance_minutes_within_session';
END IF;
RETURN NEW;
"""


def note_change(of_whom):
    """Figures follow every way of writing: each change leaves a row that says whose count it was."""
    return pgtrigger.Trigger(
        name="note_change",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
IF TG_OP <> 'INSERT' THEN
    INSERT INTO activities_change (session_id, {of_whom}, noted_at) VALUES (OLD.session_id, OLD.{of_whom}, now());
END IF;
IF TG_OP <> 'DELETE' THEN
    INSERT INTO activities_change (session_id, {of_whom}, noted_at) VALUES (NEW.session_id, NEW.{of_whom}, now());
END IF;
RETURN NULL;
""",  # noqa: S608 - a column of ours, from the two lines below
    )


class AttendanceQuerySet(models.QuerySet):
    def present(self):
        return self.filter(status__in=Attendance.WAS_THERE)

    def visible_to(self, user):
        return self.filter(pupil__in=Pupil.objects.visible_to(user))


@history.track()
class Attendance(models.Model):
    """A named pupil at a session."""

    class Status(models.TextChoices):
        PRESENT = "present", _("present")
        LATE = "late", _("late")
        LEFT_EARLY = "left_early", _("left early")
        EXCUSED = "excused", _("excused")
        ABSENT = "absent", _("absent")

    WAS_THERE = [Status.PRESENT, Status.LATE, Status.LEFT_EARLY]

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances", verbose_name=_("session"))
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="attendances", verbose_name=_("pupil"))
    status = models.CharField(_("presence"), max_length=10, choices=Status)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["session", "pupil"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "pupil"],
                name="activities_attendance_once",
                violation_error_message=_("This pupil's presence is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["present", "late", "left_early"]) | Q(minutes=0),
                name="activities_attendance_absent_has_no_minutes",
                violation_error_message=_("Whoever was not there has no minutes."),
            ),
        ]
        triggers = [
            note_change("pupil_id"),
            pgtrigger.Trigger(
                name="minutes_within_session",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=MINUTES_WITHIN_SESSION,
            ),
        ]

    def __str__(self):
        return f"{self.pupil}: {self.get_status_display()}"


class HeadcountQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.can_everywhere(Permission.SESSION_VIEW):
            return self
        return self.filter(session__in=Session.objects.visible_to(user))


@history.track()
class Headcount(models.Model):
    """Young people counted, without names: of a class, or of the open public, at a session, by level and sex.
    Those whose sex nobody noted are the total less girls and boys: unknown is a value of its own."""

    class Source(models.TextChoices):
        SCHOOL = "school", _("school contact")
        VOLUNTEER = "volunteer", _("volunteer")
        STAFF = "staff", _("center")

    session = models.ForeignKey(Session, models.PROTECT, related_name="headcounts", verbose_name=_("session"))
    class_group = models.ForeignKey(
        ClassGroup, models.PROTECT, null=True, blank=True, related_name="headcounts", verbose_name=_("class")
    )
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.UNKNOWN)
    total = models.PositiveIntegerField(_("young people"))
    girls = models.PositiveIntegerField(_("girls"), default=0)
    boys = models.PositiveIntegerField(_("boys"), default=0)
    source = models.CharField(_("counted by"), max_length=10, choices=Source)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"))

    objects = HeadcountQuerySet.as_manager()

    class Meta:
        verbose_name = _("head-count")
        verbose_name_plural = _("head-counts")
        ordering = ["session", "class_group", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "class_group", "level"],
                nulls_distinct=False,
                name="activities_headcount_once",
                violation_error_message=_("This class is already counted for this session."),
            ),
            models.CheckConstraint(
                condition=Q(total__gte=F("girls") + F("boys")),
                name="activities_headcount_parts_within_total",
                violation_error_message=_("Girls and boys together are more than the total."),
            ),
        ]
        triggers = [note_change("class_group_id")]

    def __str__(self):
        public = self.class_group or _("open public")
        return f"{public}: {self.total}"

    @property
    def sex_unknown(self):
        return self.total - self.girls - self.boys
