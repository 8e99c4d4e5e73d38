"""Keys of French establishments: UAI (7 digits and a check letter) and SIRET (14 digits, Luhn)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

UAI_ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 letters: no I, O, Q


def normalise_uai(code: str) -> str:
    return code.strip().upper()


def uai_key(digits: str) -> str:
    """The check letter of seven digits: the letter at (number modulo 23)."""
    return UAI_ALPHABET[int(digits) % 23]


def is_uai(code: str) -> bool:
    return bool(re.fullmatch(r"\d{7}[A-HJ-NPR-Z]", code, re.ASCII)) and uai_key(code[:7]) == code[7]


def validate_uai(code: str) -> None:
    if not is_uai(code):
        raise ValidationError(
            _("“%(code)s” is not a UAI: seven digits and the right letter, for example 0932030B."),
            code="uai",
            params={"code": code},
        )


def _luhn(number: str) -> bool:
    doubled = (int(ch) * (2 if i % 2 else 1) for i, ch in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_siret(number: str) -> bool:
    return bool(re.fullmatch(r"\d{14}", number, re.ASCII)) and _luhn(number) and _luhn(number[:9])


def validate_siret(number: str) -> None:
    if not is_siret(number):
        raise ValidationError(
            _("“%(number)s” is not a SIRET: fourteen digits with a valid check."),
            code="siret",
            params={"number": number},
        )
