"""How a school is found by what people type: name, town, UAI, any order, beginnings of words, a typing mistake a word.

`School.search_words` holds every word of a school with all its beginnings; a whole word stands once more with a point
behind it. A typed word then is an exact look-up. For a mistyped one we write down everything that lies one mistake
away, keep what some school really has (the table of known words), and look those up.

All of it goes through the one index of `search_words`. Left alone the planner now and then prefers to walk through the
schools, because it takes the comparison of two lists of words for cheap; on 70,000 schools that is seconds.
"""

import re
from contextlib import contextmanager
from functools import reduce
from operator import or_

from django.db import connection, transaction
from django.db.models import Case, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from participants.accounts.text import fold
from participants.organisations.uai import is_uai

MAX_WORDS = 8
MAX_LETTERS = 25
# More matches than this are not ranked: whoever typed so little has to type on anyway.
MAX_FOUND = 500
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Kept in step with eoc_search_words in the first migration.
UNSAID = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur"])
SAME = dict.fromkeys(["st", "ste", "sts", "stes", "sainte", "saints", "saintes"], "saint") | {"clg": "college"}
# Words that people add or mix up without meaning another school.
KIND_WORDS = frozenset(
    ["agricole", "college", "general", "lycee", "polyvalent", "prive", "professionnel", "public", "technologique"]
)


class SearchWords(Func):
    """The words of a text with all their beginnings, as PostgreSQL stores them."""

    function = "eoc_search_words"


def find(schools: QuerySet, text: str) -> QuerySet:
    """The schools that fit what was typed, best first; at most five hundred."""
    words, last = words_of(text)
    if not words:
        return schools.none()
    with only_by_index():
        found = _found(schools, words)
    fit = sum((_fit(word) for word in [*words, *last]), Value(0))
    return schools.filter(pk__in=found).order_by(fit.desc(), Length("name"), "sort_name", "pk")


@contextmanager
def only_by_index():
    """Read through indexes of several rows at a time only, never row after row."""
    with transaction.atomic():
        _allow_row_by_row("off")
        yield
        _allow_row_by_row("on")


def _allow_row_by_row(word):
    """Until the end of the transaction; a page may ask other things in the same one, so it is taken back before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('enable_seqscan', %(word)s, true), set_config('enable_indexscan', %(word)s, true)",
            {"word": word},
        )


def words_of(text):
    """The words that count, and a last one that is only a beginning (“Jean M…”): it ranks but refuses nobody."""
    typed = re.findall("[a-z0-9]+", fold(text[:200]))[:MAX_WORDS]
    words = [SAME.get(word, word)[:MAX_LETTERS] for word in typed if word not in UNSAID and len(word) > 1]
    last = [word for word in typed[-1:] if word in UNSAID or len(word) == 1]
    return (words, last) if words else (last, [])


def _found(schools, words):
    """The keys of schools that fit: with mistakes in words that no school has, else in every word, else without the
    kind, else with all words but one."""
    known = _known(words) | {word for word in words if is_uai(word.upper())}
    near = _near([word for word in words if word not in known])
    found = _keys(schools.filter(_all_of(words, near)))
    if found:
        return found
    near |= _near([word for word in words if word in known])
    own = [word for word in words if word not in KIND_WORDS] or words
    for some in (words, own) if own != words else (words,):
        if found := _keys(schools.filter(_all_of(some, near))):
            return found
    but_one = [own[:i] + own[i + 1 :] for i in range(len(own))] if len(own) > 1 else []
    return _keys(schools.filter(reduce(or_, (_all_of(some, near) for some in but_one)))) if but_one else []


def _keys(schools):
    # Without an order it stops at the last that is wanted; of more than that any will do.
    return list(schools.order_by().values_list("pk", flat=True)[:MAX_FOUND])


def _all_of(words, near):
    return Q(*(Q(search_words__overlap=[word, *near.get(word, [])]) for word in words))


def _fit(word):
    """2 for the whole word, 1 for its beginning, 0 for one with a mistake."""
    return Case(
        When(search_words__contains=[f"{word}."], then=2),
        When(search_words__contains=[word], then=1),
        default=0,
        output_field=IntegerField(),
    )


def _near(words):
    """For each word, what lies one mistake away and exists: known words, or UAIs with a right key."""
    edits = {word: edits_of(word) for word in words}
    known = _known({edit for word, some in edits.items() if not word[0].isdigit() for edit in some})
    return {
        word: sorted(edit for edit in some if is_uai(edit.upper())) if word[0].isdigit() else sorted(some & known)
        for word, some in edits.items()
    }


def _known(words):
    if not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM organisations_schoolword WHERE word = ANY(%s)", [list(words)])
        return {word for (word,) in cursor}


def edits_of(word: str) -> set[str]:
    """Everything one mistake away from a word: a letter too many, missing, wrong, or two exchanged."""
    if len(word) < 3 or word in KIND_WORDS:
        return set()
    letters = LETTERS + "0123456789" if any(letter.isdigit() for letter in word) else LETTERS
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    missing = {head + tail[1:] for head, tail in cuts if tail}
    exchanged = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    extra = {head + letter + tail for head, tail in cuts for letter in letters}
    return (missing | exchanged | wrong | extra) - {word}
