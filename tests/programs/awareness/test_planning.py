"""The search for a plan: the best one on small problems, every hard rule on any, and reasons that add up."""

import datetime as dt
import itertools
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.awareness.planning import worth
from programs.awareness.planning.bounds import Prices
from programs.awareness.planning.by_date import plan_by_date
from programs.awareness.planning.problem import HardRule, Problem, Speaker, Talk, minutes_of
from programs.awareness.planning.reasons import Explainer
from programs.awareness.planning.search import _piece_by_piece, search

MONDAY = dt.date(2027, 1, 4)
SLOTS = [(MONDAY + dt.timedelta(days=day), half) for day in range(3) for half in ("morning", "afternoon")]
HERE, NEAR, FAR = (48.7, 2.2), (48.8, 2.3), (45.7, 4.8)


def talk(pk, slots=SLOTS, **facts):
    return Talk(pk=pk, school=facts.pop("school", pk), slots=tuple(slots), place=facts.pop("place", NEAR), **facts)


def speaker(pk, free=SLOTS, **facts):
    return Speaker(pk=pk, free=frozenset(free), origins=facts.pop("origins", (HERE,)), **facts)


def best(problem, seconds=5):
    return search(problem, seconds=seconds, workers=1)


@st.composite
def problems(draw, talks=4, speakers=5):
    """Small campaigns of every shape, locked and forbidden pairs and settled talks among them."""
    some_slots = st.lists(st.sampled_from(SLOTS), unique=True, max_size=4)
    sizes = st.sampled_from([(1, 1), (1, 2), (2, 2), (2, 3)])
    asked = []
    for pk in range(draw(st.integers(1, talks))):
        least, most = draw(sizes)
        already = draw(st.sampled_from([0, 0, 0, 1]))
        asked.append(
            talk(
                pk,
                draw(some_slots),
                school=draw(st.integers(0, 2)),
                place=draw(st.sampled_from([NEAR, FAR, None])),
                departement=draw(st.sampled_from([None, 91, 92])),
                region=11,
                language=draw(st.sampled_from(["fr", "fr", "en"])),
                least=least,
                most=most,
                needs_woman=draw(st.booleans()),
                need=draw(st.integers(0, 5)),
                already=already,
                has_woman=already > 0 and draw(st.booleans()),
            )
        )
    people = [
        speaker(
            100 + pk,
            draw(some_slots),
            limit=draw(st.sampled_from([20, 60, 600])),
            languages=frozenset(draw(st.sampled_from([("fr",), ("fr", "en")]))),
            is_woman=draw(st.booleans()),
            most_talks=draw(st.integers(1, 3)),
            own_school=draw(st.sampled_from([None, 0, 1])),
            departement=draw(st.sampled_from([None, 91])),
            region=draw(st.sampled_from([None, 11])),
            busy=frozenset(draw(st.lists(st.sampled_from(SLOTS), max_size=2))),
            taken=frozenset(draw(st.lists(st.sampled_from([SLOTS[0][0], SLOTS[2][0]]), max_size=1))),
            given=draw(st.integers(0, 1)),
        )
        for pk in range(draw(st.integers(0, speakers)))
    ]
    every = [(person.pk, wanted.pk) for person in people for wanted in asked]
    pairs = draw(st.lists(st.sampled_from(every), unique=True, max_size=4)) if every else []
    cut = draw(st.integers(0, len(pairs)))
    return Problem(asked, people, locked=frozenset(pairs[:cut]), forbidden=frozenset(pairs[cut:]))


def assert_every_hard_rule(problem, filled):
    """Asked of the problem itself, not of what the search made of it."""
    days, loads = set(), Counter()
    for number, (slot, group) in filled.items():
        wanted = problem.talk[number]
        assert slot in wanted.slots
        assert len(set(group)) == len(group)
        assert group
        assert wanted.least <= wanted.already + len(group) <= wanted.most
        women = wanted.has_woman or any(problem.speaker[pk].is_woman for pk in group)
        assert women or not wanted.needs_woman
        for pk in group:
            person, pair = problem.speaker[pk], (pk, number)
            assert pair not in problem.forbidden
            assert slot not in person.busy
            assert slot[0] not in person.taken
            assert (pk, slot[0]) not in days, "two talks on one day"
            days.add((pk, slot[0]))
            if pair in problem.locked:
                continue
            assert slot in person.free
            assert wanted.language in person.languages
            minutes = problem.pair[pair].minutes
            assert minutes is None or minutes <= person.limit
            loads[pk] += 1
            assert person.given + loads[pk] <= person.most_talks


