"""Holding a record while it is written; whoever comes after an erasure or a merge is told."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants.people.models import Pupil


def still_there(row):
    """The row; refused with a sentence when somebody has taken it away."""
    if row is None:
        raise ValidationError(_("This record is no longer there: somebody has erased or merged it meanwhile."))
    return row


def held(pupil) -> Pupil:
    """The pupil as it stands now, held until the end of the transaction."""
    rows = Pupil.objects.select_for_update(no_key=True, of=("self",)).filter(is_statistic=False)
    return still_there(rows.filter(pk=pupil.pk).first())
