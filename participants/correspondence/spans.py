"""Time counted as people count it: on the wall clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def zone_of(moment: datetime) -> str:
    """On which wall clock a moment is counted: the named zone that it carries, any other in the zone of the house."""
    is_named = isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC"
    return moment.tzinfo.key if is_named else settings.TIME_ZONE


def morning_after(moment: datetime, hour: int = 8) -> datetime:
    """The next day at 8 in the morning, in the zone of the house."""
    day = timezone.localtime(moment) + DAY
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def start_of_day(moment: datetime) -> datetime:
    """Midnight before `moment`, in the zone of the house."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def say_offset(offset: timedelta) -> str:
    """`7 days before`, `2 hours after`, `at once`."""
    if not offset:
        return _("at once")
    amount = _say_amount(abs(offset))
    return (
        _("%(amount)s before") % {"amount": amount}
        if offset < timedelta()
        else _("%(amount)s after") % {"amount": amount}
    )


def _say_amount(span: timedelta) -> str:
    days, rest = divmod(span, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
    ]
    return " ".join(filter(None, parts))
