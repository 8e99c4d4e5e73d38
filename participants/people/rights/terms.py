"""How long data stay: the terms that the officer edits, and whose term is over. Reads only."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import DateTimeField, F, Func, IntegerField, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone

from participants.people import consents
from participants.people.models import (
    Category,
    Farewell,
    Guardian,
    Pupil,
    Purpose,
    RetentionTerm,
    SchoolContact,
    Volunteer,
)
from participants.people.rights import lines, relations
from participants.people.rights.erasure import model_of

Then = RetentionTerm.Then
# What the platform comes with: proposals that the officer confirms or changes. (months active, of notice, then)
DEFAULTS = {
    Category.PUPIL: (12, 1, Then.MINIMISE),
    Category.PUPIL_FOLLOWED: (60, 1, Then.MINIMISE),
    Category.GUARDIAN: (12, 1, Then.DELETE),
    Category.CONSENT: (60, 0, Then.DELETE),
    Category.HEALTH: (1, 0, Then.DELETE),
    Category.VOLUNTEER: (12, 1, Then.MINIMISE),
    Category.CONTACT: (36, 1, Then.DELETE),
    Category.ACCOUNT: (12, 1, Then.DELETE),
    Category.SESSION: (1, 0, Then.DELETE),
    Category.MESSAGE: (12, 0, Then.DELETE),
    Category.AUDIT: (12, 0, Then.DELETE),
    Category.PROOF: (60, 0, Then.DELETE),
}
# The kinds of people, in the order in which they go: a guardian goes with the last child.
KINDS = {
    "pupil": Category.PUPIL,
    "guardian": Category.GUARDIAN,
    "volunteer": Category.VOLUNTEER,
    "schoolcontact": Category.CONTACT,
}
LONG_AGO = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)


def propose(**_kwargs) -> None:
    """Write the terms that do not exist yet; what the officer made of the others stays."""
    RetentionTerm.objects.bulk_create(
        [
            RetentionTerm(category=category, months_active=active, months_grace=grace, then=then)
            for category, (active, grace, then) in DEFAULTS.items()
        ],
        ignore_conflicts=True,
    )


def term_of(category) -> RetentionTerm:
    """The term in force, the proposal where the officer has none."""
    active, grace, then = DEFAULTS[category]
    fresh = RetentionTerm(category=category, months_active=active, months_grace=grace, then=then)
    return RetentionTerm.objects.filter(category=category).first() or fresh


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return dt.date(year, month + 1, min(day.day, 28))


def moment_before(day: dt.date, months: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(months_before(day, months), dt.time()))


def with_last_activity(people):
    """Adds `last_active`: the newest sign of life in any app, else when the person was entered."""
    model = people.model
    signs = [_newest(link, moment) for link, moment in relations.activity_of(model)]
    signs += [F("user__last_login"), *_own_signs(model)]
    [history] = relations.histories_of(model)
    entered = history.objects.filter(pgh_obj=OuterRef("pk")).order_by().values("pgh_obj")
    entered = Subquery(entered.annotate(moment=Min("pgh_created_at")).values("moment"))
    return people.annotate(last_active=Coalesce(Greatest(*signs), entered, Value(LONG_AGO)))


def _newest(link, moment):
    rows = link.model._base_manager.filter(**{link.field: OuterRef("pk")}).order_by().values(link.field)
    return Subquery(rows.annotate(moment=Max(moment)).values("moment"))


def _day(year, month, day):
    """A date put together in the database."""
    parts = (Cast(part, IntegerField()) for part in (year, Value(month), Value(day)))
    return Cast(Func(*parts, function="make_date"), DateTimeField())


def _own_signs(model):
    """What the row of the person itself says."""
    if model is Pupil:
        years = Pupil.enrolments.rel.related_model.objects.filter(pupil=OuterRef("pk")).order_by().values("pupil")
        return [_day(Subquery(years.annotate(year=Max("school_year")).values("year")), 9, 1)]
    if model is Volunteer:
        days = [Cast(name, DateTimeField()) for name in ("joined_on", "ended_on")]
        return [*days, _day("graduation_year", 9, 30)]
    if model is SchoolContact:
        return []
    children = Guardian.guardianships.rel.related_model.objects.filter(guardian=OuterRef("pk"))
    # As long as there is a child, its own term decides.
    return [Subquery(children.values("pk")[:1].annotate(now=Value(timezone.now(), DateTimeField())).values("now"))]


def over(kind: str, today: dt.date | None = None):
    """The people of this kind whose term is over on this day, the longest silent first."""
    today = today or timezone.localdate()
    model = model_of(kind)
    people = model.objects.filter(is_statistic=False) if hasattr(model, "is_statistic") else model.objects.all()
    people = with_last_activity(people)
    term = term_of(KINDS[kind])
    silent = Q(last_active__lt=moment_before(today, term.months_active))
    if kind == "pupil":
        followed = consents.allowed(Pupil.objects.all(), Purpose.FOLLOW_UP, today).values("pk")
        longer = term_of(Category.PUPIL_FOLLOWED)
        silent &= ~Q(pk__in=followed) | Q(last_active__lt=moment_before(today, longer.months_active))
    return people.filter(silent).order_by("last_active", "pk")


def notice(kind: str) -> int:
    """How many months somebody is told before."""
    return term_of(KINDS[kind]).months_grace


@dataclass(frozen=True)
class Standing:
    """How the people of a kind stand: whom to announce, who is announced, who goes today, who should be gone."""

    to_announce: int
    announced: int
    due: int
    overdue: int


def standing(today: dt.date | None = None) -> dict[str, Standing]:
    """For every kind of person; overdue is whoever should have gone in an earlier night."""
    today = today or timezone.localdate()
    found = {}
    for kind in KINDS:
        farewells = Farewell.objects.filter(model=kind)
        told = farewells.values("person_id")
        found[kind] = Standing(
            over(kind, today).exclude(pk__in=told).count(),
            farewells.filter(due_on__gt=today).count(),
            farewells.filter(due_on__lte=today).count(),
            farewells.filter(due_on__lt=today - dt.timedelta(days=1)).count(),
        )
    return found


def old_rows(today: dt.date | None = None) -> Iterator[tuple[str, object]]:
    """(category, rows) of lines that go by themselves when their term is over."""
    today = today or timezone.localdate()
    message, audit, consent, proof = (
        moment_before(today, term_of(category).months_active)
        for category in (Category.MESSAGE, Category.AUDIT, Category.CONSENT, Category.PROOF)
    )
    yield from lines.old(message=message, audit=audit, consent=consent, proof=proof)
