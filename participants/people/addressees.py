"""How guardians and pupils are written to: by the address on their own row, with or without an account."""

from participants.correspondence import addressees
from participants.correspondence.addressees import Addressee
from participants.correspondence.models import Message
from participants.people.ages import DECIDES_ALONE
from participants.people.models import Guardian, Pupil

GUARDIAN, PUPIL = "people.guardian", "people.pupil"


def of(person: Guardian | Pupil) -> Addressee | None:
    """The addressee of a guardian, or of a pupil of 15 or more; nothing without an address."""
    if not person.email:
        return None
    if isinstance(person, Guardian):
        return Addressee(addressees.reference(GUARDIAN, person.pk), str(person), person.email, person.language)
    if person.is_statistic or person.age < DECIDES_ALONE:
        return None
    return Addressee(addressees.reference(PUPIL, person.pk), person.first_name, person.email, "fr")


def find_guardian(number: int) -> Addressee | None:
    guardian = Guardian.objects.filter(pk=number, guardianships__isnull=False).first()
    return of(guardian) if guardian else None


def find_pupil(number: int) -> Addressee | None:
    pupil = Pupil.objects.named().filter(pk=number).first()
    return of(pupil) if pupil else None


def letters_to(kind: str, number: int):
    """What was written to a guardian or a pupil without an account; nothing for others."""
    named = {"guardian": GUARDIAN, "pupil": PUPIL}.get(kind)
    return Message.objects.filter(addressee=addressees.reference(named, number)) if named else Message.objects.none()


def register() -> None:
    """Make the two kinds known."""
    addressees.register(GUARDIAN, find_guardian)
    addressees.register(PUPIL, find_pupil)
