"""Who must sign what, in one table, and the question that every export and mail asks.

The table follows domain knowledge that a data protection officer can read and change: recommendation 4 of the CNIL
(one parent for everyday acts), the education guidance on pictures (both parents, and the child's own agreement), and
article 45 of the law of 6 January 1978 (from 15 a young person alone decides about a service that rests on consent,
before together with a parent). Every word ends on the day before the 15th and the 18th birthday, and is asked again.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.dispatch import Signal
from django.utils import timezone

from participants.accounts import sabotage
from participants.organisations.school_years import school_year_dates, school_year_of
from participants.people.ages import DECIDES_ALONE, MAJORITY, birthday, born_by
from participants.people.models import Consent, Guardianship, Pupil, Purpose

FAR = dt.timedelta(days=5 * 366)
# Sent with `pupil_id` and `purpose`, in the transaction in which an agreement stops to count.
lost = Signal()
# Whose word a line is, of the pupil of the outer query.
OF_PUPIL, OF_GUARDIAN = Q(guardian=None), Q(guardian__guardianships__pupil=OuterRef("pk"))


@dataclass(frozen=True)
class Signers:
    """Whose yes is needed: the pupil's own, and of how many guardians (0, 1, or all that there are)."""

    pupil: bool
    guardians: str = "none"  # none, one, all


ONE = Signers(pupil=False, guardians="one")
ONE_AND_PUPIL = Signers(pupil=True, guardians="one")
ALL_AND_PUPIL = Signers(pupil=True, guardians="all")
PUPIL = Signers(pupil=True)

#                             under 15        15 to 17        from 18
WHO_SIGNS: dict[str, tuple[Signers, Signers, Signers]] = {
    Purpose.TAKING_PART:      (ONE,           ONE,            PUPIL),
    Purpose.IMAGE:            (ALL_AND_PUPIL, ALL_AND_PUPIL,  PUPIL),
    Purpose.FOLLOW_UP:        (ONE_AND_PUPIL, PUPIL,          PUPIL),
    Purpose.RESEARCH:         (ONE_AND_PUPIL, PUPIL,          PUPIL),
    Purpose.CONTACT_AFTER_18: (ONE_AND_PUPIL, PUPIL,          PUPIL),
    Purpose.CAMP_HEALTH:      (ONE,           ONE,            PUPIL),
}  # fmt: skip


def who_signs(purpose: str, age: int) -> Signers:
    """Whose yes is needed for this purpose at this age."""
    return WHO_SIGNS[purpose][(age >= DECIDES_ALONE) + (age >= MAJORITY)]


def valid_until(born: dt.date, said_on: dt.date, *, each_school_year: bool) -> dt.date:
    """The last day on which a word said on this day counts: before the next birthday that changes who decides, before
    the next school year where the text says so, five years at most."""
    ends = [said_on + FAR]
    ends += [day - dt.timedelta(days=1) for age in (DECIDES_ALONE, MAJORITY) if (day := birthday(born, age)) > said_on]
    if each_school_year:
        ends.append(school_year_dates(school_year_of(said_on))[1])
    return min(ends)


def allowed(pupils, purpose: str, day: dt.date | None = None):
    """Of these pupils, those for whom this purpose is allowed on this day (today): every needed yes is in force and
    nobody entitled says no. The only door of exports, mails, extracts and lists of photos."""
    day = day or timezone.localdate()
    if sabotage.is_on("consent"):
        return pupils
    enough = Q(pk__in=[])
    for band, signers in zip(_bands(day), WHO_SIGNS[purpose], strict=True):
        enough |= band & _all_signed(signers, purpose, day)
    return pupils.filter(enough, is_statistic=False)


def is_allowed(pk: int, purpose: str) -> bool:
    """Whether this purpose is allowed today for the pupil of this number."""
    return allowed(Pupil.objects.filter(pk=pk), purpose).exists()


def lacking(pupils, purpose: str, day: dt.date | None = None):
    """The others of these pupils. Asked of each by itself, so that the first page of many is found at once."""
    return pupils.filter(~Exists(allowed(Pupil.objects.filter(pk=OuterRef("pk")), purpose, day)))


def denied(pupils, purpose: str, day: dt.date | None = None):
    """Of these pupils, those for whom somebody entitled says no, or took a yes back; who has not answered is none."""
    against = Q(pk__in=[])
    for band, signers in zip(_bands(day or timezone.localdate()), WHO_SIGNS[purpose], strict=True):
        against |= band & _objected(signers, purpose)
    return pupils.filter(against)


def _bands(day) -> tuple[Q, Q, Q]:
    """Under 15, from 15 to 17, from 18, as the columns of the table."""
    under_15 = Q(birth_date__gt=born_by(DECIDES_ALONE, day))
    adult = Q(birth_date__lte=born_by(MAJORITY, day))
    return under_15, ~under_15 & ~adult, adult


def _objected(signers: Signers, purpose) -> Q:
    """An objection: of the pupil at any age, of a guardian while one is asked."""
    entitled = OF_PUPIL if signers.guardians == "none" else OF_PUPIL | OF_GUARDIAN
    words = Consent.objects.filter(pupil=OuterRef("pk"), purpose=purpose)
    return Q(Exists(words.objecting().filter(entitled)))


def _all_signed(signers: Signers, purpose, day) -> Q:
    """Every yes that is needed, and no objection."""
    words = Consent.objects.filter(pupil=OuterRef("pk"), purpose=purpose)
    signed = ~_objected(signers, purpose)
    if signers.pupil:
        signed &= Q(Exists(words.in_force(day).filter(OF_PUPIL)))
    if signers.guardians != "none":
        signed &= Q(Exists(words.in_force(day).filter(OF_GUARDIAN)))
    if signers.guardians == "all":
        yes = Consent.objects.filter(pupil=OuterRef("pupil"), guardian=OuterRef("guardian"), purpose=purpose).in_force(
            day
        )
        signed &= ~Q(Exists(Guardianship.objects.filter(~Exists(yes), pupil=OuterRef("pk"))))
    return signed
