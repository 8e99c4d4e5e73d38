"""When a school is closed, and what its clock shows: holidays by zone, bank holidays, time zones overseas.

Corse and the territories overseas decide their own holidays: none are known here, and pages say so.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from jours_feries_france import JoursFeries
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

from participants.organisations.models import School, Territory
from participants.organisations.school_years import school_year_dates

PARIS = "Europe/Paris"
OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
KNOWN_ZONES = {Territory.Zone.A, Territory.Zone.B, Territory.Zone.C}


@dataclass(frozen=True)
class Week:
    """A week of a school year, from Monday, with the days on which schools are open; none in the holidays."""

    monday: dt.date
    school_days: tuple[dt.date, ...]

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week


def time_zone(school: School) -> str:
    """The zone in whose wall time this school lives."""
    return OVERSEAS.get(school.departement.code, PARIS) if school.departement else PARIS


def zone_of(school: School) -> str:
    """The holiday zone: A, B, C, `own`, or empty when the school's département is not known."""
    return school.departement.zone if school.departement else ""


def days_off(school: School, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """The days from first to last, both included, on which this school is closed, each with the reason."""
    return zone_days_off(zone_of(school), first, last)


def zone_days_off(zone: str, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """The same for a holiday zone. Saturdays and Sundays are left to the reader."""
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return {day: reason for day in days if (reason := _reason(zone, day))}


def is_school_day(day: dt.date, zone: str) -> bool:
    """Whether schools of this zone are open: a weekday, no holidays, no bank holiday. Saturday counts as closed."""
    return day.weekday() < 5 and not _reason(zone, day)


def weeks_of(school_year: int, zone: str) -> list[Week]:
    """Every week of a school year, those of the holidays included: a picker greys them out."""
    first, last = school_year_dates(school_year)
    monday = first - dt.timedelta(days=first.weekday())
    starts = (monday + dt.timedelta(weeks=n) for n in range((last - monday).days // 7 + 1))
    return [Week(start, tuple(_open_days(start, first, last, zone))) for start in starts]


def is_known(school_year: int, zone: str) -> bool:
    """Whether the holidays of this school year are published for this zone; if not, only bank holidays count."""
    _first, last = school_year_dates(school_year)
    return bool(zone in KNOWN_ZONES and _holidays(last.year, zone).get(last))


def _open_days(monday, first, last, zone):
    week = (monday + dt.timedelta(days=n) for n in range(5))
    return (day for day in week if first <= day <= last and is_school_day(day, zone))


def _reason(zone, day):
    if day in _bank_holidays(day.year):
        return _("bank holiday")
    return _holidays(day.year, zone).get(day, "") if zone in KNOWN_ZONES else ""


@lru_cache
def _bank_holidays(year):
    return frozenset(JoursFeries.for_year(year).values())


@lru_cache
def _holidays(year, zone):
    """Day to name of the holidays; nothing for a year that the ministry has not published yet."""
    try:
        days = SchoolHolidayDates().holidays_for_year_and_zone(year, zone)
    except UnsupportedYearException:
        return {}
    return {day: facts["nom_vacances"] for day, facts in days.items()}
