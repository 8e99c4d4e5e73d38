"""What one cell of an official file says: a clean value, None for nothing, or a reason why it cannot be."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from participants.accounts.text import fold
from participants.organisations.uai import UAI_ALPHABET, is_siret, normalise_uai, uai_key

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
COMMUNE_CODE = re.compile(r"\d{5}|2[AB]\d{3}", re.ASCII)
FRENCH_BOX = ((-90, 90), (-180, 180))
is_url = URLValidator(schemes=["http", "https"])


class DoubtError(ValueError):
    """A cell that cannot be taken as it stands; the message is the reason."""


def text(cell: str, limit: int = 1000) -> str | None:
    """Without control characters and double blanks; None when nothing is left."""
    clean = " ".join(CONTROL.sub(" ", cell).split())
    if len(clean) > limit:
        raise DoubtError(_("“%(start)s…” is longer than %(limit)d characters") % {"start": clean[:30], "limit": limit})
    return clean or None


def uai(cell: str) -> str:
    """A UAI with the right key; says what is wrong with another one."""
    code = normalise_uai(text(cell, 100) or "")
    if not code:
        raise DoubtError(_("there is no UAI"))
    if not re.fullmatch(r"\d{7}[A-Z]", code, re.ASCII):
        raise DoubtError(_("“%(code)s” is not seven digits and a letter") % {"code": code})
    key = uai_key(code[:7])
    if code[7] not in UAI_ALPHABET or code[7] != key:
        raise DoubtError(_("the key of %(code)s would be %(key)s") % {"code": code, "key": key})
    return code


def other_uai(cell: str) -> str | None:
    """The UAI of another school, if there is one."""
    return uai(cell) if text(cell) else None


def whole_number(cell: str) -> int | None:
    number = text(cell, 40)
    if number is None or not known(number):
        return None
    if not re.fullmatch(r"\d{1,6}([.,]0+)?", number, re.ASCII):
        raise DoubtError(_("“%(number)s” is not a whole number") % {"number": number})
    return int(re.split("[.,]", number)[0])


def ips(cell: str) -> Decimal | None:
    """A social position index between 30 and 200; NS (not published) is unknown."""
    number = text(cell, 40)
    if number is None or not known(number):
        return None
    try:
        value = Decimal(number.replace(",", ".")).quantize(Decimal("0.1"))
    except InvalidOperation:
        value = Decimal(0)
    if not 30 <= value <= 200:
        raise DoubtError(_("“%(number)s” is not an IPS") % {"number": number})
    return value


def known(cell: str) -> bool:
    return fold(cell) not in {"ns", "nd", "na", "n/a", "s", "-", "secret", "null", "none", "nan"}


def flag(cell: str) -> bool | None:
    return {"1": True, "0": False, "oui": True, "non": False, "true": True, "false": False}.get(fold(cell))


def code(cell: str, digits: int, pattern: str) -> str | None:
    """A code that spreadsheets rob of its leading zeros; None when it is none."""
    written = (text(cell, 40) or "").upper().replace(" ", "")
    padded = written.zfill(digits) if written else ""
    return padded if re.fullmatch(pattern, padded, re.ASCII) else None


def siret(cell: str) -> str | None:
    number = re.sub(r"\s", "", text(cell, 40) or "")
    if not number:
        return None
    if not re.fullmatch(r"\d{14}", number, re.ASCII):
        raise DoubtError(_("“%(number)s” is not fourteen digits") % {"number": number})
    return number


def siret_doubt(number: str | None) -> str:
    """Why a SIRET that is kept may be wrong: some of the official ones are."""
    return "" if number is None or is_siret(number) else _("the key of SIRET %(number)s is wrong") % {"number": number}


def email(cell: str) -> str | None:
    address = text(cell, 254)
    return _checked(validate_email, address.lower()) if address else None


def website(cell: str) -> str | None:
    address = text(cell, 190)
    if not address:
        return None
    return _checked(is_url, address if re.match("https?://", address, re.I) else f"http://{address}")


def _checked(check, value):
    try:
        check(value)
    except ValidationError as error:
        raise DoubtError(_("“%(value)s” is no valid address") % {"value": value}) from error
    return value


def position(latitude: str, longitude: str, both: str = "") -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, from two cells or from one such as `48.95, 2.36`; both or neither."""
    if not text(latitude) and text(both):
        latitude, _comma, longitude = both.partition(",")
    if not text(latitude) or not text(longitude):
        return None, None
    try:
        place = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError:
        place = (999.0, 999.0)
    if not all(low <= degrees <= high for degrees, (low, high) in zip(place, FRENCH_BOX, strict=True)):
        raise DoubtError(
            _("“%(latitude)s, %(longitude)s” is not a position")
            % {"latitude": latitude[:20], "longitude": longitude[:20]}
        )
    return place


def day(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat((text(cell) or "")[:10])
    except ValueError:
        return None


def starting_year(cell: str) -> int | None:
    """The year in which a school year starts: `2022-2023`, `2022` or `rentrée 2022`."""
    found = re.search(r"(?<!\d)(20\d\d)(?!\d)", text(cell) or "", re.ASCII)
    return int(found[1]) if found else None
