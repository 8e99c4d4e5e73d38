"""A campaign as it stands, as the search needs it: talks, speakers, what is settled, what is locked or forbidden."""

from collections import defaultdict

from django.utils import timezone

from participants.organisations import calendar
from participants.people.models import Volunteer
from programs.activities.models import Assignment
from programs.awareness.half_days import half_days_of, half_days_touched
from programs.awareness.models import (
    Campaign,
    CampaignPlan,
    CampaignSchool,
    CampaignSpeaker,
    CampaignTalk,
    PairRule,
    PlannedSpeaker,
)
from programs.awareness.planning.problem import Problem, Speaker, Talk

MOST_NEED = 5


def read(campaign: Campaign, *, keeps_last: bool = True) -> Problem:
    """The problem of today. What was applied stands: its people are busy then, and its talks only take who is missing."""
    willing = _willing(campaign)
    commitments = _commitments(campaign, willing)
    women = {speaker.volunteer_id for speaker in willing if speaker.gender == CampaignSpeaker.Gender.WOMAN}
    pairs = defaultdict(set)
    for kind, speaker, talk in PairRule.objects.filter(speaker__campaign=campaign).values_list(
        "kind", "speaker", "talk"
    ):
        pairs[kind].add((speaker, talk))
    return Problem(
        talks=_talks(campaign, women),
        speakers=[_speaker(speaker, commitments[speaker.volunteer_id]) for speaker in willing],
        locked=frozenset(pairs[PairRule.Kind.LOCK]),
        forbidden=frozenset(pairs[PairRule.Kind.FORBID]),
        kept=_last_pairs(campaign) if keeps_last else frozenset(),
    )


def _willing(campaign):
    """Those who said when they can, and may stand before a class."""
    return list(
        campaign.speakers.willing()
        .filter(volunteer__in=Volunteer.objects.named().active())
        .select_related("volunteer__member_school", "volunteer__home_departement", "own_school")
        .order_by("pk")
    )


def _speaker(speaker, commitments) -> Speaker:
    volunteer = speaker.volunteer
    campus, home = volunteer.member_school, speaker.own_school
    starts = [campus, home] if speaker.leaves_from_home and home else [campus]
    spans = [(held.session.starts_at, held.session.ends_at) for held in commitments]
    busy = {half_day for span in spans for half_day in half_days_touched(*span, calendar.PARIS)}
    own = [held for held in commitments if held.is_of_campaign]
    return Speaker(
        pk=speaker.pk,
        free=frozenset(half_days_of(speaker.weeks, speaker.half_days, today=timezone.localdate())),
        origins=tuple((place.latitude, place.longitude) for place in starts if place.latitude is not None),
        limit=speaker.travel_minutes,
        languages=frozenset(volunteer.languages or ["fr"]),
        is_woman=speaker.gender == CampaignSpeaker.Gender.WOMAN,
        most_talks=speaker.most_talks,
        own_school=speaker.own_school_id,
        departement=volunteer.home_departement_id,
        region=volunteer.home_departement.region_id if volunteer.home_departement else None,
        busy=frozenset(busy),
        taken=frozenset(held.session.local_start.date() for held in own),
        given=len(own),
    )


def _commitments(campaign, willing):
    """Volunteer -> what they hold a place in from today to the end of the campaign, and before it for the campaign."""
    held = (
        Assignment.objects.confirmed()
        .filter(volunteer__in=[speaker.volunteer_id for speaker in willing])
        .filter(session__ends_at__date__gte=campaign.first_week, session__starts_at__date__lte=campaign.last_day)
        .filter(session__state="planned")
        .select_related("session__campaign_talk__place")
        .order_by("pk")
    )
    found = defaultdict(list)
    for assignment in held:
        talk = getattr(assignment.session, "campaign_talk", None)
        assignment.is_of_campaign = talk is not None and talk.place.campaign_id == campaign.pk
        found[assignment.volunteer_id].append(assignment)
    return found


def _talks(campaign, women):
    talks = (
        CampaignTalk.objects.filter(place__campaign=campaign, place__state=CampaignSchool.State.YES)
        .select_related("place__school__departement", "class_group", "session")
        .order_by("pk")
    )
    groups = defaultdict(list)
    held = Assignment.objects.confirmed().filter(session__campaign_talk__place__campaign=campaign)
    for session, volunteer in held.filter(session__state="planned").values_list("session", "volunteer"):
        groups[session].append(volunteer)
    off: dict = {}
    return [_talk(campaign, talk, groups[talk.session_id], women, off) for talk in talks]


def _talk(campaign, talk, group, women, off) -> Talk:
    school = talk.place.school
    return Talk(
        pk=talk.pk,
        school=school.pk,
        slots=tuple(_half_days(campaign, talk, off)),
        place=(school.latitude, school.longitude) if school.latitude is not None else None,
        departement=school.departement_id,
        region=school.departement.region_id if school.departement else None,
        language=talk.place.language,
        least=campaign.least_speakers,
        most=campaign.most_speakers,
        needs_woman=campaign.needs_woman,
        need=min(talk.place.need, MOST_NEED),
        already=len(group),
        has_woman=any(volunteer in women for volunteer in group),
    )


def _half_days(campaign, talk, off):
    """What the school wished for and has school on. A talk that has its session keeps its half-day; one whose session
    was called off is planned anew, on another."""
    today, session = timezone.localdate(), talk.session
    touched = half_days_touched(session.starts_at, session.ends_at, session.zone) if session else []
    if session and session.is_planned:
        return touched[:1] if session.local_start.date() > today else []
    zone = calendar.zone_of(talk.place.school)
    if zone not in off:
        off[zone] = calendar.zone_days_off(zone, campaign.first_week, campaign.last_day)
    wished = half_days_of(talk.place.weeks, talk.place.half_days, off=off[zone], today=today)
    return [half_day for half_day in wished if half_day not in touched]


def _last_pairs(campaign):
    """The pairs of the last plan that was worked out."""
    last = campaign.plans.exclude(state=CampaignPlan.State.ASKED).order_by("-asked_at", "-pk").first()
    if last is None:
        return frozenset()
    rows = PlannedSpeaker.objects.filter(planned__plan=last, planned__day__isnull=False)
    return frozenset(rows.values_list("speaker", "planned__talk"))
