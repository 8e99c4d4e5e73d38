"""Take back what a list wrote, the list of a school or of the center, as long as nothing was built on it: no presence, no
booking, no consent, no correction.

What a list wrote is said by kind, as rows with `object_id`, `is_new` and `event_id`: the line of the history that the list
made, older than any later one. All is asked and written in sets.
"""

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.organisations.models import ClassGroup
from participants.people import ties
from participants.people.actions.staging import run
from participants.people.models import (
    DuplicatePair,
    Enrolment,
    Guardian,
    Guardianship,
    Look,
    Pupil,
    RosterEffect,
    RosterRow,
)

Kind = RosterEffect.Kind
MODELS = {
    Kind.CLASS_GROUP: ClassGroup,
    Kind.PUPIL: Pupil,
    Kind.ENROLMENT: Enrolment,
    Kind.GUARDIAN: Guardian,
    Kind.GUARDIANSHIP: Guardianship,
}
NO_USE = {Look, RosterRow, DuplicatePair}
# What was made is deleted from the outside to the inside; classes only where nothing else stands in them.
OUTSIDE_IN = [Kind.GUARDIANSHIP, Kind.ENROLMENT, Kind.PUPIL, Kind.GUARDIAN]
# To delete a row is to load what hangs on it: so many at a time.
BATCH = 2000


def event_model(kind):
    """The history of this kind of object; classes have none."""
    return getattr(MODELS[kind], "pgh_event_model", None)


def take_back(effects: dict[str, QuerySet]) -> None:
    """Bring everything back to what it was before the list, in the transaction of whoever calls; refused, with the
    reasons, when it was used since."""
    _lock(effects)
    if reasons := what_stands_in_the_way(effects):
        raise ValidationError(reasons)
    _restore(effects)
    for kind in OUTSIDE_IN:
        _delete(MODELS[kind], _new(effects, kind))
    _delete_empty_classes(_new(effects, Kind.CLASS_GROUP))


def what_stands_in_the_way(effects: dict[str, QuerySet]) -> list[str]:
    """Why the list cannot be taken back, in sentences."""
    return [*_changed_since(effects), *_built_since(effects), *_hangs_on_years(effects)]


def _new(effects, kind):
    return effects[kind].filter(is_new=True).values("object_id")


def _lock(effects):
    """Nobody books or corrects these people while we look whether somebody did."""
    for kind, noted in effects.items():
        locked = MODELS[kind].objects.select_for_update(of=("self",), no_key=True)
        list(locked.filter(pk__in=noted.values("object_id")).order_by("pk").values_list("pk", flat=True))


def _changed_since(effects):
    """Who was corrected, merged or erased after the list; who was changed and changed back stands as the list left them."""
    for kind, noted in effects.items():
        if (history := event_model(kind)) is None:
            continue
        own = history.objects.filter(pgh_obj_id=OuterRef("object_id"), pgh_id=OuterRef("event_id"))
        if touched := noted.filter(~Exists(own.filter(*_as_it_stands(MODELS[kind])))).count():
            yield ngettext(
                "%(what)s: %(number)d was changed since.", "%(what)s: %(number)d were changed since.", touched
            ) % {
                "what": MODELS[kind]._meta.verbose_name_plural.capitalize(),
                "number": touched,
            }


def _as_it_stands(model):
    """That a line of the history holds what the row holds now, column by column."""
    for field in _own_fields(model):
        now = f"pgh_obj__{field.attname}"
        yield Q(**{field.attname: F(now)}) | Q(**{f"{field.attname}__isnull": True, f"{now}__isnull": True})


def _own_fields(model):
    return [field for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]


def _built_since(effects):
    """What points at people that the list made, and was not made by the list itself."""
    found = {}
    for kind in OUTSIDE_IN:
        ids = _new(effects, kind)
        for relation in _relations(MODELS[kind]) if ids.exists() else []:
            model = relation.related_model
            there = model._base_manager.filter(**{f"{relation.field.name}__in": ids})
            for other in (other for other, made in MODELS.items() if made is model):
                there = there.exclude(Exists(_new(effects, other).filter(object_id=OuterRef("pk"))))
            found.setdefault(model, set()).update(there.values_list("pk", flat=True))
    for model, pks in found.items():
        if pks:
            yield ngettext(
                "%(what)s: %(number)d was added since.", "%(what)s: %(number)d were added since.", len(pks)
            ) % {
                "what": model._meta.verbose_name_plural.capitalize(),
                "number": len(pks),
            }


def _hangs_on_years(effects):
    """What was planned in a new year of somebody who was known before: it points at the person, not at the year."""
    new = Enrolment.objects.filter(pk__in=_new(effects, Kind.ENROLMENT))
    years = new.exclude(Exists(_new(effects, Kind.PUPIL).filter(object_id=OuterRef("pupil"))))
    known = {
        year: years.filter(school_year=year).values("pupil")
        for year in years.order_by("school_year").values_list("school_year", flat=True).distinct()
    }
    if any(Enrolment.objects.filter(pupil__in=of, school_year__gt=year).exists() for year, of in known.items()):
        yield _("Some of these pupils have a later school year by now.")
    if any(ties.hang_on(of, year) for year, of in known.items()):
        yield _("Something was planned or noted in this school year for some of these pupils.")


def _relations(model):
    """Everything that points at a model, from whichever app, but the histories, notes of who looked and what a search
    found."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if (relation.one_to_many or relation.one_to_one)
        and relation.auto_created
        and not hasattr(relation.related_model, "pgh_tracked_model")
        and relation.related_model not in NO_USE
    ]


def _restore(effects):
    """Bring what the list changed back to the state before, as the history holds it."""
    for kind, noted in effects.items():
        changed = noted.filter(is_new=False)
        if (history := event_model(kind)) is None or not (number := changed.count()):
            continue
        model = MODELS[kind]
        fields = _own_fields(model)
        noted, parameters = changed.order_by().values("object_id", "event_id").query.sql_with_params()
        restored = run(
            f"""
            UPDATE {model._meta.db_table} t SET {", ".join(f"{field.column} = b.{field.column}" for field in fields)}
            FROM (
                SELECT DISTINCT ON (h.pgh_obj_id) h.* FROM {history._meta.db_table} h
                JOIN ({noted}) e (object_id, event_id) ON h.pgh_obj_id = e.object_id AND h.pgh_id < e.event_id
                ORDER BY h.pgh_obj_id, h.pgh_id DESC
            ) b WHERE t.id = b.pgh_obj_id
            """,  # noqa: S608 - names of models only
            parameters,
        )
        if missing := number - restored:
            raise ValidationError(
                ngettext(
                    "The history of %(number)d person is no longer kept.",
                    "The history of %(number)d persons is no longer kept.",
                    missing,
                )
                % {"number": missing}
            )


def _delete(model, ids):
    pks = list(ids.values_list("object_id", flat=True))
    for start in range(0, len(pks), BATCH):
        model.objects.filter(pk__in=pks[start : start + BATCH]).delete()


def _delete_empty_classes(ids):
    """Classes that the list made go too, unless somebody uses them by now."""
    ids = set(ids.values_list("object_id", flat=True))
    used = set()
    for relation in _relations(ClassGroup) if ids else []:
        there = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        used |= set(there.values_list(relation.field.attname, flat=True))
    ClassGroup.objects.filter(pk__in=ids - used).delete()
