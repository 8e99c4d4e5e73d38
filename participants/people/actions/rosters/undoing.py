"""Take a list back as a whole, as long as nothing was built on it: no presence, no booking, no consent, no correction."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.people import ties
from participants.people.actions.rosters.sending import lock_roster, settle
from participants.people.actions.rosters.writing import MODELS, event_model
from participants.people.models import DuplicatePair, Enrolment, Look, Roster, RosterEffect, RosterRow

Kind = RosterEffect.Kind
# What was made is deleted from the outside to the inside; classes only where nothing else stands in them.
NO_USE = {Look, RosterRow, DuplicatePair}
OUTSIDE_IN = [Kind.GUARDIANSHIP, Kind.ENROLMENT, Kind.PUPIL, Kind.GUARDIAN]


@transaction.atomic
def undo_roster(*, roster, by) -> Roster:
    """Bring everything back to what it was before the list; refused, with the reasons, when it was used since."""
    roster = lock_roster(roster, states=[Roster.State.APPLIED], by=by)
    effects = defaultdict(dict)
    for effect in roster.effects.order_by("pk"):
        effects[effect.kind][effect.object_id] = effect
    _lock(effects)
    reasons = [*_changed_since(effects), *_built_since(effects), *_hangs_on_years(effects, roster.school_year)]
    if reasons:
        raise ValidationError(reasons)
    _restore(effects)
    for kind in OUTSIDE_IN:
        MODELS[kind].objects.filter(pk__in=_new(effects, kind)).delete()
    _delete_empty_classes(_new(effects, Kind.CLASS_GROUP))
    roster.effects.all().delete()
    settle(roster, Roster.State.UNDONE, by)
    return roster


def _new(effects, kind):
    return [pk for pk, effect in effects[kind].items() if effect.is_new]


def _lock(effects):
    """Nobody books or corrects these people while we look whether somebody did."""
    for kind, noted in effects.items():
        locked = MODELS[kind].objects.select_for_update(of=("self",), no_key=True).filter(pk__in=noted)
        list(locked.order_by("pk").values_list("pk", flat=True))


def _changed_since(effects):
    """Who was corrected, merged or erased after the list."""
    for kind, noted in effects.items():
        model = event_model(kind)
        if model is None:
            continue
        there = set(MODELS[kind].objects.filter(pk__in=noted).values_list("pk", flat=True))
        events = model.objects.filter(pgh_obj_id__in=noted).values("pgh_obj_id").annotate(newest=Max("pgh_id"))
        newest = dict(events.values_list("pgh_obj_id", "newest").order_by())
        touched = [pk for pk, effect in noted.items() if pk not in there or newest.get(pk) != effect.event_id]
        if touched:
            yield _("%(what)s: %(number)d changed since.") % {
                "what": MODELS[kind]._meta.verbose_name_plural.capitalize(),
                "number": len(touched),
            }


def _built_since(effects):
    """What points at people that the list made, and was not made by the list itself."""
    found = {}
    for kind in OUTSIDE_IN:
        ids = _new(effects, kind)
        for relation in _relations(MODELS[kind]) if ids else []:
            model = relation.related_model
            there = model._base_manager.filter(**{f"{relation.field.name}__in": ids})
            own = next((_new(effects, other) for other, made in MODELS.items() if made is model), [])
            pks = set(there.exclude(pk__in=own).values_list("pk", flat=True))
            found.setdefault(model, set()).update(pks)
    for model, pks in found.items():
        if pks:
            yield ngettext(
                "%(what)s: %(number)d was added since.", "%(what)s: %(number)d were added since.", len(pks)
            ) % {
                "what": model._meta.verbose_name_plural.capitalize(),
                "number": len(pks),
            }


def _hangs_on_years(effects, school_year):
    """What was planned in a new year of somebody who was known before: it points at the person, not at the year."""
    years = Enrolment.objects.filter(pk__in=_new(effects, Kind.ENROLMENT))
    known = years.exclude(pupil__in=_new(effects, Kind.PUPIL)).values("pupil")
    if Enrolment.objects.filter(pupil__in=known, school_year__gt=school_year).exists():
        yield _("Some of these pupils have a later school year by now.")
    if ties.hang_on(known, school_year):
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
        changed = {pk: effect for pk, effect in noted.items() if not effect.is_new}
        if not changed:
            continue
        model, history = MODELS[kind], event_model(kind)
        before = {}
        for event in history.objects.filter(pgh_obj_id__in=changed).order_by("pgh_id"):
            if event.pgh_id < changed[event.pgh_obj_id].event_id:
                before[event.pgh_obj_id] = event
        if missing := len(changed) - len(before):
            raise ValidationError(
                ngettext(
                    "The history of %(number)d person is no longer kept.",
                    "The history of %(number)d persons is no longer kept.",
                    missing,
                )
                % {"number": missing}
            )
        names = [field.attname for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
        objects = model.objects.in_bulk(changed)
        for pk, thing in objects.items():
            for name in names:
                setattr(thing, name, getattr(before[pk], name))
        model.objects.bulk_update(objects.values(), [name.removesuffix("_id") for name in names], batch_size=500)


def _delete_empty_classes(ids):
    """Classes that the list made go too, unless somebody uses them by now."""
    groups = MODELS[Kind.CLASS_GROUP]
    used = set()
    for relation in _relations(groups) if ids else []:
        there = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        used |= set(there.values_list(relation.field.attname, flat=True))
    groups.objects.filter(pk__in=set(ids) - used).delete()
