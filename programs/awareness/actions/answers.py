"""What schools and volunteers answer to a campaign."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from participants.accounts.text import fold
from participants.correspondence import actions as correspondence
from participants.organisations.models import ClassGroup
from participants.people.models import SchoolContact
from programs.awareness import occasions_of_campaigns
from programs.awareness.models import CampaignSchool, CampaignSpeaker, CampaignTalk

MOST_CLASSES = 12


@transaction.atomic
def say_yes(
    *,
    place: CampaignSchool,
    contact: SchoolContact,
    weeks: Iterable[dt.date],
    half_days: Iterable[str],
    classes: Iterable[dict],
    language: str = "fr",
    note: str = "",
) -> CampaignSchool:
    """The school takes part, on these half-days, with a talk for each of these classes. May be said again, with other
    classes and half-days, as long as the talk concerned has no session."""
    place = _open_place(place)
    wanted = list(classes)
    if not wanted:
        raise ValidationError(_("Add at least one class."))
    if len(wanted) > MOST_CLASSES:
        raise ValidationError(_("One campaign holds at most %(most)s classes of a school.") % {"most": MOST_CLASSES})
    weeks = sorted(set(weeks))
    if not weeks or not set(weeks) <= set(place.campaign.mondays):
        raise ValidationError(_("Choose at least one week."))
    place.weeks, place.half_days = weeks, sorted(set(half_days))
    place.language, place.note, place.reason = language, note, CampaignSchool.Reason.NONE
    _answer(place, CampaignSchool.State.YES, contact)
    _set_talks(place, wanted)
    return place


@transaction.atomic
def say_no(*, place: CampaignSchool, contact: SchoolContact, reason: str, note: str = "") -> CampaignSchool:
    """The school does not take part this time."""
    place = _open_place(place)
    if place.talks.filter(session__isnull=False).exists():
        raise ValidationError(_("Talks are already planned in your school: write to the center to call them off."))
    place.talks.all().delete()
    place.reason, place.note, place.weeks, place.half_days = reason, note, [], []
    _answer(place, CampaignSchool.State.NO, contact)
    return place


@transaction.atomic
def say_wishes(*, speaker: CampaignSpeaker, **wishes) -> CampaignSpeaker:
    """A volunteer takes part, with these wishes; they may change until the talks are planned, and later for further ones."""
    speaker = _open_speaker(speaker)
    for name in ("weeks", "half_days", "travel_minutes", "own_school", "leaves_from_home", "most_talks", "gender"):
        setattr(speaker, name, wishes[name])
    if not set(speaker.weeks) <= set(speaker.campaign.mondays):
        raise ValidationError(_("Choose at least one week."))
    return _answer_of_speaker(speaker, CampaignSpeaker.State.YES)


@transaction.atomic
def stay_out(*, speaker: CampaignSpeaker) -> CampaignSpeaker:
    """A volunteer does not take part; what they had wished is forgotten. Places they hold are withdrawn one by one."""
    speaker = _open_speaker(speaker)
    speaker.weeks, speaker.half_days, speaker.gender = [], [], CampaignSpeaker.Gender.UNSAID
    return _answer_of_speaker(speaker, CampaignSpeaker.State.NO)


def _open_place(place):
    """The locked row, if it waits for an answer or may change one."""
    place = CampaignSchool.objects.select_for_update(no_key=True, of=("self",)).get(pk=place.pk)
    if place.state == CampaignSchool.State.CHOSEN:
        raise ValidationError(_("This school has not been invited yet."))
    if place.campaign.is_over:
        raise ValidationError(_("This campaign is over."))
    return place


def _answer(place, state, contact):
    place.state, place.contact, place.answered_at = state, contact, timezone.now()
    place.full_clean()
    place.save()
    correspondence.call_off(
        about=place.pk,
        occasions=[occasions_of_campaigns.SCHOOL_INVITED, occasions_of_campaigns.SCHOOL_REMINDED],
        reason=gettext_noop("The school has answered."),
    )


def _set_talks(place, wanted):
    """A talk for each class; a class that has its session stays, one that is no longer named and has none goes."""
    year = place.campaign.school_year
    ClassGroup.objects.bulk_create(
        [ClassGroup(school_id=place.school_id, school_year=year, **values) for values in wanted], ignore_conflicts=True
    )
    standing = ClassGroup.objects.filter(school=place.school_id, school_year=year)
    names = {fold(values["name"]) for values in wanted}
    groups = [group for group in standing if fold(group.name) in names]
    place.talks.filter(session=None).exclude(class_group__in=groups).delete()
    CampaignTalk.objects.bulk_create(
        [CampaignTalk(place=place, class_group=group) for group in groups], ignore_conflicts=True
    )


def _open_speaker(speaker):
    speaker = CampaignSpeaker.objects.select_for_update(no_key=True, of=("self",)).get(pk=speaker.pk)
    if speaker.campaign.is_over:
        raise ValidationError(_("This campaign is over."))
    return speaker


def _answer_of_speaker(speaker, state):
    speaker.state, speaker.answered_at = state, timezone.now()
    speaker.full_clean()
    speaker.save()
    correspondence.call_off(
        about=speaker.pk,
        occasions=[occasions_of_campaigns.SPEAKER_ASKED, occasions_of_campaigns.SPEAKER_REMINDED],
        reason=gettext_noop("The volunteer has answered."),
    )
    return speaker
