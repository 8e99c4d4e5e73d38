"""A campaign in the size of a real one: 400 talks in 160 lycées of all France, 500 students of five campuses, ten weeks, and
every hard rule: languages, ways, half-days, other commitments, pairs that are forbidden, groups of two or three with a
woman among them, two talks a student.

The reference is what one does by hand: half-day by half-day in order of date, the nearest who are free.
"""

import datetime as dt
import os
import random
import time

from benchmarks.figures import Figure
from programs.awareness.planning.by_date import plan_by_date
from programs.awareness.planning.problem import Problem, Speaker, Talk
from programs.awareness.planning.search import search
from programs.awareness.planning.worth import of_plan

SIZES = {"full": (500, 400, 160, 17), "small": (80, 60, 24, 5)}
SEED = 20261126
FIRST_MONDAY = dt.date(2027, 1, 4)
WEEKS = 10
HALVES = ("morning", "afternoon")
CAMPUSES = [(48.71, 2.21), (48.63, 2.44), (48.82, 2.33), (47.99, 0.2), (43.57, 1.47)]
REGIONS = 13


def measure(size):
    students, talks, schools, seconds = SIZES[size]
    dice = random.Random(int(os.environ.get("SEED", SEED)))
    problem = build(dice, students, talks, schools)
    began = time.monotonic()
    pairs = len(problem.pairs)
    reading = time.monotonic() - began
    began = time.monotonic()
    greedy = plan_by_date(problem)
    print(f"by date: {len(greedy)} of {talks} talks in {time.monotonic() - began:.1f} s, {say_wishes(problem, greedy)}")
    began = time.monotonic()
    solution = search(problem, seconds=seconds - reading - 1)
    took = time.monotonic() - began + reading
    check(problem, solution.filled)
    ours = solution.filled
    print(f"ours: {len(ours)} of {talks} talks in {took:.1f} s, {say_wishes(problem, ours)}, {pairs} pairs possible")
    print(
        f"proven: at most {solution.gap:.2%} below the best plan there can be{' (it is the best)' * solution.is_optimal}"
    )
    wishes = [wishes_met(problem, filled) for filled in (ours, greedy)]
    return [
        Figure(part="staffed", ours=len(ours), reference=len(greedy), must=1, unit="talks"),
        Figure(part="wishes", ours=wishes[0], reference=wishes[1], must=1, unit="students where they wished to go"),
        Figure(part="worth", ours=solution.worth, reference=of_plan(problem, greedy), must=1, unit="points"),
        Figure(part="seconds", ours=took, must=20, unit="s", less_is_better=True),
        Figure(part="gap", ours=solution.gap, must=0.1, unit="of the bound, at most", less_is_better=True),
    ]


def build(dice, students, talks, schools):
    """Lycées all over a France of squares, half of them near the campuses, as campaigns are."""
    places = [_place(dice) for _ in range(schools)]
    slots = [(FIRST_MONDAY + dt.timedelta(days=7 * week + day), half)
             for week in range(WEEKS) for day in range(5) for half in HALVES]  # fmt: skip
    wanted = [_half_days(dice, slots, weeks=dice.randint(2, 4), halves=dice.randint(2, 4)) for _ in places]
    homes = [_region(place) for place in places]
    chosen = list(range(schools)) + [dice.randrange(schools) for _ in range(talks - schools)]
    people = [_student(dice, number, slots, places, homes) for number in range(students)]
    asked = [
        Talk(pk=number, school=school, slots=tuple(wanted[school]), place=places[school], departement=homes[school],
             region=homes[school] // 8, language="en" if dice.random() < 0.05 else "fr", least=2, most=3, needs_woman=True,
             need=dice.choice([0, 0, 1, 2, 3]))
        for number, school in enumerate(chosen)
    ]  # fmt: skip
    forbidden = {(dice.randrange(students), dice.randrange(talks)) for _ in range(talks)}
    return Problem(talks=asked, speakers=people, forbidden=frozenset(forbidden))


def _place(dice):
    if dice.random() < 0.5:
        latitude, longitude = dice.choice(CAMPUSES)
        return latitude + dice.gauss(0, 0.25), longitude + dice.gauss(0, 0.35)
    return dice.uniform(43.2, 50.5), dice.uniform(-1.5, 7)


def _region(place):
    """A département, one of a hundred squares."""
    return 1 + int((place[0] - 42) * 1.1) * 10 + int(max(0, place[1] + 2))


def _half_days(dice, slots, weeks, halves):
    monday = [FIRST_MONDAY + dt.timedelta(weeks=week) for week in dice.sample(range(WEEKS), weeks)]
    wished = {(day, half) for day, half in dice.sample([(d, h) for d in range(5) for h in HALVES], halves)}
    return [slot for slot in slots if slot[0] - dt.timedelta(days=slot[0].weekday()) in monday
            and (slot[0].weekday(), slot[1]) in wished]  # fmt: skip


def _student(dice, number, slots, places, homes):
    """From a campus, and in a third of the cases also from home, where the former lycée is."""
    school = dice.randrange(len(places))
    campus = dice.choice(CAMPUSES)
    goes_home = dice.random() < 0.6
    free = _half_days(dice, slots, weeks=dice.randint(3, 8), halves=dice.randint(2, 5))
    busy = dice.sample(slots, 3)
    knows_own = dice.random() < 0.7
    return Speaker(
        pk=number, free=frozenset(free), origins=(campus, places[school]) if goes_home else (campus,),
        limit=dice.choice([60, 90, 120, 150]), languages=frozenset({"fr", "en"} if dice.random() < 0.6 else {"fr"}),
        is_woman=dice.random() < 0.42, most_talks=dice.choice([1, 2, 2, 3]), own_school=school if knows_own else None,
        departement=homes[school], region=homes[school] // 8, busy=frozenset(busy),
    )  # fmt: skip


def wishes_met(problem, filled):
    """How many students speak in their own lycée or in their home département."""
    chosen = [problem.pair[speaker, talk] for talk, (_slot, group) in filled.items() for speaker in group]
    return sum(pair.is_own_school or pair.home == "departement" for pair in chosen)


def say_wishes(problem, filled):
    students = {speaker for _slot, group in filled.values() for speaker in group}
    return f"{wishes_met(problem, filled)} wishes met, {len(students)} students have a turn"


def check(problem, filled):
    """Every hard rule, looked at once more and apart."""
    days, loads = set(), {}
    for number, (slot, group) in filled.items():
        talk = problem.talk[number]
        assert talk.least <= len(group) <= talk.most, number
        assert slot in talk.slots, number
        assert any(problem.speaker[pk].is_woman for pk in group), number
        for pk in group:
            speaker, pair = problem.speaker[pk], problem.pair[pk, number]
            assert slot in speaker.free - speaker.busy
            assert talk.language in speaker.languages
            assert pair.minutes <= speaker.limit
            assert (pk, number) not in problem.forbidden
            assert (pk, slot[0]) not in days, "twice on one day"
            days.add((pk, slot[0]))
            loads[pk] = loads.get(pk, 0) + 1
            assert loads[pk] <= speaker.most_talks
