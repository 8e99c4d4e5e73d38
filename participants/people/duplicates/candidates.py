"""Who may be whom: pairs that share something rare meet in the database, and only those are weighed."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Case, Count, Q, Value, When

from participants.accounts.text import Fold, fold
from participants.people.duplicates.first_names import USUAL
from participants.people.duplicates.keys import MeetingKeys
from participants.people.duplicates.names import joined
from participants.people.duplicates.scoring import SHOWN_FROM, Known, total, weigh
from participants.people.models import Enrolment, Pupil

# Two names of people born on the same day meet from this likeness on.
ALIKE = 0.35
# A first name that so many pupils bear is a name, not a slip of the keyboard.
MANY = 3
_KEYS = MeetingKeys("first_name", "last_name", "birth_date")


@dataclass(frozen=True)
class Similar:
    """A pupil who may be the one in question, and why: codes of `scoring.EVIDENCE`."""

    pupil: Pupil
    score: int
    codes: list[str]


def similar_to(
    first_name: str, last_name: str, birth_date: dt.date, school=None, *, year=None, among=None, but=None
) -> list[Similar]:
    """The pupils who may be this person, the likeliest first: what a form or an import asks before it enters somebody.

    `school` (a School or nothing) and `year`, the school year of the entry, are evidence. `among` are the pupils that
    may be named to who asks: `Pupil.objects.visible_to(user)`; without it all. `but` is the record being corrected.
    """
    met = _met_by(first_name, last_name, birth_date, Pupil.objects.named() if among is None else among)
    found = {pupil.pk: pupil for pupil in (met.exclude(pk=but.pk) if but else met)}
    schools = frozenset([school.pk]) if school else frozenset()
    years = {year: school.pk} if school and year else {}
    asked = Known(first_name, last_name, birth_date, years=years, schools=schools)
    known = known_of(found)
    is_usual = usual_among([joined(first_name), *(joined(pupil.first_name) for pupil in found.values())])
    answers = []
    for pk, pupil in found.items():
        codes = weigh(asked, known[pk], is_usual)
        if total(codes) >= SHOWN_FROM:
            answers.append(Similar(pupil, total(codes), codes))
    return sorted(answers, key=lambda answer: (-answer.score, answer.pupil.pk))


def _met_by(first_name, last_name, birth_date, among):
    typed = [Value(first_name), Value(last_name), Value(birth_date)]
    written = fold(f"{last_name} {first_name}")
    same_day = among.filter(birth_date=birth_date).annotate(alike=TrigramSimilarity("sort_name", Value(written)))
    with_key = among.alias(keys=_KEYS).filter(keys__overlap=MeetingKeys(*typed))
    ids = {*same_day.filter(alike__gte=ALIKE).values_list("pk", flat=True), *with_key.values_list("pk", flat=True)}
    return Pupil.objects.filter(pk__in=ids).order_by("pk")


BLOCKS = """
CREATE TEMPORARY TABLE meeting ON COMMIT DROP AS
    SELECT unnest(eoc_meeting_keys(first_name, last_name, birth_date)) AS key, id FROM people_pupil
    WHERE NOT is_statistic;
ANALYZE meeting;
"""
ALL_PAIRS = """
SELECT one.id, other.id FROM meeting one JOIN meeting other ON other.key = one.key AND other.id > one.id
UNION
SELECT one.id, other.id FROM people_pupil one
JOIN people_pupil other ON other.birth_date = one.birth_date AND other.id > one.id
WHERE similarity(one.sort_name, other.sort_name) >= %(alike)s
ORDER BY 1, 2
"""
PAIRS_OF = """
SELECT least(one.id, other.id), greatest(one.id, other.id) FROM people_pupil one
JOIN people_pupil other ON other.id <> one.id AND NOT other.is_statistic
    AND eoc_meeting_keys(other.first_name, other.last_name, other.birth_date)
        && eoc_meeting_keys(one.first_name, one.last_name, one.birth_date)
