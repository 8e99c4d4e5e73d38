"""What binds the bookings of an activity: its limits, its order of the line, its offers."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from programs.activities import limits
from programs.activities.actions.offers import reorder
from programs.activities.locks import locked_activity
from programs.activities.models import Booking, LevelQuota, PriorityCriterion
from programs.activities.refusals import in_sentences


@in_sentences
@transaction.atomic
def set_places(*, activity, by, quotas, priorities, **rules):
    """Write the rules of an activity anew: `quotas` as (levels, seats), `priorities` as {criterion: points}, `rules` the
    fields of the activity. No limit goes below what is held; the line is put in order and free places are offered."""
    activity = locked_activity(activity.pk)
    for name, value in rules.items():
        setattr(activity, name, value)
    activity.full_clean(exclude=["programme", "organisation"])
    activity.save(update_fields=list(rules))
    activity.quotas.all().delete()
    LevelQuota.objects.bulk_create(LevelQuota(activity=activity, levels=levels, seats=n) for levels, n in quotas)
    activity.priorities.all().delete()
    PriorityCriterion.objects.bulk_create(
        PriorityCriterion(activity=activity, criterion=name, weight=points) for name, points in priorities.items()
    )
    _check_held(activity)
    reorder(activity=activity)
    return activity


def _check_held(activity):
    """Nobody loses seats because a limit sinks."""
    held = limits.Held(activity)
    schools = Booking.objects.seated().of_activity(activity).exclude(school=None).values_list("school_id", flat=True)
    found = [limits.counts(activity, held, school, level=None) for school in {None, *schools}]
    for count in (count for counts in found for count in counts if count.code != "place"):
        if count.held > count.seats:
            sentence = _("“%(limit)s”: %(held)d are held already, so %(seats)d is too few. Cancel a booking first.")
            raise ValidationError(sentence % {"limit": count.name, "held": count.held, "seats": count.seats})
