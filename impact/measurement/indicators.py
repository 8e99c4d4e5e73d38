"""The figures: what each one counts, in words and in rows. The definition stands on the page and in every export."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from impact.measurement.models import Participation, ReachUnit, Target, Within
from programs.activities.models import Assignment, Session

Code = Target.Indicator
WITHIN = {
    Within.ALL: "",
    Within.PILLAR: "programme__pillar",
    Within.PROGRAMME: "programme",
    Within.ORGANISATION: "organisation",
}
PROFILE = {"rep": "profile__priority_education", "ips": "profile__ips_quintile"}
TERRITORIAL = ("rep", "ips", "departement", "academie")


@dataclass(frozen=True, eq=False)
class Source:
    """Rows that figures are made of; `paths` lead from a row to its value on an axis."""

    code: str
    year: str
    school: str
    paths: Mapping[str, str]

    def rows(self, perimeter, *, each_programme=False):
        """All its rows inside a perimeter; or, each counted within its programme, a row for every programme."""
        within = {"within": perimeter.within, "within_id": perimeter.within_id}
        if each_programme:
            within = {"within": Within.PROGRAMME}
        if self.code == "reach":
            return ReachUnit.objects.filter(**within)
        return Participation.objects.filter(**within, attended__gte=1)


@dataclass(frozen=True, eq=False)
class LiveSource(Source):
    """Rows of the spine itself: sessions that took place and the commitments kept in them."""

    def rows(self, perimeter, *, each_programme=False):
        session, activity = ("", "activity") if self.code == "session" else ("session__", "session__activity")
        found = Session.objects.all() if self.code == "session" else Assignment.objects.confirmed()
        found = found.filter(**{f"{session}ends_at__lte": timezone.now(), f"{session}state": Session.State.PLANNED})
        path = WITHIN[perimeter.within]
        return found.filter(**{f"{activity}__{path}": perimeter.within_id}) if path else found


def _paths(school, **own):
    of_school = {"departement": f"{school}__departement", "academie": f"{school}__academie"}
    return of_school | PROFILE | own


REACH = Source(
    "reach",
    "school_year",
    "school",
    _paths("school", level="level", member="organisation", programme="within_id"),
)
PARTICIPATION = Source(
    "participation",
    "school_year",
    "school",
    _paths("school", level="level", sex="sex", member="organisation", programme="within_id"),
)
SESSION = LiveSource(
    "session",
    "activity__school_year",
    "school",
    _paths("school", member="activity__organisation", programme="activity__programme"),
)
ASSIGNMENT = LiveSource(
    "assignment",
    "session__activity__school_year",
    "session__school",
    _paths("session__school", member="volunteer__member_school", programme="session__activity__programme"),
)
LENGTH = ExpressionWrapper(F("session__ends_at") - F("session__starts_at"), output_field=DurationField())


@dataclass(frozen=True)
class Indicator:
    """A figure. `overlaps` names the axes on which one unit can stand in several parts."""

    code: str
    label: Promise
    definition: Promise
    unit: Promise
    source: Source
    measure: object
    axes: tuple[str, ...]
    overlaps: frozenset[str] = field(default_factory=frozenset)
    # Numbers of people are hidden when small; numbers of schools, sessions and hours are not.
    counts_people: bool = False


INDICATORS = {
    indicator.code: indicator
    for indicator in (
        Indicator(
            Code.REACHED.value,
            _("Young people reached"),
            _(
                "For each class and school year, the larger of its highest head-count in one session and the number of "
                "its named pupils who came; plus the named pupils of no counted class; plus the counted public of open "
                "events. However often a class is met, it counts once. A cancelled session counts nothing."
            ),
            _("young people"),
            REACH,
            Sum("count"),
            ("level", "sex", *TERRITORIAL, "member", "programme"),
            frozenset({"programme"}),
            counts_people=True,
        ),
        Indicator(
            Code.ACCOMPANIED.value,
            _("Young people supported"),
            _(
                "Different pupils known by name who attended at least one session in the school year. They may be "
                "among the young people reached: the two figures are never added."
            ),
            _("young people"),
            PARTICIPATION,
            Count("pk"),
            ("level", "sex", *TERRITORIAL, "member", "programme"),
            frozenset({"programme"}),
            counts_people=True,
        ),
        Indicator(
            Code.SCHOOLS.value,
            _("Schools reached"),
            _("Different schools of the young people reached."),
            _("schools"),
            REACH,
            Count("school", distinct=True),
            (*TERRITORIAL, "level", "member", "programme"),
            frozenset({"level", "member", "programme"}),
        ),
        Indicator(
            Code.SESSIONS.value,
            _("Sessions held"),
            _("Sessions whose end has passed and that were not cancelled, in the school year of their activity."),
            _("sessions"),
            SESSION,
            Count("pk"),
            (*TERRITORIAL, "member", "programme"),
        ),
        Indicator(
            Code.VOLUNTEERS.value,
            _("Volunteers involved"),
            _("Different volunteers confirmed in at least one session held."),
            _("volunteers"),
            ASSIGNMENT,
            Count("volunteer", distinct=True),
            ("member", "programme", *TERRITORIAL),
            frozenset({"programme", *TERRITORIAL}),
            counts_people=True,
        ),
        Indicator(
            Code.HOURS.value,
            _("Volunteer hours"),
            _("Length of each session held, once for every volunteer confirmed in it."),
            _("hours"),
            ASSIGNMENT,
            Sum(LENGTH),
            ("member", "programme", *TERRITORIAL),
        ),
    )
}
