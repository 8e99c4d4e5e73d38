"""Schools reached and not reached: the map, and the table that says the same without it."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.measurement import figures, maps
from impact.measurement.figures import Cell
from impact.measurement.indicators import INDICATORS, REACH
from impact.measurement.perimeters import in_territories
from participants.organisations.ground import ILE_DE_FRANCE, is_european
from participants.organisations.models import School


@dataclass(frozen=True)
class Line:
    """A département: its schools, those reached, and the young people reached in them."""

    label: str
    schools: int
    reached: int
    people: Cell

    @property
    def missed(self):
        return self.schools - self.reached

    @property
    def percent(self):
        return round(100 * self.reached / self.schools) if self.schools else 0


@dataclass(frozen=True)
class Coverage:
    lines: list[Line]
    panels: list[maps.Panel]
    schools: int
    reached: int
    not_drawn: int
    shows_people: bool


def coverage(screen) -> Coverage:
    """The schools of the places where the perimeter acts, with who was reached in each in the year."""
    people = figures.reached_by_school(screen.perimeter, screen.place, screen.year)
    found = list(_schools(screen, people))
    drawn = [school for school in found if school.latitude and is_european(school.latitude, school.longitude)]
    return Coverage(
        lines=_lines(screen, found, people),
        panels=_panels(screen, [_spot(school, people, screen.perimeter.is_exact) for school in drawn], drawn),
        schools=len(found),
        reached=len(people),
        not_drawn=len(found) - len(drawn),
        shows_people=screen.perimeter.is_exact,
    )


def _schools(screen, people):
    """Schools that a person would name, in the place looked at, else in the départements where somebody was reached in
    any year: a school at the other end of the country is not one that was missed."""
    known = School.objects.filter(Q(pk__in=School.objects.pickable().values("pk")) | Q(pk__in=list(people)))
    known = in_territories(known, "", screen.perimeter.territories)
    known = in_territories(known, "", (screen.place,) if screen.place else ())
    if not screen.place and not screen.perimeter.territories:
        active = figures.rows(REACH, screen.perimeter).order_by().values("school__departement").distinct()
        known = known.filter(departement__in=active)
    columns = ("name", "commune", "latitude", "longitude", "departement__code", "departement__name")
    return known.order_by("departement__sort_key", "sort_name").values_list("pk", *columns, named=True)


def _spot(school, people, is_exact):
    title = f"{school.name}, {school.commune}"
    number = people.get(school.pk, 0)
    if number and is_exact:
        words = ngettext("%(number)s young person", "%(number)s young people", number)
        title += " · " + words % {"number": figures.say_number(number)}
    return maps.Spot(
        school.latitude,
        school.longitude,
        title,
        _school_page(school.pk) if number else "",
        number if is_exact else None,
        bool(number),
    )


def _school_page(pk):
    try:
        return reverse("organisations:school-detail", args=[pk])
    except NoReverseMatch:
        return ""


def _panels(screen, spots, schools):
    """The chosen place alone; Île-de-France alone when everything lies there; else France, and Île-de-France enlarged
    beside it."""
    codes = {school.departement__code for school in schools} - {None}
    if codes and (screen.place or screen.perimeter.territories):
        return [maps.panel(spots, codes)]
    enlarged = maps.panel(spots, ILE_DE_FRANCE)
    if codes and codes <= ILE_DE_FRANCE:
        return [enlarged]
    return [maps.panel(spots), *([enlarged] if codes & ILE_DE_FRANCE else [])]


def _lines(screen, found, people):
    schools, reached, numbers, names = defaultdict(int), defaultdict(int), defaultdict(int), {}
    for school in found:
        code = school.departement__code
        names[code] = f"{school.departement__name} ({code})" if code else _("Not known")
        schools[code] += 1
        reached[code] += school.pk in people
        numbers[code] += people.get(school.pk, 0)
    cells = figures.protect(list(numbers.values()), INDICATORS["reached"], screen.perimeter)
    return [
        Line(name, schools[code], reached[code], cell) for (code, name), cell in zip(names.items(), cells, strict=True)
    ]
