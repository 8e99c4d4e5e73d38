"""Dates as people say them: "jeudi 3 décembre, 14 h", "Thursday 3 December, 2 pm"."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NO_BREAK = "\N{NO-BREAK SPACE}"


def say_day(day) -> str:
    """The day with its name; the year only when it is not the current one."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    number = "1er" if day.day == 1 and _in_french() else str(day.day)
    words = f"{date_format(day, 'l')} {number}{NO_BREAK}{date_format(day, 'F')}"
    return words if day.year == timezone.localdate().year else f"{words} {day.year}"


def say_time(moment) -> str:
    """14 h 30 in French, 2:30 pm in English."""
    if moment is None:
        return ""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    minutes = f"{moment.minute:02}" if moment.minute else ""
    if _in_french():
        return NO_BREAK.join(part for part in (str(moment.hour), "h", minutes) if part)
    if not minutes and moment.hour in {0, 12}:
        return "noon" if moment.hour else "midnight"
    clock = f"{moment.hour % 12 or 12}{':' if minutes else ''}{minutes}"
    return f"{clock}{NO_BREAK}{'am' if moment.hour < 12 else 'pm'}"


def say_moment(moment, zone=None) -> str:
    """The day and the hour, on the wall clock of `zone` (a session's own) or of the page."""
    if moment is None:
        return ""
    moment = _on_the_wall(moment, zone)
    return f"{say_day(moment.date())}, {say_time(moment.time())}"


def say_span(start, end, zone=None) -> str:
    """From when to when, the day said once when it is the same."""
    start, end = _on_the_wall(start, zone), _on_the_wall(end, zone)
    last = say_time(end.time()) if start.date() == end.date() else say_moment(end, zone)
    return _("%(start)s to %(end)s") % {"start": say_moment(start, zone), "end": last}


def start_of(day, days=0):
    """The first moment of a day in the zone of the house, or of so many days later; nothing for no day."""
    return day and timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))


def _on_the_wall(moment, zone):
    return timezone.localtime(moment, ZoneInfo(zone) if isinstance(zone, str) else zone)


def _in_french() -> bool:
    return (get_language() or "").startswith("fr")
