"""Reading figures: the same rules for the page, the home pages and the exports. A fixed number of queries whatever
the size of the answer."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F, FilteredRelation, Q, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from impact.measurement.axes import AXES, UNKNOWN, Axis
from impact.measurement.indicators import INDICATORS, PROFILE, REACH, Indicator, Source
from impact.measurement.models import Target, Within
from impact.measurement.perimeters import Perimeter, in_territories
from impact.measurement.suppression import hidden_parts, is_small

# What the columns call what nobody knows.
NOT_KNOWN = {None, "", "unknown", "N"}


@dataclass(frozen=True)
class Cell:
    """A figure as its reader may see it: a number, or hidden."""

    value: int | Decimal = 0
    is_hidden: bool = False

    def __str__(self):
        return _("hidden") if self.is_hidden else say_number(self.value)

    @property
    def shown(self):
        """The number, or nothing."""
        return None if self.is_hidden else self.value


@dataclass(frozen=True)
class Part:
    """One value of an axis and its figure, this year and the year before."""

    key: object
    label: str
    cell: Cell
    previous: Cell


@dataclass(frozen=True)
class Breakdown:
    axis: Axis
    parts: Sequence[Part]
    total: Cell
    previous_total: Cell
    adds_up: bool

    @property
    def change(self) -> str:
        return say_change(self.total, self.previous_total)

    def as_last_line(self, label) -> Part:
        return Part(None, label, self.total, self.previous_total)

    @property
    def is_all_hidden(self) -> bool:
        return bool(self.parts) and all(part.cell.is_hidden for part in self.parts)


def say_number(number) -> str:
    """A number as the page writes it, in groups of three, with one decimal only where there is one."""
    decimals = 1 if isinstance(number, Decimal) and number % 1 else 0
    return number_format(number, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def say_change(now: Cell, before: Cell) -> str:
    """The difference between two figures, where both are seen."""
    if now.is_hidden or before.is_hidden:
        return ""
    change = now.value - before.value
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{say_number(abs(change))}"


def rows(source: Source, perimeter: Perimeter, place=None, years: Iterable[int] = (), *, each_programme=False):
    """The rows of a source that a perimeter, a place and some years leave."""
    found = source.rows(perimeter, each_programme=each_programme)
    if years:
        found = found.filter(**{f"{source.year}__in": years})
    found = in_territories(found, source.school, perimeter.territories)
    return in_territories(found, source.school, (place,) if place else ())


def totals(perimeter: Perimeter, place, years: Iterable[int]) -> dict[str, dict[int, int | Decimal]]:
    """Every indicator for each year, a query for each source."""
    found = {code: defaultdict(int) for code in INDICATORS}
    for source in dict.fromkeys(indicator.source for indicator in INDICATORS.values()):
        own = [indicator for indicator in INDICATORS.values() if indicator.source is source]
        measures = {f"figure_{indicator.code}": indicator.measure for indicator in own}
        of_years = rows(source, perimeter, place, years).order_by().values(year=F(source.year)).annotate(**measures)
        for row in of_years:
            for indicator in own:
                found[indicator.code][row["year"]] = plain(row[f"figure_{indicator.code}"])
    return found


def parts(indicator: Indicator, axis: Axis, perimeter: Perimeter, place, years) -> dict[tuple, int | Decimal]:
    """The indicator by year and value of the axis, in one query."""
    source = indicator.source
    found = rows(source, perimeter, place, years, each_programme=axis.code == "programme").order_by()
    if axis.code not in source.paths:
        return _by_sex(found, source)
    if axis.code in PROFILE:
        found = with_profile(found, source)
    figures = defaultdict(int)
    by_value = found.values(year=F(source.year), key=F(source.paths[axis.code])).annotate(figure=indicator.measure)
    for row in by_value:
        figures[row["year"], _key(row["key"])] += plain(row["figure"])
    return figures


def of_value(queryset, source: Source, axis: Axis, key):
    """The rows behind one part: those with this value on the axis."""
    path = source.paths[axis.code]
    if axis.code in PROFILE:
        queryset = with_profile(queryset, source)
    if key != UNKNOWN:
        return queryset.filter(**{path: key})
    unknown = Q(**{f"{path}__isnull": True})
    if axis.code in {"level", "sex", "rep"}:
        unknown |= Q(**{f"{path}__in": [value for value in NOT_KNOWN if value is not None]})
    return queryset.filter(unknown)


def with_profile(queryset, source: Source):
    """Beside each row the profile that its school had in the year of the row."""
    join = f"{source.school}__profiles"
    return queryset.annotate(profile=FilteredRelation(join, condition=Q(**{f"{join}__school_year": F(source.year)})))


def breakdown(indicator: Indicator, axis: Axis, perimeter: Perimeter, place, year: int, of_years: dict) -> Breakdown:
    """An indicator by an axis, beside its totals of the years, as the reader of this perimeter may see it."""
    years = (year, year - 1) if perimeter.is_exact else (year,)
    figures = parts(indicator, axis, perimeter, place, years)
    values = axis.values({key for _year, key in figures})
    now = protect([figures[year, key] for key, _label in values], indicator, perimeter)
    before = protect([figures[year - 1, key] for key, _label in values], indicator, perimeter)
    return Breakdown(
        axis,
        [Part(key, str(label), *cells) for (key, label), *cells in zip(values, now, before, strict=True)],
        protect_total(of_years[year], indicator, perimeter),
        protect_total(of_years[year - 1], indicator, perimeter),
        axis.code not in indicator.overlaps,
    )


def protect(numbers: Sequence, indicator: Indicator, perimeter: Perimeter) -> list[Cell]:
    """The parts of a table with what must not be seen hidden."""
    if perimeter.is_exact or not indicator.counts_people:
        return [Cell(number) for number in numbers]
    return [
        Cell(0 if hidden else number, hidden) for number, hidden in zip(numbers, hidden_parts(numbers), strict=True)
    ]


def protect_total(number, indicator: Indicator, perimeter: Perimeter) -> Cell:
    """A number that stands alone."""
    hidden = is_small(number) and indicator.counts_people and not perimeter.is_exact
    return Cell(0 if hidden else number, hidden)


def axes_of(indicator: Indicator, perimeter: Perimeter) -> list[Axis]:
    """The axes on which a perimeter can be broken down: a programme has no parts by programme."""
    idle = {Within.ALL: set(), Within.PILLAR: {"programme"}, Within.PROGRAMME: {"programme"}}
    skipped = idle.get(perimeter.within, {"programme", "member"})
    return [AXES[code] for code in indicator.axes if code not in skipped]


def targets(perimeter: Perimeter, place, years) -> dict[tuple[str, int], int]:
    """The targets beside the figures of a perimeter; a place of it has none."""
    if place or perimeter.territories or perimeter.within not in {Within.ALL, Within.PROGRAMME}:
        return {}
    programme = perimeter.within_id or None
    found = Target.objects.filter(programme=programme, school_year__in=years)
    return {(target.indicator, target.school_year): target.value for target in found}


def reached_by_school(perimeter: Perimeter, place, year: int) -> dict[int, int]:
    """Young people reached in each school."""
    found = rows(REACH, perimeter, place, (year,)).filter(school__isnull=False).order_by()
    return dict(found.values("school").annotate(figure=Sum("count")).values_list("school", "figure"))


def _by_sex(found, source):
    columns = {"F": Sum("girls"), "M": Sum("boys"), "all": Sum("count")}
    figures = defaultdict(int)
    for row in found.values(year=F(source.year)).annotate(**columns):
        figures[row["year"], "F"], figures[row["year"], "M"] = row["F"], row["M"]
        figures[row["year"], UNKNOWN] = row["all"] - row["F"] - row["M"]
    return figures


def _key(key):
    return UNKNOWN if key in NOT_KNOWN else key


def plain(figure):
    """Hours as a number; everything else is one already."""
    if isinstance(figure, dt.timedelta):
        return Decimal(figure / dt.timedelta(hours=1)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return figure or 0
