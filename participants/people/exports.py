"""Pupils leave in a file: those that the owner may see and whose family agreed, each with the facts of one school year.

The file says how many were left out. Notes never leave; what leaves is on record.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain

from django.db.models import F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participants.accounts.roles import Permission
from participants.correspondence import jobs
from participants.correspondence.spreadsheet import Sheet, copy_csv, write_xlsx
from participants.organisations.school_years import current_school_year, school_year_label
from participants.people.columns import COLUMNS
from participants.people.models import Enrolment, Look, Purpose
from participants.people.models.enrolment import ScholarshipScale, Speciality
from participants.people.rights import looks

KIND = "people.pupil_export"
FORMATS = ("xlsx", "csv")
AT_ONCE = 10_000
LEFT_OUT = "left_out"


class Said(Func):
    """A code in the words of a JSON object; nothing where it has no words."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field = TextField()


class AllSaid(Func):
    """A list of codes in the words of a JSON object; one that has no words stays itself."""

    template = """(SELECT string_agg(coalesce(words ->> code, code), ', ' ORDER BY place)
        FROM (VALUES (%(expressions)s)) said(words, codes), unnest(codes) WITH ORDINALITY every(code, place))"""
    output_field = TextField()


@dataclass(frozen=True)
class Part:
    """A column of the file: where its value stands, and the words for its codes, if it has codes."""

    label: Promise | str
    path: str
    words: Callable[[], dict] | None = None
    width: int = 16
    is_list: bool = False

    def value(self):
        """How the database says it, in the language of the moment."""
        if not self.words:
            return F(self.path)
        words = Cast(Value(json.dumps(self.words())), JSONField())
        if self.is_list:
            return AllSaid(words, F(self.path))
        code = Cast(self.path, TextField())
        return Coalesce(Said(words, code), code)


def _labels(choices) -> Callable[[], dict]:
    return lambda: {value: str(label) for value, label in choices.choices}


def _years() -> dict:
    return {year: school_year_label(year) for year in range(2000, 2101)}


def _known(code: str, path: str, width: int = 16) -> Part:
    """A column that a list of pupils may come with: it goes out under the heading by which it comes back."""
    column = COLUMNS[code]
    words = _years if code == "school_year" else _labels(column.choices) if column.choices else None
    return Part(column.label, path, words, width)


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
    "specialities": Part(gettext_lazy("specialist subjects"), "specialities", _labels(Speciality), 28, is_list=True),
    "languages": Part(gettext_lazy("languages studied"), "languages", dict, is_list=True),
    "state": _known("state", "state"),
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


def _chosen(rows, user, *, year, school=None, level=""):
    """Of these school years, those of the pupils that this person may see, as the filters of the page say."""
    found = rows.visible_to(user).filter(school_year=year).order_by("pupil__sort_name", "pupil_id")
    if school:
        found = found.filter(school=school)
    return found.filter(level=level) if level else found


def run(job, report):
    """Write the pupils that the parameters of the job choose."""
    wanted = job.parameters
    purpose = wanted.get("purpose", Purpose.TAKING_PART)
    year = wanted.get("year") or current_school_year()
    parts = [PARTS[code] for code in wanted.get("columns") or PARTS if code in PARTS]
    filters = {"year": year, "school": wanted.get("school"), "level": wanted.get("level", "")}
    report(0, 1)
    # Who leaves is settled before the first line is written, so that trace and file name the same people.
    leaving = Enrolment.outgoing.settle(purpose, partial(_chosen, user=job.owner, **filters))
    total, left_out = len(leaving.pupils), leaving.left_out
    looks.note_many(job.owner, leaving.pupils, Look.What.EXPORT)
    report.outcome[LEFT_OUT] = left_out
    with translation.override(job.owner.language):
        pieces = _in_pieces(leaving, year, parts)
        columns = [str(part.label) for part in parts]
        if wanted["format"] == "csv":
            copy_csv(report.path, columns, pieces, lambda done: report(done, total))
        else:
            sheet = Sheet(_("Pupils"), columns, chain.from_iterable(pieces), [part.width for part in parts])
            sheets = [sheet, _about(total, left_out, purpose)]
            write_xlsx(report.path, sheets, lambda done: report(min(done, total), total))
        words = [_("pupils"), school_year_label(year), *([str(left_out), _("left-out")] if left_out else [])]
        return f"{'-'.join(words)}.{wanted['format']}"


def _in_pieces(leaving, year, parts):
    """The lines of those who leave, some pupils at a time, in their order."""
    cells = [part.value() for part in parts]
    for piece in leaving.in_pieces(AT_ONCE):
        rows = Enrolment.outgoing.of(piece).filter(school_year=year)
        yield rows.order_by("pupil__sort_name", "pupil_id").values_list(*cells)


def _about(written, left_out, purpose) -> Sheet:
    said = ngettext("%(count)d pupil is left out", "%(count)d pupils are left out", left_out) % {"count": left_out}
    rows = [
        [_("Pupils in this file"), written],
        [_("Left out"), said],
        [_("Why"), _("Only pupils whose family agreed are in this file.")],
        [_("For"), str(Purpose(purpose).label)],
    ]
    return Sheet(_("About this file"), ["", ""], rows, (30, 70))
