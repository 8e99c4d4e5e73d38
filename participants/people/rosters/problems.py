"""What can be wrong with a list or one of its lines, and what helps: codes are kept, sentences are said when shown."""

from django.utils.translation import gettext_lazy as _

SAVE_AGAIN = _("Save the list as XLSX or CSV in your spreadsheet program and send that.")
USE_TEMPLATE = _("Take our template, or an export of SIECLE, Pronote or École Directe.")

# code -> (reason, remedy)
OF_FILE = {
    "empty": (_("The file is empty."), USE_TEMPLATE),
    "too_large": (
        _("The file is larger than 10 MB."),
        _("A class list is much smaller: send only the list of pupils."),
    ),
    "not_a_list": (_("This is neither a spreadsheet nor a CSV file, whatever its name."), SAVE_AGAIN),
    "old_or_locked": (
        _("This file is protected by a password, or in the old XLS format."),
        _("Open it, take the password off and save it as XLSX."),
    ),
    "locked": (_("This file is protected by a password."), _("Open it, take the password off and save it again.")),
    "macros": (_("This file holds macros (small programs)."), _("Save it as XLSX, which holds none.")),
    "formulas": (
        _("This file holds formulas: what they say depends on the program that opens them."),
        _("Copy the cells, paste them as values, save and send that."),
    ),
    "entities": (_("This file holds XML declarations that no spreadsheet program writes."), SAVE_AGAIN),
    "bomb": (_("Unpacked, this file would be far larger than a class list."), SAVE_AGAIN),
    "damaged": (_("This file is damaged or too heavy to be read."), SAVE_AGAIN),
    "null_bytes": (
        _("The file holds null bytes: it is not a text in UTF-8."),
        _("Save it as CSV in UTF-8, or as XLSX."),
    ),
    "encoding": (
        _("Some letters are damaged: the file is neither UTF-8 nor Windows-1252."),
        _("Save it as CSV in UTF-8, or as XLSX."),
    ),
    "not_csv": (_("A quotation mark opens and never closes."), SAVE_AGAIN),
    "too_many_columns": (
        _("The file has more than 100 columns."),
        _("Keep the columns of the list and send it again."),
    ),
    "too_many_lines": (_("The file has more than 5,000 lines."), _("Send the list in several files.")),
    "cell_too_long": (_("A cell holds more than 1,000 characters."), _("Keep the list of pupils only.")),
    "no_header": (_("No line names the columns (last name, first name, date of birth)."), USE_TEMPLATE),
    "no_lines": (_("There is no pupil below the names of the columns."), USE_TEMPLATE),
    "unread": (_("The file is no longer here."), _("Send it again.")),
}
OF_LINE = {
    "no_last_name": (_("The last name is missing."), _("Write it and send this line again.")),
    "no_first_name": (_("The first name is missing."), _("Write it and send this line again.")),
    "name_not_split": (
        _("Which part is the last name cannot be told."),
        _("Write the last name in capitals, then the first name: DUPONT Jean."),
    ),
    "not_a_name": (_("This is not a name."), _("Letters, hyphens and apostrophes only, 80 at most.")),
    "no_birth_date": (_("The date of birth is missing."), _("Write it as day/month/year.")),
    "not_a_date": (_("This is not a date."), _("Write it as day/month/year, for example 14/03/2010.")),
    "no_such_day": (_("This day does not exist."), _("Check the day and the month.")),
    "not_school_age": (_("At this age nobody is in this school."), _("Check the year.")),
    "not_a_class": (
        _("This is not the name of a class."),
        _("40 characters at most, beginning with a letter or a digit."),
    ),
    "two_lines": (
        _("Line %(line)s says something else about the same pupil."),
        _("Keep one of the two lines."),
    ),
    "elsewhere": (
        _("The center must settle this line: the pupil may be enrolled in another school this year."),
        _("Write to the center. The other lines can be taken now."),
    ),
    "taken_twice": (
        _("Another line was already matched with the same pupil."),
        _("Check both lines, and correct or remove one of them."),
    ),
}
REMARKS = {
    "mail_not_taken": _("An e-mail address was not understood and is left out."),
    "guardian_not_split": _("A guardian’s name could not be told into last and first name: this guardian is left out."),
    "two_guardians_known": _("Two guardians are already known: the one of the file is left out."),
    "sex_not_taken": _("The sex was not understood and stays “not given”."),
    "shared_keeps_address": _(
        "A guardian with a child in another school keeps the address that we know. Ask the coordinators to correct it."
    ),
    "account_keeps_address": _("A guardian with an account keeps the address of the account."),
}


class BadFile(Exception):  # noqa: N818 - what it is, in two words
    """A file that is no list that can be read; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def of_file(code: str) -> tuple[str, str]:
    """Reason and remedy of a refused file."""
    reason, remedy = OF_FILE[code]
    return str(reason), str(remedy)


def of_line(problem: dict) -> dict:
    """A kept problem in words: column, what stands there, reason, remedy."""
    reason, remedy = OF_LINE[problem["code"]]
    return {
        "column": problem.get("column", ""),
        "cell": problem.get("cell", ""),
        "reason": str(reason) % problem if "%(" in str(reason) else str(reason),
        "remedy": str(remedy),
    }
