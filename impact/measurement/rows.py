"""The rows behind a figure, a list for each source. No names of pupils: who they are is seen where they are worked
with."""

from dataclasses import dataclass

from django.db.models import Count, F, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from impact.measurement import figures
from impact.measurement.axes import UNKNOWN
from impact.measurement.indicators import LENGTH
from participants.accounts.dates import say_day
from participants.organisations.levels import Level
from participants.organisations.models import School
from participants.people.models import Volunteer


@dataclass(frozen=True)
class Cell:
    text: str
    url: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Listing:
    """Columns, and how a row becomes cells."""

    columns: tuple
    queryset: object
    cells: object


def behind(screen, by: str, value: str) -> Listing:
    """The rows of the figure on the screen; with an axis and one of its values, only those of that part."""
    source = screen.indicator.source
    found = figures.rows(source, screen.perimeter, screen.place, (screen.year,), each_programme=by == "programme")
    axis = next((axis for axis in screen.axes if axis.code == by), None)
    if axis and axis.code in source.paths:
        found = figures.of_value(found, source, axis, _as_key(axis, value))
    elif axis:
        column = {"F": "girls", "M": "boys"}.get(value)
        found = found.filter(**{f"{column}__gt": 0}) if column else found.filter(count__gt=F("girls") + F("boys"))
    return LISTINGS[screen.indicator.code](found)


def _as_key(axis, value):
    if value == UNKNOWN or axis.code in {"level", "sex", "rep"}:
        return value
    return int(value) if value.isdecimal() else 0


def _reached(found):
    found = found.select_related("school", "class_group", "session__activity", "organisation")
    heads = (_("School"), _("Who"), _("Level"), _("Young people"), _("Girls"), _("Boys"), _("Counted at"))
    return Listing(heads, found, lambda unit: [*_who(unit), *_counts(unit), _session(unit.session)])


def _accompanied(found):
    found = found.select_related("school", "class_group", "session__activity")
    heads = (_("School"), _("Who"), _("Level"), _("Sessions attended"), _("Sessions expected"), _("First session"))
    return Listing(
        heads,
        found,
        lambda part: [*_who(part), _number(part.attended), _number(part.expected), _session(part.session)],
    )


def _schools(found):
    counted = found.filter(school__isnull=False).order_by().values("school").annotate(people=Sum("count"))
    numbers = dict(counted.values_list("school", "people"))
    heads = (_("School"), _("UAI"), _("Young people"))
    schools = School.objects.filter(pk__in=list(numbers)).order_by("sort_name", "pk")
    return Listing(
        heads, schools, lambda school: [_school(school), Cell(school.uai or ""), _number(numbers[school.pk])]
    )


def _sessions(found):
    found = found.select_related("activity__organisation", "activity__programme", "school").order_by("starts_at", "pk")
    heads = (_("Session"), _("School"), _("Programme"), _("Member school"))
    return Listing(
        heads,
        found,
        lambda session: [
            _session(session),
            _school(session.school),
            Cell(str(session.activity.programme)),
            Cell(str(session.activity.organisation)),
        ],
    )


def _volunteers(found):
    counted = (
        found.order_by().values("volunteer").annotate(sessions=Count("session", distinct=True), length=Sum(LENGTH))
    )
    numbers = {row["volunteer"]: row for row in counted}
    volunteers = (
        Volunteer.objects.filter(pk__in=list(numbers)).select_related("member_school").order_by("sort_name", "pk")
    )
    heads = (_("Volunteer"), _("Member school"), _("Sessions"), _("Hours"))
    return Listing(
        heads,
        volunteers,
        lambda volunteer: [
            Cell(str(volunteer)),
            Cell(str(volunteer.member_school)),
            _number(numbers[volunteer.pk]["sessions"]),
            _number(figures.plain(numbers[volunteer.pk]["length"])),
        ],
    )


def _hours(found):
    found = found.select_related("volunteer__member_school", "session__activity").order_by("session__starts_at", "pk")
    heads = (_("Session"), _("Volunteer"), _("Member school"), _("Hours"))
    return Listing(
        heads,
        found,
        lambda assignment: [
            _session(assignment.session),
            Cell(str(assignment.volunteer)),
            Cell(str(assignment.volunteer.member_school)),
            _number(figures.plain(assignment.session.ends_at - assignment.session.starts_at)),
        ],
    )


LISTINGS = {
    "reached": _reached,
    "accompanied": _accompanied,
    "schools": _schools,
    "sessions": _sessions,
    "volunteers": _volunteers,
    "hours": _hours,
}
NAMED, PUBLIC = gettext_lazy("A pupil known by name"), gettext_lazy("Open public")


def _who(fact):
    if fact.class_group:
        who = fact.class_group.name
    else:
        who = str(NAMED if fact.pupil_id else PUBLIC)
    return [_school(fact.school), Cell(who), Cell(str(Level(fact.level).label))]


def _counts(unit):
    return [_number(unit.count), _number(unit.girls), _number(unit.boys)]


def _number(value):
    return Cell(figures.say_number(value), is_number=True)


def _school(school):
    return Cell(str(school), _page("organisations:school-detail", school.pk)) if school else Cell(_("No school"))


def _session(session):
    day = say_day(session.local_start.date())
    return Cell(f"{session.activity}, {day}", _page("activities:session-detail", session.pk))


def _page(name, pk):
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
