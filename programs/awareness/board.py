"""What a coordinator must know of a school to be fair: what it has had, where it lies, how long it waits."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, Sum

from participants.organisations.geography import distance_km
from participants.organisations.models import Organisation
from programs.activities.models import Activity, Booking, Headcount, Session
from programs.awareness.models import RequestedSlot, monday_of

STRIP_WEEKS = 16
WEEKEND = dt.timedelta(days=2)  # on Saturday and Sunday the week to come is the next one


@dataclass(frozen=True)
class History:
    """What a school has had: its talks this school year and in earlier ones, everything else, and how many young people
    the last session counted."""

    this_year: int = 0
    earlier: int = 0
    others: int = 0
    last_on: dt.datetime | None = None
    last_count: int | None = None

    @property
    def is_never_reached(self):
        return not (self.this_year or self.earlier or self.others)


def histories(schools, school_year) -> dict[int, History]:
    """School id -> its history, for all of them in two questions."""
    had, last = _sessions(schools, school_year), _last_counts(schools)
    return {school: History(**had.get(school, {}), **last.get(school, {})) for school in schools}


def _sessions(schools, school_year):
    is_talk = Q(session__activity__kind=Activity.Kind.TALK)
    year = "session__activity__school_year"
    rows = (
        Booking.objects.live()
        .filter(
            class_group__school__in=schools,
            session__state=Session.State.PLANNED,
        )
        .order_by()
        .values(of_school=F("class_group__school"))
        .annotate(
            this_year=Count("session", distinct=True, filter=is_talk & Q(**{year: school_year})),
            earlier=Count("session", distinct=True, filter=is_talk & Q(**{f"{year}__lt": school_year})),
            others=Count("session", distinct=True, filter=~is_talk & Q(**{f"{year}__lte": school_year})),
        )
    )
    return {row.pop("of_school"): row for row in rows}


def _last_counts(schools):
    rows = (
        Headcount.objects.filter(class_group__school__in=schools)
        .values("session", school=F("class_group__school"))
        .annotate(last_count=Sum("total"), last_on=Max("session__starts_at"))
        .order_by("last_on")
    )
    # In order of time: the last one of each school stays.
    return {row["school"]: {"last_count": row["last_count"], "last_on": row["last_on"]} for row in rows}


def campuses():
    """The places from which students leave."""
    return list(
        Organisation.objects.filter(
            kind__in=[Organisation.Kind.CENTER, Organisation.Kind.MEMBER_SCHOOL],
            is_active=True,
            latitude__isnull=False,
        )
    )


def nearest(school, places):
    """The nearest campus and how many kilometres away it is, as the crow flies; None where nobody knows."""
    distances = [(km, place) for place in places if (km := distance_km(school, place)) is not None]
    if not distances:
        return None
    km, campus = min(distances, key=lambda pair: pair[0])
    return {"campus": campus, "km": round(km)}


def demand(requests, today) -> list[dict]:
    """The weeks to come, each with how many of these requests wish for it."""
    first = monday_of(today + WEEKEND)
    weeks = [first + dt.timedelta(days=7 * number) for number in range(STRIP_WEEKS)]
    wished = dict(
        RequestedSlot.objects.filter(request__in=requests.order_by().values("pk"), week__in=weeks)
        .order_by()
        .values_list("week")
        .annotate(Count("request", distinct=True))
    )
    return [{"monday": week, "key": week.isoformat(), "count": wished.get(week, 0)} for week in weeks]
