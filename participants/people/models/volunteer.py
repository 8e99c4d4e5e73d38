from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.models import Grant
from participants.accounts.roles import Permission, Role
from participants.organisations.models import Organisation, School, Territory
from participants.people.models.person import Person


class VolunteerQuerySet(models.QuerySet):
    def named(self):
        """Without the rows that stand for erased people in the figures: they are nobody's record."""
        return self.filter(is_statistic=False)

    def visible_to(self, user):
        """Oneself; those of the organisations on which a role shows volunteers. Never a row that only counts."""
        if user.can_everywhere(Permission.VOLUNTEER_VIEW):
            return self.named()
        own = Organisation.objects.managed_by(user, Permission.VOLUNTEER_VIEW)
        return self.named().filter(Q(user=user) | Q(member_school__in=own) | Q(club__in=own))

    def active(self):
        return self.filter(ended_on=None)

    def with_recognition(self):
        """Annotates `is_recognised`: may sign up for sessions today."""
        granted = Grant.objects.live().filter(user=OuterRef("user"), role=Role.VOLUNTEER)
        return self.annotate(is_recognised=Exists(granted))


@history.track()
class Volunteer(Person):
    """A student or an alumnus who gives time.

    A row that `is_statistic` stands for somebody erased: their school, and the sessions that were given."""

    class Kind(models.TextChoices):
        STUDENT = "student", _("student")
        ALUMNUS = "alumnus", _("alumnus or alumna")
        STAFF = "staff", _("member of staff")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="volunteer", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.STUDENT)
    member_school = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="volunteers",
        verbose_name=_("member school"),
        limit_choices_to={"kind": Organisation.Kind.MEMBER_SCHOOL},
    )
    club = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="club_volunteers",
        verbose_name=_("club"),
        limit_choices_to={"kind": Organisation.Kind.CLUB},
    )
    graduation_year = models.PositiveSmallIntegerField(_("year of graduation"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages spoken"), default=list, blank=True)
    home_departement = models.ForeignKey(
        Territory,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home département"),
        limit_choices_to={"kind": Territory.Kind.DEPARTEMENT},
    )
    former_school = models.ForeignKey(
        School, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("former school")
    )
    charter_signed_at = models.DateTimeField(_("charter signed"), null=True, blank=True)
    joined_on = models.DateField(_("joined"), default=timezone.localdate)
    ended_on = models.DateField(_("left"), null=True, blank=True)
    is_statistic = models.BooleanField(_("only counts"), default=False, db_default=False, editable=False)

    objects = VolunteerQuerySet.as_manager()

    class Meta(Person.Meta):
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("joined_on")),
                name="people_volunteer_dates_ordered",
                violation_error_message=_("The volunteer left before joining."),
            ),
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{name: ""}) for name in ("first_name", "last_name", "phone")),
                    *(Q(**{name: None}) for name in ("user", "club", "graduation_year", "home_departement")),
                    former_school=None,
                    charter_signed_at=None,
                    languages=[],
                    joined_on=F("ended_on"),
                    is_statistic=True,
                )
                | Q(is_statistic=False, user__isnull=False) & ~Q(first_name="", last_name=""),
                name="people_volunteer_named_or_statistic",
                violation_error_message=_("Give the first name, the last name and the account."),
            ),
        ]

    def __str__(self):
        return str(_("former volunteer")) if self.is_statistic else super().__str__()


class ClearanceQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), checked_on__lte=day)

    def visible_to(self, user):
        return self.filter(volunteer__in=Volunteer.objects.visible_to(user))


@history.track()
class Clearance(models.Model):
    """That a check or a training was passed, and until when it holds. The document itself is never kept."""

    class Kind(models.TextChoices):
        CHARTER = "charter", _("volunteer's charter")
        TRAINING = "training", _("volunteer training")
        HONORABILITY = "honorability", _("safeguarding certificate")
        FIRST_AID = "first_aid", _("first aid")

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="clearances", verbose_name=_("volunteer"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    checked_on = models.DateField(_("checked on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        ordering = ["volunteer", "kind", "-checked_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("checked_on")),
                name="people_clearance_dates_ordered",
                violation_error_message=_("The clearance ends before it was checked."),
            ),
            models.UniqueConstraint(
                fields=["volunteer", "kind", "checked_on"],
                name="people_clearance_once_a_day",
                violation_error_message=_("This check is already recorded."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.volunteer}"
