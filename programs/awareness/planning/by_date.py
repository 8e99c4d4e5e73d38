"""A plan as one makes it by hand: half-day by half-day in order of date, the nearest who are free."""

from collections import Counter

from programs.awareness.planning.problem import UNKNOWN_MINUTES, Problem, Slot

# talk -> (half-day, speakers who are added to it)
Filled = dict[int, tuple[Slot, list[int]]]


def plan_by_date(problem: Problem) -> Filled:
    """Each talk gets the first of its half-days on which a whole group is free; every hard rule holds."""
    filled: Filled = {}
    given = Counter({speaker.pk: speaker.given for speaker in problem.speakers})
    days = {speaker.pk: set(speaker.taken) for speaker in problem.speakers}
    wished = sorted((slot, talk.pk) for talk in problem.talks for slot in talk.slots)
    for slot, number in wished:
        talk = problem.talk[number]
        if number in filled or not talk.room:
            continue
        free = [
            pair
            for pair in problem.pairs_of_talk[number]
            if slot in pair.slots
            and slot[0] not in days[pair.speaker]
            and (pair.is_locked or given[pair.speaker] < problem.speaker[pair.speaker].most_talks)
        ]
        free.sort(key=lambda pair: (not pair.is_locked, _way(pair), pair.speaker))
        group = _group(problem, talk, free)
        if group:
            filled[number] = slot, group
            for speaker in group:
                given[speaker] += 1
                days[speaker].add(slot[0])
    return filled


def _group(problem, talk, free):
    """The first of those who are free, as many as are needed, a woman among them where one must be."""
    group = [pair.speaker for pair in free[: max(talk.missing, 1)]]
    if len(group) < talk.missing or not group:
        return []
    if talk.lacks_woman and not any(problem.speaker[speaker].is_woman for speaker in group):
        women = [pair.speaker for pair in free if problem.speaker[pair.speaker].is_woman]
        if not women:
            return []
        group = [*group[: talk.missing - 1], women[0]] if talk.missing else women[:1]
    return group


def _way(pair):
    return UNKNOWN_MINUTES if pair.minutes is None else pair.minutes
