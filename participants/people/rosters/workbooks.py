"""The two workbooks that we hand out: the empty template with its lists to choose from, and the lines to correct."""

import datetime as dt
import io

import xlsxwriter
from django.utils.translation import gettext as _

from participants.correspondence.spreadsheet import UNPRINTABLE
from participants.organisations.levels import Level, levels_of
from participants.organisations.models import ClassGroup, School
from participants.people.models import Roster, RosterRow
from participants.people.rosters.problems import of_line

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LINES = 500
# The template is in French: so are the schools that fill it in.
COLUMNS = [
    ("Nom", 24),
    ("Prénom", 20),
    ("Date de naissance", 18),
    ("Sexe", 8),
    ("Classe", 12),
    ("Niveau", 16),
    ("Boursier", 10),
    ("Adresse mail", 30),
    ("Responsable 1 nom", 24),
    ("Responsable 1 prénom", 20),
    ("Responsable 1 adresse mail", 30),
    ("Responsable 2 nom", 24),
    ("Responsable 2 prénom", 20),
    ("Responsable 2 adresse mail", 30),
]


def template(school: School, school_year: int) -> bytes:
    """An empty list for a school: classes and levels are chosen from what it has."""
    classes = ClassGroup.objects.filter(school=school, school_year=school_year).order_by("name")
    choices = {
        "Sexe": ["F", "M"],
        "Niveau": [Level(level).label for level in levels_of(school.kind)],
        "Boursier": ["oui", "non"],
        "Classe": list(classes.values_list("name", flat=True)),
    }
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, OPTIONS) as book:
        page, lists = book.add_worksheet("Liste"), book.add_worksheet("Choix")
        lists.hide()
        _head(book, page, [name for name, _width in COLUMNS], [width for _name, width in COLUMNS])
        for place, (name, _width) in enumerate(COLUMNS):
            if choices.get(name):
                _offer(page, lists, place, choices[name], is_open=name == "Classe")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page.set_column(2, 2, 18, day)
        page.data_validation(
            1, 2, LINES, 2,
            {"validate": "date", "criteria": "between", "minimum": _first_of(school_year - 30),
             "maximum": _first_of(school_year - 7), "error_title": "Date de naissance",
             "error_message": "Écrivez la date comme 14/03/2010."},
        )  # fmt: skip
    return packed.getvalue()


def refused_lines(roster: Roster) -> bytes:
    """The refused lines with the columns of the file and the reason, to be corrected and sent again."""
    rows = roster.rows.filter(state=RosterRow.State.REFUSED).order_by("line")
    names = [*roster.names, _("Why it was refused")]
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, OPTIONS) as book:
        page = book.add_worksheet("Liste")
        _head(book, page, names, [20] * len(roster.names) + [70])
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate([*row.cells, say_problems(row)]):
                if cell:
                    page.write_string(line, place, UNPRINTABLE.sub("", cell))
    return packed.getvalue()


def say_problems(row: RosterRow) -> str:
    """Every reason in one cell."""
    said = []
    for problem in map(of_line, row.problems):
        where = _("%(column)s: ") % problem if problem["column"] else ""
        said.append(f"{where}{problem['reason']} {problem['remedy']}")
    return " ".join(said)


def _head(book, page, names, widths):
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    page.freeze_panes(1, 0)
    for place, (name, width) in enumerate(zip(names, widths, strict=True)):
        page.set_column(place, place, width)
        page.write_string(0, place, UNPRINTABLE.sub("", name), bold)


def _offer(page, lists, place, values, *, is_open):
    """A list to choose from; where it is open something else may be typed."""
    for line, value in enumerate(values):
        lists.write_string(line, place, value)
    column = xlsxwriter.utility.xl_col_to_name(place)
    source = f"=Choix!${column}$1:${column}${len(values)}"
    page.data_validation(
        1, place, LINES, place,
        {"validate": "list", "source": source, "error_type": "information" if is_open else "stop",
         "error_title": "Choix", "error_message": "Choisissez dans la liste."},
    )  # fmt: skip


def _first_of(year):
    return dt.date(year, 1, 1)
