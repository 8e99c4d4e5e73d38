"""Who could step in at a session, best first, and why the others are not asked. Reads only.

Nobody is asked who cannot come, was asked for this session before, was asked often lately, or gave a lot already.
Among the others, what speaks for somebody is counted in points; equals are drawn by the seed of the search. Whoever
is one of the few who can do something rarer soon is asked after everybody else.
"""

import datetime as dt
import hashlib
import math
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from participants.people.models import Clearance, Volunteer
from programs.activities.models import Asking, Assignment, QuietVolunteer, Session

Reason = Asking.Reason
State = Assignment.State
# Asked at most so many times within so long, by a search or by hand.
MOST_ASKED, ASKED_WITHIN = 2, dt.timedelta(days=7)
# A load: so many sessions held within this long before and after.
MOST_HELD, HELD_AROUND = 4, dt.timedelta(days=15)
NEARBY_KM = 30
# Something rarer: a session of the next weeks that misses somebody, and that so few people at most can do.
RARE, SOON = 2, dt.timedelta(days=21)
POINTS = {
    Reason.FORMER_SCHOOL: 3,
    Reason.HOME: 2,
    Reason.NEAR: 2,
    Reason.SAME_KIND: 2,
    Reason.SAME_TOPIC: 2,
    Reason.LANGUAGE: 2,
}
WHY_NOT = {
    "asked": gettext_lazy("already in the session or asked for it"),
    "busy": gettext_lazy("busy at that time"),
    "language": gettext_lazy("does not speak the language of the talk"),
    "clearance": gettext_lazy("without a clearance that is needed"),
    "quiet": gettext_lazy("does not want to be asked at short notice"),
    "pestered": gettext_lazy("asked often in the last days"),
    "load": gettext_lazy("gives a lot around that day"),
}


@dataclass
class Fit:
    """Somebody who could be asked, and what speaks for it."""

    volunteer: Volunteer
    reasons: list = field(default_factory=list)
    is_saved: bool = False

    @property
    def reason_labels(self):
        return [str(reason.label) for reason in self.reasons]

    @property
    def points(self):
        return sum(POINTS[reason] for reason in self.reasons)


def look(session, *, by, seed=0):
    """(those who could be asked, best first; how many others are left out, by reason)."""
    people = list(_people(session, by))
    facts = _Facts(session, people)
    fits, left_out = [], Counter()
    for volunteer in people:
        why_not = facts.why_not(volunteer)
        if why_not:
            left_out[why_not] += 1
        else:
            fits.append(Fit(volunteer, facts.reasons(volunteer)))
    saved = facts.saved([fit.volunteer for fit in fits])
    for fit in fits:
        fit.is_saved = fit.volunteer.pk in saved
    fits.sort(key=lambda fit: (fit.is_saved, -fit.points, _draw(seed, fit.volunteer)))
    return fits, [(WHY_NOT[code], left_out[code]) for code in WHY_NOT if left_out[code]]


def still(session, fits):
    """Those of them who can be asked now: under their lock, what another search has asked of them meanwhile is seen."""
    facts = _Facts(session, [fit.volunteer for fit in fits])
    return [fit for fit in fits if not facts.why_not(fit.volunteer)]


def _draw(seed, volunteer):
    return hashlib.sha256(f"{seed}:{volunteer.pk}".encode()).digest()


def _people(session, by):
    """Active and recognised volunteers whom the one who searches may see."""
    day = session.local_start.date()
    known = Volunteer.objects.visible_to(by) if by else Volunteer.objects.none()
    known = known.filter(Q(ended_on=None) | Q(ended_on__gte=day), user__is_active=True)
    return known.with_recognition().filter(is_recognised=True).select_related("member_school", "user").order_by("pk")


