import datetime as dt
from dataclasses import replace

import pytest

from participants.people.duplicates.first_names import USUAL
from participants.people.duplicates.scoring import EVIDENCE, SHOWN_FROM, Known, explain, total, weigh

LOU = Known("Lou-Ann", "Lefèvre", dt.date(2010, 3, 4), "F", "lou@example.org", {2026: 1}, frozenset({1}))
BARE = replace(LOU, sex="N", email="", years={}, schools=frozenset())


@pytest.mark.parametrize(
    ("changed", "codes", "score"),
    [
        ({}, ["last_same", "first_same", "born_same"], 100),
        ({"last_name": "Lefebvre"}, ["last_letter", "first_same", "born_same"], 94),
        ({"first_name": "Lou"}, ["last_same", "first_part", "born_same"], 90),
        ({"first_name": "Lefevre", "last_name": "Lou Ann"}, ["names_swapped", "born_same"], 94),
        ({"first_name": "Lefebvre", "last_name": "Lou Ann"}, ["names_swapped_alike", "born_same"], 86),
        ({"birth_date": dt.date(2010, 4, 3)}, ["last_same", "first_same", "born_swapped"], 90),
        ({"birth_date": dt.date(2011, 3, 4)}, ["last_same", "first_same", "born_year"], 84),
        ({"birth_date": dt.date(2010, 3, 14)}, ["last_same", "first_same", "born_digit"], 86),
        ({"birth_date": dt.date(2010, 3, 9)}, ["last_same", "first_same", "born_digit"], 86),
        ({"birth_date": dt.date(2010, 7, 21)}, ["last_same", "first_same", "born_different"], 0),
        ({"first_name": "Hugo"}, ["last_same", "first_different", "born_same"], 10),
        ({"last_name": "Diallo"}, ["last_different", "first_same", "born_same"], 20),
    ],
)
def test_names_and_birth(changed, codes, score):
    found = weigh(BARE, replace(BARE, **changed), USUAL.__contains__)
    assert (found, total(found)) == (codes, score)
    assert weigh(replace(BARE, **changed), BARE, USUAL.__contains__) == codes


def test_two_digits_exchanged_are_one_slip():
    found = weigh(replace(BARE, birth_date=dt.date(2010, 3, 12)), replace(BARE, birth_date=dt.date(2010, 3, 21)), bool)
    assert found == ["last_same", "first_same", "born_digit"]


def test_a_frequent_name_needs_more_than_itself():
    """Another Léa Martin born on a day that differs by a digit is another person, unless the school agrees."""

    def many(person):
        return 0.8

    slip = replace(BARE, birth_date=dt.date(2010, 3, 14))
    assert weigh(BARE, slip, USUAL.__contains__, many) == ["last_same", "first_same", "born_digit", "name_frequent"]
    assert total(weigh(BARE, slip, USUAL.__contains__, many)) < SHOWN_FROM
    assert "name_frequent" not in weigh(BARE, slip, USUAL.__contains__, lambda person: 0.6)
    assert "name_frequent" not in weigh(BARE, BARE, USUAL.__contains__, many)
    assert "name_frequent" not in weigh(BARE, replace(BARE, birth_date=dt.date(2011, 3, 4)), USUAL.__contains__, many)
    mine, theirs = (replace(person, schools=frozenset({1})) for person in (BARE, slip))
    assert "name_frequent" not in weigh(mine, theirs, USUAL.__contains__, many)


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        ({}, ["school_same", "email_same"]),
        ({"sex": "M"}, ["school_same", "sex_different", "email_same"]),
        ({"years": {2026: 2}, "schools": frozenset({2})}, ["school_other", "email_same"]),
        ({"years": {2025: 2}, "schools": frozenset({2}), "email": ""}, []),
        ({"years": {2025: 1}, "schools": frozenset({1}), "email": ""}, ["school_same"]),
    ],
)
def test_school_sex_and_address(changed, more):
    assert weigh(LOU, replace(LOU, **changed), USUAL.__contains__)[3:] == more


@pytest.mark.parametrize(
    "other",
    [
        replace(BARE, first_name="Emma"),
        replace(BARE, birth_date=dt.date(2010, 9, 27)),
        replace(BARE, first_name="Zoé", birth_date=dt.date(2012, 1, 9)),
        replace(LOU, years={2026: 2}, schools=frozenset({2}), email=""),
    ],
    ids=["twin", "homonym", "sibling", "homonym of another school"],
)
def test_who_is_somebody_else_stays_under_the_line(other):
    assert total(weigh(LOU, other, USUAL.__contains__)) < SHOWN_FROM


def test_every_reason_has_words_and_a_weight():
    assert explain(["last_same", "gone"]) == [{"words": EVIDENCE["last_same"][0], "weight": 30, "amount": 30}]
    assert all(words and weight for words, weight in EVIDENCE.values())
