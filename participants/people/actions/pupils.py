"""What happens to pupils and their school years: entered, corrected, enrolled, moved, gone; facts with their source."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from participants.accounts.text import Fold
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup
from participants.people.actions.guardians import behind_proven_address
from participants.people.actions.holding import held
from participants.people.models import Enrolment, Guardianship, Pupil, PupilNote, schools_to_manage
from participants.people.models.enrolment import FACTS


@transaction.atomic
def enter_pupil(*, school, school_year, by, level=Level.UNKNOWN, class_name="", **person):
    """Write down a young person with their first school year here."""
    pupil = _written(Pupil(**person))
    enrol(pupil=pupil, school=school, school_year=school_year, level=level, class_name=class_name, by=by)
    return pupil


@transaction.atomic
def enter_by_own_word(*, school, school_year, level, guardian=None, **person) -> Pupil:
    """Write down a young person who came by themselves, from an address that is proven, below 15 with the guardian whose
    address it is; the class is for the school to say."""
    pupil = _written(Pupil(**person))
    _written(Enrolment(pupil=pupil, school=school, school_year=school_year, level=level))
    if guardian:
        Guardianship.objects.create(pupil=pupil, guardian=behind_proven_address(**guardian))
    return pupil


def _written(row):
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def correct_pupil(*, pupil, by, **person):
    """Put right what was written about the person."""
    pupil = _lock_managed(pupil, by)
    for name, value in person.items():
        setattr(pupil, name, value)
    pupil.full_clean()
    pupil.save(update_fields=[*person])
    return pupil


@transaction.atomic
def enrol(*, pupil, school, school_year, by, level=Level.UNKNOWN, class_name=""):
    """Write a school year for a pupil; what was told in other years stays there, except what does not change."""
    _need_school(school, by)
    # Two who enrol the same pupil queue here; the second finds the year written.
    pupil = held(pupil)
    group = class_named(school=school, school_year=school_year, name=class_name, level=level)
    before = pupil.enrolments.filter(school_year__lt=school_year).order_by("-school_year").first()
    facts = {"class_group": group, "level": _level(level, group)} | lasting_facts(before)
    return _written(Enrolment(pupil=pupil, school_year=school_year, school=school, **facts))


@transaction.atomic
def change_year(*, enrolment, by, level, class_name=""):
    """Correct the class and the level of a school year."""
    enrolment = _lock_year(enrolment, by)
    group = class_named(school=enrolment.school, school_year=enrolment.school_year, name=class_name, level=level)
    enrolment.class_group, enrolment.level = group, level
    if level != Level.UNKNOWN:
        enrolment.expected_level = ""
    enrolment.full_clean()
    enrolment.save(update_fields=["class_group", "level", "expected_level"])
    return enrolment


@transaction.atomic
def tell_facts(*, enrolment, by, **facts):
    """Note the facts of a school year, each with who told it and when; the form has paired them."""
    enrolment = _lock_year(enrolment, by)
    for name, value in facts.items():
        setattr(enrolment, name, value)
    enrolment.full_clean()
    enrolment.save(update_fields=[*facts])
    return enrolment


@transaction.atomic
def move_to_school(*, enrolment, school, by):
    """The pupil goes to another school within the year: one identity, and the former school no longer sees it."""
    enrolment = _lock_year(enrolment, by)
    _need_school(school, by)
    if school.pk == enrolment.school_id:
        raise ValidationError(_("The pupil is already in this school."))
    enrolment.school, enrolment.class_group, enrolment.state = school, None, Enrolment.State.ENROLLED
    enrolment.save(update_fields=["school", "class_group", "state"])
    return enrolment


@transaction.atomic
def leave_school(*, enrolment, by):
    """The pupil has left; the school keeps the record until another school enrols them."""
    return _set_state(_lock_year(enrolment, by), Enrolment.State.LEFT)


@transaction.atomic
def return_to_school(*, enrolment, by):
    """The pupil is back, or never left."""
    return _set_state(_lock_year(enrolment, by), Enrolment.State.ENROLLED)


@transaction.atomic
def write_note(*, pupil, text, by):
    """Keep a note about a pupil whom one manages."""
    return _written(PupilNote(pupil=_lock_managed(pupil, by), text=text.strip(), author=by))


@transaction.atomic
def remove_note(*, note, by):
    """Take a note away."""
    _lock_managed(note.pupil, by)
    note.delete()


def class_named(*, school, school_year, name, level=Level.UNKNOWN):
    """The class of this name in this school and year, however it is written; made when there is none."""
    name = " ".join(name.split())
    if not name:
        return None
    same = ClassGroup.objects.alias(folded=Fold("name")).filter(
        school=school, school_year=school_year, folded=Fold(Value(name))
    )
    if found := same.first():
        return found
    group = ClassGroup(school=school, school_year=school_year, name=name, level=level or Level.UNKNOWN)
    group.clean_fields()
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:  # somebody named it at the same moment
        return same.get()
    return group


def lasting_facts(before) -> dict:
    """What does not change with the year, with its source and date; scholarship and neighbourhood are asked again."""
    if before is None:
        return {}
    lasting = ("first_generation", "social_origin")
    return {name: getattr(before, name) for fact in lasting for name in (fact, *FACTS[fact])}


def _level(level, group):
    """As said; else the level of the class."""
    return group.level if group and level == Level.UNKNOWN else level


def _set_state(enrolment, state):
    if enrolment.state == state:
        raise ValidationError(_("This was already noted."))
    enrolment.state = state
    enrolment.save(update_fields=["state"])
    return enrolment


def _need_school(school, by):
    if not schools_to_manage(by).filter(pk=school.pk).exists():
        raise ValidationError(_("You enter pupils for your own school only."))


def _lock_managed(pupil, by):
    """The pupil, held; refused when somebody else's by now."""
    if not Pupil.objects.managed_by(by).filter(pk=pupil.pk).exists():
        raise ValidationError(_("This pupil is no longer in your school."))
    return held(pupil)


def _lock_year(enrolment, by):
    """The year, held with its pupil; only the school of that year writes in it."""
    _lock_managed(enrolment.pupil, by)
    enrolment = (
        Enrolment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("school", "pupil")
        .get(pk=enrolment.pk)
    )
    _need_school(enrolment.school, by)
    return enrolment
