"""What comes after each year group, how the class of next year is probably called, and the plan that a school is
proposed in September. Pure rules, nothing written."""

import re
from dataclasses import dataclass, field

from participants.organisations.levels import Level, levels_of
from participants.organisations.models import School
from participants.people.models import Enrolment, Outcome

# After a year group: where it may lead. None: the school ends there, the pupil leaves or goes on to something else.
NEXT: dict[str, list[str]] = {
    Level.L6E: [Level.L5E],
    Level.L5E: [Level.L4E],
    Level.L4E: [Level.L3E],
    Level.L3E: [Level.L2GT, Level.L2PRO, Level.CAP1],
    Level.L2GT: [Level.L1G, Level.L1T],
    Level.L1G: [Level.LTG],
    Level.L1T: [Level.LTT],
    Level.LTG: [Level.CPGE1, Level.BTS1],
    Level.LTT: [Level.CPGE1, Level.BTS1],
    Level.L2PRO: [Level.L1PRO],
    Level.L1PRO: [Level.LTPRO],
    Level.LTPRO: [Level.BTS1],
    Level.CAP1: [Level.CAP2],
    Level.CAP2: [Level.L1PRO],
    Level.CPGE1: [Level.CPGE2],
    Level.CPGE2: [],
    Level.BTS1: [Level.BTS2],
    Level.BTS2: [],
    Level.UNKNOWN: [],
}
# After these, most leave the school: the third year of collège, and every diploma.
ENDS = {Level.L3E, Level.LTG, Level.LTT, Level.LTPRO, Level.CAP2, Level.CPGE2, Level.BTS2}
# How schools write a year group at the head of a class's name, the longest way first.
WRITTEN: dict[str, list[str]] = {
    Level.L6E: ["6ème", "6eme", "6è", "6e", "6"],
    Level.L5E: ["5ème", "5eme", "5è", "5e", "5"],
    Level.L4E: ["4ème", "4eme", "4è", "4e", "4"],
    Level.L3E: ["3ème", "3eme", "3è", "3e", "3"],
    Level.L2GT: ["seconde", "2nde", "2gt", "2de", "2nd", "2"],
    Level.L1G: ["première", "premiere", "1ère", "1ere", "1re", "1g", "1"],
    Level.L1T: ["première", "premiere", "1ère", "1ere", "1re", "1t", "1"],
    Level.LTG: ["terminale", "tle", "tg", "t"],
    Level.LTT: ["terminale", "tle", "tt", "t"],
    Level.L2PRO: ["seconde", "2nde", "2pro", "2de", "2nd", "2"],
    Level.L1PRO: ["première", "premiere", "1ère", "1ere", "1pro", "1re", "1"],
    Level.LTPRO: ["terminale", "tpro", "tle", "t"],
    Level.CAP1: ["1re cap", "cap1", "cap 1", "1cap"],
    Level.CAP2: ["2e cap", "cap2", "cap 2", "2cap"],
    Level.CPGE1: ["cpge1", "cpge 1"],
    Level.CPGE2: ["cpge2", "cpge 2"],
    Level.BTS1: ["bts1", "bts 1"],
    Level.BTS2: ["bts2", "bts 2"],
}
# Where the way of writing has a twin in the next year group; else its first own word stands there.
TWINS = [
    *((f"{n}{ending}", f"{n - 1}{ending}") for n in (6, 5, 4) for ending in ("ème", "eme", "è", "e", "")),
    *[("seconde", "première"), ("2nde", "1re"), ("2de", "1re"), ("2nd", "1re"), ("2gt", "1G"), ("2pro", "1PRO")],
    *[("première", "terminale"), ("premiere", "terminale"), ("1ère", "Tle"), ("1ere", "Tle"), ("1re", "Tle")],
    *[("1g", "TG"), ("1t", "TT"), ("1pro", "TPRO"), ("2", "1"), ("1", "T")],
    *[("cap1", "CAP2"), ("cap 1", "CAP 2"), ("1re cap", "2e CAP"), ("1cap", "2CAP")],
    *[("cpge1", "CPGE2"), ("cpge 1", "CPGE 2"), ("bts1", "BTS2"), ("bts 1", "BTS 2")],
]


