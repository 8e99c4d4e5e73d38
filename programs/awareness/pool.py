"""Who of the talent pool fits an activity, what fits somebody of the pool, and whom we may write to now. Reads only."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from participants.organisations.levels import Level
from participants.organisations.school_years import current_school_year
from participants.people import consents
from participants.people.addressees import of as addressee_of
from participants.people.ages import DECIDES_ALONE, born_by
from participants.people.family_offers import Offer
from participants.people.models import Enrolment, Guardianship, Pupil, Purpose
from programs.activities import registration
from programs.activities.models import Activity, Booking, Session
from programs.awareness.models import PoolEntry, PoolInvitation
from programs.awareness.models.pool import DAYS_BETWEEN

MOST_A_TERM = 3
TERMS = ((9, 1), (1, 1), (4, 1))  # September to December, January to March, April to August
PUPILS = [Activity.Audience.PUPILS]


def term_start(day: dt.date) -> dt.date:
    """The first day of the term in which a day lies."""
    firsts = [dt.date(year, month, first) for year in (day.year - 1, day.year) for month, first in TERMS]
    return max(first for first in firsts if first <= day)


def in_school(entries):
    """Those who are in a school this year, with `level` and `departement` of it."""
    here = Enrolment.objects.filter(pupil=OuterRef("pupil"), school_year=current_school_year(), state="enrolled")
    return entries.filter(Exists(here)).annotate(
        level=Subquery(here.values("level")[:1]), departement=Subquery(here.values("school__departement")[:1])
    )


def fitting(activity, entries=None):
    """Those whom we may write to about this activity at all: the agreement stands and nobody has said that they must not
    take part, the level and the place fit, and they have neither a seat in it nor an invitation to it."""
    entries = in_school((PoolEntry.objects if entries is None else entries).contactable())
    entries = entries.exclude(pupil__in=consents.denied(Pupil.objects.all(), Purpose.TAKING_PART))
    if activity.levels:
        entries = entries.filter(level__in=[*activity.levels, Level.UNKNOWN])
    places = set(open_sessions().filter(activity=activity).values_list("school__departement", flat=True))
    if None not in places:  # somewhere on a campus or online: for everybody
        entries = entries.filter(departement__in=places)
    seats = Booking.objects.live().of_activity(activity).filter(pupil=OuterRef("pupil"))
    invited = PoolInvitation.objects.filter(pupil=OuterRef("pupil"), activity=activity)
    return entries.filter(~Exists(seats), ~Exists(invited))


def not_too_often(entries, day=None):
    """Those of them who had no invitation in the last fortnight and fewer than three this term."""
    day = day or timezone.localdate()
    lately = PoolInvitation.objects.filter(
        pupil=OuterRef("pupil"), invited_on__gt=day - dt.timedelta(days=DAYS_BETWEEN)
    )
    of_term = Count("pupil__pool_invitations", filter=Q(pupil__pool_invitations__invited_on__gte=term_start(day)))
    return entries.filter(~Exists(lately)).annotate(this_term=of_term).filter(this_term__lt=MOST_A_TERM)


def reachable(entries, day=None):
    """Those who can be written to: the pupil from 15, a guardian before."""
    decides = Q(pupil__birth_date__lte=born_by(DECIDES_ALONE, day or timezone.localdate()))
    answering = Guardianship.objects.filter(pupil=OuterRef("pupil")).exclude(guardian__email="")
    return entries.filter((decides & ~Q(pupil__email="")) | (~decides & Exists(answering)))


def invitable(activity, entries):
    """Of these, whom an invitation to this activity can reach now."""
    return reachable(not_too_often(fitting(activity, entries)))


def in_turn(entries):
    """First those whose last invitation is the longest ago, or who had none; then who came first."""
    last = PoolInvitation.objects.filter(pupil=OuterRef("pupil")).order_by().values("pupil")
    last = last.values(last=Max("invited_on"))
    return entries.annotate(last_invited=Subquery(last)).order_by(
        Coalesce("last_invited", dt.date.min), "entered_at", "pk"
    )


def people_of(pupil) -> list:
    """Whom a letter about this pupil goes to: the pupil from 15, who decides alone; before, the guardians."""
    if pupil.age >= DECIDES_ALONE:
        own = addressee_of(pupil)
        return [own] if own else []
    links = pupil.guardianships.select_related("guardian").order_by("rank")
    return [addressee for link in links if (addressee := addressee_of(link.guardian))]


def open_sessions():
    """The dates for which pupils may register now."""
    return Session.objects.taking_registrations().filter(activity__registration_for__contains=PUPILS)


def open_activities():
    """What young people may be invited to: it has a date for which pupils may register now."""
    return Activity.objects.filter(pk__in=open_sessions().values("activity"))


@dataclass(frozen=True)
class Standing:
    """One young person on their own page, or on that of a guardian."""

    pupil: Pupil
    entry: PoolEntry | None
    may_write: bool
    invitations: list
    proposals: list[Offer]
    taken_up: list

    @property
    def is_in(self):
        return self.entry is not None and self.entry.left_at is None


def standing_of(pupil, token="") -> Standing:
    """Whether they are in the pool, what they are invited to, what fits them, what they took up."""
    entry = PoolEntry.objects.filter(pupil=pupil).with_status().first()
    may_write = PoolEntry.objects.contactable().filter(pupil=pupil).exists()
    seats = Booking.objects.live().filter(pupil=pupil)
    invitations = PoolInvitation.objects.filter(pupil=pupil).exclude(activity__in=_booked_by(pupil))
    return Standing(
        pupil,
        entry,
        may_write,
        list(invitations.filter(activity__in=open_activities()).select_related("activity", "round"))
        if may_write
        else [],
        [registration.offer(session, token) for session in proposals_for(pupil)]
        if entry and entry.left_at is None
        else [],
        list(seats.select_related("session__activity", "session__school", "session__campus", "activity")),
    )


def proposals_for(pupil) -> list[Session]:
    """The dates that fit the level and the département of a pupil, of activities in which they have no seat yet; the
    first date of what is booked as a whole."""
    year = pupil.enrolments.filter(school_year=current_school_year(), state="enrolled").select_related("school").first()
    sessions = open_sessions().exclude(activity__in=_booked_by(pupil))
    if year is None:
        return []
    sessions = sessions.filter(activity__in=Activity.objects.for_levels({year.level}))
    near = Q(school=None) | Q(school__departement=year.school.departement_id)
    found = sessions.filter(near).once_for_a_whole().select_related("activity", "school", "campus")
    return list(found.order_by("starts_at", "pk")[:10])


def _booked_by(pupil):
    """The activities in which a pupil has a seat or a turn, as a whole or by a date."""
    live = Booking.objects.live().filter(pupil=pupil)
    return Activity.objects.filter(Q(pk__in=live.values("activity")) | Q(pk__in=live.values("session__activity")))


def invited_this_term(pupils, day=None) -> dict[int, int]:
    """Pupil id -> how many invitations this term; nobody who has had none."""
    since = term_start(day or timezone.localdate())
    found = PoolInvitation.objects.filter(pupil__in=pupils, invited_on__gte=since).order_by().values_list("pupil")
    return dict(found.annotate(Count("pk")))
