"""Which column says what: guessed from the names that French school programs give, and from what stands beside it."""

import hashlib
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from participants.accounts.text import fold

FIELDS = {
    "last_name": _("last name"),
    "first_name": _("first name"),
    "full_name": _("last and first name in one column"),
    "birth_date": _("date of birth"),
    "sex": _("sex"),
    "class_name": _("class"),
    "level": _("level"),
    "mef": _("MEF"),
    "email": _("pupil’s own e-mail address"),
    "scholarship": _("scholarship holder"),
    "guardian1_name": _("first guardian: last and first name"),
    "guardian1_last": _("first guardian: last name"),
    "guardian1_first": _("first guardian: first name"),
    "guardian1_email": _("first guardian: e-mail address"),
    "guardian2_name": _("second guardian: last and first name"),
    "guardian2_last": _("second guardian: last name"),
    "guardian2_first": _("second guardian: first name"),
    "guardian2_email": _("second guardian: e-mail address"),
}
PUPIL = r"(?: (?:de l )?eleve)?"
# Better names of the same field come first.
SPELLINGS = [
    ("last_name", rf"nom de famille{PUPIL}|nom de naissance|nom patronymique|nom{PUPIL}|last name|surname|family name"),
    ("last_name", rf"nom d usage{PUPIL}|nom usuel"),
    ("first_name", rf"prenom{PUPIL}|prenoms?(?: 1)?|premier prenom|prenom usuel|first name|given name"),
    ("full_name", rf"eleves?|nom (?:et )?prenoms?{PUPIL}|nom complet|identite|pupil|student|name"),
    ("birth_date", r"nee?(?: e)? le|date (?:de )?naiss(?:ance)?|naissance|ddn|date of birth|birth date|born"),
    ("sex", r"sexe|genre|sex"),
    ("class_name", r"classes?|(?:code )?div(?:ision)?|(?:code|lib|libelle) (?:classe|division|structure)|class"),
    ("level", r"niveau|level|niveau de formation"),
    ("mef", r"mef|(?:code|lib|libelle) mef|mef (?:code|libelle)|formation"),
    ("scholarship", r"boursiere?|bourse|boursier e|scholarship"),
]
MAIL = re.compile(r"\b(?:e ?mail|mail|mel|courriel)\b")
GUARDIAN = re.compile(r"\b(?:resp|responsables?|representants?|parents?|tuteur|legal|mere|pere|guardian)\d?\b")
OTHER = re.compile(r"\b(?:tel|telephone|portable|mobile|adresse postale|code postal|ville|commune|lien|civilite|pcs)\b")
# The column that our own file of refused lines adds.
REASON = {"motif du refus", "why it was refused"}
FIRST_LINES = 40


@dataclass(frozen=True)
class Found:
    """The line that names the columns, and what each is taken for."""

    place: int
    names: list[str]
    guess: dict[str, int]


def spelled(name: str) -> str:
    """A name in one spelling: “Né(e) le” is `ne e le`."""
    return re.sub("[^a-z0-9]+", " ", fold(name)).strip()


def fingerprint(names: list[str]) -> str:
    """The same for two files of the same program, whatever is in them."""
    return hashlib.sha256("|".join(spelled(name) for name in names).encode()).hexdigest()


def find_header(rows: list[list[str]]) -> Found | None:
    """The line among the first ones that names most columns that we know; nothing when no line names a person."""
    best = None
    for place, cells in enumerate(rows[:FIRST_LINES]):
        found = guess(cells)
        if {"last_name", "full_name", "first_name"} & found.keys() and len(found) > (len(best.guess) if best else 1):
            best = Found(place, cells, found)
    return best


def guess(names: list[str]) -> dict[str, int]:
    """Field -> place of its column, for what the names say."""
    written = [spelled(name) for name in names]
    found: dict[str, int] = {}
    for field, pattern in SPELLINGS:
        for place, name in enumerate(written):
            if re.fullmatch(pattern, name):
                found.setdefault(field, place)
    for place, name in enumerate(written):
        if place not in found.values() and (field := _of_family(name, written[place - 1] if place else "")):
            found.setdefault(field, place)
    if "last_name" in found and "first_name" in found:
        found.pop("full_name", None)
    elif "last_name" in found and "full_name" not in found and "first_name" not in found:
        found["full_name"] = found.pop("last_name")
    return found


def _of_family(name, before):
    """The field of a guardian's or a mail column. A mail column beside a guardian is the guardian's."""
    is_mail = bool(MAIL.search(name)) or "adresse electronique" in name
    if OTHER.search(name) or ("adresse" in name and not is_mail):
        return None
    if GUARDIAN.search(name):
        return f"guardian{_which(name)}_{'email' if is_mail else _part(name)}"
    if is_mail and GUARDIAN.search(before) and not MAIL.search(before):
        return f"guardian{_which(before)}_email"
    return "email" if is_mail else None


def _which(name):
    if found := re.search(r"[12]", name):
        return found[0]
    return "2" if re.search(r"\bpere\b|\bsecond", name) else "1"


def _part(name):
    has_first, has_last = "prenom" in name, re.search(r"\bnom\b", name)
    return "first" if has_first and not has_last else "last" if has_last and not has_first else "name"
