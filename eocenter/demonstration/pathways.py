"""What became of those who left the lycées of the tutoring with the bac: most agreed to be followed and have told it."""

import datetime as dt
import random

from eocenter.demonstration.talents import own_word
from participants.organisations.school_years import school_year_dates
from participants.people.models import Pupil, Study
from participants.people.studies import LAST_YEARS

TOLD = 0.8
KINDS = {"cpge": 30, "but": 20, "university": 35, "bts": 10, "other": 5}


def build_studies(work):
    """Of everybody who was in the last year a year ago: what they study now; one in ten in a member school."""
    dice = random.Random(f"pathways {work.year}")
    gone = Pupil.objects.filter(enrolments__school_year=work.year - 1, enrolments__level__in=LAST_YEARS)
    gone = gone.exclude(enrolments__school_year=work.year)
    told = [pupil for pupil in gone.order_by("pk") if dice.random() < TOLD]
    own_word(work, told)
    kinds = dice.choices(list(KINDS), list(KINDS.values()), k=len(told))
    told_on = min(school_year_dates(work.year)[0] + dt.timedelta(days=50), work.today)
    studies = [
        Study(pupil=pupil, school_year=work.year, kind=kind, source="pupil", told_on=told_on)
        for pupil, kind in zip(told, kinds, strict=True)
    ]
    for study in studies[::10]:
        study.kind, study.member_school = Study.Kind.SCHOOL, work.organisations["Plateau"]
    Study.objects.bulk_create(studies)
