"""The school year: 1 September to 31 August, named by the year in which it starts (2026 is 2026-2027)."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def school_year_of(day: dt.date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def current_school_year() -> int:
    return school_year_of(timezone.localdate())


def school_year_label(year: int) -> str:
    return f"{year}-{year + 1}"


def school_year_dates(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of the school year, both inside it."""
    return dt.date(year, 9, 1), dt.date(year + 1, 8, 31)


class SchoolYearField(models.PositiveSmallIntegerField):
    """The starting year of a school year."""

    def __init__(self, verbose_name=None, **options):
        options.setdefault("validators", [MinValueValidator(2000), MaxValueValidator(2100)])
        super().__init__(verbose_name or _("school year"), **options)
