"""Finding a school while typing: 70,000 schools, 2,000 typed beginnings, each with one mistake and half without accents.

The reference is the exact `name ILIKE 'x%'` with a trigram index, on the same beginnings without mistakes: what one gets
from the database for nothing. Only the database counts: a query's own statements, sent and fetched.
"""

import random
import time
from collections import defaultdict
from functools import partial

from django.db import connection
from faker import Faker

from benchmarks.figures import Figure, median_of
from participants.accounts.text import fold
from participants.organisations.models import School
from participants.organisations.search import words_of
from participants.organisations.uai import uai_key

SIZES = {"full": (70_000, 2000), "small": (5000, 200)}
FIRST = 10
KINDS = {
    "Collège": ("college", 60),
    "Lycée général et technologique": ("lycee_gt", 12),
    "Lycée polyvalent": ("lycee_polyvalent", 10),
    "Lycée professionnel": ("lycee_pro", 12),
    "Lycée agricole": ("lycee_agricole", 6),
}
# A third of the schools of France bear a name that many others bear too.
FAMOUS = [
    "Jean Jaurès",
    "Jules Ferry",
    "Victor Hugo",
    "Saint-Joseph",
    "Jean Moulin",
    "Sainte-Marie",
    "Notre-Dame",
    "Louis Pasteur",
    "Albert Camus",
    "Jacques Prévert",
    "Paul Éluard",
    "Pablo Picasso",
    "Marcel Pagnol",
    "Jules Verne",
    "Pierre de Coubertin",
    "Marie Curie",
    "Simone Veil",
    "Joliot-Curie",
    "Antoine de Saint-Exupéry",
    "Gérard Philipe",
    "George Sand",
    "Henri Wallon",
    "Émile Zola",
    "Jeanne d’Arc",
    "La Fontaine",
]


def measure(size):
    schools, searches = SIZES[size]
    dice = random.Random(20261122)
    _build(dice, schools)
    asked = _questions(dice, searches)
    times, reference, hits = [], [], 0
    for mistyped, typed, wanted in asked:
        ours, theirs = median_of(3, partial(_timed, _ours, mistyped), partial(_timed, _by_ilike, typed))
        times.append(ours)
        reference.append(theirs)
        hits += wanted in _ours(mistyped)
    print(f"{len(asked)} searches among {schools} schools; reference p95 {_p95(reference):.1f} ms, without mistakes")
    return [
        Figure(part="p95", ours=_p95(times), must=30, unit="ms", less_is_better=True),
        Figure(part="found", ours=hits / len(asked), must=0.95, unit="of searches"),
    ]


def _ours(text):
    return [school.pk for school in School.objects.pickable().search(text)[:FIRST]]


def _timed(search, text):
    """The milliseconds that the statements of a search take."""
    spent = []

    def watch(execute, *args):
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent.append(time.perf_counter() - start)

    with connection.execute_wrapper(watch):
        search(text)
    return sum(spent) * 1000


def _by_ilike(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM organisations_school WHERE name ILIKE %s ORDER BY name LIMIT 10", [f"{text}%"])


def _p95(times):
    return sorted(times)[int(len(times) * 0.95)]


def _build(dice, how_many):
    faker = Faker("fr_FR")
    faker.seed_instance(20261122)
    towns = [faker.city() for _ in range(max(200, how_many // 6))]
    words, weights = list(KINDS), [share for _kind, share in KINDS.values()]
    schools = []
    for serial in dice.sample(range(10_000, 9_760_000), how_many):
        kind = dice.choices(words, weights)[0]
        name = dice.choice(FAMOUS) if dice.random() < 1 / 3 else f"{faker.first_name()} {faker.last_name()}"
        digits = f"{serial:07d}"
        schools.append(
            School(uai=digits + uai_key(digits), name=f"{kind} {name}", kind=KINDS[kind][0], commune=dice.choice(towns))
        )
    School.objects.bulk_create(schools, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON organisations_school USING gin (name gin_trgm_ops)")
        cursor.execute("VACUUM ANALYZE organisations_school")


def _questions(dice, how_many):
    """What somebody has typed so far: enough that without the mistake at most ten schools would fit."""
    schools = list(School.objects.order_by("pk").values_list("pk", "name", "commune", "search_words"))
    bearing = defaultdict(set)
    for pk, _name, _commune, beginnings in schools:
        for beginning in beginnings:
            bearing[beginning].add(pk)
    asked = []
    while len(asked) < how_many:
        pk, name, commune, _beginnings = dice.choice(schools)
        text = dice.choice([f"{name} {commune}", f"{name} {commune}", f"{commune} {name}"])
        text = fold(text) if dice.random() < 0.5 else text
        enough = (n for n in range(dice.randint(6, len(text)), len(text) + 1) if _fit_few(bearing, text[:n], pk))
        length = next(enough, None)
        mistyped = length and _mistype(dice, text[:length])
        if mistyped:
            asked.append((mistyped, text[:length], pk))
    return asked


def _fit_few(bearing, text, pk):
    words = words_of(text)[0]
    fit = set.intersection(*(bearing[word] for word in words)) if words else set()
    return pk in fit and len(fit) <= FIRST


def _mistype(dice, text):
    """One letter left out, doubled by another, wrong, or exchanged with its neighbour, inside a word."""
    places = [i for i in range(1, len(text)) if text[i - 1 : i + 1].isalpha()]
    if not places:
        return None
    i, letter = dice.choice(places), dice.choice("abcdefghijklmnopqrstuvwxyz")
    return dice.choice(
        [
            text[:i] + text[i + 1 :],
            text[:i] + letter + text[i:],
            text[:i] + letter + text[i + 1 :],
            text[: i - 1] + text[i] + text[i - 1] + text[i + 1 :],
        ]
    )
