"""What speaks for a pupil, one named fact at a time: yes, no or unknown. Never added up to a score, which would look
exact and decide in nobody's name."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.organisations.levels import Level
from participants.organisations.models import School, SchoolYearProfile
from participants.people.models import Pupil, Sex
from participants.people.models.enrolment import Answer, Enrolment, Speciality, Track

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
SCIENCES = set(Speciality) - {Speciality.OTHER}
TECHNOLOGICAL = set(Track) - {Track.GENERAL, Track.VOCATIONAL, Track.UNKNOWN}
SCIENTIFIC_TRACKS = {Track.STI2D, Track.STL, Track.STAV}
OTHER_VOICES = {Level.L1T, Level.LTT, Level.L2PRO, Level.L1PRO, Level.LTPRO, Level.CAP1, Level.CAP2}
LOW_QUINTILES = (1, 2)


@dataclass(frozen=True)
class Criterion:
    label: str | Promise
    answer: Answer


def of_year(pupil: Pupil, enrolment: Enrolment, facts: dict) -> list[Criterion]:
    """Every criterion in one school year; `facts` are those of the school as last known in that year."""
    return [
        Criterion(_("scholarship holder"), Answer(enrolment.scholarship)),
        Criterion(_("school in priority education (REP, REP+)"), _priority(enrolment.school, facts)),
        Criterion(_("lives in a priority neighbourhood (QPV)"), Answer(enrolment.priority_neighbourhood)),
        Criterion(_("rural school"), _rural(facts)),
        Criterion(_("school in the two lowest fifths of the IPS of its kind"), _low_ips(facts)),
        Criterion(_("technological or vocational track"), _track(enrolment)),
        Criterion(_("first of the family in higher education"), Answer(enrolment.first_generation)),
        Criterion(_("girl in sciences"), _girl_in_sciences(pupil, enrolment)),
    ]


def of_school(school: School, facts: dict) -> dict[str, Answer]:
    """What speaks for a school alone, for a class whose pupils nobody names."""
    return {"priority_education": _priority(school, facts), "rural": _rural(facts), "low_ips": _low_ips(facts)}


def facts_of_school(profiles, year: int) -> dict:
    """What is known of a school in a year, out of its profiles: each fact as last told up to then."""
    found: dict = {}
    for profile in sorted(profiles, key=lambda profile: -profile.school_year):
        if profile.school_year > year:
            continue
        for fact in ("priority_education", "rurality", "ips_quintile"):
            value = getattr(profile, fact)
            if value not in {None, "unknown"}:
                found.setdefault(fact, value)
    return found


def _priority(school, facts):
    told = facts.get("priority_education")
    if told is None:
        # Priority education ends with the collège: a lycée is never in it.
        return UNKNOWN if school.kind in {School.Kind.COLLEGE, School.Kind.SECTION, School.Kind.OTHER} else NO
    networks = {SchoolYearProfile.PriorityEducation.REP, SchoolYearProfile.PriorityEducation.REP_PLUS}
    return YES if told in networks else NO


def _rural(facts):
    told = facts.get("rurality")
    return UNKNOWN if told is None else YES if told == SchoolYearProfile.Rurality.RURAL else NO


def _low_ips(facts):
    quintile = facts.get("ips_quintile")
    return UNKNOWN if quintile is None else YES if quintile in LOW_QUINTILES else NO


def _track(enrolment):
    if enrolment.track in TECHNOLOGICAL | {Track.VOCATIONAL}:
        return YES
    if enrolment.track == Track.GENERAL:
        return NO
    if enrolment.level == Level.UNKNOWN:
        return UNKNOWN
    return YES if enrolment.level in OTHER_VOICES else NO


def _girl_in_sciences(pupil, enrolment):
    if pupil.sex != Sex.FEMALE:
        return UNKNOWN if pupil.sex == Sex.NOT_GIVEN else NO
    if enrolment.track in SCIENTIFIC_TRACKS or SCIENCES & set(enrolment.specialities):
        return YES
    return NO if enrolment.specialities else UNKNOWN
