import datetime as dt

import pytest

from participants.organisations.models import School, Territory
from programs.awareness.models import RequestedSlot
from programs.awareness.weeks import offered_weeks, planning_year, say_half_days, suggestions


def school_in(zone):
    return School(departement=Territory(kind="departement", code="91", zone=zone))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2026, 9, 1), 2026),
        (dt.date(2027, 6, 14), 2026),
        (dt.date(2027, 6, 15), 2027),
        (dt.date(2027, 8, 1), 2027),
    ],
)
def test_from_mid_june_on_a_request_is_for_the_next_year(day, year):
    assert planning_year(day) == year


def test_weeks_begin_next_monday_and_name_the_holidays():
    weeks = offered_weeks(school_in("C"), 2026, dt.date(2026, 11, 25))
    assert [week.monday for week in weeks[:2]] == [dt.date(2026, 11, 30), dt.date(2026, 12, 7)]
    assert len(weeks) == 16
    off = [week.monday for week in weeks if week.is_off]
    assert off == [dt.date(2026, 12, 21), dt.date(2026, 12, 28), dt.date(2027, 2, 8), dt.date(2027, 2, 15)]
    assert "Noël" in weeks[3].reason


def test_zones_have_their_own_winter():
    assert dt.date(2027, 2, 8) not in [
        week.monday for week in offered_weeks(school_in("A"), 2026, dt.date(2026, 11, 25)) if week.is_off
    ]


def test_a_bank_holiday_leaves_the_week_open():
    [week] = [week for week in offered_weeks(school_in("C"), 2026, dt.date(2026, 10, 20)) if week.key == "2026-11-09"]
    assert not week.is_off
    assert list(week.days_off) == [dt.date(2026, 11, 11)]


def test_the_year_ends_with_its_last_lessons():
    weeks = offered_weeks(school_in("C"), 2026, dt.date(2027, 5, 20))
    assert weeks[-1].monday <= dt.date(2027, 7, 5)
    assert not weeks[-1].is_off


def test_in_july_the_weeks_of_september_are_offered():
    weeks = offered_weeks(school_in("C"), 2027, dt.date(2027, 7, 10))
    assert weeks[0].monday == dt.date(2027, 8, 30)


def test_no_week_is_left_of_a_year_that_is_over():
    assert offered_weeks(school_in("C"), 2025, dt.date(2026, 10, 1)) == []


def test_ideas_are_the_wished_half_days_with_school():
    monday = dt.date(2026, 12, 7)
    slots = [
        RequestedSlot(week=monday, weekday=4, half_day="afternoon"),
        RequestedSlot(week=monday, weekday=2, half_day="morning"),
        RequestedSlot(week=dt.date(2026, 11, 23), weekday=2, half_day="morning"),
    ]
    ideas = suggestions(slots, {dt.date(2026, 12, 8): "closed"}, dt.date(2026, 11, 24))
    assert [(idea.day, idea.start, idea.key) for idea in ideas] == [
        (dt.date(2026, 12, 10), dt.time(14), "2026-12-10-1400")
    ]


def test_any_day_gives_an_idea_for_each_day():
    ideas = suggestions([RequestedSlot(week=dt.date(2026, 12, 7), half_day="any")], {}, dt.date(2026, 11, 24))
    assert [idea.day.isoweekday() for idea in ideas] == [1, 2, 3, 4, 5]


def test_half_days_are_said_once_in_the_order_of_the_week():
    slots = [
        RequestedSlot(week=week, weekday=weekday, half_day=half_day)
        for week in (dt.date(2026, 12, 7), dt.date(2026, 12, 14))
        for weekday, half_day in ((4, "afternoon"), (4, "morning"), (1, "any"))
    ]
    assert len(say_half_days(slots)) == 3
    assert say_half_days([RequestedSlot(week=dt.date(2026, 12, 7))]) == []