def every_plan(problem):
    """All plans there are: each talk is left, or held on a half-day by a group."""
    choices = []
    for wanted in problem.talks:
        options = [None]
        for slot in wanted.slots:
            free = [pair.speaker for pair in problem.pairs_of_talk[wanted.pk] if slot in pair.slots]
            for size in range(max(1, wanted.missing), wanted.room + 1):
                options += [(wanted.pk, slot, list(group)) for group in itertools.combinations(free, size)]
        choices.append(options)
    for chosen in itertools.product(*choices):
        filled = {pk: (slot, group) for pk, slot, group in filter(None, chosen)}
        try:
            assert_every_hard_rule(problem, filled)
        except AssertionError:
            continue
        yield filled


@settings(max_examples=400)
@given(problems(talks=3, speakers=4))
def test_finds_the_best_plan_of_all_and_knows_it(problem):
    solution = best(problem)
    assert solution.worth == max(worth.of_plan(problem, filled) for filled in every_plan(problem))
    assert solution.is_optimal
    assert solution.gap == 0


@settings(max_examples=100)
@given(problems())
def test_every_plan_keeps_every_hard_rule(problem):
    prices = Prices(problem)
    by_date = plan_by_date(problem)
    by_prices = prices.search(by_date, seconds=0.05)
    solution = best(problem, seconds=2)
    for filled in (by_date, by_prices, solution.filled):
        assert_every_hard_rule(problem, filled)
    # The bound is one: nothing that was found is worth more.
    assert worth.of_plan(problem, by_date) <= solution.worth <= round(prices.bound) + 1
    assert solution.worth >= worth.of_plan(problem, by_prices)


@settings(max_examples=40)
@given(problems(talks=6, speakers=8), st.randoms(use_true_random=False))
def test_piece_by_piece_keeps_every_hard_rule_and_loses_nothing(problem, dice):
    if not problem.pairs:
        return
    filled = plan_by_date(problem)
    ticks = itertools.count()

    class EnoughError(Exception):
        pass

    def tell():
        if next(ticks) == 3:
            raise EnoughError

    found = filled
    try:
        found = _piece_by_piece(problem, filled, 10**12, float("inf"), tell, dice, 1)
    except EnoughError:
        return
    assert_every_hard_rule(problem, found)


def test_one_more_talk_is_worth_more_than_every_wish():
    """Ada's own lycée wants her on Monday, but on Monday only she can save the other talk."""
    monday, tuesday = [SLOTS[0]], [SLOTS[2]]
    problem = Problem(
        [talk(1, monday, school=7, least=1, most=1), talk(2, monday, least=1, most=1)],
        [speaker(10, monday, own_school=7), speaker(11, monday, languages=frozenset({"fr"}))],
        forbidden=frozenset({(11, 2)}),
    )
    assert best(problem).filled == {1: (SLOTS[0], [11]), 2: (SLOTS[0], [10])}
    alone = replace(problem.talks[0], slots=tuple(tuesday))
    assert best(Problem([alone], [speaker(10, tuesday, own_school=7)])).filled == {1: (SLOTS[2], [10])}


def test_ones_own_lycee_comes_before_the_nearest():
    own = speaker(10, own_school=1, origins=((48.0, 2.2),), limit=600)
    near = speaker(11)
    assert best(Problem([talk(1, least=1, most=1)], [own, near])).filled[1][1] == [10]
    home = speaker(12, departement=91, origins=((48.1, 2.2),), limit=600)
    assert best(Problem([talk(1, least=1, most=1, departement=91)], [near, home])).filled[1][1] == [12]


def test_everybody_gets_a_turn_before_somebody_gets_two():
    talks = [talk(pk, [SLOTS[2 * pk]], least=1, most=1) for pk in range(3)]
    near, further = speaker(10, most_talks=3), [speaker(pk, origins=((48.4, 2.2),)) for pk in (11, 12)]
    filled = best(Problem(talks, [near, *further])).filled
    assert sorted(group[0] for _slot, group in filled.values()) == [10, 11, 12]


def test_of_two_talks_that_want_the_same_people_the_school_in_need_wins():
    people = [speaker(10), speaker(11)]
    talks = [talk(1, SLOTS[:1], need=0), talk(2, SLOTS[:1], need=3)]
    assert list(best(Problem(talks, people)).filled) == [2]


def test_a_locked_pair_stays_and_a_forbidden_one_never_comes():
    wanted = talk(1, least=1, most=1)
    near, far = speaker(10), speaker(11, free=[], origins=(FAR,), limit=20, languages=frozenset({"en"}), given=2)
    assert best(Problem([wanted], [near, far])).filled[1][1] == [10]
    locked = Problem([wanted], [near, far], locked=frozenset({(11, 1)}))
    assert best(locked).filled[1][1] == [11]
    busy = Problem([wanted], [near, replace(far, busy=frozenset(SLOTS))], locked=frozenset({(11, 1)}))
    solution = best(busy)
    assert solution.filled[1][1] == [10]
    assert Explainer(busy, solution.filled).of_filled(1)["unmet"] == [11]
    assert best(Problem([wanted], [near], forbidden=frozenset({(10, 1)}))).filled == {}


