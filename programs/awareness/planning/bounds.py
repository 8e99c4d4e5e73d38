"""How much the best plan can be worth at most, and a good plan on the way (Lagrange).

Every day of every student gets a price, and every talk that a student gives. At these prices each talk chooses by itself
the half-day and the group that are worth most: what comes out is never less than the best plan. Prices rise where several
talks want the same person. With the prices at the end, talk after talk takes the best that is still free: a plan.
"""

import time
from collections import Counter, defaultdict

import numpy as np

from programs.awareness.planning import worth
from programs.awareness.planning.by_date import Filled
from programs.awareness.planning.model import is_enough
from programs.awareness.planning.problem import Problem

NOTHING = -1e15
PLAN_EVERY = 10


class Prices:
    """The problem as columns: an entry is a person in a talk on a half-day; entries of a talk on a half-day lie
    together (a group)."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self._gather()
        self.bound = float(self._easy_bound())
        self.day_price = np.zeros(self.days)
        self.turn_price = np.zeros(len(problem.speakers))

    def _gather(self):
        problem = self.problem
        index = {speaker.pk: number for number, speaker in enumerate(problem.speakers)}
        days: dict = {}
        self.groups = []  # (talk, slot)
        entries, sizes = [], []
        for talk in problem.talks:
            by_slot = defaultdict(list)
            for pair in problem.pairs_of_talk[talk.pk] if talk.room else []:
                for slot in pair.slots:
                    by_slot[slot].append(pair)
            for slot, pairs in sorted(by_slot.items()):
                if is_enough(problem, talk, pairs):
                    self.groups.append((talk, slot))
                    sizes.append(len(pairs))
                    for pair in pairs:
                        day = days.setdefault((pair.speaker, slot[0]), len(days))
                        speaker = problem.speaker[pair.speaker]
                        value = worth.of_pair(problem, pair)
                        entries.append((index[pair.speaker], day, value, speaker.is_woman, pair.is_locked))
        columns = np.array(entries, dtype=np.int64).reshape(-1, 5)
        self.who, self.day, self.value = columns[:, 0], columns[:, 1], columns[:, 2].astype(float)
        self.woman, self.locked = columns[:, 3].astype(bool), columns[:, 4].astype(bool)
        self.size = np.array(sizes, dtype=np.int64)
        self.start = np.concatenate([[0], np.cumsum(self.size)])[:-1]
        self.group = np.repeat(np.arange(len(sizes)), self.size)
        self.days = max(1, len(days))
        numbers = {talk.pk: number for number, talk in enumerate(problem.talks)}
        self.talk = np.array([numbers[talk.pk] for talk, _slot in self.groups], dtype=np.int64)
        self.base = np.array([worth.of_talk(talk) for talk, _slot in self.groups], dtype=float)
        self.least = np.array([max(1, talk.missing) for talk, _slot in self.groups], dtype=np.int64)
        self.room = np.array([talk.room for talk, _slot in self.groups], dtype=np.int64)
        self.lacks = np.array([talk.lacks_woman for talk, _slot in self.groups], dtype=bool)
        extra = Counter(speaker for speaker, _talk in problem.locked)
        turns = [worth.of_turns(speaker) for speaker in problem.speakers]
        self.turns = np.array(turns, dtype=float).reshape(-1, worth.MOST_TURNS)
        most = np.array([min(worth.MOST_TURNS, s.left + extra[s.pk]) for s in problem.speakers], dtype=np.int64)
        self.turns[np.arange(worth.MOST_TURNS)[None, :] >= most[:, None]] = NOTHING

    def _easy_bound(self):
        """Without any search: every talk with the best who may come, every student with every turn."""
        turns = np.where(self.turns > 0, self.turns, 0).sum()
        if not len(self.groups):
            return turns
        best, _chosen = self._choose(self.value)
        return np.maximum(best, 0).sum() + turns

    def _choose(self, value):
        """At these values: what each talk is worth at best, and the entries that it chooses."""
        order = np.lexsort((-value, self.group))
        depth = int(self.room.max())
        ranks = np.arange(depth)
        at = self.start[:, None] + ranks[None, :]
        is_there = ranks[None, :] < self.size[:, None]
        entry = order[np.minimum(at, len(order) - 1)]
        top = np.where(is_there, value[entry], NOTHING)
        plain, with_woman = self._taken(top, ranks, 0), self._taken(top, ranks, 1)
        lady, lady_value = self._best_woman(value)
        has_woman = (self.woman[entry] & plain).any(axis=1)
        needs = self.lacks & ~has_woman
        taken = np.where(needs[:, None], with_woman, plain)
        total = self.base + np.where(taken, top, 0).sum(axis=1) + np.where(needs, lady_value, 0)
        # The best half-day of each talk.
        best = np.full(len(self.problem.talks), NOTHING)
        np.maximum.at(best, self.talk, total)
        first = np.full(len(best), -1)
        is_best = np.flatnonzero((total == best[self.talk]) & (total > 0))
        first[self.talk[is_best[::-1]]] = is_best[::-1]
        first = first[first >= 0]
        chosen = np.concatenate([entry[first][taken[first]], lady[first[needs[first]]]])
        return best, chosen

    def _taken(self, top, ranks, one_less):
        """Which of the best are taken: as many as must be, and further ones as long as they are worth something."""
        least, room = self.least[:, None] - one_less, self.room[:, None] - one_less
        return ((ranks[None, :] < least) | (top > 0)) & (ranks[None, :] < room) & (top > NOTHING)

    def _best_woman(self, value):
        women = np.flatnonzero(self.woman)
        best, which = np.full(len(self.groups), NOTHING), np.zeros(len(self.groups), dtype=np.int64)
        order = women[np.argsort(value[women], kind="stable")]
        best[self.group[order]], which[self.group[order]] = value[order], order
        return which, best

    def search(self, filled: Filled, *, seconds: float, keep_going=lambda: None) -> Filled:
        """Look for prices as long as it is worth it; returns the best plan met."""
        if not len(self.groups):
            return filled
        ends, best = time.monotonic() + seconds, worth.of_plan(self.problem, filled)
        pace, idle, turn = 1.0, 0, 0
        day_price, turn_price = self.day_price, self.turn_price
        while time.monotonic() < ends and pace > 0.01:
            keep_going()
            value = self.value - day_price[self.day] - turn_price[self.who]
            talks, chosen = self._choose(value)
            turns = np.cumsum(np.maximum(self.turns + turn_price[:, None], NOTHING), axis=1)
            turns = np.concatenate([np.zeros((len(turns), 1)), turns], axis=1)
            wanted = turns.argmax(axis=1)
            bound = np.maximum(talks, 0).sum() + day_price.sum() + turns.max(axis=1).sum()
            idle = 0 if bound < self.bound - 1 else idle + 1
            if bound < self.bound:
                self.bound, self.day_price, self.turn_price = bound, day_price, turn_price
            if idle >= 8:
                pace, idle = pace / 1.6, 0
            if turn % PLAN_EVERY == 0:
                found = self._plan(value)
                if (found_worth := worth.of_plan(self.problem, found)) > best:
                    filled, best = found, found_worth
            over_days = np.bincount(self.day[chosen], minlength=self.days) - 1
            over_days[(over_days < 0) & (day_price == 0)] = 0
            over_turns = np.bincount(self.who[chosen], minlength=len(turn_price)) - wanted
            length = (over_days**2).sum() + (over_turns**2).sum()
            if length == 0:
                break
            step = pace * max(bound - best, 1) / length
            day_price = np.maximum(0, day_price + step * over_days)
            turn_price = turn_price + step * over_turns
            turn += 1
        return filled

    def _plan(self, value) -> Filled:
        """Talk after talk, those first for whom the best half-day is worth most at these prices, with whoever is free."""
        order = np.lexsort((-value, self.group))
        top = np.where(self.size > 0, value[order[self.start]], 0)
        filled: Filled = {}
        given: Counter = Counter()
        days: set = set()
        for number in np.argsort(-(self.base + top * self.least), kind="stable"):
            talk, slot = self.groups[number]
            if talk.pk in filled:
                continue
            entries = order[self.start[number] : self.start[number] + self.size[number]]
            group = self._group(talk, entries, value, given, days)
            if group:
                filled[talk.pk] = slot, sorted(self.problem.speakers[self.who[entry]].pk for entry in group)
                given.update(int(self.who[entry]) for entry in group)
                days.update(int(self.day[entry]) for entry in group)
        return filled

    def _group(self, talk, entries, value, given, days):
        free = [
            entry
            for entry in entries
            if self.day[entry] not in days
            and (self.locked[entry] or given[self.who[entry]] < self.problem.speakers[self.who[entry]].left)
        ]
        least = max(1, talk.missing)
        group = [entry for rank, entry in enumerate(free[: talk.room]) if rank < least or value[entry] > 0]
        if talk.lacks_woman and not any(self.woman[entry] for entry in group):
            lady = next((entry for entry in free if self.woman[entry]), None)
            if lady is None:
                return []
            group = [*group[: max(least, len(group)) - 1], lady]
        return group if len(group) >= least else []
