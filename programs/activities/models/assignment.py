from datetime import timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import DurationField, F, Q, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.roles import Permission
from participants.people.models import Volunteer
from programs.activities.models.session import Session

# The period is the session's, whatever the writer says: an exclusion constraint can only look at its own table.
# A session that does not take place leaves its volunteers free: no period, no clash.
COPY_PERIOD = """
SELECT CASE WHEN state = 'planned' THEN tstzrange(starts_at, ends_at, '[)') END INTO NEW.period
FROM activities_session WHERE id = NEW.session_id;
RETURN NEW;
"""
COUNT_VOLUNTEERS = """
IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.session_id = NEW.session_id THEN
    RETURN NULL;
END IF;
IF TG_OP <> 'INSERT' AND OLD.state IN ('confirmed', 'done') THEN
    UPDATE activities_session SET volunteers_confirmed = volunteers_confirmed - 1 WHERE id = OLD.session_id;
END IF;
IF TG_OP <> 'DELETE' AND NEW.state IN ('confirmed', 'done') THEN
    UPDATE activities_session SET volunteers_confirmed = volunteers_confirmed + 1 WHERE id = NEW.session_id;
END IF;
RETURN NULL;
"""


class AssignmentQuerySet(models.QuerySet):
    def live(self):
        return self.filter(state__in=Assignment.LIVE)

    def confirmed(self):
        return self.filter(state__in=Assignment.HOLDS_A_PLACE)

    def named(self):
        """Without those of volunteers who were erased: they only count."""
        return self.filter(volunteer__is_statistic=False)

    def with_unopened_kit(self):
        """Of those whose activity has a kit: who has not opened it yet."""
        return self.filter(session__activity__kit__isnull=False, kit_opening=None)

    def in_line(self):
        return self.filter(state=Assignment.State.APPLIED).order_by("applied_at", "pk")

    def held(self):
        """The sessions that were given: over, and not called off."""
        return self.confirmed().filter(session__in=Session.objects.past())

    def clashing_with(self, start, end):
        """The commitments that overlap a period; of sessions that take place only, the others have no period."""
        return self.confirmed().filter(period__overlap=DateTimeTZRange(start, end, "[)"))

    def minutes(self):
        """How long the sessions of these assignments last in all."""
        span = Sum(F("session__ends_at") - F("session__starts_at"), output_field=DurationField())
        return int((self.aggregate(span=span)["span"] or timedelta()).total_seconds() // 60)

    def visible_to(self, user):
        """One's own; those of the sessions and the volunteers that one manages."""
        if user.can_everywhere(Permission.SESSION_MANAGE):
            return self
        return self.filter(
            Q(volunteer__user=user)
            | Q(session__in=Session.objects.managed_by(user))
            | Q(volunteer__in=Volunteer.objects.visible_to(user))
        )


@history.track()
class Assignment(models.Model):
    """A volunteer in a session, in a role. Whoever applies to a full session stands in line."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", _("speaker")
        TUTOR = "tutor", _("tutor")
        SUPERVISOR = "supervisor", _("supervisor")

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        APPLIED = "applied", _("in line")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REPLACED = "replaced", _("replaced")
        DONE = "done", _("done")
        LAPSED = "lapsed", _("no longer needed")

    LIVE = [State.INVITED, State.APPLIED, State.CONFIRMED, State.DONE]
    HOLDS_A_PLACE = [State.CONFIRMED, State.DONE]

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="assignments", verbose_name=_("volunteer"))
    session = models.ForeignKey(Session, models.PROTECT, related_name="assignments", verbose_name=_("session"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SPEAKER)
    state = models.CharField(_("state"), max_length=10, choices=State)
    # The clock of the database, not of the web server that happens to answer: the order of the line hangs on it.
    applied_at = models.DateTimeField(_("applied"), db_default=Now())
    period = DateTimeRangeField(_("period"), null=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["applied_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "session"],
                condition=Q(state__in=["invited", "applied", "confirmed", "done"]),
                name="activities_assignment_one_live",
                violation_error_message=_("This volunteer is already signed up for this session."),
            ),
            ExclusionConstraint(
                name="activities_assignment_no_overlap",
                expressions=[("volunteer", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state__in=["confirmed", "done"]),
                violation_error_message=_("This volunteer already has a commitment at that time."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="copy_period",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=COPY_PERIOD,
            ),
            pgtrigger.Trigger(
                name="count_volunteers",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=COUNT_VOLUNTEERS,
            ),
        ]

    def __str__(self):
        return f"{self.volunteer} → {self.session}"

    @property
    def is_live(self):
        return self.state in self.LIVE

    @property
    def holds_a_place(self):
        return self.state in self.HOLDS_A_PLACE

    @property
    def place_in_line(self):
        """First, second, third…: how many stand before, and oneself."""
        before = Q(applied_at__lt=self.applied_at) | Q(applied_at=self.applied_at, pk__lte=self.pk)
        return Assignment.objects.in_line().filter(before, session=self.session_id).count()
