"""Who is asked for studies after the bac. Reads only."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from participants.organisations.levels import Level
from participants.organisations.school_years import school_year_of
from participants.people.ages import DECIDES_ALONE, born_by
from participants.people.models import Enrolment, Pupil, Purpose, Study

# When everybody has begun somewhere: admissions go on until the end of September.
ASKED_FROM = (10, 15)
# At what age the page of one's own offers to say it.
OLD_ENOUGH = 16
# The last years before the bac, and those of a lycée after it.
LAST_YEARS = [Level.LTG, Level.LTT, Level.LTPRO, Level.CPGE1, Level.CPGE2, Level.BTS1, Level.BTS2]


def to_ask(day: dt.date):
    """Those who were in the last year of a lycée, or studied, in an earlier school year, agree to be followed, and of whom
    nothing is known of this one; nobody between September and the middle of October."""
    year = school_year_of(day)
    if day < dt.date(year, *ASKED_FROM):
        return Pupil.objects.none()
    years, told = (model.objects.filter(pupil=OuterRef("pk")) for model in (Enrolment, Study))
    before = Q(Exists(years.filter(school_year__lt=year, level__in=LAST_YEARS))) | Q(
        Exists(told.filter(school_year__lt=year))
    )
    known = Q(Exists(years.filter(school_year=year, state="enrolled"))) | Q(Exists(told.filter(school_year=year)))
    followed = Pupil.outgoing.allowing(Purpose.FOLLOW_UP, day).filter(before, ~known)
    return followed.filter(birth_date__lte=born_by(DECIDES_ALONE, day)).exclude(email="").order_by("pk")
