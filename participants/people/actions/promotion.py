"""September: the pupils of a school go into the next year, all at once; taken back as a whole while nothing was built
on it."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.accounts import sabotage
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, School
from participants.people import ties
from participants.people.actions.pupils import class_named, lasting_facts
from participants.people.models import (
    Enrolment,
    Outcome,
    PromotedClass,
    Promotion,
    PromotionRow,
    Pupil,
    schools_to_manage,
)
from participants.people.promotion import Plan, of_school

CHANGED = gettext_lazy("The list of pupils has changed meanwhile. Look at it again before you go on.")


@transaction.atomic
def promote(*, school, school_year, plan: Plan, by):
    """Write the new year of every pupil of the plan. Old years are read and never written."""
    school = _lock_school(school, by)
    if Promotion.objects.standing().filter(school=school, school_year=school_year).exists():
        raise ValidationError(_("The pupils of this school have already moved into this school year."))
    waiting = {enrolment.pk: enrolment for enrolment in of_school(school, school_year)}
    if set(waiting) != set(plan.outcomes):
        raise ValidationError(CHANGED)
    if not waiting:
        raise ValidationError(_("There is nobody to move: every pupil is already enrolled for this school year."))
    # In one order, so that two schools that share a pupil never wait for each other.
    pupils = sorted(enrolment.pupil_id for enrolment in waiting.values())
    list(Pupil.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=pupils).order_by("pk"))
    promotion = Promotion.objects.create(school=school, school_year=school_year, done_by=by)
    groups = _classes(promotion, plan, waiting)
    rows = [_row(promotion, old, plan, groups) for old in waiting.values()]
    try:
        with transaction.atomic():
            Enrolment.objects.bulk_create(row.enrolment for row in rows if row.enrolment)
    except IntegrityError:  # another school has entered one of them for this year at the same moment
        raise ValidationError(CHANGED) from None
    PromotionRow.objects.bulk_create(rows)
    return promotion


@transaction.atomic
def undo_promotion(*, promotion, by):
    """Take it back as a whole: the years and the classes that it wrote go, as if nothing had been done."""
    _lock_school(promotion.school, by)
    promotion = Promotion.objects.select_for_update(no_key=True, of=("self",)).get(pk=promotion.pk)
    if promotion.undone_at:
        raise ValidationError(_("This was already taken back."))
    if is_built_on(promotion):
        raise ValidationError(
            _("Something was built on it: a level was confirmed, a year corrected, an activity booked. It stays.")
        )
    years = promotion.rows.exclude(enrolment=None).values("enrolment")
    Enrolment.objects.filter(pk__in=years).delete()
    _remove_classes(promotion)
    promotion.undone_at, promotion.undone_by = timezone.now(), by
    promotion.save(update_fields=["undone_at", "undone_by"])
    return promotion


@transaction.atomic
def confirm_class(*, group, level, by):
    """Say which level the pupils of a class really are in: all of those whose level was only expected."""
    _lock_school(group.school, by)
    group = ClassGroup.objects.select_for_update(no_key=True, of=("self",)).get(pk=group.pk)
    if group.level == Level.UNKNOWN and level in Level:
        group.level = level
        group.save(update_fields=["level"])
    return _confirm(Enrolment.objects.filter(class_group=group), level)


@transaction.atomic
def confirm_without_class(*, school, school_year, expected, level, by):
    """The same for those of a school who have no class yet and of whom the same level was expected."""
    school = _lock_school(school, by)
    alike = Enrolment.objects.filter(school=school, school_year=school_year, class_group=None, expected_level=expected)
    return _confirm(alike, level)


def _confirm(years, level):
    if level == Level.UNKNOWN or level not in Level:
        raise ValidationError(_("Choose the level of the class."))
    waiting = years.filter(level=Level.UNKNOWN, pupil__is_statistic=False)
    changed = waiting.update(level=level, expected_level="")
    if not changed:
        raise ValidationError(_("Every level here is already confirmed."))
    return changed


def is_built_on(promotion) -> bool:
    """Whether a year it wrote was touched since, a class used otherwise, or something planned for its pupils."""
    rows = promotion.rows.exclude(outcome=Outcome.LEAVES)
    if rows.filter(enrolment=None).exists():
        return True
    years = rows.values("enrolment")
    events = Enrolment.pgh_event_model.objects.filter(pgh_obj__in=years).exclude(pgh_label="insert")
    made = promotion.classes.filter(was_made=True).values("class_group")
    others = Enrolment.objects.filter(class_group__in=made).exclude(pk__in=years)
    later = Enrolment.objects.filter(pupil__in=rows.values("pupil"), school_year__gt=promotion.school_year)
    touched = (events.exists() or others.exists()) or later.exists()
    return touched or ties.hang_on(rows.values("pupil"), promotion.school_year)


def _lock_school(school, by):
    """One at a time in a school: whoever comes second finds it done."""
    if not schools_to_manage(by).filter(pk=school.pk).exists():
        raise ValidationError(_("You enter pupils for your own school only."))
    if sabotage.is_on("lock"):
        return school
    return School.objects.select_for_update(no_key=True, of=("self",)).get(pk=school.pk)


def _classes(promotion, plan, waiting):
    """The class of next year for each class of the plan; those that did not exist are made and noted."""
    known = set(
        ClassGroup.objects.filter(school=promotion.school, school_year=promotion.school_year).values_list(
            "pk", flat=True
        )
    )
    moving = defaultdict(int)
    for old in waiting.values():
        moving[plan.key_of[old.pk]] += plan.outcomes[old.pk] == Outcome.MOVES
    groups, noted = {}, {}
    for key, step in plan.steps.items():
        if moving[key] and step.name:
            groups[key] = group = class_named(
                school=promotion.school, school_year=promotion.school_year, name=step.name, level=Level.UNKNOWN
            )
            noted[group.pk] = PromotedClass(promotion=promotion, class_group=group, was_made=group.pk not in known)
    PromotedClass.objects.bulk_create(noted.values())
    return groups


def _row(promotion, old, plan, groups):
    """What becomes of one pupil, with the new year when there is one."""
    outcome, key = plan.outcomes[old.pk], plan.key_of[old.pk]
    row = PromotionRow(promotion=promotion, pupil_id=old.pupil_id, outcome=outcome)
    if outcome == Outcome.LEAVES:
        return row
    moves = outcome == Outcome.MOVES
    row.enrolment = Enrolment(
        pupil_id=old.pupil_id,
        school=promotion.school,
        school_year=promotion.school_year,
        class_group=groups.get(key) if moves else None,
        level=Level.UNKNOWN,
        expected_level=plan.steps[key].level if moves else plan.steps[key].before,
        **lasting_facts(old),
    )
    return row


def _remove_classes(promotion):
    made = list(promotion.classes.filter(was_made=True).select_related("class_group"))
    promotion.classes.all().delete()
    try:
        with transaction.atomic():
            for row in made:
                row.class_group.delete()
    except ProtectedError as booked:
        raise ValidationError(_("A class of the new year is already booked somewhere. It stays.")) from booked
