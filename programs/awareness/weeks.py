"""The weeks that a school can be offered: from next Monday on, its holidays marked."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format

from participants.organisations import calendar
from participants.organisations.models import School
from participants.organisations.school_years import school_year_dates, school_year_of
from programs.awareness.models import WEEKDAYS, HalfDay, monday_of

OFFERED = 16
SUGGESTED = 12
# Two lessons in the morning or in the afternoon.
_MORNING, _AFTERNOON = (dt.time(10), dt.time(11, 50)), (dt.time(14), dt.time(15, 50))
TIMES = {HalfDay.MORNING: _MORNING, HalfDay.AFTERNOON: _AFTERNOON, HalfDay.ANY: _MORNING}
SCHOOL_DAYS = range(1, 6)  # Monday to Friday
FRIDAY = dt.timedelta(days=4)
# From 15 June on a request is for the school year to come.
LOOKS_AHEAD = dt.timedelta(days=78)


@dataclass(frozen=True)
class Week:
    """A week and the days of it without school, each with its reason."""

    monday: dt.date
    days_off: dict[dt.date, str]

    @property
    def key(self):
        return self.monday.isoformat()

    @property
    def label(self):
        """From Monday to Friday, the month said once when it is the same."""
        friday = self.monday + FRIDAY
        first = "j" if friday.month == self.monday.month else "j b"
        return f"{date_format(self.monday, first)} – {date_format(friday, 'j b')}"

    @property
    def is_off(self):
        return len(self.days_off) == len(SCHOOL_DAYS)

    @property
    def reason(self):
        """Why the week, or a part of it, is off."""
        return ", ".join(dict.fromkeys(self.days_off.values()))


def planning_year(today: dt.date) -> int:
    """The school year for which a request of today is."""
    return school_year_of(today + LOOKS_AHEAD)


def offered_weeks(school: School, school_year: int, today: dt.date) -> list[Week]:
    """The next weeks of the school year that begin after today, without the holidays at the end."""
    first, last = school_year_dates(school_year)
    begin = max(monday_of(today) + dt.timedelta(days=7), monday_of(first))
    mondays = [begin + dt.timedelta(days=7 * number) for number in range(OFFERED)]
    off = days_off(school, begin, begin + dt.timedelta(days=7 * OFFERED))
    weeks = [Week(monday, _days_off_in(monday, off)) for monday in mondays if monday + FRIDAY <= last]
    while weeks and weeks[-1].is_off:
        weeks.pop()
    return weeks


def days_off(school: School, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """The days between two dates on which this school is closed, and why."""
    return calendar.days_off(school, first, last)


@dataclass(frozen=True)
class Idea:
    """A half-day that the school wished for, as a session could be held in it."""

    day: dt.date
    start: dt.time
    end: dt.time

    @property
    def key(self):
        return f"{self.day:%Y-%m-%d}-{self.start:%H%M}"


def suggestions(slots, off, today: dt.date) -> list[Idea]:
    """The next half-days that were wished for and on which there is school."""
    ideas = {
        Idea(day, *TIMES[slot.half_day])
        for slot in slots
        for weekday in ([slot.weekday] if slot.weekday else SCHOOL_DAYS)
        if (day := slot.week + dt.timedelta(days=weekday - 1)) > today and day not in off
    }
    return sorted(ideas, key=lambda idea: (idea.day, idea.start))[:SUGGESTED]


def say_half_days(slots) -> list[str]:
    """The half-days of the slots, each once, in the order of the week."""
    return _said({(slot.weekday, slot.half_day) for slot in slots if slot.weekday})


def say_half_days_of(values) -> list[str]:
    """The same of values such as "1-morning"."""
    return _said((int(value[0]), value[2:]) for value in values)


def _said(half_days) -> list[str]:
    chosen = sorted(half_days, key=lambda one: (one[0], list(HalfDay).index(one[1])))
    return [f"{WEEKDAYS[weekday]} {HalfDay(half_day).label}" for weekday, half_day in chosen]


def _days_off_in(monday, off):
    days = [monday + dt.timedelta(days=number) for number in range(len(SCHOOL_DAYS))]
    return {day: off[day] for day in days if day in off}
