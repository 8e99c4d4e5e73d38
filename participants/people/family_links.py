"""Personal links of guardians and pupils who have no account: one address that opens one page, for fourteen days.

A link names a guardian or a pupil and its end; it is signed with the site's secret and the row's `link_key`, so raising
that key takes every link of the person back at once. Whatever is wrong with a link, nothing is found.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from participants.people.ages import DECIDES_ALONE
from participants.people.models import Guardian, Pupil

SEPARATOR = "."
LASTS = timedelta(days=14)
KINDS = {"g": Guardian, "p": Pupil}


@dataclass(frozen=True)
class FamilyLink:
    """Whom a link speaks for: a guardian, or a pupil who decides alone."""

    guardian: Guardian | None
    pupil: Pupil | None
    token: str

    @property
    def person(self) -> Guardian | Pupil:
        return self.guardian or self.pupil


def sign(person: Guardian | Pupil, *, expires: datetime | None = None) -> str:
    """The token of a link for this person, fourteen days from now unless told otherwise."""
    letter = "g" if isinstance(person, Guardian) else "p"
    end = int((expires or timezone.now() + LASTS).timestamp())
    return _signer(letter, person.link_key).sign(SEPARATOR.join([letter, str(person.pk), str(end)]))


def read(token: str) -> FamilyLink | None:
    """Whom a token speaks for; nothing when it is forged, too old, taken back, or the person may not act any more."""
    try:
        letter, number, end = token.split(SEPARATOR)[:3]
        person = KINDS[letter].objects.get(pk=int(number))
        _signer(letter, person.link_key).unsign(token)
        is_over = int(end) < timezone.now().timestamp()
    except (ValueError, KeyError, OverflowError, Guardian.DoesNotExist, Pupil.DoesNotExist, BadSignature):
        return None
    if is_over:
        return None
    if letter == "g":
        return FamilyLink(person, None, token)
    return None if person.is_statistic or person.age < DECIDES_ALONE else FamilyLink(None, person, token)


def _signer(letter, link_key):
    return Signer(sep=SEPARATOR, salt=f"people.family:{letter}:{link_key}")
