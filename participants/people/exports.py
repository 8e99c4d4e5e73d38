"""Pupils leave in a file: those that the owner may see and whose family agreed, each with the facts of one school year.

The file says how many were left out. Notes never leave; what leaves is on record.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participants.accounts.roles import Permission
from participants.correspondence import jobs
from participants.correspondence.spreadsheet import Sheet, write_csv, write_xlsx
from participants.organisations.school_years import current_school_year, school_year_label
from participants.people.columns import COLUMNS
from participants.people.consents import allowed
from participants.people.models import Enrolment, Look, Pupil, Purpose
from participants.people.models.enrolment import ScholarshipScale, Speciality
from participants.people.rights import looks

KIND = "people.pupil_export"
FORMATS = ("xlsx", "csv")
AT_ONCE = 2000
LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Part:
    """A column of the file: where its value stands, and how it is said."""

    label: Promise | str
    path: str
    say: Callable | None = None
    width: int = 16


def _labels(choices) -> Callable:
    """How an answer is said: made when the file is, in the language of its owner."""

    def sayer():
        words = {value: str(label) for value, label in choices.choices}
        return lambda value: words.get(value, value)

    return sayer


def _lists(choices=None) -> Callable:
    def sayer():
        words = {value: str(label) for value, label in choices.choices} if choices else {}
        return lambda values: ", ".join(words.get(value, value) for value in values or ())

    return sayer


def _year() -> Callable:
    return lambda value: school_year_label(value)


def _known(code: str, path: str, width: int = 16) -> Part:
    """A column that a list of pupils may come with: it goes out under the heading by which it comes back."""
    column = COLUMNS[code]
    say = _year if code == "school_year" else _labels(column.choices) if column.choices else None
    return Part(column.label, path, say, width)


PARTS: dict[str, Part] = {
    "last_name": _known("last_name", "pupil__last_name", 22),
    "first_name": _known("first_name", "pupil__first_name", 18),
    "birth_date": _known("birth_date", "pupil__birth_date", 12),
    "sex": _known("sex", "pupil__sex", 10),
    "email": _known("email", "pupil__email", 28),
    "uai": _known("uai", "school__uai", 12),
    "school": Part(gettext_lazy("school"), "school__name", width=32),
    "commune": Part(gettext_lazy("town"), "school__commune", width=20),
    "departement": Part(gettext_lazy("département"), "school__departement__code", width=12),
    "school_year": _known("school_year", "school_year", 12),
    "class_name": _known("class_name", "class_group__name"),
    "level": _known("level", "level"),
    "track": _known("track", "track"),
    "specialities": Part(gettext_lazy("specialist subjects"), "specialities", _lists(Speciality), 28),
    "languages": Part(gettext_lazy("languages studied"), "languages", _lists()),
    "state": Part(gettext_lazy("state"), "state", _labels(Enrolment.State)),
    "scholarship": _known("scholarship", "scholarship"),
    "scholarship_scale": Part(gettext_lazy("scholarship scale"), "scholarship_scale", _labels(ScholarshipScale), 24),
    "scholarship_step": Part(gettext_lazy("scholarship step"), "scholarship_step"),
    "priority_neighbourhood": _known("priority_neighbourhood", "priority_neighbourhood"),
    "first_generation": _known("first_generation", "first_generation"),
    "social_origin": _known("social_origin", "social_origin", 20),
}


def is_allowed(user) -> bool:
    return user.can(Permission.PUPIL_EXPORT)


def register():
    """Make the work known."""
    words = {LEFT_OUT: gettext_lazy("pupils left out, without the consent of the family")}
    jobs.register(jobs.Kind(KIND, gettext_lazy("export of pupils"), run, is_allowed, words))


def enrolments(user, *, year, school=None, level=""):
    """The school year of the pupils that this person may see, as the filters of the page say."""
    found = Enrolment.objects.filter(school_year=year, pupil__in=Pupil.objects.visible_to(user))
    if school:
        found = found.filter(school=school)
    return found.filter(level=level) if level else found


def run(job, report):
    """Write the pupils that the parameters of the job choose."""
    wanted = job.parameters
    purpose = wanted.get("purpose", Purpose.TAKING_PART)
    year = wanted.get("year") or current_school_year()
    parts = [PARTS[code] for code in wanted.get("columns") or PARTS if code in PARTS]
    visible = enrolments(job.owner, year=year, school=wanted.get("school"), level=wanted.get("level", ""))
    total = visible.count()
    report(0, max(total, 1))
    chosen = visible.filter(pupil__in=allowed(Pupil.objects.all(), purpose))
    with translation.override(job.owner.language):
        written = _write(report, wanted["format"], chosen, parts, total, purpose)
        looks.note_many(job.owner, written, Look.What.EXPORT)
        report.outcome[LEFT_OUT] = left_out = total - len(written)
        words = [_("pupils"), school_year_label(year), *([str(left_out), _("left-out")] if left_out else [])]
        return f"{'-'.join(words)}.{wanted['format']}"


def _write(report, ending, chosen, parts, total, purpose) -> list[int]:
    """Write the file, and say which pupils stand in it."""
    seen: list[int] = []
    rows = _rows(chosen, parts, seen)
    sheet = Sheet(_("Pupils"), [str(part.label) for part in parts], rows, [part.width for part in parts])

    def progress(done):
        report(min(done, total), total)

    if ending == "csv":
        write_csv(report.path, sheet, progress)
    else:
        write_xlsx(report.path, _with_about(sheet, seen, total, purpose), progress)
    return seen


def _rows(chosen, parts, seen):
    """The rows as a file says them, a few at a time from the database; `seen` gathers the pupils in them."""
    sayers = [(place, part.say()) for place, part in enumerate(parts) if part.say]
    query = chosen.order_by("pupil__sort_name", "pupil_id").values_list(*(part.path for part in parts), "pupil_id")
    for row in query.iterator(chunk_size=AT_ONCE):
        *cells, pupil = row
        for place, say in sayers:
            cells[place] = say(cells[place])
        seen.append(pupil)
        yield cells


def _with_about(sheet, seen, total, purpose):
    yield sheet
    left_out = total - len(seen)
    said = ngettext("%(count)d pupil is left out", "%(count)d pupils are left out", left_out) % {"count": left_out}
    rows = [
        [_("Pupils in this file"), len(seen)],
        [_("Left out"), said],
        [_("Why"), _("Only pupils whose family agreed are in this file.")],
        [_("For"), str(Purpose(purpose).label)],
    ]
    yield Sheet(_("About this file"), ["", ""], rows, (30, 70))
