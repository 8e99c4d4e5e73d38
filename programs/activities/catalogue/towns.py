"""Where a town is, as people type it: its name or its postcode. Known from the schools in it, else from a campus."""

import re
from dataclasses import dataclass

from django.db.models import Avg, Func, Q, TextField, Value

from participants.accounts.text import Fold, fold
from participants.organisations.models import Organisation, School
from participants.organisations.search import SAME, only_by_index, words_of


class Translate(Func):
    """Each sign of the second text becomes the sign at its place in the third."""

    function = "TRANSLATE"
    output_field = TextField()


@dataclass(frozen=True)
class Town:
    """A point with a name; distances are counted from it."""

    name: str
    latitude: float
    longitude: float


def find(typed: str) -> Town | None:
    """The town of this name or postcode, or nothing when neither a school nor a campus lies in one."""
    typed = typed.strip()
    places = _by_postcode(typed) if typed.isdigit() else _by_name(typed)
    for point in (_middle_of(some) for some in places):
        if point["latitude"] is not None:
            return Town(typed, **point)
    return None


def _middle_of(places):
    with only_by_index():
        return places.filter(latitude__isnull=False).aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))


def _by_postcode(postcode):
    if len(postcode) != 5:
        return []
    # By département first, which has an index.
    codes = {postcode[:2], postcode[:2].lstrip("0"), postcode[:3]} | ({"2A", "2B"} if postcode[:2] == "20" else set())
    return [School.objects.filter(departement__code__in=codes, postcode=postcode)]


def _by_name(typed):
    words, last = words_of(typed)
    if not (words := [*words, *last]):
        return []
    name = " ".join(SAME.get(word, word) for word in re.findall("[a-z0-9]+", fold(typed)))
    # The town as a whole, or one of its arrondissements.
    named = Q(town=name) | Q(town__startswith=f"{name} ")
    schools = School.objects.filter(search_words__contains=words).annotate(town=_plain("commune"))
    campuses = Organisation.objects.filter(is_active=True).annotate(town=_plain("city"))
    return [schools.filter(named), campuses.filter(named)]


def _plain(field):
    """The name of a town without accents, hyphens and apostrophes."""
    return Translate(Fold(field), Value("-'’"), Value("   "))
