"""Who answers for a booking, and how a letter finds them again: a school contact or a member of the family by their
account, a family without account or a guest of the open public by the address on their row."""

from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.correspondence import addressees
from participants.correspondence.addressees import Addressee
from participants.people.addressees import GUARDIAN, PUPIL
from participants.people.addressees import of as addressee_of
from participants.people.models import Guardian, Pupil
from programs.activities.models import Guest

GUEST = "activities.guest"
# A guest has no name: what stands behind the greeting.
UNNAMED = {"fr": "à vous", "en": "there"}
MODELS = {GUARDIAN: Guardian, PUPIL: Pupil, GUEST: Guest}


def register() -> None:
    """Make guests known as somebody to write to."""
    addressees.register(GUEST, find_guest)


def find_guest(number: int) -> Addressee | None:
    guest = Guest.objects.filter(pk=number).exclude(email="").first()
    return _of_guest(guest) if guest else None


def _of_guest(guest) -> Addressee:
    reference = addressees.reference(GUEST, guest.pk)
    return Addressee(reference, UNNAMED[guest.language], guest.email, guest.language, is_of_family=False)


def people_of(booking) -> list[User | Addressee]:
    """Whom to write to about a booking; nobody where staff booked for a class and named no contact."""
    if booking.guest_id:
        return [_of_guest(booking.guest)] if booking.guest.email else []
    by = booking.booked_by
    if by and (by.can(Permission.REQUEST_MAKE) or is_of_family(by, booking)):
        return [by]
    return _family(booking.pupil) if booking.pupil_id else []


def is_of_family(user, booking) -> bool:
    """Whether this account is the pupil's own, or of one of the guardians."""
    if booking.pupil_id is None:
        return False
    return booking.pupil.user_id == user.pk or booking.pupil.guardianships.filter(guardian__user=user).exists()


def _family(pupil):
    """The guardians who can be reached, else the pupil from 15."""
    links = pupil.guardianships.select_related("guardian").order_by("rank")
    found = [addressee for link in links if (addressee := addressee_of(link.guardian))]
    own = None if found else addressee_of(pupil)
    return [*found, own] if own else found


def person_behind(recipient):
    """The row behind somebody who is written to: the user, the guardian, the pupil or the guest."""
    if not isinstance(recipient, Addressee):
        return recipient
    kind, _colon, number = recipient.reference.partition(":")
    return MODELS[kind].objects.get(pk=int(number))