def ways_on(level: str, kind_of_school: str) -> list[str]:
    """Where this year group may lead within this kind of school, in the order of the French system."""
    has = levels_of(kind_of_school)
    return [following for following in NEXT[level] if following in has]


def expected_after(level: str, kind_of_school: str) -> str:
    """The one year group that follows; empty where there are several, or none."""
    ways = ways_on(level, kind_of_school)
    return ways[0] if len(ways) == 1 and level not in ENDS else ""


def ends_here(level: str) -> bool:
    """Whether most pupils of this year group leave the school after it."""
    return level in ENDS


def next_name(name: str, level: str) -> str:
    """How the class is probably called next year: “2de 4” becomes “1re 4”. The same name where nothing tells."""
    twins = dict(TWINS)
    for written in WRITTEN.get(level, []):
        if re.match(re.escape(written) + (r"(?![^\W\d_])" if written[-1].isdigit() else ""), name, re.IGNORECASE) or (
            written[-1].isdigit() and re.match(re.escape(written) + r"[A-Z]\w{0,2}$", name)
        ):
            following = twins.get(written)
            if following is None:
                return name
            return _like(name[: len(written)], following) + name[len(written) :]
    return name


def _like(written, following):
    """In capitals, or with a capital, as the school writes it."""
    if written.isupper():
        return following.upper()
    return following[0].upper() + following[1:] if written[:1].isupper() else following


@dataclass
class Step:
    """What becomes of one class (or of those without a class in one year group)."""

    key: str
    before_name: str
    before: str  # the level now, empty when unknown
    name: str
    level: str  # the level expected next year, empty until somebody knows
    outcome: str  # of whoever is not ticked otherwise
    enrolments: list[Enrolment] = field(default_factory=list)


@dataclass
class Plan:
    """What becomes of every pupil: by class, and by pupil."""

    steps: dict[str, Step]
    outcomes: dict[int, str]
    key_of: dict[int, str]

    def count(self, outcome) -> int:
        return sum(found == outcome for found in self.outcomes.values())


def of_school(school: School, school_year: int):
    """The pupils of the year before who are still there and have no new year yet, by class and name."""
    enrolled = Enrolment.objects.filter(school_year__gte=school_year).values("pupil")
    return (
        Enrolment.objects.filter(school=school, school_year=school_year - 1, state=Enrolment.State.ENROLLED)
        .filter(pupil__is_statistic=False)
        .exclude(pupil__in=enrolled)
        .select_related("pupil", "class_group")
        .order_by("class_group__name", "level", "pupil__sort_name", "pk")
    )


def propose(school: School, school_year: int) -> Plan:
    """What the rules expect of each class, for the school to correct."""
    steps: dict[str, Step] = {}
    key_of = {}
    for enrolment in of_school(school, school_year):
        level = _level_of(enrolment)
        key = str(enrolment.class_group_id) if enrolment.class_group_id else f"none-{level or Level.UNKNOWN}"
        if key not in steps:
            steps[key] = _step(key, enrolment, level, school.kind)
        steps[key].enrolments.append(enrolment)
        key_of[enrolment.pk] = key
    outcomes = {pk: steps[key].outcome for pk, key in key_of.items()}
    return Plan(steps, outcomes, key_of)


def _level_of(enrolment):
    """The level as confirmed; else as expected; else that of the class; empty when nobody knows."""
    group = enrolment.class_group
    told = [enrolment.level, enrolment.expected_level, group.level if group else ""]
    return next((level for level in told if level and level != Level.UNKNOWN), "")


def _step(key, enrolment, level, kind):
    group = enrolment.class_group
    if group and group.level != Level.UNKNOWN:
        level = group.level
    return Step(
        key=key,
        before_name=group.name if group else "",
        before=level,
        name=next_name(group.name, level) if group and level else group.name if group else "",
        level=expected_after(level, kind) if level else "",
        outcome=Outcome.LEAVES if level and ends_here(level) else Outcome.MOVES,
    )
