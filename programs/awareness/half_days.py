"""The half-days that somebody means by weeks and half-days of the week, and when a talk of that half-day takes place."""

import datetime as dt
from zoneinfo import ZoneInfo

from programs.awareness.models import HalfDay
from programs.awareness.models.campaign import HALF_DAYS
from programs.awareness.planning.problem import Slot
from programs.awareness.weeks import TIMES, Week

# While a commitment in these hours stands, nobody travels to a school for that half-day.
HOURS = {HalfDay.MORNING: (dt.time(7, 30), dt.time(13)), HalfDay.AFTERNOON: (dt.time(12, 30), dt.time(18, 30))}
ALL = [value for value, _label in HALF_DAYS]
FRIDAY = dt.timedelta(days=4)


def half_days_of(weeks, half_days, *, off=(), today: dt.date) -> list[Slot]:
    """Each half-day that is still to come, in order; none of the week chosen means that all suit."""
    found = []
    for monday in sorted(weeks):
        for value in sorted(half_days or ALL):
            weekday, half = value.split("-")
            day = monday + dt.timedelta(days=int(weekday) - 1)
            if day > today and day not in off:
                found.append((day, half))
    return sorted(found, key=in_order)


def in_order(slot: Slot):
    return slot[0], slot[1] != HalfDay.MORNING


def moments(slot: Slot, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """When a talk of this half-day begins and ends, on the school's clock."""
    day, half = slot
    return tuple(dt.datetime.combine(day, time, ZoneInfo(zone)) for time in TIMES[half])


def half_days_touched(start: dt.datetime, end: dt.datetime, zone: str) -> list[Slot]:
    """The half-days that a commitment takes, the way to it included."""
    here = ZoneInfo(zone)
    start, end = start.astimezone(here), end.astimezone(here)
    days = [start.date() + dt.timedelta(days=number) for number in range((end.date() - start.date()).days + 1)]
    return [
        (day, str(half))
        for day in days
        for half, (first, last) in HOURS.items()
        if start < dt.datetime.combine(day, last, here) and end > dt.datetime.combine(day, first, here)
    ]


def weeks_of(mondays, off: dict[dt.date, str], today: dt.date) -> list[Week]:
    """The weeks of a campaign that are to come, each with its days without school."""
    return [
        Week(monday, {day: off[day] for number in range(5) if (day := monday + dt.timedelta(days=number)) in off})
        for monday in mondays
        if monday + FRIDAY > today
    ]
