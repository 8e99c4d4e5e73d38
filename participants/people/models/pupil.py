import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts import history, sabotage
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation, School
from participants.people import ages, circles
from participants.people.duplicates.keys import MeetingKeys
from participants.people.models.enrolment import Enrolment
from participants.people.models.guardian import Guardianship
from participants.people.models.outgoing import Outgoing
from participants.people.models.person import Person, ends_links_of_old_address


class Sex(models.TextChoices):
    FEMALE = "F", _("girl")
    MALE = "M", _("boy")
    NOT_GIVEN = "N", _("not given")


def sees_all(user) -> bool:
    """Whether the user sees the pupils of the whole center."""
    return Organisation.objects.reaches_center(user, Permission.PUPIL_VIEW)


def manages_all(user) -> bool:
    """Whether the user enters and corrects the pupils of the whole center."""
    return Organisation.objects.reaches_center(user, Permission.PUPIL_MANAGE)


class PupilQuerySet(models.QuerySet):
    def named(self):
        """Without the rows that stand for erased people in the figures: they are nobody's record."""
        return self.filter(is_statistic=False)

    def visible_to(self, user):
        """Oneself, one's children, the pupils whose school is one's own now, those one works with; all for those who
        work for the whole center. Never a row that only counts."""
        if sabotage.is_on("scope") or sees_all(user):
            return self.named()
        return self.named().filter(_own(user) | _of_school(user, Permission.PUPIL_VIEW) | _around(circles.around(user)))

    def recorded_for(self, user):
        """Those whose whole record one reads: a tutor sees the name, the class and the presence, no more."""
        if sees_all(user):
            return self.named()
        found = _of_school(user, Permission.PUPIL_VIEW) | _around(circles.in_full(user))
        return self.named().filter(_own(user) | found)

    def managed_by(self, user):
        """Those whom one enters and corrects: of one's school, or all for the whole center."""
        if manages_all(user):
            return self.named()
        return self.named().filter(_of_school(user, Permission.PUPIL_MANAGE))

    def followed_by(self, user):
        """Those whose studies after the bac one reads and notes: oneself; all for the whole center. A school could read
        from it what a family has agreed to."""
        return self.named() if manages_all(user) else self.named().filter(user=user)


def _own(user):
    return Q(user=user) | Q(pk__in=Guardianship.objects.filter(guardian__user=user).values("pupil"))


def _of_school(user, permission):
    """Those whose newest year is in a school on which the user's grants give this permission."""
    if not user.can(permission):
        return Q(pk__in=[])
    schools = School.objects.of(user, permission)
    return Q(pk__in=Enrolment.objects.newest().filter(school__in=schools).values("pupil"))


def _around(found):
    seen = Q(pk__in=[])
    for ids in found:
        seen |= Q(pk__in=ids)
    return seen


# By statement, not by row: a list of 100,000 pupils is one event statement, and history is the same.
@history.track(level=pghistory.Statement)
class Pupil(Person):
    """A named young person: tutoring, camps. Talks only count heads. No postal address, no nationality, no origin.

    A row that `is_statistic` stands for somebody erased: no name, no date, only what figures count."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="pupil", verbose_name=_("user")
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, default=Sex.NOT_GIVEN)
    email = models.EmailField(
        _("own e-mail address"),
        blank=True,
        help_text=_("Used from the age of 15, to ask what the pupil decides alone."),
    )
    # Changed to take back every personal link at once.
    link_key = models.PositiveIntegerField(_("link key"), default=1, editable=False)
    is_statistic = models.BooleanField(_("only counts"), default=False, editable=False)

    objects = PupilQuerySet.as_manager()
    outgoing = Outgoing.from_queryset(PupilQuerySet)()

    class Meta(Person.Meta):
        verbose_name = _("pupil")
        verbose_name_plural = _("pupils")
        indexes = [
            *Person.Meta.indexes,
            models.Index(fields=["birth_date"], name="people_pupil_birth"),
            GinIndex(MeetingKeys("first_name", "last_name", "birth_date"), name="people_pupil_meeting"),
        ]
        triggers = [ends_links_of_old_address()]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_statistic=True, first_name="", last_name="", birth_date=None, email="", user=None)
                | Q(is_statistic=False, birth_date__isnull=False) & ~Q(first_name="") & ~Q(last_name=""),
                name="people_pupil_named_or_statistic",
                violation_error_message=_("Give the first name, the last name and the date of birth."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date=None) | Q(birth_date__gte="1990-01-01"),
                name="people_pupil_born_in_our_time",
                violation_error_message=_("Check the date of birth: the year is too long ago."),
            ),
        ]

    def age_on(self, day):
        return ages.age_on(self.birth_date, day)

    def get_absolute_url(self):
        return reverse("people:pupil-detail", args=[self.pk])

    @property
    def short_name(self):
        """As on pages that only a link opens: the first name and an initial."""
        return f"{self.first_name} {self.last_name[:1]}."

    @property
    def age(self):
        return self.age_on(timezone.localdate())

    @property
    def is_minor(self):
        return self.age < ages.MAJORITY
