"""One cell at a time: names, dates, sex, addresses as French school programs write them. What is not sure is not taken."""

import datetime as dt
import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from participants.accounts.text import fold
from participants.correspondence.spreadsheet import plain

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f]")
APOSTROPHES = str.maketrans("’‘ʼ´`‐‑–", "'''''---")
TITLES = re.compile(r"^(?:m|mr|mme|mlle|monsieur|madame|mademoiselle)\.?\s+", re.IGNORECASE)
PARTICLES = {"de", "du", "des", "d", "la", "le", "les", "van", "von", "ben", "el", "al", "da", "dos"}
MALE = {"m", "g", "h", "1", "masculin", "masc", "garcon", "homme", "male", "boy", "monsieur"}
FEMALE = {"f", "2", "feminin", "fem", "fille", "femme", "female", "girl", "mme", "mlle", "madame"}
YES = {"oui", "o", "yes", "y", "1", "vrai", "true", "x", "boursier", "boursiere"}
NO = {"non", "n", "no", "0", "faux", "false", "non boursier", "non boursiere"}
EXCEL_ZERO = dt.date(1899, 12, 30)
LONGEST_NAME = 80


def clean(text: str) -> str:
    """The text without what cannot be seen: no-break and double spaces, marks of direction, our own apostrophe."""
    text = unicodedata.normalize("NFC", plain(text))
    return " ".join(UNSEEN.sub(lambda found: " " if found[0] in "\t\n\r\u2028\u2029" else "", text).split())


def is_name(text: str) -> bool:
    """Whether only signs of names stand in it."""
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and len(text) <= LONGEST_NAME and all(
        sign.isalpha() or sign in " '-." or unicodedata.combining(sign) for sign in text
    )  # fmt: skip


def proper(text: str, *, is_last: bool = False) -> str:
    """A name written in capitals (or none) as people write it; one that has both is left as it is."""
    text = text.translate(APOSTROPHES)
    text = re.sub(r"\s*-\s*", "-", text)
    text = re.sub(r"\s*'\s*", "'", text)
    if text not in {text.upper(), text.lower()}:
        return text
    parts = re.split("([ '-])", text.lower())
    written = "".join(part[:1].upper() + part[1:] for part in parts)
    return re.sub(r"^(De (?=\w)|D'(?=\w))", lambda found: found[0].lower(), written) if is_last else written


def split_name(text: str) -> tuple[str, str] | None:
    """Last and first name of “DUPONT Jean-Marie”, “Jean-Marie DUPONT”, “Dupont, Jean”; None when it cannot be told."""
    text = TITLES.sub("", text.translate(APOSTROPHES)).strip()
    if text.count(",") == 1:
        last, first = (part.strip() for part in text.split(","))
        return (last, first) if last and first else None
    words = text.split()
    loud = [_is_loud(word) for word in words]
    if all(loud):
        return (words[0], words[1]) if len(words) == 2 else None
    if not any(loud):
        return None
    first_loud, last_loud = loud.index(True), len(loud) - 1 - loud[::-1].index(True)
    if not all(loud[first_loud : last_loud + 1]):
        return None
    before, after = words[:first_loud], words[last_loud + 1 :]
    if all(word.rstrip("'").lower() in PARTICLES for word in before):
        first_loud, before = 0, []
    last = " ".join(words[first_loud : last_loud + 1]).upper()
    if bool(before) == bool(after):
        return None
    return last, " ".join(before or after)


def _is_loud(word):
    return word == word.upper() and word != word.lower()


def read_date(text: str, *, school_year: int) -> dt.date | str:
    """A date of birth, or the code of what is wrong with it."""
    if found := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?", text):
        day, month, year = found.groups()
        year = int(year) if len(year) == 4 else _century(int(year), school_year)
        return _day(year, int(month), int(day))
    if found := re.fullmatch(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", text):
        return _day(*map(int, found.groups()))
    if re.fullmatch(r"[2-5]\d{4}(?:[.,]0+)?", text):
        return EXCEL_ZERO + dt.timedelta(days=int(text[:5]))
    return "not_a_date"


def _century(year, school_year):
    return 2000 + year if 2000 + year <= school_year else 1900 + year


def _day(year, month, day):
    try:
        return dt.date(year, month, day)
    except ValueError:
        return "no_such_day"


def read_sex(text: str) -> str | None:
    """F, M, N when the cell is empty, None when it says something else."""
    word = fold(text).rstrip(".")
    if not word:
        return "N"
    return "M" if word in MALE else "F" if word in FEMALE else None


def read_answer(text: str) -> str:
    """yes, no or unknown."""
    word = fold(text)
    return "yes" if word in YES else "no" if word in NO else "unknown"


def read_mail(text: str) -> str | None:
    """The first address of the cell, empty when there is none, None when it is no address."""
    words = re.split(r"[;,\s]+", text.removeprefix("mailto:"))
    address = next((word for word in words if word), "").lower()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return None
    return address if len(address) <= 254 else None
