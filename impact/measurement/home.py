"""Figures for the home pages: what moved, what is one's own, the five pillars, and the one number of the front page."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.measurement import figures
from impact.measurement.indicators import ASSIGNMENT, LENGTH, REACH, SESSION
from impact.measurement.models import ReachUnit, Target, Within
from impact.measurement.perimeters import perimeters_of
from impact.measurement.screen import Screen
from participants.organisations.school_years import current_school_year
from programs.activities.models import Attendance, Headcount, Programme

PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class Tile:
    """A figure as the home pages show it."""

    label: str
    value: str
    url: str = ""
    note: str = ""
    trend: str = ""


@dataclass(frozen=True)
class Pillar:
    """A pillar and its real state."""

    number: int
    name: str
    tiles: list[Tile]
    is_empty: bool


def moved(user) -> list[Tile]:
    """The two figures that changed most between the last thirty days and the thirty before."""
    perimeters = [perimeter for perimeter in perimeters_of(user) if perimeter.is_exact]
    if not perimeters:
        return []
    now, address = timezone.now(), reverse("measurement:dashboard")
    recent = _of_period(perimeters[0], now - PERIOD, now)
    before = _of_period(perimeters[0], now - 2 * PERIOD, now - PERIOD)
    changes = sorted(recent, key=lambda label: -abs(recent[label] - before[label]) / max(before[label], 1))
    return [
        Tile(
            label,
            figures.say_number(recent[label]),
            address,
            _("%(number)s in the 30 days before") % {"number": figures.say_number(before[label])},
            "up" if recent[label] > before[label] else "down" if recent[label] < before[label] else "",
        )
        for label in changes[:2]
    ]


def own(user) -> list[Tile]:
    """The figures of this school year that a partner or a reader may see, in their first perimeter."""
    if not perimeters_of(user):
        return []
    return [
        Tile(str(line.indicator.label), str(line.cell), reverse("measurement:dashboard"))
        for line in Screen(user, {}).headlines
    ]


def pillars(user) -> list[Pillar]:
    """Five pillars for who reads the whole center exactly; nothing for the others."""
    mine = [perimeter for perimeter in perimeters_of(user) if perimeter.is_exact]
    if not any(perimeter.is_center for perimeter in mine):
        return []
    year = current_school_year()
    acting = [_acting(perimeter, year) for perimeter in mine if perimeter.within == Within.PILLAR]
    return [*acting, _measuring(mine[0], year), _research()]


def headline() -> int | None:
    """Young people reached in all school years together, rounded down for the front page; nothing while few."""
    return cache.get_or_set("measurement-headline", _headline, timeout=3600)


def _headline():
    total = ReachUnit.objects.filter(within=Within.ALL).aggregate(total=Sum("count"))["total"] or 0
    return total // 100 * 100 or None


def _of_period(perimeter, start, end):
    during = {"starts_at__gte": start, "starts_at__lt": end}
    of_session = {f"session__{name}": value for name, value in during.items()}
    reached = figures.rows(REACH, perimeter).filter(**of_session).order_by().aggregate(total=Sum("count"))["total"]
    length = figures.rows(ASSIGNMENT, perimeter).filter(**of_session).order_by().aggregate(total=Sum(LENGTH))["total"]
    return {
        _("young people reached in the last 30 days"): reached or 0,
        _("sessions held in the last 30 days"): figures.rows(SESSION, perimeter).filter(**during).count(),
        _("volunteer hours in the last 30 days"): figures.plain(length),
    }


def _acting(perimeter, year):
    totals = figures.totals(perimeter, None, (year,))
    address = f"{reverse('measurement:dashboard')}?of={perimeter.key}"
    shown = {
        Programme.Pillar.AWARENESS: ("reached", "schools", "sessions", "volunteers", "hours"),
        Programme.Pillar.TUTORING: ("accompanied", "sessions", "volunteers", "hours"),
        Programme.Pillar.ENGAGEMENT: ("volunteers", "hours", "sessions"),
    }[perimeter.within_id]
    tiles = [
        Tile(str(Target.Indicator(code).label), figures.say_number(totals[code][year]), f"{address}&figure={code}")
        for code in shown
    ]
    return Pillar(perimeter.within_id, perimeter.label, tiles, not totals["sessions"][year])


def _measuring(perimeter, year):
    """How complete the counts are: of the sessions held, those where somebody was counted."""
    held = figures.rows(SESSION, perimeter, None, (year,)).order_by()
    counted = held.filter(_exists(Headcount)) | held.filter(_exists(Attendance))
    number, all_of_them = counted.distinct().count(), held.count()
    note = _("of %(number)s sessions held") % {"number": figures.say_number(all_of_them)}
    tiles = [
        Tile(_("sessions with confirmed counts"), figures.say_number(number), reverse("measurement:dashboard"), note),
        Tile(
            _("targets set for this school year"),
            figures.say_number(Target.objects.filter(school_year=year).count()),
            reverse("measurement:target-list"),
        ),
    ]
    return _pillar(Programme.Pillar.MEASUREMENT, tiles, is_empty=not all_of_them)


def _research():
    number = Programme.objects.filter(pillar=Programme.Pillar.RESEARCH).count()
    tiles = [Tile(_("research programmes"), figures.say_number(number))]
    return _pillar(Programme.Pillar.RESEARCH, tiles, is_empty=not number)


def _pillar(pillar, tiles, *, is_empty):
    name = _("Pillar %(number)s: %(name)s") % {"number": pillar.value, "name": pillar.label}
    return Pillar(pillar.value, name, tiles, is_empty)


def _exists(model):
    return Exists(model.objects.filter(session=OuterRef("pk")))