class _Facts:
    """What is known about these people, asked once for all."""

    def __init__(self, session, people):
        self.session, self.activity = session, session.activity
        parts = Assignment.objects.filter(volunteer__in=[volunteer.pk for volunteer in people])
        self.asked = _ids(parts.filter(session=session))
        self.busy = _ids(parts.clashing_with(session.starts_at, session.ends_at))
        self.quiet = _ids(QuietVolunteer.objects.all())
        self.pestered = _at_least(_recently_asked(parts), MOST_ASKED)
        around = Q(
            session__starts_at__gt=session.starts_at - HELD_AROUND,
            session__starts_at__lt=session.starts_at + HELD_AROUND,
        )
        self.loaded = _at_least(parts.confirmed().filter(around, session__state="planned"), MOST_HELD)
        self.same_kind = _ids(parts.held().filter(session__activity__kind=self.activity.kind))
        topics = self.activity.topics.values("pk")
        self.same_topic = _ids(parts.held().filter(session__activity__topics__in=topics))
        self.clearances = {}
        for row in Clearance.objects.filter(volunteer__in=[volunteer.pk for volunteer in people]):
            self.clearances.setdefault(row.volunteer_id, []).append(row)

    def why_not(self, volunteer):
        """The first reason to leave somebody out, or nothing."""
        for code, known in (("asked", self.asked), ("busy", self.busy)):
            if volunteer.pk in known:
                return code
        if not _speaks(volunteer, self.activity.language):
            return "language"
        if not self._may_do(volunteer, self.session):
            return "clearance"
        for code, known in (("quiet", self.quiet), ("pestered", self.pestered), ("load", self.loaded)):
            if volunteer.pk in known:
                return code
        return ""

    def _may_do(self, volunteer, session):
        """Holds on that day every clearance that the activity asks for."""
        day = session.local_start.date()
        held = {
            row.kind
            for row in self.clearances.get(volunteer.pk, [])
            if row.checked_on <= day and (row.valid_until is None or row.valid_until >= day)
        }
        if volunteer.charter_signed_at:
            held.add(Clearance.Kind.CHARTER)
        return held.issuperset(session.activity.required_clearances)

    def reasons(self, volunteer):
        school = self.session.school
        speaks = {
            Reason.FORMER_SCHOOL: school and volunteer.former_school_id == school.pk,
            Reason.HOME: school and school.departement_id and volunteer.home_departement_id == school.departement_id,
            Reason.NEAR: _is_near(volunteer.member_school, school or self.session.campus),
            Reason.SAME_KIND: volunteer.pk in self.same_kind,
            Reason.SAME_TOPIC: volunteer.pk in self.same_topic,
            Reason.LANGUAGE: self.activity.language != "fr" and self.activity.language in volunteer.languages,
        }
        return [reason for reason, does in speaks.items() if does]

    def saved(self, free):
        """Those of the free ones who are among the few for something that asks for more than this session does."""
        found = set()
        for other in _missing_soon(self.session):
            if _demands(other) <= _demands(self.session):
                continue
            able = [v.pk for v in free if self._may_do(v, other) and _speaks(v, other.activity.language)]
            if len(able) <= RARE:
                found.update(able)
        return found


def _missing_soon(session):
    now = timezone.now()
    missing = Session.objects.upcoming().with_free_places().filter(starts_at__lte=now + SOON)
    return missing.exclude(pk=session.pk).select_related("activity")


def _demands(session):
    """What not everybody has: clearances, and a language other than French."""
    language = session.activity.language
    return {*session.activity.required_clearances, *([] if language == "fr" else [language])}


def _speaks(volunteer, language):
    return language == "fr" or language in volunteer.languages


def _recently_asked(parts):
    """Invitations of the last days: those of searches, and those by hand that nobody accepted."""
    since = timezone.now() - ASKED_WITHIN
    by_hand = Q(asking=None, state__in=[State.INVITED, State.DECLINED], applied_at__gte=since)
    return parts.filter(Q(asking__asked_at__gte=since) | by_hand)


def _at_least(parts, times):
    counted = parts.order_by().values("volunteer").annotate(times=Count("pk")).filter(times__gte=times)
    return set(counted.values_list("volunteer", flat=True))


def _ids(rows):
    return set(rows.order_by().values_list(F("volunteer"), flat=True))


def _is_near(one, other):
    if not (one and other) or None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return False
    return kilometres(one, other) <= NEARBY_KM


def kilometres(one, other):
    """As the crow flies."""
    here, there = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    cosine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turn)
    return 6371 * math.acos(max(-1.0, min(1.0, cosine)))
