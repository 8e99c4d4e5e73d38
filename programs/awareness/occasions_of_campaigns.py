"""What we write about a campaign, to whom, and when a letter no longer makes sense."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.dates import say_day
from participants.correspondence import occasions
from participants.correspondence.actions import RuleDefault, rule_in_pairs
from participants.correspondence.occasions import Occasion, Pointless
from programs.awareness import invitations
from programs.awareness.models import Campaign, CampaignSchool, CampaignSpeaker

SCHOOL_INVITED = "awareness.campaign_school_invited"
SCHOOL_REMINDED = "awareness.campaign_school_reminded"
SPEAKER_ASKED = "awareness.campaign_speaker_asked"
SPEAKER_REMINDED = "awareness.campaign_speaker_reminded"
# How long what was said for the composition of groups stays after the campaign.
COMPOSITION_KEPT = dt.timedelta(days=30)
ONCE_MORE = dt.timedelta(days=7)


def register() -> None:
    """Make the occasions known."""
    for key, label, words, context, door in (
        (SCHOOL_INVITED, gettext_lazy("campaign: school invited"), (*WORDS, "school", "letter"), of_school, schools_of),
        (
            SCHOOL_REMINDED,
            gettext_lazy("campaign: school reminded"),
            (*WORDS, "school", "letter"),
            of_school,
            schools_of,
        ),
        (SPEAKER_ASKED, gettext_lazy("campaign: volunteer asked"), WORDS, of_speaker, speakers_of),
        (SPEAKER_REMINDED, gettext_lazy("campaign: volunteer reminded"), WORDS, of_speaker, speakers_of),
    ):
        occasions.register(Occasion(key, label, words, context, abouts_visible_to=door))


WORDS = ("campaign", "first_day", "last_day")


def schools_of(user):
    return CampaignSchool.objects.filter(campaign__in=Campaign.objects.visible_to(user))


def speakers_of(user):
    return CampaignSpeaker.objects.filter(campaign__in=Campaign.objects.visible_to(user))


def of_school(about, recipient):
    """Pointless once the school has answered or the campaign is over."""
    place = CampaignSchool.objects.select_related("campaign", "school").filter(pk=about).first()
    if place is None or place.state != CampaignSchool.State.INVITED:
        raise Pointless(gettext_noop("The school has answered."))
    return _facts(place.campaign) | {
        "school": place.school.name,
        "letter": place.campaign.letter,
        "action_url": invitations.link(place),
    }


def of_speaker(about, recipient):
    """Pointless once the volunteer has answered or the campaign is over."""
    speaker = CampaignSpeaker.objects.select_related("campaign").filter(pk=about).first()
    if speaker is None or speaker.state != CampaignSpeaker.State.INVITED:
        raise Pointless(gettext_noop("The volunteer has answered."))
    return _facts(speaker.campaign) | {"action_url": reverse("awareness:campaign-wishes", args=[speaker.pk])}


def _facts(campaign):
    if campaign.is_over:
        raise Pointless(gettext_noop("The campaign is over."))
    return {
        "campaign": str(campaign),
        "first_day": say_day(campaign.first_week),
        "last_day": say_day(campaign.last_day),
    }


_ANSWER = ("Répondre", "Answer")
_SCHOOL = (
    "{letter}\n\nEntre le {first_day} et le {last_day}, des étudiantes et étudiants viennent parler de leurs études dans "
    "les classes. Si {school} souhaite les accueillir, dites-nous en deux minutes quelles classes et quelles demi-journées "
    "vous conviennent ; si ce n’est pas possible, un mot suffit.",
    "{letter}\n\nBetween {first_day} and {last_day}, students come to classes and talk about what they study. If {school} "
    "would like to welcome them, tell us in two minutes which classes and which half-days suit you; if it is not possible, "
    "a word is enough.",
)
RULES: list[RuleDefault] = [
    rule_in_pairs(
        "awareness-campaign-school-invited",
        SCHOOL_INVITED,
        ("{campaign} : des étudiants dans vos classes ?", "{campaign}: students in your classes?"),
        _SCHOOL,
        _ANSWER,
    ),
    rule_in_pairs(
        "awareness-campaign-school-reminded",
        SCHOOL_REMINDED,
        ("{campaign} : votre réponse nous aiderait", "{campaign}: your answer would help us"),
        (
            "Nous n’avons pas encore votre réponse pour {school}. Un oui ou un non nous aide à répartir les étudiants ; "
            "nous n’écrirons plus à ce sujet.",
            "We do not have your answer for {school} yet. A yes or a no helps us to place the students; we shall not "
            "write about it again.",
        ),
        _ANSWER,
        ONCE_MORE,
    ),
    rule_in_pairs(
        "awareness-campaign-speaker-asked",
        SPEAKER_ASKED,
        ("{campaign} : où et quand parleriez-vous ?", "{campaign}: where and when would you speak?"),
        (
            "Entre le {first_day} et le {last_day}, nous allons dans les lycées. Dites-nous quand vous êtes libre, jusqu’où "
            "vous iriez, et si vous aimeriez revenir dans votre ancien lycée.",
            "Between {first_day} and {last_day} we go to schools. Tell us when you are free, how far you would go, and "
            "whether you would like to go back to your former school.",
        ),
        ("Dire mes souhaits", "Say my wishes"),
    ),
    rule_in_pairs(
        "awareness-campaign-speaker-reminded",
        SPEAKER_REMINDED,
        ("{campaign} : il manque vos souhaits", "{campaign}: your wishes are missing"),
        (
            "Nous préparons le planning et n’avons pas encore vos souhaits. Deux minutes suffisent, aussi pour dire non.",
            "We are preparing the plan and do not have your wishes yet. Two minutes are enough, also to say no.",
        ),
        ("Dire mes souhaits", "Say my wishes"),
        ONCE_MORE,
    ),
]
