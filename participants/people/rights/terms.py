"""How long data stay: the terms that the officer edits, and whose term is over. Reads only."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import (
    DateTimeField,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from participants.accounts.models import Grant, User
from participants.people import consents, questions
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
from participants.people.rights.erasure import model_of, unused_accounts

Then = RetentionTerm.Then
# What the platform comes with: proposals that the officer confirms or changes (months active, of notice), and what is
# done then, which the engine decides.
DEFAULTS = {
    Category.PUPIL: (12, 1, Then.MINIMISE),
    Category.PUPIL_FOLLOWED: (60, 1, Then.MINIMISE),
    Category.GUARDIAN: (12, 1, Then.DELETE),
    Category.CONSENT: (60, 0, Then.DELETE),
    Category.HEALTH: (1, 0, Then.DELETE),
    Category.VOLUNTEER: (12, 1, Then.MINIMISE),
    Category.CONTACT: (36, 1, Then.DELETE),
    Category.ACCOUNT: (12, 1, Then.DELETE),
    Category.MESSAGE: (12, 0, Then.DELETE),
    Category.AUDIT: (12, 0, Then.DELETE),
    Category.PROOF: (60, 0, Then.DELETE),
}
# What nobody can set: it ends by itself.
FIXED = {Category.SESSION: gettext_lazy("until the session ends, 7 days at most")}
# The categories of people, in the order in which they go: a guardian goes with the last child, an account comes last.
# The other categories are lines that nobody has to be told about.
PEOPLE = {
    Category.PUPIL: "pupil",
    Category.PUPIL_FOLLOWED: "pupil",
    Category.GUARDIAN: "guardian",
    Category.VOLUNTEER: "volunteer",
    Category.CONTACT: "schoolcontact",
    Category.ACCOUNT: "user",
}
KINDS = tuple(dict.fromkeys(PEOPLE.values()))
LONG_AGO = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)


def propose(**_kwargs) -> None:
    """Write the terms that do not exist yet; what the officer made of the others stays."""
    RetentionTerm.objects.bulk_create([_proposed(category) for category in DEFAULTS], ignore_conflicts=True)


def _proposed(category) -> RetentionTerm:
    active, grace, then = DEFAULTS[category]
    return RetentionTerm(category=category, months_active=active, months_grace=grace, then=then)


def term_of(category) -> RetentionTerm:
    """The term in force, the proposal where the officer has none."""
    return RetentionTerm.objects.filter(category=category).first() or _proposed(category)


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
    signs += [F("last_login" if model is User else "user__last_login"), *_own_signs(model)]
    [history] = relations.histories_of(model)
    entered = history.objects.filter(pgh_obj=OuterRef("pk")).order_by().values("pgh_obj")
    entered = Subquery(entered.annotate(moment=Min("pgh_created_at")).values("moment"))
    return people.annotate(last_active=Coalesce(Greatest(*signs), entered, Value(LONG_AGO)))


def _newest(link, moment):
    rows = link.model._base_manager.filter(**{link.field: OuterRef("pk")}).order_by().values(link.field)
    return Subquery(rows.annotate(moment=Cast(Max(moment), DateTimeField())).values("moment"))


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
    if model is User:
        ended = Grant.objects.filter(user=OuterRef("pk")).order_by().values("user").annotate(day=Max("ends_on"))
        return [F("joined_at"), Cast(Subquery(ended.values("day")), DateTimeField())]
    children = Guardian.guardianships.rel.related_model.objects.filter(guardian=OuterRef("pk"))
    # As long as there is a child, its own term decides.
    return [Subquery(children.values("pk")[:1].annotate(now=Value(timezone.now(), DateTimeField())).values("now"))]


def over(category, today: dt.date | None = None):
    """The people of this category whose term is over on this day, the longest silent first."""
    today = today or timezone.localdate()
    people = with_last_activity(_people_of(category, today))
    silent = people.filter(last_active__lt=moment_before(today, term_of(category).months_active))
    return silent.order_by("last_active", "pk")


def _people_of(category, today):
    """Everybody of a category; of accounts those behind which nobody stands."""
    model = model_of(PEOPLE[category])
    if model is User:
        return unused_accounts(today)
    people = model.objects.filter(is_statistic=False) if hasattr(model, "is_statistic") else model.objects.all()
    if model is not Pupil:
        return people
    of_those = consents.allowed if category == Category.PUPIL_FOLLOWED else consents.lacking
    return of_those(people, Purpose.FOLLOW_UP, today)


@dataclass(frozen=True)
class Standing:
    """How the people of a category stand: whom to announce, who is announced, who goes today, who should be gone. While
    the term runs dry nobody is announced and nobody goes."""

    to_announce: int
    announced: int
    due: int
    overdue: int


def standing(today: dt.date | None = None) -> dict[str, Standing]:
    """For every category of people; overdue is whoever should have gone in an earlier night."""
    today = today or timezone.localdate()
    found = {}
    for category, kind in PEOPLE.items():
        silent, is_applied = over(category, today), term_of(category).is_applied
        farewells = Farewell.objects.filter(model=kind)
        mine = farewells.filter(person_id__in=silent.values("pk"))
        due = mine.filter(due_on__lte=today) if is_applied else mine.none()
        found[category] = Standing(
            silent.exclude(pk__in=farewells.values("person_id")).count(),
            mine.filter(due_on__gt=today).count(),
            due.count(),
            due.filter(due_on__lt=today - dt.timedelta(days=1)).count(),
        )
    return found


def announced_to(person, today: dt.date | None = None) -> list[tuple[Pupil, dt.date]]:
    """The pupils about whose end this guardian or pupil is told, each with the day; whoever is active again is none."""
    own = Q(guardianships__guardian=person) if isinstance(person, Guardian) else Q(pk=person.pk)
    farewells = Farewell.objects.filter(model="pupil", person_id__in=Pupil.objects.named().filter(own).values("pk"))
    days = dict(farewells.values_list("person_id", "due_on"))
    silent = [
        pk
        for category in (Category.PUPIL, Category.PUPIL_FOLLOWED)
        for pk in over(category, today).filter(pk__in=days).values_list("pk", flat=True)
    ]
    pupils = Pupil.objects.filter(pk__in=silent).order_by("sort_name", "pk")
    return [(pupil, days[pupil.pk]) for pupil in pupils if person in questions.signers_of(pupil)]


def old_rows(category, today: dt.date | None = None) -> Iterator[QuerySet]:
    """The lines of a category that are older than its term."""
    today = today or timezone.localdate()
    yield from lines.old(category, moment_before(today, term_of(category).months_active))


def would_go(category, today: dt.date | None = None) -> int:
    """How many people or lines have outlived the term."""
    people = over(category, today).count() if category in PEOPLE else 0
    return people + sum(rows.count() for rows in old_rows(category, today))
