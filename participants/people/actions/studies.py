"""What a young person studies after the bac: noted as it is told, and asked for once a year."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.organisations.school_years import school_year_of
from participants.people import consents, occasions
from participants.people.actions.asking import write_to
from participants.people.actions.holding import held
from participants.people.models import Pupil, Purpose, Study
from participants.people.studies import to_ask


@transaction.atomic
def tell_studies(*, pupil, school_year, kind, source, told_on, member_school=None, by=None) -> Study:
    """Note what somebody studies in a school year, in the place of what was told of it before; only of whoever agrees to
    be followed. `by` is nobody where the young person speaks by the own link."""
    pupil = _lock_followed(pupil, by)
    if not consents.is_allowed(pupil.pk, Purpose.FOLLOW_UP):
        raise ValidationError(_("Without the agreement to be followed afterwards nothing is noted: ask for it first."))
    study = pupil.studies.filter(school_year=school_year).first() or Study(pupil=pupil, school_year=school_year)
    study.kind, study.member_school, study.source, study.told_on = kind, member_school, source, told_on
    study.full_clean()
    study.save()
    return study


@transaction.atomic
def forget_studies(*, study, by=None):
    """Take away what was told of a school year."""
    _lock_followed(study.pupil, by)
    Study.objects.filter(pk=study.pk).delete()


@transaction.atomic
def ask_for_studies(*, day=None) -> int:
    """Ask, once a school year and from the middle of October, those of whom nobody has told what they study now. Returns
    how many are written to anew."""
    day = day or timezone.localdate()
    key = f"studies:{school_year_of(day)}"
    return sum(write_to(occasions.STUDIES, pupil, key=key) for pupil in to_ask(day))


def _lock_followed(pupil, by):
    """The pupil, held; refused to whoever has no business with it."""
    if by is not None and not Pupil.objects.followed_by(by).filter(pk=pupil.pk).exists():
        raise ValidationError(_("Only the young person and the center note studies."))
    return held(pupil)
