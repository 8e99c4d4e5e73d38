"""The problem in whole numbers, for CP-SAT: one yes or no for each talk on each half-day, and for each person in it."""

from collections import defaultdict

from ortools.sat.python import cp_model

from programs.awareness.planning import worth
from programs.awareness.planning.by_date import Filled
from programs.awareness.planning.problem import Problem


class Model:
    """Built once for a problem; solved from a plan that is known, which it can only improve."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.model = cp_model.CpModel()
        self.held = {}  # (talk, slot) -> takes place then
        self.comes = {}  # (talk, slot, speaker) -> speaks then
        self._worth = []
        for talk in problem.talks:
            if talk.room:
                self._add_talk(talk)
        self._add_speakers()
        self.model.maximize(sum(self._worth))

    def improve(self, filled: Filled, *, seconds: float, seed: int, workers: int) -> tuple[Filled, int | None, bool]:
        """The best plan found from here, the most that any plan can be worth, and whether the search came to its end."""
        self._begin_with(filled)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        solver.parameters.max_time_in_seconds = seconds
        # Looking for symmetries and probing takes longer here than the search itself.
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        status = solver.solve(self.model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return filled, None, False
        return self._read(solver), round(solver.best_objective_bound), status == cp_model.OPTIMAL

    def _add_talk(self, talk):
        """Held once at most, with a group of the right size and composition."""
        by_slot = defaultdict(list)
        for pair in self.problem.pairs_of_talk[talk.pk]:
            for slot in pair.slots:
                by_slot[slot].append(pair)
        self.model.add_at_most_one(
            self._add_slot(talk, slot, pairs) for slot, pairs in by_slot.items() if is_enough(self.problem, talk, pairs)
        )

    def _add_slot(self, talk, slot, pairs):
        here = self.held[talk.pk, slot] = self.model.new_bool_var("")
        group, women = [], []
        for pair in pairs:
            comes = self.comes[talk.pk, slot, pair.speaker] = self.model.new_bool_var("")
            self.model.add_implication(comes, here)
            group.append(comes)
            self._worth.append(worth.of_pair(self.problem, pair) * comes)
            if self.problem.speaker[pair.speaker].is_woman:
                women.append(comes)
        self.model.add(sum(group) >= max(1, talk.missing) * here)
        self.model.add(sum(group) <= talk.room * here)
        if talk.lacks_woman:
            self.model.add(sum(women) >= here)
        self._worth.append(worth.of_talk(talk) * here)
        return here

    def _add_speakers(self):
        """One talk a day, and as many in all as they wish; what a coordinator locks comes on top."""
        locked = {(pair.speaker, pair.talk) for pair in self.problem.pairs if pair.is_locked}
        by_speaker = defaultdict(list)
        for (talk, slot, speaker), comes in self.comes.items():
            by_speaker[speaker].append((talk, slot, comes))
        for number, entries in by_speaker.items():
            speaker, by_day = self.problem.speaker[number], defaultdict(list)
            for _talk, slot, comes in entries:
                by_day[slot[0]].append(comes)
            for same_day in by_day.values():
                self.model.add_at_most_one(same_day)
            self.model.add(sum(comes for talk, _s, comes in entries if (number, talk) not in locked) <= speaker.left)
            most = min(len({talk for talk, _slot, _comes in entries}), worth.MOST_TURNS)
            turns = [self.model.new_bool_var("") for _ in range(most)]
            self.model.add(sum(turns) == sum(comes for _talk, _slot, comes in entries))
            self._worth += [value * turn for value, turn in zip(worth.of_turns(speaker), turns, strict=False)]

    def _begin_with(self, filled):
        self.model.clear_hints()
        for (talk, slot), here in self.held.items():
            self.model.add_hint(here, talk in filled and filled[talk][0] == slot)
        for (talk, slot, speaker), comes in self.comes.items():
            is_in = talk in filled and filled[talk][0] == slot and speaker in filled[talk][1]
            self.model.add_hint(comes, is_in)

    def _read(self, solver):
        groups = defaultdict(list)
        for (talk, slot, speaker), comes in self.comes.items():
            if solver.boolean_value(comes):
                groups[talk, slot].append(speaker)
        return {talk: (slot, sorted(group)) for (talk, slot), group in sorted(groups.items())}


def is_enough(problem, talk, pairs) -> bool:
    """Whether those who could come on a half-day could make a group at all."""
    if len(pairs) < max(1, talk.missing):
        return False
    return not talk.lacks_woman or any(problem.speaker[pair.speaker].is_woman for pair in pairs)
