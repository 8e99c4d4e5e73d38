"""How a campaign begins, which schools are in it, and in which waves they are invited."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.models import User
from participants.correspondence import actions as correspondence
from participants.people.models import Volunteer
from programs.awareness import invitations, occasions_of_campaigns
from programs.awareness.models import Campaign, CampaignSchool, CampaignSpeaker
from programs.awareness.needs import Need


@transaction.atomic
def save_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """Begin a campaign, or change what holds for all of it."""
    campaign.full_clean()
    campaign.save()
    return campaign


@transaction.atomic
def choose_schools(*, campaign: Campaign, needs: Iterable[Need], by: User) -> int:
    """Put schools into the campaign, each with what its need was; returns how many are new."""
    before = campaign.schools.count()
    CampaignSchool.objects.bulk_create(
        [CampaignSchool(campaign=campaign, school_id=need.id, need=need.need) for need in needs], ignore_conflicts=True
    )
    return campaign.schools.count() - before


@transaction.atomic
def leave_out_school(*, place: CampaignSchool, by: User) -> None:
    """Take a school out of the campaign before it was invited."""
    place = CampaignSchool.objects.select_for_update(no_key=True, of=("self",)).get(pk=place.pk)
    if place.state != CampaignSchool.State.CHOSEN:
        raise ValidationError(_("This school has been invited: it stays in the list."))
    place.delete()


@transaction.atomic
def invite_wave(*, campaign: Campaign, most: int | None = None, by: User) -> int:
    """Invite the chosen schools, those in need first, at most so many; all of them are one wave. Returns how many."""
    # Two coordinators at once: the waves queue up here, and the second finds those that are left.
    campaign = Campaign.objects.select_for_update(no_key=True, of=("self",)).get(pk=campaign.pk)
    if campaign.is_over:
        raise ValidationError(_("This campaign is over."))
    chosen = campaign.schools.filter(state=CampaignSchool.State.CHOSEN).order_by("-need", "pk")[:most]
    places = list(chosen.select_related("school"))
    if not places:
        raise ValidationError(_("Choose schools first: there is none that has not been invited."))
    wave = (campaign.schools.aggregate(last=Max("wave"))["last"] or 0) + 1
    now = timezone.now()
    CampaignSchool.objects.filter(pk__in=[place.pk for place in places]).update(
        state=CampaignSchool.State.INVITED, wave=wave, invited_at=now
    )
    correspondence.plan_all(
        correspondence.Plan(occasion, recipients, place.pk, f"wave-{wave}", now)
        for place, recipients in invitations.recipients_of(places)
        for occasion in (occasions_of_campaigns.SCHOOL_INVITED, occasions_of_campaigns.SCHOOL_REMINDED)
    )
    return len(places)


@transaction.atomic
def invite_speakers(*, campaign: Campaign, volunteers: Iterable[Volunteer], by: User) -> int:
    """Ask volunteers what they wish; whoever was asked already is not asked again. Returns how many are new."""
    if campaign.is_over:
        raise ValidationError(_("This campaign is over."))
    volunteers = list(volunteers)
    known = set(campaign.speakers.values_list("volunteer", flat=True))
    new = [volunteer for volunteer in volunteers if volunteer.pk not in known]
    now = timezone.now()
    CampaignSpeaker.objects.bulk_create(
        [
            CampaignSpeaker(campaign=campaign, volunteer=volunteer, own_school=volunteer.former_school, invited_at=now)
            for volunteer in new
        ],
        ignore_conflicts=True,
    )
    asked = campaign.speakers.filter(volunteer__in=new).select_related("volunteer__user").order_by("pk")
    correspondence.plan_all(
        correspondence.Plan(occasion, [speaker.volunteer.user], speaker.pk, f"speaker-{speaker.pk}", now)
        for speaker in asked
        for occasion in (occasions_of_campaigns.SPEAKER_ASKED, occasions_of_campaigns.SPEAKER_REMINDED)
    )
    return len(new)


@transaction.atomic
def forget_composition() -> int:
    """Blank what people said for the composition of groups, 30 days after their campaign; returns how many."""
    ended = timezone.localdate() - occasions_of_campaigns.COMPOSITION_KEPT
    over = CampaignSpeaker.objects.exclude(gender="").filter(campaign__last_week__lt=ended)
    return over.update(gender=CampaignSpeaker.Gender.UNSAID)
