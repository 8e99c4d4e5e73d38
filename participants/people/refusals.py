"""Why a line of a list is not taken, and what to do about it: a sentence each, whatever the way it came in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.people.columns import COLUMNS

# code -> (reason, remedy)
REFUSALS = {
    "missing": (gettext_lazy("The cell is empty."), gettext_lazy("Fill it in.")),
    "too_long": (
        gettext_lazy("The text is too long."),
        gettext_lazy("Shorten it: 80 letters for a name, 40 for a class."),
    ),
    "no_letters": (gettext_lazy("There is no letter in it."), gettext_lazy("Write the name in full.")),
    "not_a_date": (gettext_lazy("This is not a date."), gettext_lazy("Write it like 31/12/2010 or 2010-12-31.")),
    "not_plausible": (gettext_lazy("Nobody here is born on that day."), gettext_lazy("Check the year.")),
    "not_a_uai": (
        gettext_lazy("This is not a UAI."),
        gettext_lazy("Write seven digits and a letter, such as 0932030B."),
    ),
    "wrong_key": (
        gettext_lazy("The letter does not fit the digits of this UAI."),
        gettext_lazy("Check digits and letter."),
    ),
    "unknown_school": (
        gettext_lazy("No school of yours has this UAI."),
        gettext_lazy("Check the UAI, or ask the center for the school."),
    ),
    "not_a_school_year": (gettext_lazy("This is not a school year."), gettext_lazy("Write it like 2026-2027.")),
    "not_an_address": (gettext_lazy("This is not an e-mail address."), gettext_lazy("Correct it, or leave it empty.")),
    "not_an_answer": (
        gettext_lazy("This is none of the answers."),
        gettext_lazy("Take a word that the page of pupils uses, or leave it empty."),
    ),
    "several_pupils": (
        gettext_lazy("Several pupils of this school have this name and date of birth."),
        gettext_lazy("Change the right one on their page."),
    ),
    "known_elsewhere": (
        gettext_lazy("A pupil of this name and date of birth is known at another school."),
        gettext_lazy(
            "If it is the same, add the UAI of the former school; if not, enter this one on the page of pupils."
        ),
    ),
    "maybe_known": (
        gettext_lazy("It looks like a pupil who is on record."),
        gettext_lazy(
            "If it is the same, write name and day of birth as on record, or correct the record; if not, write yes in a"
            " column “another person”."
        ),
    ),
    "not_at_former": (
        gettext_lazy("No pupil of this name and date of birth is known at the former school."),
        gettext_lazy("Check name, date and UAI, or leave the former school empty."),
    ),
    "twice": (
        gettext_lazy("An earlier line is about the same pupil."),
        gettext_lazy("Keep one line for each pupil; homonyms born on one day are entered on the page of pupils."),
    ),
}


def sentences(refusals: str) -> list[tuple[str, str, str]]:
    """Column, reason and remedy of each refusal of a line, from `column:code column:code`."""
    found = []
    for refusal in refusals.split():
        column, _colon, code = refusal.partition(":")
        reason, remedy = REFUSALS[code]
        found.append((str(COLUMNS[column].label), str(reason), str(remedy)))
    return found


def said(refusals: str) -> str:
    """The same in one text, for a table of few columns."""
    return " ".join(
        _("%(column)s: %(reason)s %(remedy)s") % {"column": column, "reason": reason, "remedy": remedy}
        for column, reason, remedy in sentences(refusals)
    )
