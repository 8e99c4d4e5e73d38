from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from participants.organisations.models import Territory
from participants.organisations.nomenclature import TerritoryFacts, official_territories


@transaction.atomic
def load_territories(*, facts: Iterable[TerritoryFacts] | None = None) -> Counter:
    """Bring the territories to the official list (or another one); writes only what differs, takes nothing away."""
    known = {(territory.kind, territory.code): territory for territory in Territory.objects.order_by("pk")}
    outcome = Counter()
    for fact in official_territories() if facts is None else facts:
        territory = known.setdefault((fact.kind, fact.code), Territory(kind=fact.kind, code=fact.code))
        wanted = {
            "name": fact.name,
            "zone": fact.zone,
            "region": known.get(("region", fact.region)),
            "academie": known.get(("academie", fact.academie)),
        }
        outcome[_bring_to(territory, wanted)] += 1
    return outcome


def _bring_to(territory, wanted):
    is_new = territory.pk is None
    changed = {name for name, value in wanted.items() if _value(getattr(territory, name)) != _value(value)}
    if not (is_new or changed):
        return "unchanged"
    for name in changed:
        setattr(territory, name, wanted[name])
    territory.save()
    return "added" if is_new else "changed"


def _value(value):
    return value.pk if isinstance(value, Territory) else value
