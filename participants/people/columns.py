"""The columns of a list of pupils, as people outside know them, and what each cell of one may say.

An empty cell says nothing. Headings and answers are understood in French and in English, in any case, with or without
accents. A cell that cannot be taken is refused with a code; `refusals.py` has the sentences.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.accounts.text import fold
from participants.organisations.levels import Level
from participants.organisations.uai import normalise_uai, uai_key
from participants.people.models.enrolment import Answer, Enrolment, SocialOrigin, Track
from participants.people.models.pupil import Sex

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
YEAR = re.compile(r"(20\d\d)(?:\s*[-/–]\s*(?:20)?(\d\d))?", re.ASCII)
DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?)?", re.ASCII)
OLDEST = dt.date(1990, 1, 1)
REMEMBERED = 50_000


class CellError(ValueError):
    """A cell that cannot be taken; the message is the code of the refusal."""


def name(cell: str) -> str:
    """A name without control characters and double blanks."""
    clean = words(cell)
    if len(clean) > 80:
        raise CellError("too_long")
    if not fold(clean):
        raise CellError("no_letters")
    return clean


def class_name(cell: str) -> str:
    clean = words(cell)
    if len(clean) > 40:
        raise CellError("too_long")
    return clean


def words(cell: str) -> str:
    return " ".join(CONTROL.sub(" ", cell).split())


def day_of_birth(cell: str) -> dt.date:
    """31/12/2010 or 2010-12-31."""
    text = words(cell)
    if found := DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        raise CellError("not_a_date")
    try:
        born = dt.date(year, month, day)
    except ValueError:
        raise CellError("not_a_date") from None
    if not OLDEST <= born <= dt.date.today():  # noqa: DTZ011 - a day of difference says nothing here
        raise CellError("not_plausible")
    return born


def uai(cell: str) -> str:
    code = normalise_uai(words(cell))
    if not re.fullmatch(r"\d{7}[A-Z]", code, re.ASCII):
        raise CellError("not_a_uai")
    if code[7] != uai_key(code[:7]):
        raise CellError("wrong_key")
    return code


def school_year(cell: str) -> int:
    """2026, 2026-2027 or 2026/27."""
    found = YEAR.fullmatch(words(cell))
    if not found or (found[2] and int(found[2]) != (int(found[1]) + 1) % 100):
        raise CellError("not_a_school_year")
    return int(found[1])


def email(cell: str) -> str:
    text = words(cell)
    try:
        validate_email(text)
    except ValidationError:
        raise CellError("not_an_address") from None
    if len(text) > 254:
        raise CellError("too_long")
    return text


@dataclass(frozen=True)
class Column:
    """A column: its name in code, its heading, other headings that schools use, and how a cell is read."""

    code: str
    label: Promise
    others: tuple[str, ...] = ()
    read: Callable[[str], object] = name
    choices: type | None = None
    answers: dict[str, str] = field(default_factory=dict)
    required: bool = False
    sql_type: str = "text"

    def headings(self) -> set[str]:
        """Every heading that means this column, folded."""
        return {fold(text) for text in (self.code, *self.others, *in_both_languages(self.label))}

    def reader(self) -> Callable[[str], object]:
        """How a cell is read, remembering what it has read: most cells of a long list are alike."""
        known: dict[str, object] = {}
        read = self.one_of if self.choices else self.read

        def remembering(cell):
            if cell in known:
                return known[cell]
            found = read(cell)
            if len(known) < REMEMBERED:
                known[cell] = found
            return found

        return remembering

    def one_of(self, cell: str) -> str:
        """The code of an answer, from its code or its words."""
        found = self.spellings().get(fold(words(cell)))
        if found is None:
            raise CellError("not_an_answer")
        return found

    def spellings(self) -> dict[str, str]:
        known = dict(self.answers)
        for value, label in self.choices.choices:
            known |= {fold(text): value for text in (value, *in_both_languages(label))}
        return known

    def label_of(self, value) -> str:
        """What a file says for a value, in the active language."""
        return str(dict(self.choices.choices)[value]) if self.choices else value


def in_both_languages(text) -> list[str]:
    found = []
    for language in ("fr", "en"):
        with translation.override(language):
            found.append(str(text))
    return found


YES_NO = {
    "o": "yes",
    "oui": "yes",
    "y": "yes",
    "1": "yes",
    "x": "yes",
    "non": "no",
    "n": "no",
    "0": "no",
    "?": "unknown",
}
SEXES = {"g": "M", "h": "M", "m": "M", "masculin": "M", "garcon": "M", "f": "F", "feminin": "F", "fille": "F"}
LEVELS = {
    "6eme": "6E", "sixieme": "6E", "5eme": "5E", "cinquieme": "5E", "4eme": "4E", "quatrieme": "4E",
    "3eme": "3E", "troisieme": "3E", "2de": "2GT", "2nde": "2GT", "seconde": "2GT", "terminale generale": "TG",
    "premiere generale": "1G", "1ere generale": "1G", "premiere technologique": "1T", "terminale technologique": "TT",
    "seconde professionnelle": "2PRO", "premiere professionnelle": "1PRO", "terminale professionnelle": "TPRO",
}  # fmt: skip

COLUMNS: dict[str, Column] = {
    column.code: column
    for column in [
        Column("last_name", _("last name"), ("nom", "nom de famille", "surname"), required=True),
        Column("first_name", _("first name"), ("prénom", "prénoms", "prenom usuel"), required=True),
        Column(
            "birth_date",
            _("date of birth"),
            ("né le", "née le", "né(e) le", "date naissance"),
            day_of_birth,
            required=True,
            sql_type="date",
        ),
        Column("sex", _("sex"), ("genre", "civilité"), choices=Sex, answers=SEXES),
        Column("email", _("own e-mail address"), ("e-mail", "email", "courriel", "mail"), email),
        Column(
            "uai",
            _("UAI of the school"),
            ("RNE", "UAI", "code UAI", "code établissement", "UAI établissement"),
            uai,
            required=True,
        ),
        Column("former_uai", _("UAI of the former school"), ("ancien UAI", "UAI d’origine"), uai),
        Column("school_year", _("school year"), ("année", "year"), school_year, sql_type="smallint"),
        Column("class_name", _("class"), ("division", "groupe"), class_name),
        Column("level", _("level"), ("MEF", "niveau scolaire"), choices=Level, answers=LEVELS),
        Column("state", _("state"), choices=Enrolment.State),
        Column("track", _("track"), ("voie", "série"), choices=Track),
        Column("scholarship", _("scholarship holder"), ("bourse", "boursier"), choices=Answer, answers=YES_NO),
        Column(
            "priority_neighbourhood",
            _("lives in a priority neighbourhood"),
            ("QPV", "quartier prioritaire", "neighbourhood"),
            choices=Answer,
            answers=YES_NO,
        ),
        Column(
            "first_generation",
            _("first of the family in higher education"),
            ("première génération", "first generation"),
            choices=Answer,
            answers=YES_NO,
        ),
        Column("social_origin", _("social background"), ("PCS", "origine sociale"), choices=SocialOrigin),
        # The answer to a doubtful line; says nothing about the pupil.
        Column("is_new", _("another person"), ("autre personne",), choices=Answer, answers=YES_NO),
    ]
}


@dataclass(frozen=True)
class Layout:
    """Which column stands at which place of a file, and the headings that mean nothing to us."""

    places: dict[str, int]
    unknown: list[str]
    missing: list[Column]

    @classmethod
    def of(cls, headings: Iterable[str]) -> "Layout":
        meanings = {heading: code for code, column in COLUMNS.items() for heading in column.headings()}
        places: dict[str, int] = {}
        unknown = []
        for place, heading in enumerate(headings):
            code = meanings.get(fold(words(heading)))
            if code is None or code in places:
                unknown.append(heading)
            else:
                places[code] = place
        return cls(
            places, unknown, [column for code, column in COLUMNS.items() if column.required and code not in places]
        )

    def reader(self) -> Callable[[list[str]], list]:
        """A function from the cells of a line to the values of all columns, the name as it stands in the file where it
        had to be cleaned, and the codes of what is refused."""
        last, first = self.places["last_name"], self.places["first_name"]
        steps = [
            (code, self.places.get(code, -1), column.reader(), column.required) for code, column in COLUMNS.items()
        ]

        def read(cells):
            values, refusals = [], []
            for code, place, reader, required in steps:
                cell = cells[place] if 0 <= place < len(cells) else ""
                value = None
                if cell and not cell.isspace():
                    try:
                        value = reader(cell)
                    except CellError as error:
                        refusals.append(f"{code}:{error}")
                elif required:
                    refusals.append(f"{code}:missing")
                values.append(value)
            return [*values, _raw_name(cells, last, first, values), " ".join(refusals)]

        return read


def _raw_name(cells, last, first, values):
    if values[0] is None or values[1] is None or (cells[last] == values[0] and cells[first] == values[1]):
        return None
    return f"{cells[last]} {cells[first]}".replace("\0", "")
