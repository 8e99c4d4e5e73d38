"""Lines of a list in words: who, what would change, what is wrong, whom it may be."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.organisations.levels import Level
from participants.organisations.school_years import school_year_label
from participants.people.duplicates.scoring import explain
from participants.people.models import Enrolment, Pupil, RosterRow, Sex
from participants.people.models.enrolment import Answer
from participants.people.rosters.columns import FIELDS
from participants.people.rosters.comparing import say_guardian
from participants.people.rosters.matching import ELSEWHERE, ELSEWHERE_NOW, EXACT
from participants.people.rosters.problems import REMARKS, of_line

LABELS = {
    **FIELDS,
    "school_year": gettext_lazy("school year"),
    "school": gettext_lazy("school"),
    "state": gettext_lazy("state"),
    "guardian1": gettext_lazy("first guardian"),
    "guardian2": gettext_lazy("second guardian"),
}
OF_OTHERS = {ELSEWHERE, ELSEWHERE_NOW}
TONES = {
    "new": "ok",
    "changed": "info",
    "same": "neutral",
    "doubtful": "warn",
    "refused": "danger",
    "repeated": "neutral",
}


@dataclass(frozen=True)
class Said:
    """One line as the preview shows it."""

    row: RosterRow
    title: str
    detail: str
    tone: str
    changes: list[tuple[str, str, str]]
    problems: list[dict]
    remarks: list[str]
    # (what to send back, who, why)
    candidates: list[tuple[str, str, str]]


def say_rows(rows: list[RosterRow]) -> list[Said]:
    """The lines of one page; the pupils that they may be are read once."""
    ids = {pupil for row in rows for pupil, _why in row.candidates}
    pupils = Pupil.objects.named().in_bulk(ids)
    newest = Enrolment.objects.newest().filter(pupil__in=ids).select_related("class_group")
    years = {enrolment.pupil_id: enrolment for enrolment in newest}
    return [_say(row, pupils, years) for row in rows]


def seen_pupils(rows: list[RosterRow]) -> set[int]:
    """Whose record these lines show."""
    own = {pupil for row in rows for pupil, why in row.candidates if why not in OF_OTHERS}
    return own | {row.pupil_id for row in rows if row.pupil_id}


def _say(row, pupils, years):
    return Said(
        row=row,
        title=_name(row),
        detail=" · ".join(_details(row)),
        tone=TONES.get(row.state, "neutral"),
        changes=[
            (str(LABELS[name]), value_of(name, before), value_of(name, after)) for name, before, after in _told(row)
        ],
        problems=[of_line(problem) for problem in row.problems],
        remarks=[str(REMARKS[code]) for code in row.remarks],
        candidates=[(str(pk), *_candidate(pk, why, pupils, years)) for pk, why in row.candidates if pk in pupils],
    )


def _told(row):
    """What would change; of somebody new, the family that comes with them."""
    if row.state != RosterRow.State.NEW:
        return row.changes
    return [[f"guardian{guardian['rank']}", "", say_guardian(guardian)] for guardian in row.facts["guardians"]]


def _name(row):
    if row.facts:
        return f"{row.facts['first_name']} {row.facts['last_name']}"
    filled = [cell for cell in row.cells if cell.strip()]
    return " · ".join(filled[:3])


def _details(row):
    yield _("line %(line)d") % {"line": row.line}
    if row.facts:
        yield say_date(row.facts["birth_date"])
        if row.facts["class_name"]:
            yield row.facts["class_name"]
        if row.facts["level"] != Level.UNKNOWN:
            yield str(Level(row.facts["level"]).label)


def _candidate(pk, why, pupils, years):
    """Who a line may be. Of pupils of other schools nothing is told that the file does not say itself."""
    if why in OF_OTHERS:
        return _("A pupil of this name and date of birth whom the center knows"), _("from another school")
    pupil, year = pupils[pk], years.get(pk)
    details = [str(pupil), say_date(pupil.birth_date.isoformat())]
    if year:
        details.append(year.class_group.name if year.class_group else "")
        details.append(year.year_label)
    return " · ".join(filter(None, details)), _reasons(why)


def _reasons(why):
    if why == EXACT:
        return _("same name, same date of birth")
    return ", ".join(str(reason["words"]) for reason in explain(why.split()))


def say_date(iso: str) -> str:
    return date_format(dt.date.fromisoformat(iso), "SHORT_DATE_FORMAT") if iso else ""


def value_of(name: str, value: str) -> str:
    """A kept value as people say it."""
    choices = {"level": Level, "sex": Sex, "scholarship": Answer, "state": Enrolment.State}
    if name == "school_year" and value:
        return school_year_label(int(value))
    if name in choices and value:
        return str(choices[name](value).label)
    return value