def test_what_is_settled_counts():
    """A talk that has its session takes whoever is missing, and is no new talk."""
    half = talk(1, SLOTS[:1], already=1, has_woman=False, needs_woman=True)
    man, woman = speaker(10), speaker(11, is_woman=True, origins=((48.3, 2.2),))
    assert best(Problem([half], [man, woman])).filled[1][1] == [10, 11]
    assert best(Problem([replace(half, most=2)], [man, woman])).filled[1][1] == [11]
    full = replace(half, already=3)
    assert best(Problem([full], [man, woman])).filled == {}


def test_the_last_plan_decides_between_equals():
    people = [speaker(10), speaker(11)]
    for kept in (10, 11):
        problem = Problem([talk(1, least=1, most=1)], people, kept=frozenset({(kept, 1)}))
        assert best(problem).filled[1][1] == [kept]


def test_says_of_each_assignment_what_speaks_for_it_and_who_is_next():
    own = speaker(10, own_school=1)
    problem = Problem([talk(1, SLOTS[:1], least=1, most=1, region=11)], [own, speaker(11, region=11)])
    told = Explainer(problem, best(problem).filled)
    minutes = problem.pair[10, 1].minutes
    assert told.of_speaker(1, 10) == {
        "minutes": minutes, "own_school": True, "home": "", "turn": 1, "locked": False, "kept": False,
    }  # fmt: skip
    assert told.of_filled(1) == {"candidates": 2, "others": 1, "next": {"speaker": 11, "why": "less"}}


def test_says_of_a_talk_left_unfilled_which_rule_leaves_out_how_many():
    people = [
        speaker(10, languages=frozenset({"en"})),
        speaker(11, origins=(FAR,)),
        speaker(12, origins=(FAR,), languages=frozenset({"en"})),
        speaker(13, free=SLOTS[4:]),
        speaker(14, busy=frozenset(SLOTS)),
        speaker(15, given=2),
        speaker(16),
        speaker(17),
    ]
    problem = Problem([talk(1, SLOTS[:2])], people, forbidden=frozenset({(16, 1)}))
    solution = best(problem)
    assert solution.filled == {}
    facts = Explainer(problem, solution.filled).of_unfilled(1)
    assert facts["excluded"] == {"forbidden": 1, "language": 2, "travel": 1, "free": 1, "busy": 1, "load": 1}
    assert facts["alone"] == {"forbidden": 1, "language": 1, "travel": 1, "free": 1, "busy": 1, "load": 1}
    assert (facts["willing"], facts["candidates"], facts["missing"], facts["cause"]) == (8, 1, 2, "few")
    assert sum(facts["excluded"].values()) + facts["candidates"] == facts["willing"]
    assert set(facts["excluded"]) == set(HardRule)


def test_says_what_stands_in_the_way_of_those_who_could_come():
    def cause(wanted, *people, **more):
        problem = Problem([talk(1, **wanted), *more.get("others", [])], list(people))
        filled = best(problem).filled
        assert 1 not in filled
        return Explainer(problem, filled).of_unfilled(1)["cause"]

    assert cause({"slots": []}, speaker(10), speaker(11)) == "no_half_day"
    assert cause({"needs_woman": True}, speaker(10), speaker(11)) == "composition"
    assert cause({}, speaker(10, SLOTS[:1]), speaker(11, SLOTS[1:])) == "never_together"
    rival = talk(2, SLOTS[:1], need=5)
    assert cause({"slots": SLOTS[:1]}, speaker(10), speaker(11), others=[rival]) == "elsewhere"


def test_the_way_is_counted_from_door_to_door():
    assert (minutes_of(0), minutes_of(50)) == (15, 75)
    pair = Problem([talk(1, place=None)], [speaker(10, limit=15)]).pair[10, 1]
    assert pair.minutes is None
    home = speaker(10, origins=(FAR, NEAR), limit=15)
    assert Problem([talk(1)], [home]).pair[10, 1].minutes == 15


def test_tells_how_far_it_is_and_stops_when_told():
    class TakenOverError(Exception):
        pass

    told = []
    best_of = search(Problem([talk(1)], [speaker(10), speaker(11)]), seconds=3, report=lambda *at: told.append(at))
    assert len(best_of.filled) == 1
    assert all(done <= total == 3 for done, total in told)

    def stop(done, total):
        raise TakenOverError

    crowd = Problem([talk(pk, least=2) for pk in range(8)], [speaker(100 + pk) for pk in range(9)])
    try:
        search(crowd, seconds=30, report=stop)
    except TakenOverError:
        return
    raise AssertionError
