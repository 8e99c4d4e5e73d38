"""Writing to families: one mail a person with all that they have to answer, once for one reason."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from participants.correspondence import actions as correspondence
from participants.people import addressees, occasions, questions
from participants.people.models import Consent, Guardian, Pupil

# How long after its end a word is still asked for again: a pupil may be enrolled late in autumn.
LATELY = dt.timedelta(days=120)


def people_in(pairs) -> list[Guardian | Pupil]:
    """Who spoke, each once."""
    return list({_same(person): person for guardian, pupil in pairs for person in [guardian or pupil]}.values())


def _same(person):
    return type(person), person.pk


def write_to(occasion, person, *, key) -> int:
    """Write to somebody of a family, if they have an address; a pupil below 15 is never written to."""
    addressee = addressees.of(person)
    if addressee is None:
        return 0
    key = f"{key}:{person.pk}"
    return correspondence.plan(
        occasion=occasions.key_for(occasion, person), recipients=[addressee], about=person.pk, key=key
    )


@transaction.atomic
def ask(*, pupils, occasion=occasions.ASKED, key=None) -> int:
    """Send each guardian one mail with all that they have to answer, and each pupil of 15 with an address; once a day.
    Returns how many are written to anew."""
    key = key or f"asked:{timezone.localdate():%Y-%m-%d}"
    signers = {_same(person): person for pupil in pupils for person in questions.signers_of(pupil)}
    waiting = [person for person in signers.values() if _waits_for(person)]
    return sum(ask_person(person=person, occasion=occasion, key=key) for person in waiting)


@transaction.atomic
def renew(*, day=None) -> int:
    """Ask again where a word has ended lately (school year, 15th or 18th birthday): once for each such end, and about
    what is done in school only while a pupil is in one. Returns how many are written to anew."""
    day = day or timezone.localdate()
    ended = Consent.objects.standing().filter(
        Q(purpose__in=questions.BEYOND_SCHOOL) | Q(pupil__in=questions.enrolled_now()),
        pupil__is_statistic=False,
        decision=Consent.Decision.GIVEN,
        withdrawn_at=None,
        valid_until__range=(day - LATELY, day - dt.timedelta(days=1)),
    )
    written = 0
    for line in ended.select_related("pupil").distinct("pupil_id", "valid_until").order_by("pupil_id", "valid_until"):
        key = f"ended:{line.valid_until:%Y-%m-%d}"
        written += ask(pupils=[line.pupil], occasion=occasions.RENEWED, key=key)
    return written


@transaction.atomic
def ask_person(*, person, occasion=occasions.ASKED, key) -> int:
    """Send one person their link; the reminder of an earlier mail gives way to the one of this."""
    if not write_to(occasion, person, key=key):
        return 0
    correspondence.call_off(
        about=person.pk,
        occasions=[occasions.key_for(kind, person) for kind in (occasions.ASKED, occasions.RENEWED)],
        reason=occasions.ASKED_ANEW,
        recipients=[addressees.of(person)],
        except_key=f"{key}:{person.pk}",
    )
    return 1


def _waits_for(person) -> bool:
    is_guardian = isinstance(person, Guardian)
    children = questions.children_of(person) if is_guardian else questions.of_pupil(person)
    return bool(questions.open_questions(children))


@transaction.atomic
def send_links(*, address, moment=None) -> int:
    """A new link for everybody who is reached at this address, once an hour; returns how many, which nobody is told."""
    hour = (moment or timezone.now()).strftime("%Y-%m-%dT%H")
    guardians = Guardian.objects.filter(email__iexact=address, guardianships__isnull=False).distinct().order_by("pk")
    pupils = Pupil.objects.named().filter(email__iexact=address).order_by("pk")
    return sum(write_to(occasions.LINK, person, key=f"link:{hour}") for person in [*guardians, *pupils])


@transaction.atomic
def revoke_family_links(*, person) -> None:
    """Take back every personal link of a guardian or pupil at once."""
    type(person).objects.filter(pk=person.pk).update(link_key=F("link_key") + 1)
    person.refresh_from_db(fields=["link_key"])
