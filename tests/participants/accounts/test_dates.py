from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from participants.accounts import dates

PARIS = ZoneInfo("Europe/Paris")


def at(*parts):
    return datetime(*parts, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def this_year(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 22, 12))


def said(call, language):
    with translation.override(language):
        return call().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("moment", "in_french", "in_english"),
    [
        (at(2026, 12, 3, 14), "jeudi 3 décembre, 14 h", "Thursday 3 December, 2 pm"),
        (at(2026, 12, 1, 8, 5), "mardi 1er décembre, 8 h 05", "Tuesday 1 December, 8:05 am"),
        (at(2027, 1, 14, 12), "jeudi 14 janvier 2027, 12 h", "Thursday 14 January 2027, noon"),
        (at(2026, 12, 3, 0), "jeudi 3 décembre, 0 h", "Thursday 3 December, midnight"),
        (at(2026, 12, 3, 0, 30), "jeudi 3 décembre, 0 h 30", "Thursday 3 December, 12:30 am"),
    ],
)
def test_moment_as_people_say_it(moment, in_french, in_english):
    assert said(lambda: dates.say_moment(moment), "fr") == in_french
    assert said(lambda: dates.say_moment(moment), "en") == in_english


def test_span_says_the_day_once():
    start, end = at(2026, 12, 3, 14), at(2026, 12, 3, 16, 30)
    assert said(lambda: dates.say_span(start, end), "en") == "Thursday 3 December, 2 pm to 4:30 pm"


def test_span_over_two_days_says_both():
    start, end = at(2026, 12, 3, 22), at(2026, 12, 4, 9)
    assert said(lambda: dates.say_span(start, end), "en") == "Thursday 3 December, 10 pm to Friday 4 December, 9 am"


def test_a_session_is_told_by_the_clock_of_its_own_wall():
    moment = at(2026, 12, 3, 14)
    assert said(lambda: dates.say_moment(moment, "America/Martinique"), "fr") == "jeudi 3 décembre, 9 h"


def test_nothing_is_said_of_no_date():
    assert (dates.say_day(None), dates.say_time(None), dates.say_moment(None)) == ("", "", "")


def test_a_plain_day():
    assert said(lambda: dates.say_day(date(2026, 12, 3)), "fr") == "jeudi 3 décembre"
