"""Who in a school is written to, and the link in the letter.

The contacts who speak for the school get it; where there is none, the address of the school in the national directory. The
link is signed and shows this one invitation; to answer, one signs in by a code, as a contact of the school.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from participants.correspondence import addressees
from participants.correspondence.addressees import Addressee
from participants.people.models import SchoolPost
from programs.awareness.models import CampaignSchool

SCHOOL = "awareness.invited_school"
_signer = Signer(sep=".", salt="awareness.invitation")


def recipients_of(places: Iterable[CampaignSchool]) -> Iterator[tuple[CampaignSchool, list]]:
    """Each school with those who are written to."""
    places = list(places)
    contacts = defaultdict(list)
    posts = SchoolPost.objects.verified().filter(school__in=[place.school_id for place in places])
    for post in posts.select_related("contact__user").order_by("pk"):
        contacts[post.school_id].append(post.contact.user)
    for place in places:
        address = of_school(place)
        yield place, contacts[place.school_id] or ([address] if address else [])


def of_school(place: CampaignSchool) -> Addressee | None:
    """The school itself, at its general address."""
    if not place.school.email:
        return None
    reference = addressees.reference(SCHOOL, place.pk)
    return Addressee(reference, str(place.school), place.school.email, "fr")


def find_school(number: int) -> Addressee | None:
    place = CampaignSchool.objects.select_related("school").filter(pk=number).first()
    return of_school(place) if place else None


def link(place: CampaignSchool) -> str:
    return reverse("awareness:invitation", args=[_signer.sign(str(place.pk))])


def read_link(token: str) -> int | None:
    """The school in a campaign that a link names; nothing when it is forged."""
    try:
        return int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def register() -> None:
    """Make schools known as somebody to write to."""
    addressees.register(SCHOOL, find_school)
