"""Finding duplicates among 20,000 people: 1,000 second records with every kind of slip, and as many people who only look
alike (twins, brothers and sisters, homonyms), all with known truth.

The reference is what one gets for nothing: the same name, without accents and case, and the same date of birth.
"""

import datetime as dt
import os
import random
import time
import unicodedata

from django.db import connection
from faker.providers.person.fr_FR import Provider

from benchmarks.figures import Figure
from participants.organisations.models import School
from participants.people import actions
from participants.people.models import DuplicatePair, Enrolment, Pupil

SIZES = {"full": (20_000, 1_000), "small": (2_000, 100)}
SEED = 20261125
YEARS = (2024, 2025, 2026)
# Of twins: names of which one letter makes another.
TWINS = [
    ("Léa", "Léo"), ("Emma", "Emmy"), ("Jean", "Jeanne"), ("Louis", "Louise"), ("Lina", "Nina"), ("Noé", "Noa"),
    ("Gabriel", "Gabrielle"), ("Adam", "Adama"), ("Maël", "Maëlle"), ("Lucas", "Lukas-Adam"), ("Marie", "Maria"),
    ("Julien", "Julienne"), ("Sami", "Samia"), ("Eva", "Ève"), ("Marin", "Martin"), ("Hugo", "Hugues"),
]  # fmt: skip


def measure(size):
    people, doubles = SIZES[size]
    seed = int(os.environ.get("SEED", SEED))
    truth = build(random.Random(seed), people, doubles)
    began = time.monotonic()
    actions.find_duplicates(is_full=True)
    seconds = time.monotonic() - began
    found = set(DuplicatePair.objects.order_by("pk").values_list("one", "other"))
    plain = by_exact_match()
    recall, precision = len(found & truth) / len(truth), len(found & truth) / len(found)
    print(f"{people} people, {len(truth)} pairs; found {len(found)}, of which {len(found & truth)} are right")
    print(f"exact match: recall {len(plain & truth) / len(truth):.3f}, precision {len(plain & truth) / len(plain):.3f}")
    return [
        Figure(part="recall", ours=recall, reference=0.97, must=1, unit="of the pairs (reference: the contract)"),
        Figure(part="precision", ours=precision, must=0.95, unit="of what is shown"),
        Figure(part="seconds", ours=seconds, must=60, unit="s", less_is_better=True),
    ]


