from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.organisations.models import ClassGroup, School
from participants.organisations.school_years import SchoolYearField, school_year_label
from participants.people.models.enrolment import Enrolment
from participants.people.models.pupil import Pupil, manages_all
from participants.people.models.taken_back import TakenBack


class Outcome(models.TextChoices):
    """What September brings to a pupil."""

    MOVES = "moves", _("moves on")
    STAYS = "stays", _("stays back")
    LEAVES = "leaves", _("leaves the school")


def schools_to_manage(user):
    """The schools whose pupils the user enters and promotes; all for the whole center."""
    if manages_all(user):
        return School.objects.all()
    return School.objects.of(user, Permission.PUPIL_MANAGE)


class PromotionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the schools whose pupils one manages."""
        return self.filter(school__in=schools_to_manage(user))

    def standing(self):
        """Those that were not taken back."""
        return self.filter(undone_at=None)


@history.track()
class Promotion(TakenBack):
    """That the pupils of a school went from one school year into the next, all at once; taken back as a whole."""

    school = models.ForeignKey(School, models.PROTECT, related_name="promotions", verbose_name=_("school"))
    # The year into which they went.
    school_year = SchoolYearField()
    done_at = models.DateTimeField(_("done"), default=timezone.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-done_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year"],
                condition=Q(undone_at=None),
                name="people_promotion_once",
                violation_error_message=_("The pupils of this school have already moved into this school year."),
            )
        ]

    def __str__(self):
        return f"{self.school} · {school_year_label(self.school_year)}"

    @property
    def year_label(self):
        return school_year_label(self.school_year)

    def years(self):
        """The years of all pupils of the school in this school year, whoever wrote them."""
        return Enrolment.objects.filter(school=self.school_id, school_year=self.school_year, pupil__is_statistic=False)


class PromotedClassQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(promotion__in=Promotion.objects.visible_to(user))


class PromotedClass(models.Model):
    """A class that a promotion filled; one that it made goes again when it is taken back."""

    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="classes", verbose_name=_("promotion"))
    class_group = models.ForeignKey(ClassGroup, models.CASCADE, related_name="+", verbose_name=_("class"))
    was_made = models.BooleanField(_("made by the promotion"), default=False)

    objects = PromotedClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("class of a promotion")
        verbose_name_plural = _("classes of promotions")
        ordering = ["promotion", "class_group"]
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "class_group"],
                name="people_promotedclass_once",
                violation_error_message=_("This class already stands in this promotion."),
            )
        ]

    def __str__(self):
        return str(self.class_group)


class PromotionRowQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows of promotions one sees, without those that only count."""
        return self.filter(promotion__in=Promotion.objects.visible_to(user), pupil__is_statistic=False)


@history.track()
class PromotionRow(models.Model):
    """What a promotion did with one pupil."""

    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="rows", verbose_name=_("promotion"))
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="promotions", verbose_name=_("pupil"))
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome)
    # The year that was written for the pupil; none for whoever leaves, and once it is taken back.
    enrolment = models.ForeignKey(
        Enrolment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("new year")
    )

    objects = PromotionRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("promoted pupil")
        verbose_name_plural = _("promoted pupils")
        ordering = ["promotion", "pupil"]
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "pupil"],
                name="people_promotionrow_once",
                violation_error_message=_("This pupil already stands in this promotion."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="leaves") | Q(enrolment=None),
                name="people_promotionrow_leavers_have_no_year",
                violation_error_message=_("Whoever leaves is not enrolled again."),
            ),
        ]

    def __str__(self):
        return f"{self.pupil}: {self.get_outcome_display()}"
