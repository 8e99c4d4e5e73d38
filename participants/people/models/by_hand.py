from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation
from participants.people.models.consent import Consent, Purpose
from participants.people.models.pupil import Pupil


class ByHandQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What is asked of one: the school of its contacts, the center of its staff."""
        if Organisation.objects.reaches_center(user, Permission.CONSENT_MANAGE):
            return self
        if not user.can(Permission.PUPIL_MANAGE):
            return self.none()
        return self.filter(pupil__in=Pupil.objects.managed_by(user), audience=ByHand.Audience.SCHOOL)

    def open(self):
        return self.filter(done_at=None)


@history.track()
class ByHand(models.Model):
    """What no program can do after a consent was taken back, and who has done it: photos on a wall, a printed list."""

    class Task(models.TextChoices):
        TAKE_PHOTOS_OFF = (
            "take_photos_off",
            _("take the photos and films of this pupil off every page, wall and network"),
        )
        LEAVE_OUT_OF_LISTS = (
            "leave_out_of_lists",
            _("take this pupil out of printed lists, and tell the people on site"),
        )
        STOP_FOLLOW_UP = "stop_follow_up", _("take this pupil out of mailings and questionnaires kept elsewhere")
        TELL_RESEARCHERS = "tell_researchers", _("tell the researchers to leave this pupil out of their data")
        DESTROY_HEALTH_SHEET = "destroy_health_sheet", _("destroy the health sheet, and tell the people on site")

    class Audience(models.TextChoices):
        SCHOOL = "school", _("school")
        CENTER = "center", _("center")

    class Note(models.TextChoices):
        AGREED_AGAIN = "agreed_again", _("no longer needed: the family has agreed again")

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="by_hand", verbose_name=_("pupil"))
    consent = models.ForeignKey(Consent, models.CASCADE, related_name="by_hand", verbose_name=_("consent taken back"))
    task = models.CharField(_("to be done"), max_length=20, choices=Task)
    audience = models.CharField(_("by"), max_length=6, choices=Audience)
    asked_at = models.DateTimeField(_("asked"), db_default=Now(), editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    note = models.CharField(_("note"), max_length=12, choices=Note, blank=True, db_default="")

    objects = ByHandQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing to do by hand")
        verbose_name_plural = _("things to do by hand")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "task", "audience"],
                name="people_byhand_once",
                violation_error_message=_("This is already asked."),
            ),
            models.CheckConstraint(
                condition=Q(done_by=None) | Q(done_at__isnull=False),
                name="people_byhand_done_has_moment",
                violation_error_message=_("Say when it was done."),
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(done_at=None), name="people_byhand_open")]

    def __str__(self):
        return f"{self.pupil}: {self.get_task_display()}"


# Purpose -> what must be done by hand when it is taken back, and by whom.
_TASK, _BY = ByHand.Task, ByHand.Audience
AFTER_WITHDRAWAL = {
    Purpose.TAKING_PART: [(_TASK.LEAVE_OUT_OF_LISTS, _BY.SCHOOL), (_TASK.LEAVE_OUT_OF_LISTS, _BY.CENTER)],
    Purpose.IMAGE: [(_TASK.TAKE_PHOTOS_OFF, _BY.SCHOOL), (_TASK.TAKE_PHOTOS_OFF, _BY.CENTER)],
    Purpose.FOLLOW_UP: [(_TASK.STOP_FOLLOW_UP, _BY.CENTER)],
    Purpose.RESEARCH: [(_TASK.TELL_RESEARCHERS, _BY.CENTER)],
    Purpose.CONTACT_AFTER_18: [(_TASK.STOP_FOLLOW_UP, _BY.CENTER)],
    Purpose.CAMP_HEALTH: [(_TASK.DESTROY_HEALTH_SHEET, _BY.CENTER)],
}
