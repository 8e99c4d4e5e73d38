"""What a person looks at: the state of the address, with their rights, as figures. The page draws it and the export
writes it, so that both say the same."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from impact.measurement import figures
from impact.measurement.axes import UNKNOWN
from impact.measurement.figures import Cell
from impact.measurement.forms import FilterForm
from impact.measurement.indicators import INDICATORS, Indicator
from impact.measurement.perimeters import perimeters_of
from participants.organisations.models import Territory
from participants.organisations.school_years import current_school_year, school_year_label
from programs.activities.models import Activity

YEARS_OF_TREND = 4
SORTED = {"departement", "academie", "member", "programme"}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with what was aimed at, and where its rows are."""

    cell: Cell
    target: int | None
    url: str

    @property
    def target_text(self):
        return figures.say_number(self.target)


@dataclass(frozen=True, kw_only=True)
class Year(Figure):
    """One school year of the chosen figure."""

    year: int
    label: str
    is_chosen: bool

    @property
    def percent_of_target(self):
        return None if self.cell.is_hidden or not self.target else round(100 * self.cell.value / self.target)


@dataclass(frozen=True, kw_only=True)
class Headline(Figure):
    """One of the big figures."""

    indicator: Indicator
    previous: Cell


@dataclass(frozen=True)
class Line:
    """One part of a breakdown as the page writes it. `bar` is how long it is drawn, in hundredths of the longest."""

    part: figures.Part
    share: int | None
    bar: int
    change: str
    url: str


class Screen:
    """The figures of one address for one user; whoever may read none gets 404."""

    def __init__(self, user, query):
        self.perimeters = perimeters_of(user)
        if not self.perimeters:
            raise Http404
        self.perimeter = self._choose_perimeter(query.get("of"))
        usual = {"year": current_school_year(), "of": self.perimeters[0].key, "figure": "reached"}
        self.form = FilterForm(
            usual | {name: query[name] for name in query},
            years=self.years,
            perimeters=self.perimeters,
            may_choose_place=self.perimeter.is_exact,
            initial=usual,
        )
        self.form.is_valid()
        self.year = self._chosen("year", current_school_year())
        self.place = self._choose_place()
        self.indicator = INDICATORS[self._chosen("figure", "reached")]
        self.axes = figures.axes_of(self.indicator, self.perimeter)
        self.axis = next((axis for axis in self.axes if axis.code == query.get("by")), self.axes[0])

    def _choose_perimeter(self, key):
        if not key:
            return self.perimeters[0]
        chosen = next((perimeter for perimeter in self.perimeters if perimeter.key == key), None)
        if chosen is None:
            raise Http404
        return chosen

    def _choose_place(self):
        """A place inside the perimeter. Nobody reads hidden cells by choosing smaller and smaller places."""
        key = self._chosen("place", "")
        return Territory.objects.get(pk=key) if key else None

    def _chosen(self, name, default):
        return self.form.cleaned_data.get(name) or default

    @cached_property
    def years(self):
        """The school years that have activities, the newest first, and the current one."""
        active = Activity.objects.order_by().values_list("school_year", flat=True).distinct()
        return sorted({*active, current_school_year()}, reverse=True)

    @property
    def state(self) -> dict:
        """What the address says, whole."""
        return {
            "year": self.year,
            "of": self.perimeter.key,
            "place": str(self.place.pk) if self.place else "",
            "figure": self.indicator.code,
            "by": self.axis.code,
        }

    def address(self, name="dashboard", **changes) -> str:
        """Another page of the same state, or the same page with a part changed."""
        return f"{reverse(f'measurement:{name}')}?{urlencode(self.state | changes)}"

    def rows_address(self, **changes) -> str:
        """Where the rows behind a figure are, for those who may see them."""
        return self.address("rows", **changes) if self.perimeter.is_exact else ""

    @property
    def year_label(self):
        return school_year_label(self.year)

    @property
    def before_label(self):
        return school_year_label(self.year - 1)

    @property
    def rows_of_total(self):
        return self.rows_address(by="")

    @property
    def has_targets(self):
        return any(year.target for year in self.trend)

    @property
    def is_under_way(self):
        return self.year == current_school_year()

    @cached_property
    def _totals(self):
        return figures.totals(self.perimeter, self.place, {self.year, self.year - 1, *self.trend_years})

    @cached_property
    def trend_years(self):
        """The last four years since there are activities, three at least."""
        last = self.years[0]
        first = max(last - YEARS_OF_TREND + 1, min(self.years[-1], last - 2))
        return range(first, last + 1)

    @cached_property
    def _targets(self):
        return figures.targets(self.perimeter, self.place, {self.year, *self.trend_years})

    def _total(self, indicator, year):
        return figures.protect_total(self._totals[indicator.code][year], indicator, self.perimeter)

    @cached_property
    def headlines(self) -> list[Headline]:
        """Every figure of the year."""
        return [
            Headline(
                indicator=indicator,
                cell=self._total(indicator, self.year),
                previous=self._total(indicator, self.year - 1),
                target=self._targets.get((indicator.code, self.year)),
                url=self.rows_address(figure=indicator.code, by=""),
            )
            for indicator in INDICATORS.values()
        ]

    @cached_property
    def trend(self) -> list[Year]:
        """The chosen figure over the last years."""
        return [
            Year(
                year=year,
                label=school_year_label(year),
                cell=self._total(self.indicator, year),
                target=self._targets.get((self.indicator.code, year)),
                is_chosen=year == self.year,
                url=self.rows_address(year=year, by="") if year in self.years else "",
            )
            for year in self.trend_years
        ]

    @property
    def shows_difference(self) -> bool:
        """A year that is not over is not compared with a whole one."""
        return self.shows_before and not self.is_under_way

    @property
    def shows_before(self) -> bool:
        """Whether a breakdown has the year before beside it; two years with hidden parts could explain each other."""
        return self.perimeter.is_exact

    def breakdown(self, axis=None, indicator=None) -> figures.Breakdown:
        """The chosen figure by the chosen axis, or another."""
        indicator = indicator or self.indicator
        of_years = self._totals[indicator.code]
        return figures.breakdown(indicator, axis or self.axis, self.perimeter, self.place, self.year, of_years)

    def lines(self, table: figures.Breakdown) -> list[Line]:
        """The parts of a breakdown. Where all is seen, places and organisations come with the largest first; a table
        with hidden numbers keeps an order that tells nothing."""
        parts, total = table.parts, table.total.shown
        if self.perimeter.is_exact and table.axis.code in SORTED:
            parts = sorted(parts, key=lambda part: (part.key == UNKNOWN, -part.cell.value))
        widest = max((part.cell.value for part in parts), default=0)
        return [
            Line(
                part,
                round(100 * part.cell.value / total) if total and not part.cell.is_hidden else None,
                round(100 * part.cell.value / widest) if widest else 0,
                figures.say_change(part.cell, part.previous),
                self.rows_address(value=part.key) if part.cell.value else "",
            )
            for part in parts
        ]

    def name_of(self, by, value) -> str:
        """The name of one value of an axis of this figure."""
        axis = next((axis for axis in self.axes if axis.code == by), None)
        if axis is None:
            raise Http404
        key = int(value) if value.isdecimal() and axis.code not in {"level", "sex", "rep"} else value
        name = next((str(label) for known, label in axis.values([key]) if known == key), None)
        if name is None:
            raise Http404
        return name
