"""Hiding small numbers of people so that nothing gives them back.

The rule (README 9). A number from 1 to 4 is hidden. Since the total of a table stands beside its parts, a lone hidden
part would be a subtraction away: other parts are hidden with it, always taken from the end of the table, whatever they
hold, until what is hidden together leaves room for every number from 1 to 4. When that cannot be had, the whole table
is hidden. All hidden parts carry the same mark. Whoever knows this program cannot tell one from fewer than four values:
`tests/impact/measurement/test_suppression.py` is the attacker who tries.

A true zero tells of nobody and is published, except in a table hidden as a whole.
"""

from collections.abc import Sequence

from participants.accounts import sabotage

THRESHOLD = 5


def is_small(number: int) -> bool:
    return 0 < number < THRESHOLD


def hidden_parts(parts: Sequence[int]) -> list[bool]:
    """Which parts of a table are hidden, when its total is published next to them (or hidden because it is small)."""
    small = [is_small(part) for part in parts]
    if not any(small) or sabotage.is_on("complementary_suppression"):
        return small
    hidden, is_safe = small.copy(), False
    for place in reversed(range(len(parts))):
        if not is_safe and parts[place] >= THRESHOLD:
            hidden[place] = True
            is_safe = _room(parts, hidden) >= THRESHOLD - 2
    shows_something = any(part and not is_hidden for part, is_hidden in zip(parts, hidden, strict=True))
    return hidden if is_safe and shows_something else [True] * len(parts)


def _room(parts, hidden):
    """How far the hidden parts together lie above the least they could be."""
    least = sum(
        THRESHOLD if part >= THRESHOLD else 1 for part, is_hidden in zip(parts, hidden, strict=True) if is_hidden
    )
    return sum(part for part, is_hidden in zip(parts, hidden, strict=True) if is_hidden) - least
