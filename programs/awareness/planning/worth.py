"""What counts in a plan, in minutes of travel saved."""

from collections import Counter

from programs.awareness.planning.by_date import Filled
from programs.awareness.planning.problem import UNKNOWN_MINUTES, Pair, Problem, Speaker, Talk

# A talk more is worth more than every wish; among talks, the school in need.
STAFFED, NEED = 10_000, 200
OWN_SCHOOL, HOME = 300, {"departement": 120, "region": 60, "": 0}
LONGEST = 240
# The first talk of somebody is worth more than the second of somebody else: everyone who offers their time gets a turn.
TURNS = (200, 60, 20)
MOST_TURNS = 20
LOCKED, KEPT = 1_000_000, 40


def of_talk(talk: Talk) -> int:
    """What it is worth that a talk takes place; nothing more for one that does so already."""
    return STAFFED + NEED * talk.need if talk.missing else 0


def of_pair(problem: Problem, pair: Pair) -> int:
    """What it is worth that this person speaks there, apart from whose turn it is."""
    minutes = UNKNOWN_MINUTES if pair.minutes is None else pair.minutes
    wishes = OWN_SCHOOL * pair.is_own_school + HOME[pair.home] - min(minutes, LONGEST)
    return wishes + LOCKED * pair.is_locked + KEPT * ((pair.speaker, pair.talk) in problem.kept)


def of_turns(speaker: Speaker) -> list[int]:
    """What each further talk of somebody is worth, the next one first."""
    return [TURNS[min(number, len(TURNS) - 1)] for number in range(speaker.given, speaker.given + MOST_TURNS)]


def of_plan(problem: Problem, filled: Filled) -> int:
    """What a whole plan is worth."""
    turns: Counter = Counter()
    worth = 0
    for number, (_slot, group) in filled.items():
        worth += of_talk(problem.talk[number])
        worth += sum(of_pair(problem, problem.pair[speaker, number]) for speaker in group)
        turns.update(group)
    return worth + sum(sum(of_turns(problem.speaker[pk])[:number]) for pk, number in turns.items())