def by_exact_match():
    """The pairs of the same folded name and date."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.id, other.id FROM people_pupil one JOIN people_pupil other"
            " ON other.sort_name = one.sort_name AND other.birth_date = one.birth_date AND other.id > one.id"
        )
        return set(cursor.fetchall())


def build(dice, how_many, doubles):
    """People of French names, the frequent ones more often; returns the pairs (of numbers) that are one person."""
    School.objects.bulk_create(School(name=f"Lycée {n}", kind="lycee_gt", commune="Massy") for n in range(60))
    schools = list(School.objects.order_by("pk").values_list("pk", flat=True))
    lookalikes = 3 * doubles
    people = [_person(dice, schools) for _ in range(how_many - doubles - lookalikes)]
    alike = [_lookalike(dice, dice.choice(people), schools, turn) for turn in range(lookalikes)]
    chosen = dice.sample(range(len(people)), doubles)
    second = [_slip(dice, people[i], schools, turn) for turn, i in enumerate(chosen)]
    rows = [*people, *alike, *second]
    order = list(range(len(rows)))
    dice.shuffle(order)
    pupils = Pupil.objects.bulk_create(
        [Pupil(first_name=rows[i]["first"], last_name=rows[i]["last"], birth_date=rows[i]["born"], sex=rows[i]["sex"])
         for i in order], batch_size=5000)  # fmt: skip
    number = {i: pupil.pk for i, pupil in zip(order, pupils, strict=True)}
    Enrolment.objects.bulk_create(
        [Enrolment(pupil_id=number[i], school_id=school, school_year=year)
         for i, row in enumerate(rows) for year, school in row["years"].items()], batch_size=5000)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE people_pupil")
    first = len(people) + len(alike)
    return {tuple(sorted((number[i], number[first + turn]))) for turn, i in enumerate(chosen)}


def _person(dice, schools):
    is_girl = dice.random() < 0.5
    names = Provider.first_names_female if is_girl else Provider.first_names_male
    first = dice.choice(list(names))
    if dice.random() < 0.08:
        first = f"{first}-{dice.choice(list(names))}"
    last = dice.choice(Provider.last_names[: dice.choice([40, 150, len(Provider.last_names)])])
    if dice.random() < 0.08:
        last = f"{last}-{dice.choice(Provider.last_names)}"
    if dice.random() < 0.05:
        last = f"{dice.choice(['de ', 'du ', 'Le ', 'La ', 'd’', 'De La '])}{last}"
    born = dt.date(2006, 1, 1) + dt.timedelta(days=dice.randrange(365 * 9))
    years = {year: dice.choice(schools) for year in dice.sample(YEARS, dice.choice([1, 1, 2]))}
    home = dice.choice(schools)
    return {
        "first": first, "last": last, "born": born, "sex": "F" if is_girl else "M",
        "years": dict.fromkeys(years, home),
    }  # fmt: skip


def _lookalike(dice, person, schools, turn):
    """A twin, a brother or sister, a homonym born on another day, a homonym of the same day in another school."""
    kind = ("twin", "sibling", "homonym", "homonym of another school")[turn % 4]
    other = _person(dice, schools)
    if kind == "twin":
        mine, theirs = dice.choice(TWINS) if dice.random() < 0.7 else (person["first"], other["first"])
        person["first"] = mine
        return other | {"first": theirs, "last": person["last"], "born": person["born"], "years": person["years"]}
    if kind == "sibling":
        return other | {"last": person["last"], "years": person["years"]}
    if kind == "homonym":
        return person | {"born": other["born"], "years": other["years"]}
    elsewhere = dict.fromkeys(
        person["years"], dice.choice([school for school in schools if school not in person["years"].values()])
    )
    return person | {"years": elsewhere}


def _slip(dice, person, schools, turn):
    """The second record of a person: one slip of one kind, and in a third of the cases carelessness on top; in the same
    school, or a year later in another."""
    again = dict(person)
    SLIPS[turn % len(SLIPS)](dice, again)
    if dice.random() < 1 / 3:
        dice.choice([_capitals, _no_accents, _hyphens])(dice, again)
    again["sex"] = dice.choice([person["sex"], person["sex"], "N"])
    fate = dice.random()
    if fate < 0.2:
        again["years"] = {}
    elif fate < 0.5:
        free = [year for year in YEARS if year not in person["years"]]
        school = dice.choice([*person["years"].values(), dice.choice(schools)])
        again["years"] = {dice.choice(free): school} if free else {}
    return again


def _same(dice, again):
    pass


def _capitals(dice, again):
    again["first"], again["last"] = again["first"].upper(), again["last"].upper()


def _no_accents(dice, again):
    for name in ("first", "last"):
        letters = unicodedata.normalize("NFKD", again[name])
        again[name] = "".join(letter for letter in letters if not unicodedata.combining(letter))


def _hyphens(dice, again):
    again["first"], again["last"] = again["first"].replace("-", " "), again["last"].replace("-", " ")


def _first_of_two(dice, again):
    again["first"] = again["first"].split("-")[0] if "-" in again["first"] else f"{again['first']}-Marie"


def _last_of_two(dice, again):
    again["last"] = (
        again["last"].split("-")[0] if "-" in again["last"] else f"{again['last']}-{dice.choice(Provider.last_names)}"
    )


def _particle(dice, again):
    words = again["last"].split(" ")
    again["last"] = words[-1] if len(words) > 1 else f"de {again['last']}"


def _swapped(dice, again):
    again["first"], again["last"] = again["last"], again["first"]


def _mistyped(field):
    def slip(dice, again):
        text = again[field]
        places = [i for i in range(1, len(text)) if text[i - 1 : i + 1].isalpha()]
        i, letter = dice.choice(places), dice.choice("abcdefghijklmnopqrstuvwxyz")
        again[field] = dice.choice([
            text[:i] + text[i + 1 :], text[:i] + letter + text[i:], text[:i] + letter + text[i + 1 :],
            text[: i - 1] + text[i] + text[i - 1] + text[i + 1 :], text[:i] + text[i] + text[i:],
        ])  # fmt: skip

    return slip


HEARD = [
    ("ph", "f"), ("tt", "t"), ("nn", "n"), ("ll", "l"), ("th", "t"), ("y", "i"), ("eau", "o"), ("au", "o"), ("qu", "k"),
]  # fmt: skip


def _by_ear(dice, again):
    """As somebody writes who only heard the name."""
    field = dice.choice(["first", "last"])
    possible = [pair for pair in HEARD if pair[0] in again[field].lower()]
    if possible:
        sound, written = dice.choice(possible)
        again[field] = again[field].lower().replace(sound, written, 1).title()
    else:
        again[field] += dice.choice(["e", "s", "t"]) if field == "last" else "h"


def _day_and_month(dice, again):
    born = again["born"]
    if born.day <= 12 and born.day != born.month:
        again["born"] = born.replace(day=born.month, month=born.day)
    else:
        _digit(dice, again)


def _digit(dice, again):
    written = f"{again['born']:%d%m%Y}"
    while True:
        i = dice.choice([0, 1, 1, 2, 3, 3, 7])
        typed = written[:i] + dice.choice("0123456789") + written[i + 1 :]
        try:
            born = dt.date(int(typed[4:]), int(typed[2:4]), int(typed[:2]))
        except ValueError:
            continue
        if born != again["born"]:
            again["born"] = born
            return


def _year(dice, again):
    born = again["born"]
    again["born"] = born.replace(year=born.year + dice.choice([-1, 1]), day=min(born.day, 28))


SLIPS = [
    _same, _capitals, _no_accents, _hyphens, _first_of_two, _last_of_two, _particle, _swapped, _mistyped("first"),
    _mistyped("last"), _mistyped("last"), _by_ear, _day_and_month, _digit, _digit, _year,
]  # fmt: skip