WHERE one.id = ANY(%(ids)s)
UNION
SELECT least(one.id, other.id), greatest(one.id, other.id) FROM people_pupil one
JOIN people_pupil other ON other.birth_date = one.birth_date AND other.id <> one.id
WHERE one.id = ANY(%(ids)s) AND similarity(one.sort_name, other.sort_name) >= %(alike)s
ORDER BY 1, 2
"""


def pairs(ids: Iterable[int] | None = None) -> list[tuple[int, int]]:
    """The pairs that meet, lower number first: of these pupils with anybody, or of all with all. In a transaction."""
    with connection.cursor() as cursor:
        if ids is None:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.meeting")
            cursor.execute(BLOCKS)
            cursor.execute(ALL_PAIRS, {"alike": ALIKE})
        else:
            cursor.execute(PAIRS_OF, {"alike": ALIKE, "ids": list(ids)})
        return cursor.fetchall()


def weighed(met: list[tuple[int, int]], size: int = 20_000) -> Iterator[tuple[int, int, list[str]]]:
    """Of these pairs those worth showing, with the evidence."""
    is_usual, expected = usual_names(), expected_namesakes()
    for start in range(0, len(met), size):
        part = met[start : start + size]
        known = known_of({pk for pair in part for pk in pair})
        for one, other in part:
            codes = weigh(known[one], known[other], is_usual, expected) if one in known and other in known else []
            if total(codes) >= SHOWN_FROM:
                yield one, other, codes


def weighed_lines(
    met: list[tuple[int, int]], lines_of: Callable[[set[int]], dict[int, Known]], size: int = 20_000
) -> Iterator[tuple[int, int, list[str]]]:
    """Of the meetings of a line of a list with a pupil those worth asking about: line, pupil, evidence. `lines_of` says
    what is known of some lines by their number."""
    is_usual = usual_names() if met else None
    for start in range(0, len(met), size):
        part = met[start : start + size]
        lines, known = lines_of({line for line, _pupil in part}), known_of({pupil for _line, pupil in part})
        for line, pupil in part:
            codes = weigh(lines[line], known[pupil], is_usual)
            if total(codes) >= SHOWN_FROM:
                yield line, pupil, codes


def known_of(ids) -> dict[int, Known]:
    """What is compared of these pupils."""
    schools, years = {}, {}
    told = Enrolment.objects.filter(pupil__in=list(ids)).order_by("pupil", "school_year")
    for pupil, year, school, state in told.values_list("pupil", "school_year", "school", "state"):
        schools.setdefault(pupil, set()).add(school)
        if state == Enrolment.State.ENROLLED:
            years.setdefault(pupil, {})[year] = school
    columns = ("pk", "first_name", "last_name", "birth_date", "sex", "email")
    rows = Pupil.objects.named().filter(pk__in=list(ids)).order_by("pk").values_list(*columns)
    return {pk: Known(*row, years.get(pk, {}), frozenset(schools.get(pk, ()))) for pk, *row in rows}


def usual_names() -> Callable[[str], bool]:
    """Whether many bear a first name, in France or here."""
    usual = {name for name, number in _bearers("first_name").items() if number >= MANY}
    return (usual | USUAL).__contains__


def expected_namesakes() -> Callable[[Known], float]:
    """How many more people of somebody's name one expects here than the two compared: what the two parts of the name
    let expect if they came together by chance."""
    firsts, lasts = _bearers("first_name"), _bearers("last_name")
    everybody = max(1, sum(lasts.values()))

    def expected(person):
        others = [
            max(0, bearers - 2) for bearers in (firsts[joined(person.first_name)], lasts[joined(person.last_name)])
        ]
        return others[0] * others[1] / everybody

    return expected


def _bearers(part) -> Counter:
    """How many bear each first or last name, spelled in one way."""
    bearers = Counter()
    counted = Pupil.objects.named().values(folded=Fold(part)).annotate(n=Count("pk")).order_by()
    for folded, number in counted.values_list("folded", "n"):
        bearers[joined(folded)] += number
    return bearers


def usual_among(names) -> Callable[[str], bool]:
    """The same for a few names, without counting all pupils: each is looked up under the index of names."""
    unknown = sorted(set(names) - USUAL - {""})
    counts = {f"n{i}": Count(Case(When(_bears(name), then=1))) for i, name in enumerate(unknown)}
    if not unknown:
        return USUAL.__contains__
    any_of = Q()
    for name in unknown:
        any_of |= Q(sort_name__endswith=f" {name}")
    found = Pupil.objects.named().filter(any_of).aggregate(**counts)
    return (USUAL | {name for i, name in enumerate(unknown) if found[f"n{i}"] >= MANY}).__contains__


def _bears(name):
    return Q(sort_name__endswith=f" {name}")
