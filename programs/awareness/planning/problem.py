"""What is known of talks and speakers, and who may speak where."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import SimpleNamespace

from participants.organisations.geography import distance_km

# A day and a half of it: (date, "morning").
Slot = tuple[dt.date, str]

# Door to door: a quarter of an hour on foot and waiting, the rest at 50 km/h, by train or by car.
MINUTES_ON_FOOT, MINUTES_A_KM = 15, 1.2
# Where a distance is unknown nobody is kept away; the plan says that it is unknown.
UNKNOWN_MINUTES = 60


class HardRule(StrEnum):
    """Why somebody cannot speak somewhere, in the order in which a person would ask."""

    FORBIDDEN = "forbidden"
    LANGUAGE = "language"
    TRAVEL = "travel"
    FREE = "free"
    BUSY = "busy"
    LOAD = "load"


@dataclass(frozen=True)
class Talk:
    """A class that waits for speakers. What is settled already counts: `already` speakers, a `has_woman` among them."""

    pk: int
    school: int
    slots: tuple[Slot, ...]
    place: tuple[float, float] | None = None
    departement: int | None = None
    region: int | None = None
    language: str = "fr"
    least: int = 2
    most: int = 3
    needs_woman: bool = False
    need: int = 0
    already: int = 0
    has_woman: bool = False

    @property
    def missing(self) -> int:
        """How many speakers are still needed for the talk to take place."""
        return max(0, self.least - self.already)

    @property
    def room(self) -> int:
        """How many more may come."""
        return max(0, self.most - self.already)

    @property
    def lacks_woman(self) -> bool:
        return self.needs_woman and not self.has_woman


@dataclass(frozen=True)
class Speaker:
    """A volunteer who said what they wish. `busy` are the half-days taken by other commitments, `taken` the days on
    which they speak already, `given` how many talks of the campaign they have."""

    pk: int
    free: frozenset[Slot]
    origins: tuple[tuple[float, float], ...] = ()
    limit: int = 90
    languages: frozenset[str] = frozenset({"fr"})
    is_woman: bool = False
    most_talks: int = 2
    own_school: int | None = None
    departement: int | None = None
    region: int | None = None
    busy: frozenset[Slot] = frozenset()
    taken: frozenset[dt.date] = frozenset()
    given: int = 0

    @property
    def left(self) -> int:
        """How many talks they may still be given."""
        return max(0, self.most_talks - self.given)


@dataclass(frozen=True)
class Pair:
    """Somebody who may speak somewhere, on these half-days."""

    speaker: int
    talk: int
    slots: tuple[Slot, ...]
    minutes: int | None
    is_own_school: bool = False
    home: str = ""  # "departement", "region" or nothing
    is_locked: bool = False


@dataclass
class Problem:
    """Talks, speakers, the pairs that a coordinator wants or forbids, and those that the last plan held."""

    talks: list[Talk]
    speakers: list[Speaker]
    locked: frozenset[tuple[int, int]] = frozenset()  # (speaker, talk)
    forbidden: frozenset[tuple[int, int]] = frozenset()
    kept: frozenset[tuple[int, int]] = frozenset()
    known_pairs: list[Pair] | None = None  # of a part of a problem: found already
    excluded: dict[int, Counter] = field(default_factory=dict, init=False)
    alone: dict[int, Counter] = field(default_factory=dict, init=False)

    @cached_property
    def talk(self) -> dict[int, Talk]:
        return {talk.pk: talk for talk in self.talks}

    @cached_property
    def speaker(self) -> dict[int, Speaker]:
        return {speaker.pk: speaker for speaker in self.speakers}

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every pair that no hard rule forbids; on the way counts whom each rule left out of each talk."""
        if self.known_pairs is not None:
            return self.known_pairs
        minutes = _Minutes(self.speakers)
        found = []
        for talk in self.talks:
            excluded, alone = self.excluded.setdefault(talk.pk, Counter()), self.alone.setdefault(talk.pk, Counter())
            for speaker in self.speakers:
                pair, broken = self._look(talk, speaker, minutes.to(talk, speaker))
                if pair:
                    found.append(pair)
                elif broken:
                    excluded[broken[0]] += 1
                    if len(broken) == 1:
                        alone[broken[0]] += 1
        return found

    @cached_property
    def pair(self) -> dict[tuple[int, int], Pair]:
        return {(pair.speaker, pair.talk): pair for pair in self.pairs}

    @cached_property
    def pairs_of_talk(self) -> dict[int, list[Pair]]:
        by_talk: dict[int, list[Pair]] = {talk.pk: [] for talk in self.talks}
        for pair in self.pairs:
            by_talk[pair.talk].append(pair)
        return by_talk

    def _look(self, talk, speaker, minutes):
        """The pair, or the hard rules that it breaks. A locked pair may break what the coordinator can answer for:
        language, way, wishes and load; never another commitment."""
        key = (speaker.pk, talk.pk)
        is_locked = key in self.locked
        common = talk.slots if is_locked else [slot for slot in talk.slots if slot in speaker.free]
        slots = tuple(slot for slot in common if slot not in speaker.busy and slot[0] not in speaker.taken)
        broken = []
        if key in self.forbidden:
            broken.append(HardRule.FORBIDDEN)
        if not is_locked:
            if talk.language not in speaker.languages:
                broken.append(HardRule.LANGUAGE)
            if minutes is not None and minutes > speaker.limit:
                broken.append(HardRule.TRAVEL)
            if speaker.left == 0:
                broken.append(HardRule.LOAD)
        if not common:
            broken.append(HardRule.FREE)
        elif not slots:
            broken.append(HardRule.BUSY)
        if broken:
            return None, sorted(broken, key=list(HardRule).index)
        home = ""
        if talk.departement and talk.departement == speaker.departement:
            home = "departement"
        elif talk.region and talk.region == speaker.region:
            home = "region"
        is_own = talk.school == speaker.own_school
        return Pair(speaker.pk, talk.pk, slots, minutes, is_own, home, is_locked), []


def minutes_of(km: float) -> int:
    """How long the way takes, door to door, as far as a distance can tell."""
    return round(MINUTES_ON_FOOT + MINUTES_A_KM * km)


class _Minutes:
    """The shortest way of each speaker to each school, computed once a place."""

    def __init__(self, speakers):
        self._origins = {speaker.pk: speaker.origins for speaker in speakers}
        self._known: dict = {}

    def to(self, talk, speaker):
        if talk.place is None or not speaker.origins:
            return None
        return min(self._between(origin, talk.place) for origin in speaker.origins)

    def _between(self, origin, place):
        key = (origin, place)
        if key not in self._known:
            here, there = (SimpleNamespace(latitude=spot[0], longitude=spot[1]) for spot in key)
            self._known[key] = minutes_of(distance_km(here, there))
        return self._known[key]
