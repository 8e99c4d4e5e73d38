"""Each figure worked out by hand, by each axis."""

from decimal import Decimal

import pytest
from django.utils import translation

from impact.measurement import figures
from impact.measurement.axes import AXES
from impact.measurement.indicators import INDICATORS
from impact.measurement.screen import Screen

# Reached: 24 (3e, Essonne) + 31 (2de) + 3 (Tle, Marseille) + 80 (open event) + 1 pupil (3e, Essonne).
TOTALS = {
    "reached": (139, 20),
    "accompanied": (1, 0),
    "schools": (2, 1),
    "sessions": (4, 1),
    "volunteers": (2, 0),
    "hours": (Decimal("6.0"), 0),
}
BY = {
    ("reached", "level"): {"4e": 0, "3e": 25, "2de GT": 31, "Tle générale": 3, "Level not known": 80},
    ("reached", "sex"): {"Girls": 11 + 15 + 3 + 1, "Boys": 9 + 16, "Not noted": 4 + 80},
    ("reached", "rep"): {"REP+": 0, "REP": 25, "Outside priority education": 34, "Not known": 80},
    ("reached", "ips"): {
        "1st fifth (lowest IPS)": 25,
        "2nd fifth": 0,
        "3rd fifth": 0,
        "4th fifth": 0,
        "5th fifth (highest IPS)": 0,
        "Not known": 114,
    },
    ("reached", "departement"): {"Bouches-du-Rhône (13)": 34, "Essonne (91)": 25, "Not known": 80},
    ("reached", "academie"): {"Versailles": 25, "Not known": 114},
    ("reached", "member"): {"Plateau": 138, "Réseaux": 1, "Not known": 0},
    ("reached", "programme"): {"Interventions": 138, "Tutorat": 21, "Not known": 0},
    ("accompanied", "level"): {"3e": 1, "Level not known": 0},
    ("accompanied", "sex"): {"Girls": 1, "Boys": 0, "Not noted": 0},
    ("accompanied", "programme"): {"Tutorat": 1, "Not known": 0},
    ("schools", "departement"): {"Bouches-du-Rhône (13)": 1, "Essonne (91)": 1, "Not known": 0},
    ("schools", "level"): {"4e": 0, "3e": 1, "2de GT": 1, "Tle générale": 1, "Level not known": 0},
    ("schools", "rep"): {"REP+": 0, "REP": 1, "Outside priority education": 1, "Not known": 0},
    ("sessions", "departement"): {"Bouches-du-Rhône (13)": 1, "Essonne (91)": 1, "Not known": 2},
    ("sessions", "member"): {"Plateau": 3, "Réseaux": 1, "Not known": 0},
    ("sessions", "programme"): {"Interventions": 3, "Tutorat": 1, "Not known": 0},
    ("volunteers", "member"): {"Plateau": 1, "Réseaux": 1, "Not known": 0},
    ("volunteers", "programme"): {"Interventions": 1, "Tutorat": 2, "Not known": 0},
    ("hours", "member"): {"Plateau": Decimal("4.5"), "Réseaux": Decimal("1.5"), "Not known": 0},
    ("hours", "programme"): {"Interventions": Decimal("3.0"), "Tutorat": Decimal("3.0"), "Not known": 0},
    ("hours", "rep"): {"REP+": 0, "REP": Decimal("1.5"), "Outside priority education": Decimal("1.5"), "Not known": 3},
}


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def numbers(table):
    return {part.label: part.cell.value for part in table.parts}


def test_totals_of_two_years(director):
    screen = Screen(director, {})
    assert {line.indicator.code: (line.cell.value, line.previous.value) for line in screen.headlines} == TOTALS
    assert [line.target for line in screen.headlines] == [200, None, None, None, None, None]
    assert [(year.label, year.cell.value, year.percent_of_target) for year in screen.trend] == [
        ("2024-2025", 0, None),
        ("2025-2026", 20, None),
        ("2026-2027", 139, 70),
    ]


@pytest.mark.parametrize(("figure", "axis"), BY)
def test_breakdowns(director, center, figure, axis):
    center.talks.__class__.objects.update(name_en="")
    assert numbers(Screen(director, {"figure": figure, "by": axis}).breakdown()) == BY[figure, axis]


def test_parts_of_a_single_valued_axis_sum_to_the_total_and_unknown_is_always_there(director):
    for indicator in INDICATORS.values():
        for code in indicator.axes:
            table = Screen(director, {"figure": indicator.code, "by": code}).breakdown()
            together = sum(part.cell.value for part in table.parts)
            assert table.parts[-1].key == "unknown"
            assert table.adds_up == (code not in indicator.overlaps)
            assert together == table.total.value if table.adds_up else together >= table.total.value
            assert sum(part.previous.value for part in table.parts) >= table.previous_total.value


def test_a_figure_keeps_the_profile_of_its_year(director):
    by_rep = numbers(Screen(director, {"year": "2025", "by": "rep"}).breakdown())
    assert by_rep == {"REP+": 0, "REP": 0, "Outside priority education": 20, "Not known": 0}


def test_a_programme_and_a_member_school_count_within_themselves(director, center):
    tutoring = Screen(director, {"of": f"programme-{center.tutoring.pk}"})
    assert tutoring.headlines[0].cell.value == 20 + 1
    assert [axis.code for axis in tutoring.axes] == ["level", "sex", "rep", "ips", "departement", "academie", "member"]
    member = Screen(director, {"of": f"organisation-{center.reseaux.pk}"})
    assert member.headlines[0].cell.value == 21
    assert "member" not in [axis.code for axis in member.axes]
    assert Screen(director, {"of": "pillar-1"}).headlines[0].cell.value == 138


def test_a_place_is_a_part_of_the_whole(director, center):
    essonne = Screen(director, {"place": str(center.essonne.pk)})
    assert [line.cell.value for line in essonne.headlines] == [25, 1, 1, 1, 1, Decimal("1.5")]
    assert essonne.headlines[0].target is None
    assert Screen(director, {"place": str(center.versailles.pk)}).headlines[0].cell.value == 25


def test_what_lies_ahead_and_what_was_cancelled_are_not_held(director, center):
    center.first.__class__.objects.filter(pk=center.first.pk).update(state="cancelled", state_reason="strike")
    center.second.__class__.objects.filter(pk=center.second.pk).update(
        starts_at="2026-12-20T08:00Z", ends_at="2026-12-20T09:00Z"
    )
    assert [line.cell.value for line in Screen(director, {}).headlines][3:] == [2, 2, Decimal("3.0")]


def test_every_axis_has_words(director):
    assert all(str(axis.label) and str(axis.unknown) for axis in AXES.values())
    assert all(str(indicator.definition) for indicator in INDICATORS.values())


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0", "0"),
        (1234567, "1,234,567", "1 234 567"),
        (Decimal("12.5"), "12.5", "12,5"),
        (Decimal("12.0"), "12", "12"),
    ],
)
def test_numbers_are_written_as_people_write_them(number, english, french):
    with translation.override("en"):
        assert figures.say_number(number) == english
    with translation.override("fr"):
        assert figures.say_number(number).replace("\u202f", "\u00a0") == french.replace(" ", "\u00a0")
