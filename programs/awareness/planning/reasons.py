"""Why each assignment was made, and why a talk is left unfilled: numbers and codes, the words are said on the page."""

from collections import Counter, defaultdict

from programs.awareness.planning import worth
from programs.awareness.planning.by_date import Filled
from programs.awareness.planning.problem import Problem


class Explainer:
    """Says of a plan what led to it. Nothing that it says tells how somebody counts in a group."""

    def __init__(self, problem: Problem, filled: Filled):
        self.problem, self.filled = problem, filled
        self.days = defaultdict(dict)  # speaker -> day -> talk
        self.given = Counter({speaker.pk: speaker.given for speaker in problem.speakers})
        self.turn: dict = {}  # (speaker, talk) -> their first, second, third
        for talk, (slot, group) in sorted(filled.items(), key=lambda held: held[1][0]):
            for speaker in group:
                self.days[speaker][slot[0]] = talk
                self.given[speaker] += 1
                self.turn[speaker, talk] = self.given[speaker]

    def of_speaker(self, talk: int, speaker: int) -> dict:
        """What speaks for this person in this talk, and who would have been next."""
        pair = self.problem.pair[speaker, talk]
        return {
            "minutes": pair.minutes,
            "own_school": pair.is_own_school,
            "home": pair.home,
            "turn": self.turn[speaker, talk],
            "locked": pair.is_locked,
            "kept": (speaker, talk) in self.problem.kept,
        }

    def of_filled(self, talk: int) -> dict:
        """How many could have come, and the best of those who do not."""
        slot, group = self.filled[talk]
        others = [p for p in self.problem.pairs_of_talk[talk] if slot in p.slots and p.speaker not in group]
        others.sort(key=lambda pair: (-worth.of_pair(self.problem, pair), pair.speaker))
        facts = {"candidates": len(self.problem.pairs_of_talk[talk]), "others": len(others)}
        if others:
            facts["next"] = {"speaker": others[0].speaker, "why": self._why_not(others[0].speaker, slot[0])}
        return facts | self._broken_locks(talk)

    def of_unfilled(self, number: int) -> dict:
        """Which hard rule leaves out how many, and what stands in the way of those who are left."""
        talk, pairs = self.problem.talk[number], self.problem.pairs_of_talk[number]
        spent = sum(self.given[pair.speaker] >= self.problem.speaker[pair.speaker].most_talks for pair in pairs)
        return {
            "willing": len(self.problem.speakers),
            "excluded": {str(rule): count for rule, count in sorted(self.problem.excluded[number].items())},
            "alone": {str(rule): count for rule, count in sorted(self.problem.alone[number].items())},
            "candidates": len(pairs),
            "missing": talk.missing,
            "spent": spent,
            "cause": self._cause(talk, pairs),
        } | self._broken_locks(number)

    def _cause(self, talk, pairs):
        if not talk.slots:
            return "no_half_day"
        if len(pairs) < talk.missing:
            return "few"
        if talk.lacks_woman and not any(self.problem.speaker[pair.speaker].is_woman for pair in pairs):
            return "composition"
        together: Counter = Counter(slot for pair in pairs for slot in pair.slots)
        if max(together.values(), default=0) < talk.missing:
            return "never_together"
        return "elsewhere"

    def _why_not(self, speaker, day):
        if day in self.days[speaker]:
            return "same_day"
        if self.given[speaker] >= self.problem.speaker[speaker].most_talks:
            return "load"
        return "less"

    def _broken_locks(self, talk):
        """The pairs that a coordinator wanted and that could not be held."""
        held = set(self.filled[talk][1]) if talk in self.filled else set()
        unmet = sorted(speaker for speaker, wanted in self.problem.locked if wanted == talk and speaker not in held)
        return {"unmet": unmet} if unmet else {}
