"""What each line of a list says once its columns are known: facts about a pupil, or what is wrong and where."""

import datetime as dt
import re
from dataclasses import dataclass, field

from participants.accounts.text import fold
from participants.people.rosters import cells as read
from participants.people.rosters.levels import level_of

# Lines that count pupils instead of naming one.
TOTAL = re.compile(
    r"^(?:sous )?total\b|^effectifs?\b|^nombre d|^\d+ eleves?$|^page \d|^edite le|^imprime le|^date d edition"
)
AGES = (8, 30)
SEPARATORS = str.maketrans("", "", " -'.")


@dataclass
class Line:
    """One line: its number, what it says, or why it is refused; remarks tell what was left out of it."""

    number: int
    cells: list[str]
    facts: dict | None = None
    problems: list[dict] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_repeated: bool = False


@dataclass(frozen=True)
class Columns:
    """The names of the columns and the field that each was taken for."""

    names: list[str]
    mapping: dict[str, int]
    school_year: int
    kind_of_school: str = ""


def key_of(text: str) -> str:
    """A name without accents, capitals, hyphens, apostrophes and spaces; `matching` does the same in SQL."""
    return fold(text).translate(SEPARATORS)


def understand(rows, columns: Columns) -> list[Line]:
    """The lines that name pupils, each understood; lines of totals are no lines of the list."""
    lines = [_line(number, cells, columns) for number, cells in rows if not is_total(cells, columns)]
    _mark_repeated(lines)
    return lines


def is_total(cells: list[str], columns: Columns) -> bool:
    """“Total : 32 élèves”, “Effectif”: few cells, and the first says so."""
    filled = [read.clean(cell) for cell in cells if cell.strip()]
    if not filled:
        return True
    first = re.sub("[^a-z0-9]+", " ", fold(filled[0])).strip()
    place = columns.mapping.get("birth_date", -1)
    has_date = place < len(cells) and bool(cells[place].strip()) if place >= 0 else False
    return bool(TOTAL.match(first)) and not (has_date and len(filled) > 2)


def _line(number, cells, columns):
    line = Line(number, cells)
    reader = _Reader(line, columns)
    last, first = reader.name()
    facts = {
        "last_name": last,
        "first_name": first,
        "birth_date": reader.birth_date(),
        "sex": reader.sex(),
        "email": reader.mail("email"),
        "class_name": reader.class_name(),
        "level": reader.level(),
        "scholarship": read.read_answer(reader.cell("scholarship")),
        "guardians": [guardian for number in "12" if (guardian := reader.guardian(number))],
    }
    if not line.problems:
        line.facts = facts
    return line


class _Reader:
    """The cells of one line by the fields that they were taken for."""

    def __init__(self, line, columns):
        self._line, self._columns = line, columns

    def cell(self, name):
        place = self._columns.mapping.get(name)
        return read.clean(self._line.cells[place]) if place is not None and place < len(self._line.cells) else ""

    def _refuse(self, name, code):
        place = self._columns.mapping.get(name)
        column = self._columns.names[place] if place is not None else ""
        self._line.problems.append({"column": column, "cell": self.cell(name)[:80], "code": code})

    def _remark(self, code):
        if code not in self._line.remarks:
            self._line.remarks.append(code)

    def name(self):
        if "full_name" in self._columns.mapping:
            whole = self.cell("full_name")
            parts = read.split_name(whole)
            if not parts:
                self._refuse("full_name", "name_not_split" if whole else "no_last_name")
                return "", ""
            return self._checked("full_name", parts[0], is_last=True), self._checked("full_name", parts[1])
        names = []
        for name in ("last_name", "first_name"):
            text = self.cell(name)
            if not text:
                self._refuse(name, f"no_{name}")
            names.append(self._checked(name, text, is_last=name == "last_name") if text else "")
        return tuple(names)

    def _checked(self, name, text, *, is_last=False):
        text = read.proper(text, is_last=is_last)
        if not read.is_name(text):
            self._refuse(name, "not_a_name")
        return text

    def birth_date(self):
        text = self.cell("birth_date")
        if not text:
            self._refuse("birth_date", "no_birth_date")
            return None
        born = read.read_date(text, school_year=self._columns.school_year)
        if isinstance(born, dt.date) and not AGES[0] <= self._columns.school_year - born.year <= AGES[1]:
            born = "not_school_age"
        if isinstance(born, str):
            self._refuse("birth_date", born)
            return None
        return born.isoformat()

    def sex(self):
        sex = read.read_sex(self.cell("sex"))
        if sex is None:
            self._remark("sex_not_taken")
        return sex or "N"

    def mail(self, name):
        address = read.read_mail(self.cell(name))
        if address is None:
            self._remark("mail_not_taken")
        return address or ""

    def class_name(self):
        text = self.cell("class_name")
        if text and (len(text) > 40 or not text[0].isalnum()):
            self._refuse("class_name", "not_a_class")
        return text

    def level(self):
        """The first of level, MEF and class that is sure."""
        kind = self._columns.kind_of_school
        told = (level_of(self.cell(name), kind) for name in ("level", "mef", "class_name"))
        return next((level for level in told if level != "unknown"), "unknown")

    def guardian(self, number):
        last, first = self.cell(f"guardian{number}_last"), self.cell(f"guardian{number}_first")
        whole = self.cell(f"guardian{number}_name")
        if not (last and first):
            parts = read.split_name(whole or f"{last} {first}".strip())
            if not parts:
                if whole or last or first:
                    self._remark("guardian_not_split")
                return None
            last, first = parts
        last, first = read.proper(last, is_last=True), read.proper(first)
        if not (read.is_name(last) and read.is_name(first)):
            self._remark("guardian_not_split")
            return None
        mail = self.mail(f"guardian{number}_email")
        return {"last_name": last, "first_name": first, "email": mail, "rank": int(number)}


def _mark_repeated(lines):
    """The same pupil twice in the file: the second line says the same and is left out, or something else and is refused."""
    first_of = {}
    for line in lines:
        if line.facts is None:
            continue
        key = (key_of(line.facts["last_name"]), key_of(line.facts["first_name"]), line.facts["birth_date"])
        first = first_of.setdefault(key, line)
        if first is line:
            continue
        if first.facts == line.facts:
            line.is_repeated = True
        else:
            line.facts = None
            line.problems.append({"column": "", "cell": "", "code": "two_lines", "line": first.number})
