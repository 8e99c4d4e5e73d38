"""What a person looks at: the state of the address, with their rights, as figures. The page draws it and the export
writes it, so that both say the same."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from impact.measurement import figures
from impact.measurement.figures import Cell
from impact.measurement.forms import FilterForm
from impact.measurement.indicators import INDICATORS, Indicator
from impact.measurement.perimeters import perimeters_of
from participants.organisations.models import Territory
from participants.organisations.school_years import current_school_year, school_year_label
from programs.activities.models import Activity

YEARS_OF_TREND = 4


@dataclass(frozen=True)
class Year:
    """One school year of the chosen figure."""

    year: int
    label: str
    cell: Cell
    target: int | None
    is_chosen: bool

    @property
    def percent_of_target(self):
        return None if self.cell.is_hidden or not self.target else round(100 * self.cell.value / self.target)


@dataclass(frozen=True)
class Headline:
    """One of the big figures."""

    indicator: Indicator
    cell: Cell
    previous: Cell
    target: int | None
    url: str


class Screen:
    """The figures of one address for one user; whoever may read none gets 404."""

    def __init__(self, user, query):
        self.perimeters = perimeters_of(user)
        if not self.perimeters:
            raise Http404
        self.perimeter = self._choose_perimeter(query.get("of"))
        self.form = FilterForm(
            query or None,
            years=self.years,
            perimeters=self.perimeters,
            may_choose_place=self.perimeter.is_exact,
            initial={"year": current_school_year(), "of": self.perimeter.key, "figure": "reached"},
        )
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
        if not self.form.is_bound or name not in self.form.fields:
            return default
        self.form.is_valid()
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
    def is_under_way(self):
        return self.year == current_school_year()

    @cached_property
    def _totals(self):
        last = max(self.year, *self.years[:1])
        self.trend_years = range(last - YEARS_OF_TREND + 1, last + 1)
        return figures.totals(self.perimeter, self.place, {self.year, self.year - 1, *self.trend_years})

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
                indicator,
                self._total(indicator, self.year),
                self._total(indicator, self.year - 1),
                self._targets.get((indicator.code, self.year)),
                self.rows_address(figure=indicator.code, by=""),
            )
            for indicator in INDICATORS.values()
        ]

    @cached_property
    def trend(self) -> list[Year]:
        """The chosen figure over the last years."""
        self._totals  # noqa: B018 - it also says which years
        return [
            Year(
                year,
                school_year_label(year),
                self._total(self.indicator, year),
                self._targets.get((self.indicator.code, year)),
                year == self.year,
            )
            for year in self.trend_years
        ]

    def breakdown(self, axis=None) -> figures.Breakdown:
        """The chosen figure by the chosen axis, or by another."""
        of_years = self._totals[self.indicator.code]
        return figures.breakdown(self.indicator, axis or self.axis, self.perimeter, self.place, self.year, of_years)
