"""An evening open to everybody and a day on the campus for classes: both full, with a line, an offer that waits for an
answer, and every limit at work."""

import datetime as dt

from django.utils import timezone

from participants.organisations.models import ClassGroup
from programs.activities.models import Activity, AskedQuestion, Booking, Guest, Inquiry, LevelQuota, PriorityCriterion

AHEAD = dt.timedelta(days=24)
HOUR = dt.timedelta(hours=1)


def build_registrations(work):
    """What can be registered for, in the year of `work`."""
    day = work.day_for(next(iter(work.contacts)), work.today + AHEAD)
    _build_evening(work, day)
    _build_campus_day(work, day + dt.timedelta(days=1))


def _activity(work, kind, french, english, **rules):
    return Activity.objects.create(
        programme=work.programmes["open-days"],
        organisation=work.organisations["Plateau"],
        school_year=work.year,
        kind=kind,
        title_fr=french,
        title_en=english,
        volunteers_needed=3,
        is_public=True,
        **rules,
    )


def _build_evening(work, day):
    activity = _activity(
        work,
        Activity.Kind.EVENT,
        "La nuit des étoiles",
        "A night of stars",
        registration_for=[Activity.Audience.PUBLIC],
        public_seats=4,
    )
    _ask(activity)
    session = work.build_session(activity, day, campus=work.organisations["Plateau"], seats=40, hour=18)
    work.staff(session, day)
    now = timezone.now()
    stages = ["confirmed"] * 12 + ["offered"] + ["waitlisted"] * 4
    for number, stage in enumerate(stages):
        Booking.objects.create(
            session=session,
            guest=Guest.objects.create(email=f"famille{number + 1}@example.org", is_proven=stage == "confirmed"),
            seats=3,
            stage=stage,
            offered_until=now + 30 * HOUR if stage == "offered" else None,
            booked_at=now - (60 - number) * HOUR,
        )


def _ask(activity):
    """How people heard of it; for those accepted, what they need, in confidence."""
    heard = Inquiry.objects.create(
        organisation=activity.organisation,
        kind=Inquiry.Kind.CHOICE,
        text_fr="Comment avez-vous entendu parler de cette soirée ?",
        text_en="How did you hear of this evening?",
        options_fr=["au lycée", "par un proche", "autrement"],
        options_en=["at school", "from a friend", "otherwise"],
    )
    how = Inquiry.objects.create(
        organisation=activity.organisation, kind=Inquiry.Kind.SHORT, text_fr="Comment ?", text_en="How?"
    )
    needs = Inquiry.objects.create(
        organisation=activity.organisation,
        kind=Inquiry.Kind.LONG,
        text_fr="De quoi avez-vous besoin pour venir (fauteuil, allergie…) ?",
        text_en="What do you need to come (wheelchair, allergy…)?",
        is_sensitive=True,
        keep_days=10,
    )
    first = AskedQuestion.objects.create(activity=activity, question=heard, rank=1)
    AskedQuestion.objects.create(
        activity=activity, question=how, rank=2, only_if=first, only_if_answer="autrement", is_required=True
    )
    AskedQuestion.objects.create(activity=activity, question=needs, rank=3, moment=AskedQuestion.Moment.ACCEPTED)


def _build_campus_day(work, day):
    activity = _activity(
        work,
        Activity.Kind.CAMPUS_DAY,
        "Une journée sur le campus",
        "A day on the campus",
        registration_for=[Activity.Audience.CLASSES],
        school_cap=70,
        seats_in_all=150,
    )
    LevelQuota.objects.create(activity=activity, levels=["2GT"], seats=70)
    PriorityCriterion.objects.create(activity=activity, criterion="priority_education", weight=3)
    PriorityCriterion.objects.create(activity=activity, criterion="never_reached", weight=2)
    session = work.build_session(activity, day, campus=work.organisations["Plateau"], seats=120, hour=9)
    work.staff(session, day)
    classes = ClassGroup.objects.filter(school__in=work.contacts, school_year=work.year, head_count__isnull=False)
    seated = 0
    for number, group in enumerate(classes.select_related("school").order_by("pk")[:7]):
        has_seats = seated + group.head_count <= 70
        seated += group.head_count if has_seats else 0
        Booking.objects.create(
            session=session,
            class_group=group,
            school=group.school,
            level=group.level,
            seats=group.head_count,
            stage="confirmed" if has_seats else "waitlisted",
            booked_by=work.contacts[group.school].user,
            booked_at=timezone.now() - (40 - number) * HOUR,
        )
