"""Personal links to one booking: whoever registered sees how it stands, answers an offer and gives seats back, without
signing in.

A link names a booking and the person it was written to. It is signed with the site's secret and that person's
`link_key`, so raising the key takes it back. Whatever is wrong with a link, nothing is found.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.organisations.models import School
from participants.people.ages import DECIDES_ALONE
from participants.people.models import Guardian, Pupil
from programs.activities.answerers import is_of_family
from programs.activities.models import Booking, Guest

SEPARATOR = "."
LASTS_AFTER = timedelta(days=30)
KINDS = {"u": User, "g": Guardian, "p": Pupil, "o": Guest}


@dataclass(frozen=True)
class PlaceLink:
    """A booking, and for whom the link speaks."""

    booking: Booking
    person: object

    @property
    def language(self):
        return getattr(self.person, "language", "fr")


def sign(booking, person) -> str:
    """The token of a link to this booking for this person."""
    letter = next(letter for letter, kind in KINDS.items() if isinstance(person, kind))
    return _signer(letter, person.link_key).sign(SEPARATOR.join([letter, str(person.pk), str(booking.pk)]))


def url(booking, person) -> str:
    return reverse("activities:place", args=[sign(booking, person)])


def read(token: str) -> PlaceLink:
    """What a token speaks of; Http404 when it is forged, taken back, long over, or the person has nothing to do with
    the booking any more."""
    try:
        letter, number, pk = token.split(SEPARATOR)[:3]
        person = KINDS[letter].objects.get(pk=int(number))
        _signer(letter, person.link_key).unsign(token)
        related = ("session__activity", "session__school", "session__campus", "activity", "guest", "pupil")
        booking = Booking.objects.select_related(*related, "class_group").get(pk=int(pk))
    except (ValueError, KeyError, OverflowError, BadSignature, ObjectDoesNotExist):
        raise Http404 from None
    if not answers_for(person, booking) or _is_long_over(booking):
        raise Http404
    return PlaceLink(booking, person)


def answers_for(person, booking):
    """Whether the person still has a say in the booking."""
    if isinstance(person, User):
        return person.is_active and booking.booked_by_id == person.pk and _still_speaks(person, booking)
    if isinstance(person, Guardian):
        return booking.pupil_id is not None and person.guardianships.filter(pupil=booking.pupil_id).exists()
    if isinstance(person, Pupil):
        return booking.pupil_id == person.pk and not person.is_statistic and person.age >= DECIDES_ALONE
    return booking.guest_id == person.pk and person.email != ""


def _still_speaks(user, booking):
    """A contact while the post in the school lasts, a family while it is one."""
    if booking.pupil_id and is_of_family(user, booking):
        return True
    schools = School.objects.of(user, Permission.REQUEST_MAKE)
    return booking.school_id is not None and schools.filter(pk=booking.school_id).exists()


def _is_long_over(booking):
    return booking.session is not None and booking.session.ends_at + LASTS_AFTER < timezone.now()


def _signer(letter, link_key):
    return Signer(sep=SEPARATOR, salt=f"activities.place:{letter}:{link_key}")
