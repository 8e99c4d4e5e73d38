"""What a list would change: each line against what is known of its pupil. Reads only; the numbers of queries is fixed."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from participants.accounts.text import fold
from participants.organisations.models import Organisation
from participants.people.models import Enrolment, Guardianship, Pupil, Roster, RosterRow
from participants.people.rosters.lines import key_of
from participants.people.rosters.matching import ELSEWHERE, ELSEWHERE_NOW, EXACT, Match, matches_of

State, Choice = RosterRow.State, RosterRow.Choice
# What comparing decides of a row; the rest was decided when the line was read.
DECIDED = ["state", "problems", "remarks", "changes", "pupil_id", "candidates", "choice"]
UNSAID = {"", "unknown", "N"}
OF_GUARDIANS = {"two_guardians_known", "account_keeps_address", "shared_keeps_address"}


@dataclass
class Known:
    """What is known of the pupils that lines may be, in the year of the list."""

    pupils: dict[int, Pupil]
    enrolments: dict[int, Enrolment]
    guardians: dict[int, dict[int, object]] = field(default_factory=lambda: defaultdict(dict))
    # Guardians who have a child in another school: it is not for this one to say where they are written to.
    shared: set[int] = field(default_factory=set)


def compare(roster: Roster) -> list[RosterRow]:
    """The rows as they stand against the database of this moment; nothing is saved."""
    rows = list(roster.rows.order_by("line"))
    told = [row for row in rows if row.facts is not None and row.state != State.REPEATED]
    matches = matches_of(roster, told)
    known = _known(roster, {match.pupil for found in matches.values() for match in found})
    may_move = roster.sender is not None and Organisation.objects.reaches_center(roster.sender, "roster.send")
    for row in told:
        _decide(row, matches.get(row.pk, []), known, roster, may_move=may_move)
    _refuse_second_takers(rows)
    return rows


def decided(row: RosterRow) -> tuple:
    """What can be told apart between two comparisons."""
    return tuple(str(getattr(row, name)) for name in DECIDED)


def count(rows: list[RosterRow]) -> dict[str, int]:
    """How many rows of each kind."""
    return dict(Counter(str(row.state) for row in rows))


def _known(roster, ids):
    known = Known(
        Pupil.objects.named().in_bulk(ids),
        {
            enrolment.pupil_id: enrolment
            for enrolment in Enrolment.objects.filter(pupil__in=ids, school_year=roster.school_year)
            .select_related("class_group")
            .order_by("pk")
        },
    )
    links = Guardianship.objects.filter(pupil__in=ids).select_related("guardian").order_by("pk")
    for link in links:
        known.guardians[link.pupil_id][link.rank] = link.guardian
    here = Pupil.objects.filter(enrolments__in=Enrolment.objects.newest().filter(school=roster.school_id))
    others = Guardianship.objects.filter(guardian__in=links.order_by().values("guardian")).exclude(pupil__in=here)
    known.shared = set(others.values_list("guardian", flat=True))
    return known


def _decide(row, matches, known, roster, *, may_move):
    """New, changed, the same, doubtful; or refused because only the center can tell."""
    row.problems, row.changes = [], []
    row.remarks = [code for code in row.remarks if code not in OF_GUARDIANS]
    if any(match.why == ELSEWHERE_NOW for match in matches) and not may_move:
        row.state, row.pupil_id, row.candidates, row.choice = State.REFUSED, None, [], ""
        row.problems = [{"column": "", "cell": "", "code": "elsewhere"}]
        return
    exact = [match for match in matches if match.why == EXACT]
    if len(exact) == 1 and len(matches) == 1:
        row.candidates, row.choice = [], ""
        _take(row, exact[0].pupil, known, roster)
        return
    _weigh(row, matches, known, roster)


def _weigh(row, matches: list[Match], known, roster):
    """With doubtful matches the choice of a person counts, as long as it still names one of them."""
    row.candidates = [[match.pupil, match.why] for match in matches]
    offered = {match.pupil for match in matches}
    if row.choice == Choice.SAME and row.pupil_id in offered:
        _take(row, row.pupil_id, known, roster)
        if Match(row.pupil_id, ELSEWHERE) in matches:  # what another school knew is not shown to this one
            row.changes = [[name, "", after] for name, _before, after in row.changes]
        return
    row.pupil_id = None
    if not matches or row.choice == Choice.ANOTHER:
        row.state, row.choice = State.NEW, row.choice if matches else ""
    else:
        row.state, row.choice = State.DOUBTFUL, ""


def _take(row, pupil_id, known, roster):
    row.pupil_id = pupil_id
    pupil, enrolment = known.pupils[pupil_id], known.enrolments.get(pupil_id)
    row.changes = [
        *_of_pupil(row.facts, pupil),
        *_of_year(row.facts, enrolment, roster),
        *_of_guardians(row, known.guardians.get(pupil_id, {}), known.shared),
    ]
    row.state = State.CHANGED if row.changes else State.SAME


def _of_pupil(facts, pupil):
    """Sex and address where the file says them; a spelling only where it brings the accents."""
    for name in ("last_name", "first_name"):
        before, after = getattr(pupil, name), facts[name]
        if key_of(before) == key_of(after) and before.isascii() and not after.isascii():
            yield [name, before, after]
    for name in ("sex", "email"):
        if facts[name] not in UNSAID and facts[name] != getattr(pupil, name):
            yield [name, getattr(pupil, name), facts[name]]


def _of_year(facts, enrolment, roster):
    if enrolment is None:
        yield ["school_year", "", str(roster.school_year)]
    elif enrolment.school_id != roster.school_id:
        # Which school it was is nobody's business here.
        yield ["school", "", str(roster.school)]
    if enrolment and enrolment.school_id == roster.school_id and enrolment.state == Enrolment.State.LEFT:
        yield ["state", Enrolment.State.LEFT.value, Enrolment.State.ENROLLED.value]
    is_here = enrolment and enrolment.school_id == roster.school_id
    group = enrolment.class_group.name if is_here and enrolment.class_group else ""
    if facts["class_name"] and fold(facts["class_name"]) != fold(group):
        yield ["class_name", group, facts["class_name"]]
    for name in ("level", "scholarship"):
        before = getattr(enrolment, name) if enrolment else "unknown"
        if facts[name] not in UNSAID and facts[name] != before:
            yield [name, before, facts[name]]


def _of_guardians(row, held, shared):
    """Guardians that the file adds in a free place, and new addresses of those who have no account and no child in
    another school."""
    taken = dict(held)
    for guardian in row.facts["guardians"]:
        same = next((rank for rank, other in taken.items() if name_key(other) == name_key(guardian)), None)
        if same is None:
            rank = next((rank for rank in (guardian["rank"], 1, 2) if rank not in taken), None)
            if rank is None:
                row.remarks.append("two_guardians_known")
                continue
            taken[rank] = guardian
            yield [f"guardian{rank}", "", say_guardian(guardian)]
        elif not isinstance(taken[same], dict) and guardian["email"] not in {"", taken[same].email.lower()}:
            if taken[same].user_id:
                row.remarks.append("account_keeps_address")
            elif taken[same].pk in shared:
                row.remarks.append("shared_keeps_address")
            else:
                yield [f"guardian{same}_email", taken[same].email, guardian["email"]]


def name_key(guardian) -> tuple[str, str]:
    """The name of a guardian, kept or read from a file, as two lists may both write it."""
    get = guardian.get if isinstance(guardian, dict) else lambda name: getattr(guardian, name)
    return key_of(get("last_name")), key_of(get("first_name"))


def say_guardian(guardian: dict) -> str:
    return " · ".join(filter(None, [f"{guardian['first_name']} {guardian['last_name']}", guardian["email"]]))


def _refuse_second_takers(rows):
    """Two lines cannot be the same pupil."""
    takers = {}
    for row in rows:
        if (
            row.pupil_id
            and row.state in {State.CHANGED, State.SAME}
            and takers.setdefault(row.pupil_id, row) is not row
        ):
            row.state, row.pupil_id, row.changes = State.REFUSED, None, []
            row.problems = [{"column": "", "cell": "", "code": "taken_twice"}]
