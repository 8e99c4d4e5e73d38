"""The best plan that is found in a given time, and how far from the best possible it can be at most."""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from programs.awareness.planning import worth
from programs.awareness.planning.bounds import Prices
from programs.awareness.planning.by_date import Filled, plan_by_date
from programs.awareness.planning.model import Model
from programs.awareness.planning.problem import Problem

# So many entries (a person in a talk on a half-day) are solved in one piece; more of them piece by piece.
WHOLE = 4_000
PIECE = 600
PIECE_SECONDS = 1.0
# After so many pieces (or a quarter of the talks, if that is more) in which nothing became better, it is enough.
LEAST_PATIENCE = 10
SHARE_OF_PRICES = 0.35


@dataclass(frozen=True)
class Solution:
    """A plan with its worth; `bound` is the most that any plan could be worth."""

    filled: Filled
    worth: int
    bound: int
    seconds: float

    @property
    def gap(self) -> float:
        """How much of the best possible may be missing at most, as a share."""
        return max(0.0, (self.bound - self.worth) / self.bound) if self.bound else 0.0

    @property
    def is_optimal(self) -> bool:
        return self.worth >= self.bound


def search(
    problem: Problem,
    *,
    seconds: float,
    report: Callable[[int, int], None] = lambda done, total: None,
    workers: int = 2,
    seed: int = 1,
) -> Solution:
    """The best plan found in so many seconds. `report(done, total)` is called from this thread as the search goes; if it
    raises, the search stops."""
    began = time.monotonic()
    ends = began + seconds

    def tell():
        report(min(round(seconds), round(time.monotonic() - began)), round(seconds))

    filled = plan_by_date(problem)
    prices = Prices(problem)
    is_whole = len(prices.value) <= WHOLE
    filled = prices.search(filled, seconds=seconds * (0.15 if is_whole else SHARE_OF_PRICES), keep_going=tell)
    bound = int(prices.bound)
    if is_whole and worth.of_plan(problem, filled) < bound:
        left = max(0.5, ends - time.monotonic())
        filled, known, _ = _beside(Model(problem), filled, tell, seconds=left, seed=seed, workers=workers)
        bound = min(bound, known) if known is not None else bound
    elif not is_whole:
        dice = random.Random(seed)  # noqa: S311 - which piece comes next is no secret
        filled = _piece_by_piece(problem, filled, bound, ends, tell, dice, workers)
    value = worth.of_plan(problem, filled)
    return Solution(filled, value, max(value, bound), time.monotonic() - began)


def _beside(model, filled, tell, **options):
    """Run the solver beside us: progress is told from this thread, which owns the connection to the database."""
    answer: list = []
    thread = threading.Thread(target=lambda: answer.append(model.improve(filled, **options)), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.3)
        tell()
    return answer[0]


def _piece_by_piece(problem, filled, bound, ends, tell, dice, workers):
    """Take a part of the plan apart, solve it in one piece with all else as it stands, keep what is better."""
    neighbours = _neighbours(problem)
    best, idle = worth.of_plan(problem, filled), 0
    patience = max(LEAST_PATIENCE, len(problem.talks) // 4)
    while best < bound and idle < patience and time.monotonic() < ends - 0.2:
        tell()
        piece = _piece(problem, filled, neighbours, dice)
        part = _part(problem, filled, piece)
        known = {talk: filled[talk] for talk in piece if talk in filled}
        left = min(PIECE_SECONDS, max(0.1, ends - time.monotonic()))
        found, _bound, _ = Model(part).improve(known, seconds=left, seed=dice.randrange(2**30), workers=workers)
        changed = {talk: held for talk, held in filled.items() if talk not in piece} | found
        value = worth.of_plan(problem, changed)
        idle = 0 if value > best else idle + 1
        if value >= best:
            filled, best = changed, value
    return filled


def _neighbours(problem):
    """Speaker -> the talks that they could give."""
    talks = defaultdict(list)
    for pair in problem.pairs:
        talks[pair.speaker].append(pair.talk)
    return talks


def _piece(problem, filled, neighbours, dice):
    """Talks that want the same people, beginning with one that is left unfilled where there is one."""
    open_talks = [talk for talk, pairs in problem.pairs_of_talk.items() if pairs and talk not in filled]
    pool = (
        open_talks if open_talks and dice.random() < 0.6 else [t for t, pairs in problem.pairs_of_talk.items() if pairs]
    )
    piece, wanted, size = set(), [dice.choice(pool)], 0
    while wanted and size < PIECE:
        talk = wanted.pop(dice.randrange(len(wanted)))
        if talk in piece:
            continue
        piece.add(talk)
        pairs = problem.pairs_of_talk[talk]
        size += sum(len(pair.slots) for pair in pairs) // 4
        near = Counter(other for pair in dice.sample(pairs, min(8, len(pairs))) for other in neighbours[pair.speaker])
        wanted += [other for other, _times in near.most_common(6) if other not in piece]
    return piece


def _part(problem, filled, piece):
    """The problem of these talks alone: what the others hold is settled."""
    given: Counter = Counter()
    days = defaultdict(set)
    for talk, (slot, group) in filled.items():
        if talk not in piece:
            for speaker in group:
                given[speaker] += (speaker, talk) not in problem.locked
                days[speaker].add(slot[0])
    pairs = []
    for talk in piece:
        for pair in problem.pairs_of_talk[talk]:
            is_spent = given[pair.speaker] >= problem.speaker[pair.speaker].left and not pair.is_locked
            slots = tuple(slot for slot in pair.slots if slot[0] not in days[pair.speaker])
            if slots and not is_spent:
                pairs.append(replace(pair, slots=slots))
    people = {pair.speaker for pair in pairs}
    return Problem(
        talks=[talk for talk in problem.talks if talk.pk in piece],
        speakers=[
            replace(speaker, given=speaker.given + given[speaker.pk])
            for speaker in problem.speakers
            if speaker.pk in people
        ],
        locked=problem.locked,
        kept=problem.kept,
        known_pairs=pairs,
    )
