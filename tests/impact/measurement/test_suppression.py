"""The attacker: knows the program, its threshold and every total, and tries every table that could be behind what is
published."""

from collections import defaultdict

import pytest

from impact.measurement.suppression import THRESHOLD, hidden_parts, is_small


def tables(parts, total):
    """Every table of so many parts with this total."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables(parts - 1, total - first):
            yield (first, *rest)


def published(table):
    hidden = hidden_parts(table)
    total = None if is_small(sum(table)) else sum(table)
    return total, tuple(None if is_hidden else part for part, is_hidden in zip(table, hidden, strict=True))


def attack(parts, totals):
    """For each hidden part of each publication, how many different numbers it could be."""
    worlds = defaultdict(list)
    for total in totals:
        for table in tables(parts, total):
            worlds[published(table)].append(table)
    for publication, candidates in worlds.items():
        for place, part in enumerate(publication[1]):
            if part is None:
                yield len({table[place] for table in candidates})


@pytest.mark.parametrize(("parts", "largest"), [(1, 40), (2, 40), (3, 34), (4, 24)])
def test_nobody_tells_a_hidden_number_from_fewer_than_four(parts, largest):
    assert min(attack(parts, range(1, largest))) >= THRESHOLD - 1


@pytest.mark.sabotage
@pytest.mark.django_db  # a switch works on a database of tests only
def test_the_attacker_wins_against_hiding_only_what_is_small(monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "complementary_suppression")
    assert min(attack(3, range(1, 20))) == 1


@pytest.mark.parametrize(
    ("table", "hidden"),
    [
        ([], []),
        ([0, 0, 0], [False, False, False]),
        ([12, 0, 9], [False, False, False]),
        # A lone small number takes the last large one with it.
        ([3, 20, 0, 30], [True, False, False, True]),
        # Where the last large one leaves too little room, one more.
        ([1, 20, 5], [True, True, True]),
        ([1, 20, 9, 5], [True, False, True, True]),
        # With nothing large enough left to show, the table goes.
        ([2, 2, 3, 0], [True, True, True, True]),
        # A total that is small itself is published nowhere.
        ([0, 3], [True, True]),
    ],
)
def test_which_parts_are_hidden(table, hidden):
    assert hidden_parts(table) == hidden


@pytest.mark.parametrize("number", [0, 5, 6, 100])
def test_zero_and_large_numbers_are_no_secret(number):
    assert not is_small(number)
