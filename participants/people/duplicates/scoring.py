"""Why two records may be one pupil: evidence for and against, each with its weight; the score is their sum."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from participants.people.duplicates.names import Likeness, compare_first, compare_last

# From here on a pair is shown to a person; nothing is ever merged by itself.
SHOWN_FROM = 70
SURE_FROM = 90

# code -> (words, weight). A code is kept in the pair; the words are of the language of who reads.
EVIDENCE = {
    "last_same": (_("same last name"), 30),
    "last_sound": (_("last names sound alike"), 24),
    "last_letter": (_("last names differ by a slip of the keyboard"), 24),
    "last_part": (_("one last name is a part of the other"), 20),
    "last_different": (_("different last names"), -50),
    "first_same": (_("same first name"), 30),
    "first_sound": (_("first names sound alike"), 24),
    "first_letter": (_("first names differ by a slip of the keyboard"), 22),
    "first_part": (_("one first name is a part of the other"), 20),
    "first_short": (_("one first name is a form of the other"), 22),
    "first_different": (_("different first names"), -60),
    "names_swapped": (_("first and last name are swapped"), 54),
    "names_swapped_alike": (_("first and last name are swapped, with a slip"), 46),
    "born_same": (_("same date of birth"), 40),
    "born_swapped": (_("day and month of birth are swapped"), 30),
    "born_digit": (_("one digit of the date of birth differs"), 26),
    "born_year": (_("the years of birth are one apart"), 24),
    "born_different": (_("different dates of birth"), -60),
    "school_same": (_("same school"), 8),
    "school_other": (_("in two schools in the same year"), -35),
    "sex_different": (_("one is noted as a girl, the other as a boy"), -20),
    "name_frequent": (_("many may bear this name, and nothing but the name agrees"), -20),
    "email_same": (_("same e-mail address"), 8),
}
# Of so many namesakes, as the frequencies of the two parts of a name let expect, one may well be born on one of the
# twenty days that differ by a digit: then that likeness alone is none. (A day and month exchanged, or a year, is one day.)
NAMESAKES = 0.7
_SLIPS = (Likeness.SAME, Likeness.SOUND, Likeness.LETTER)


@dataclass(frozen=True)
class Known:
    """What is compared of a person: `years` are school year -> the school where they are enrolled, without the years in
    which they left it."""

    first_name: str
    last_name: str
    birth_date: dt.date
    sex: str = "N"
    email: str = ""
    years: dict[int, int] = field(default_factory=dict)
    schools: frozenset[int] = frozenset()


def weigh(
    one: Known,
    other: Known,
    is_usual: Callable[[str], bool],
    expected: Callable[[Known], float] = lambda person: 0,
) -> list[str]:
    """The evidence about two records, as codes: of names, birth, school, then the rest. `expected` says how many people
    of this name one expects among all."""
    codes = [*_of_names(one, other, is_usual), _of_birth(one.birth_date, other.birth_date), *_of_schools(one, other)]
    if "born_digit" in codes and "school_same" not in codes and max(expected(one), expected(other)) >= NAMESAKES:
        codes.append("name_frequent")
    if {one.sex, other.sex} == {"F", "M"}:
        codes.append("sex_different")
    if one.email and one.email.lower() == other.email.lower():
        codes.append("email_same")
    return codes


def total(codes) -> int:
    return sum(EVIDENCE[code][1] for code in codes if code in EVIDENCE)


def explain(codes) -> list[dict]:
    """The evidence in words, for the page that shows it."""
    known = [EVIDENCE[code] for code in codes if code in EVIDENCE]
    return [{"words": words, "weight": weight, "amount": abs(weight)} for words, weight in known]


def _of_names(one, other, is_usual):
    last = compare_last(one.last_name, other.last_name)
    first = compare_first(one.first_name, other.first_name, is_usual)
    if Likeness.DIFFERENT in (last, first):
        crossed = (compare_last(one.first_name, other.last_name), compare_last(one.last_name, other.first_name))
        if crossed == (Likeness.SAME, Likeness.SAME):
            return ["names_swapped"]
        if Likeness.SAME in crossed and all(likeness in _SLIPS for likeness in crossed):
            return ["names_swapped_alike"]
    return [f"last_{last}", f"first_{first}"]


def _of_birth(one, other):
    if one == other:
        return "born_same"
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return "born_swapped"
    if abs(one.year - other.year) == 1 and (one.day, one.month) == (other.day, other.month):
        return "born_year"
    a, b = f"{one:%d%m%Y}", f"{other:%d%m%Y}"
    differing = [i for i in range(8) if a[i] != b[i]]
    exchanged = len(differing) == 2 and differing[1] - differing[0] == 1 and sorted(a) == sorted(b)
    return "born_digit" if len(differing) == 1 or exchanged else "born_different"


def _of_schools(one, other):
    if any(other.years.get(year, school) != school for year, school in one.years.items()):
        return ["school_other"]
    return ["school_same"] if one.schools & other.schools else []
