"""Who comes first in the line: the criteria that an activity names, each with its points. Reads only.

Shown in words to whoever registers. What is unknown counts as not met; of a class, whose pupils nobody names, only what
is true of its school counts.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.people import criteria
from participants.people.criteria import Answer
from programs.activities.models import Booking, PriorityCriterion, Session

Criterion = PriorityCriterion.Criterion


def score(activity, booking) -> int:
    """The points of a booking, as the facts stand today."""
    wanted = list(activity.priorities.all())
    if not wanted or not booking.school_id:
        return 0
    answers = _answers(activity, booking, {row.criterion for row in wanted})
    return sum(row.weight for row in wanted if answers.get(row.criterion) == Answer.YES)


def in_words(activity) -> list[str]:
    """The rule as an applicant reads it, the heaviest first."""
    return [
        ngettext("%(criterion)s: %(count)d point", "%(criterion)s: %(count)d points", row.weight)
        % {"criterion": row.get_criterion_display(), "count": row.weight}
        for row in activity.priorities.all()
    ]


def order_in_words(activity) -> str:
    """How places are given, in one sentence."""
    if activity.priorities.all():
        return _("Places that come free are offered to whoever has the most points, then to whoever waits longest.")
    return _("Places that come free are offered in the order of registration.")


def _answers(activity, booking, wanted) -> dict:
    school, year = booking.school, activity.school_year
    facts = criteria.facts_of_school(school.profiles.filter(school_year__lte=year), year)
    answers: dict = {**criteria.of_school(school, facts)}
    if booking.pupil_id and (enrolment := booking.pupil.enrolments.filter(school_year=year).first()):
        answers[Criterion.SCHOLARSHIP] = enrolment.scholarship
        answers[Criterion.NEIGHBOURHOOD] = enrolment.priority_neighbourhood
    if Criterion.NEVER_REACHED in wanted:
        answers[Criterion.NEVER_REACHED] = Answer.NO if _was_reached(school) else Answer.YES
    return answers


def _was_reached(school) -> bool:
    """Whether a date was held in the school, or one of its classes or pupils had seats in one."""
    held = Session.objects.filter(state=Session.State.PLANNED, ends_at__lte=timezone.now())
    seats = Booking.objects.seated().filter(school=school, session__in=held)
    return held.filter(school=school).exists() or seats.exists()
