"""By what a figure is broken down. Each axis has *unknown*; parts of a single-valued axis sum to the total."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.organisations.levels import Level
from participants.organisations.models import Organisation, SchoolYearProfile, Territory
from programs.activities.models import Programme

UNKNOWN = "unknown"
PRIORITY = SchoolYearProfile.PriorityEducation


@dataclass(frozen=True)
class Axis:
    """`name(keys)` gives, in the order of display, the value of each key that is there; those of a fixed axis are
    all there, with or without people."""

    code: str
    label: Promise
    name: Callable[[Iterable], list[tuple]]
    unknown: Promise
    note: Promise | str = ""

    def values(self, keys) -> list[tuple]:
        """Keys and names in their order, *unknown* last and always."""
        return [*self.name({key for key in keys if key != UNKNOWN}), (UNKNOWN, self.unknown)]


def _levels(keys):
    return [(level.value, level.label) for level in Level if level.value in keys]


def _fixed(*pairs):
    return lambda _keys: list(pairs)


def _rows_of(queryset):
    """The names of objects; in the order of the model, which does not depend on the figures."""
    return lambda keys: [(row.pk, str(row)) for row in queryset().filter(pk__in=keys)]


# What only the school year of a pupil tells, so that heads without names have none of it.
_ANSWERS = _fixed(("yes", _("Yes")), ("no", _("No")))
_OF_NAMED = _("As noted for that school year. Heads are counted without it, so who is reached is told in all only.")
OF_PEOPLE = {
    axis.code: axis
    for axis in (
        Axis("scholarship", _("Scholarship holder"), _ANSWERS, _("Not known"), _OF_NAMED),
        Axis("neighbourhood", _("Lives in a priority neighbourhood"), _ANSWERS, _("Not known"), _OF_NAMED),
    )
}
SEXES = (("F", _("Girls")), ("M", _("Boys")))
AXES = {
    axis.code: axis
    for axis in (
        Axis("level", _("Level"), _levels, _("Level not known")),
        Axis("sex", _("Sex"), _fixed(*SEXES), _("Not noted")),
        Axis(
            "rep",
            pgettext_lazy("axis", "Priority education"),
            _fixed(
                (PRIORITY.REP_PLUS.value, "REP+"),
                (PRIORITY.REP.value, "REP"),
                (PRIORITY.NONE.value, _("Outside priority education")),
            ),
            _("Not known"),
            _("Status of the school in that school year. It exists for collèges only."),
        ),
        Axis(
            "ips",
            _("Social position (IPS)"),
            _fixed(
                (1, _("1st fifth (lowest IPS)")),
                (2, _("2nd fifth")),
                (3, _("3rd fifth")),
                (4, _("4th fifth")),
                (5, _("5th fifth (highest IPS)")),
            ),
            _("Not known"),
            _("Fifth of the schools of the same kind and series to which the school belonged in that school year."),
        ),
        Axis("departement", _("Département"), _rows_of(Territory.objects.all), _("Not known")),
        Axis("academie", _("Académie"), _rows_of(Territory.objects.all), _("Not known")),
        Axis("member", _("Member school"), _rows_of(Organisation.objects.all), _("Not known")),
        Axis("programme", _("Programme"), _rows_of(Programme.objects.all), _("Not known")),
    )
}
