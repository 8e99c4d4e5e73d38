import datetime as dt

import pytest

from participants.organisations import calendar
from participants.organisations.actions import load_territories
from participants.organisations.models import Territory
from tests.factories.organisations import SchoolFactory


@pytest.fixture
def school_in(db):
    load_territories()
    return lambda code: SchoolFactory(departement=Territory.objects.get(kind="departement", code=code))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (dt.date(2026, 10, 16), True),
        (dt.date(2026, 10, 19), False),  # Toussaint
        (dt.date(2026, 11, 2), True),
        (dt.date(2026, 11, 11), False),  # bank holiday
        (dt.date(2026, 12, 18), True),
        (dt.date(2026, 12, 21), False),  # Noël
        (dt.date(2027, 1, 4), True),
        (dt.date(2027, 2, 5), True),
        (dt.date(2027, 2, 8), False),  # winter, zone C
        (dt.date(2027, 2, 22), True),
        (dt.date(2027, 4, 5), False),  # spring, zone C
        (dt.date(2027, 5, 7), False),  # the day after Ascension
        (dt.date(2026, 11, 21), False),  # a Saturday
    ],
)
def test_school_days_of_zone_c(day, is_open):
    assert calendar.is_school_day(day, "C") is is_open


def test_zones_differ_in_winter():
    assert [calendar.is_school_day(dt.date(2027, 2, 22), zone) for zone in "ABC"] == [False, False, True]


def test_a_school_is_closed_for_a_reason(school_in):
    off = calendar.days_off(school_in("91"), dt.date(2026, 11, 9), dt.date(2026, 11, 13))
    assert list(off) == [dt.date(2026, 11, 11)]
    off = calendar.days_off(school_in("93"), dt.date(2027, 2, 6), dt.date(2027, 2, 21))
    assert (len(off), set(off.values())) == (16, {"Vacances d'hiver"})


def test_corse_has_a_calendar_of_its_own(school_in):
    school = school_in("2A")
    assert calendar.zone_of(school) == "own"
    assert calendar.days_off(school, dt.date(2027, 2, 6), dt.date(2027, 2, 21)) == {}


def test_a_year_that_is_not_published_has_bank_holidays_only():
    assert list(calendar.zone_days_off("C", dt.date(2045, 7, 10), dt.date(2045, 7, 16))) == [dt.date(2045, 7, 14)]


@pytest.mark.parametrize(
    ("code", "zone"),
    [("91", "Europe/Paris"), ("2B", "Europe/Paris"), ("974", "Indian/Reunion"), ("988", "Pacific/Noumea")],
)
def test_wall_time_overseas(school_in, code, zone):
    assert calendar.time_zone(school_in(code)) == zone


def test_territories_are_loaded_once(db):
    load_territories()
    load_territories()
    assert {kind: Territory.objects.filter(kind=kind).count() for kind in Territory.Kind.values} == {
        "region": 24,
        "academie": 34,
        "departement": 107,
    }
    essonne = Territory.objects.get(kind="departement", code="91")
    assert (essonne.region.name, essonne.academie.name, essonne.zone) == ("Île-de-France", "Versailles", "C")
    codes = Territory.objects.filter(kind="departement", code__in=["19", "2A", "2B", "21"])
    assert [territory.code for territory in codes.order_by("sort_key")] == ["19", "2A", "2B", "21"]
