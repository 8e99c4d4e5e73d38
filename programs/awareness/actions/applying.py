"""A plan becomes sessions, bookings and assignments: talk by talk, each in a transaction of its own, by what the spine
can do. Whatever was applied is not applied again, so it may stop anywhere and go on."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from participants.accounts.models import User
from participants.organisations import calendar
from programs.activities import actions as activities
from programs.activities.models import Activity, Assignment, Headcount, Session
from programs.awareness.half_days import half_days_touched, moments
from programs.awareness.models import CampaignPlan, CampaignSchool, CampaignTalk, PlannedTalk


def apply_plan(*, plan: CampaignPlan, by: User, report: Callable = lambda done, total: None) -> int:
    """Make a plan real; returns how many talks were applied now. Not one transaction on purpose: what stands stands."""
    if plan.state == CampaignPlan.State.ASKED:
        raise ValidationError(_("This plan is still being worked out."))
    waiting = plan.talks.filter(applied_at=None, day__isnull=False).order_by("day", "-half_day", "pk")
    numbers = list(waiting.values_list("pk", flat=True))
    applied = 0
    for done, number in enumerate(numbers):
        applied += apply_talk(number=number, by=by)
        report(done + 1, len(numbers))
    CampaignPlan.objects.filter(pk=plan.pk, state=CampaignPlan.State.READY).update(
        state=CampaignPlan.State.APPLIED, applied_at=timezone.now()
    )
    return applied


def apply_talk(*, number: int, by: User) -> bool:
    """One talk of a plan: its session and its people. What stands in the way is written beside it."""
    try:
        return _apply_talk(number, by)
    except ValidationError as refusal:
        PlannedTalk.objects.filter(pk=number, applied_at=None).update(refusal=" ".join(refusal.messages))
        return False


@transaction.atomic
def _apply_talk(number, by):
    place = CampaignSchool.objects.filter(talks__planned=number).values("pk")
    # All that makes sessions of a school's talks queues up here: two who apply one plan, or two plans.
    place = CampaignSchool.objects.select_for_update(no_key=True, of=("self",)).get(pk__in=place)
    planned = PlannedTalk.objects.select_related("talk__session", "talk__class_group").get(pk=number)
    if planned.applied_at:
        return False
    _check(place, planned)
    session = planned.talk.session
    if session is None or not session.is_planned:
        session = _create_session(place, planned, by)
    _make_room(session, planned, by)
    for chosen in planned.speakers.select_related("speaker__volunteer__user").order_by("pk"):
        chosen.refusal = _sign_up(session, chosen.speaker)
        chosen.save(update_fields=["refusal"])
    planned.applied_at, planned.refusal = timezone.now(), ""
    planned.save(update_fields=["applied_at", "refusal"])
    return True


def _check(place, planned):
    """The school still wants it, and nobody has planned the talk on another half-day meanwhile."""
    session = planned.talk.session
    if place.state != CampaignSchool.State.YES:
        raise ValidationError(_("The school has taken back its yes."))
    if session is None:
        return
    is_its_own = (planned.day, planned.half_day) in half_days_touched(session.starts_at, session.ends_at, session.zone)
    if session.is_planned and not is_its_own:
        raise ValidationError(_("This talk has its session already, on another half-day."))
    if is_its_own and not session.is_planned:
        raise ValidationError(_("The session of this talk was called off."))


def _create_session(place, planned, by):
    zone = calendar.time_zone(place.school)
    starts_at, ends_at = moments((planned.day, planned.half_day), zone)
    group = planned.talk.class_group
    session = activities.create_session(
        activity=_activity(place, group),
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        school=place.school,
        briefing=place.note,
        contact_on_site=str(place.contact or ""),
        seats=group.head_count or 0,
        volunteer_places=max(place.campaign.least_speakers, planned.speakers.count()),
        by=by,
    )
    activities.book(session=session, class_group=group, contact=place.contact and place.contact.user, by=by)
    CampaignTalk.objects.filter(pk=planned.talk_id).update(session=session)
    return session


def _activity(place, group):
    """One activity for all the talks of a school in a campaign."""
    campaign = place.campaign
    known = Activity.objects.filter(sessions__campaign_talk__place=place).order_by("pk").first()
    if known is None:
        known = Activity(
            programme=campaign.programme,
            organisation=campaign.organisation,
            school_year=campaign.school_year,
            kind=Activity.Kind.TALK,
            language=place.language,
            volunteers_needed=campaign.least_speakers,
            **{f"title_{language}": _title(place, language) for language in ("fr", "en")},
        )
    known.levels = sorted({*known.levels, group.level})
    known.full_clean()
    known.save()
    return known


def _title(place, language):
    with translation.override(language):
        return f"{place.campaign} · {place.school}"[:150]


def _make_room(session, planned, by):
    """Places enough for those who come on top of those who are in."""
    newcomers = planned.speakers.exclude(speaker__volunteer__assignments__in=_in(session)).count()
    needed = session.volunteers_confirmed + newcomers
    if needed > session.volunteer_places:
        activities.resize(session=session, volunteer_places=needed, by=by)


def _in(session):
    return Assignment.objects.confirmed().filter(session=session)


def _sign_up(session, speaker):
    """Empty, or what stands in the way of this person; the others of the group come all the same."""
    try:
        with transaction.atomic():
            activities.sign_up(session=session, volunteer=speaker.volunteer)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def progress_of(campaign) -> dict:
    """How many talks of a campaign have their session, how many of those have enough speakers, how many were held, and
    how many young people were counted there; a class has one talk, so that nobody counts twice."""
    sessions = Session.objects.filter(campaign_talk__place__campaign=campaign, state=Session.State.PLANNED)
    found = sessions.aggregate(
        sessions=Count("pk"),
        staffed=Count("pk", filter=Q(volunteers_confirmed__gte=campaign.least_speakers)),
        held=Count("pk", filter=Q(ends_at__lte=timezone.now())),
    )
    reached = Headcount.objects.filter(session__in=sessions).aggregate(total=Sum("total", default=0))
    return found | {"reached": reached["total"]}
