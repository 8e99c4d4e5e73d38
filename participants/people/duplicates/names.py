"""French names as records spell them: what is the same name, and what only looks like it."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from participants.accounts.text import fold

PARTICLES = frozenset({"de", "du", "des", "d", "la", "le", "les", "l"})

# How a folded word sounds to a French ear; one after the other. The function `eoc_sound` of the database says the same
# (a test compares them), so that sounds can be indexed. Digits stand for sounds that have no letter of their own.
SOUNDS = [
    ("ph", "f"),
    ("sch|sh|ch", "1"),
    ("h", ""),
    ("gn", "ni"),
    ("ck|cq|qu|q", "k"),
    ("c([eiy])", r"s\1"),
    ("c", "k"),
    ("gu([eiy])", r"2\1"),
    ("ge([aou])", r"j\1"),
    ("g([eiy])", r"j\1"),
    ("g", "2"),
    ("eau|au", "o"),
    ("ou|oo", "u"),
    ("y", "i"),
    ("(ain|ein|in|im|un|um)(?![aeiounm])", "3"),
    ("(an|en|am|em)(?![aeiounm])", "4"),
    ("(on|om)(?![aeiounm])", "5"),
    ("ai|ei", "e"),
    ("z", "s"),
    ("w", "v"),
    (r"(.)\1+", r"\1"),
    ("(..)[dtspx]+$", r"\1"),
    ("(..)e$", r"\1"),
]
# Short forms and foreign spellings that can only mean one name; all others (Alex, Théo, Max) are names of their own.
SHORT_FORMS = {
    "nico": "nicolas",
    "seb": "sebastien",
    "caro": "caroline",
    "isa": "isabelle",
    "greg": "gregory",
    "jb": "jeanbaptiste",
    "muhammad": "mohamed",
    "mouhamed": "mohamed",
    "mouhammad": "mohamed",
    "mohamad": "mohamed",
    "youssef": "yousef",
    "yusuf": "yousef",
}
# A night compares the same names again and again; a name is forgotten with the process.
REMEMBERED = 50_000
FEMININE_ENDINGS = ("e", "ne", "le", "te")


class Likeness(StrEnum):
    SAME = "same"
    SOUND = "sound"
    LETTER = "letter"
    PART = "part"
    SHORT = "short"
    DIFFERENT = "different"


@lru_cache(maxsize=REMEMBERED)
def words_of(name: str) -> tuple[str, ...]:
    """The words that tell a name from another: folded, hyphens opened, particles left out unless there is no other."""
    words = tuple(word for word in re.split(r"[^a-z]+", fold(name)) if word)
    return tuple(word for word in words if word not in PARTICLES) or words


@lru_cache(maxsize=REMEMBERED)
def joined(name: str) -> str:
    """All letters of a name in one, so that `Le Goff` is `Legoff`."""
    return re.sub(r"[^a-z]", "", fold(name))


@lru_cache(maxsize=REMEMBERED)
def sound(word: str) -> str:
    """How a folded word sounds: `sound("dupond") == sound("dupont")`."""
    for pattern, heard in SOUNDS:
        word = re.sub(pattern, heard, word)
    return word


def compare_last(one: str, other: str) -> Likeness:
    """How alike two last names are."""
    if joined(one) == joined(other) or words_of(one) == words_of(other):
        return Likeness.SAME
    if _sounds(one) == _sounds(other):
        return Likeness.SOUND
    if _one_slip(joined(one), joined(other)):
        return Likeness.LETTER
    return Likeness.PART if _is_part(words_of(one), words_of(other)) else Likeness.DIFFERENT


def compare_first(one: str, other: str, is_usual: Callable[[str], bool]) -> Likeness:
    """How alike two first names are. Two names that many people bear are two names, however close their letters: twins
    are called Emma and Emmy, Gabriel and Gabrielle."""
    a, b = joined(one), joined(other)
    if a == b or sorted(words_of(one)) == sorted(words_of(other)):
        return Likeness.SAME
    if SHORT_FORMS.get(a, a) == SHORT_FORMS.get(b, b):
        return Likeness.SHORT
    are_two_names = is_usual(a) and is_usual(b)
    if _sounds(one) == _sounds(other) and not (are_two_names and _is_feminine_of(a, b)):
        return Likeness.SOUND
    if _is_part(words_of(one), words_of(other)):
        return Likeness.PART
    return Likeness.LETTER if _one_slip(a, b) and not are_two_names else Likeness.DIFFERENT


def _sounds(name):
    return [sound(word) for word in words_of(name)]


def _one_slip(a, b):
    """One letter missing, added, wrong or exchanged with its neighbour; two in a long name."""
    shortest = min(len(a), len(b))
    return shortest >= 4 and OSA.distance(a, b) <= (2 if shortest >= 9 else 1)


def _is_part(a, b):
    """All words of the shorter name stand in the longer: `Marie` of `Marie-Claire`, `Martin` of `Martin-Dupont`."""
    shorter, longer = sorted([set(a), set(b)], key=len)
    return len(shorter) < len(longer) and shorter <= longer and any(len(word) >= 3 for word in shorter)


def _is_feminine_of(a, b):
    shorter, longer = sorted([a, b], key=len)
    is_ending = any(longer == shorter + ending for ending in FEMININE_ENDINGS)
    return is_ending or (shorter.endswith("ic") and longer == shorter[:-1] + "que")
