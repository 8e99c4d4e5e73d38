"""Requests for talks, with their classes and slots; the talent pool."""

import datetime as dt

import factory
from django.utils import timezone

from participants.organisations.school_years import current_school_year, school_year_of
from programs.awareness.models import (
    Campaign,
    CampaignPlan,
    CampaignSchool,
    CampaignSpeaker,
    CampaignTalk,
    Nomination,
    PairRule,
    PlannedSpeaker,
    PlannedTalk,
    PoolEntry,
    PoolInvitation,
    PoolRound,
    RequestedClass,
    RequestedSlot,
    SelfEntry,
    TalkRequest,
    monday_of,
)
from tests.factories.activities import ActivityFactory, ProgrammeFactory
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import (
    EnrolmentFactory,
    PupilFactory,
    SchoolContactFactory,
    SchoolPostFactory,
    VolunteerFactory,
)


def next_monday(weeks=2):
    return monday_of(timezone.localdate()) + dt.timedelta(weeks=weeks)


class TalkRequestFactory(factory.django.DjangoModelFactory):
    """A draft of a contact whose post is verified; the traits sent, accepted and declined, and `is_proven=False`."""

    class Meta:
        model = TalkRequest
        skip_postgeneration_save = True

    class Params:
        sent = factory.Trait(state="sent", sent_at=factory.LazyFunction(timezone.now))
        accepted = factory.Trait(
            state="accepted",
            sent_at=factory.LazyFunction(timezone.now),
            handled_at=factory.LazyFunction(timezone.now),
            activity=factory.SubFactory(ActivityFactory),
        )
        declined = factory.Trait(
            state="declined",
            sent_at=factory.LazyFunction(timezone.now),
            handled_at=factory.LazyFunction(timezone.now),
            decline_reason="dates",
        )

    school = factory.SubFactory(SchoolFactory)
    contact = factory.SubFactory(SchoolContactFactory)
    school_year = factory.LazyFunction(current_school_year)

    @factory.post_generation
    def is_proven(self, create, extracted, **kwargs):
        """The contact has a post in the school."""
        if create and not self.contact.posts.filter(school=self.school).exists():
            SchoolPostFactory(contact=self.contact, school=self.school, verified=extracted is not False)


class RequestedClassFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RequestedClass

    request = factory.SubFactory(TalkRequestFactory)
    name = factory.Sequence(lambda n: f"2de {n}")
    level = "2GT"
    head_count = 30


class RequestedSlotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RequestedSlot

    request = factory.SubFactory(TalkRequestFactory)
    week = factory.LazyFunction(next_monday)


class CampaignFactory(factory.django.DjangoModelFactory):
    """Three weeks, the first of them in two weeks."""

    class Meta:
        model = Campaign

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SelfAttribute("programme.lead")
    first_week = factory.LazyFunction(next_monday)
    last_week = factory.LazyAttribute(lambda campaign: campaign.first_week + dt.timedelta(weeks=2))
    school_year = factory.LazyAttribute(lambda campaign: school_year_of(campaign.first_week))
    name_fr = factory.Sequence(lambda n: f"Campagne {n}")
    needs_woman = False


class CampaignSchoolFactory(factory.django.DjangoModelFactory):
    """Chosen; the traits invited, yes and no."""

    class Meta:
        model = CampaignSchool

    class Params:
        invited = factory.Trait(state="invited", wave=1, invited_at=factory.LazyFunction(timezone.now))
        yes = factory.Trait(
            state="yes",
            wave=1,
            invited_at=factory.LazyFunction(timezone.now),
            answered_at=factory.LazyFunction(timezone.now),
            weeks=factory.LazyAttribute(lambda place: place.campaign.mondays),
        )
        no = factory.Trait(
            state="no",
            wave=1,
            invited_at=factory.LazyFunction(timezone.now),
            answered_at=factory.LazyFunction(timezone.now),
            reason="dates",
        )

    campaign = factory.SubFactory(CampaignFactory)
    school = factory.SubFactory(SchoolFactory)


class CampaignTalkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CampaignTalk

    place = factory.SubFactory(CampaignSchoolFactory, yes=True)
    class_group = factory.LazyAttribute(
        lambda talk: ClassGroupFactory(
            school=talk.place.school, school_year=talk.place.campaign.school_year, head_count=30
        )
    )


class CampaignSpeakerFactory(factory.django.DjangoModelFactory):
    """Asked; with the trait yes free in every week of the campaign."""

    class Meta:
        model = CampaignSpeaker

    class Params:
        yes = factory.Trait(
            state="yes",
            answered_at=factory.LazyFunction(timezone.now),
            weeks=factory.LazyAttribute(lambda speaker: speaker.campaign.mondays),
        )

    campaign = factory.SubFactory(CampaignFactory)
    volunteer = factory.SubFactory(VolunteerFactory)


class CampaignPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CampaignPlan

    class Params:
        ready = factory.Trait(
            state="ready", finished_at=factory.LazyFunction(timezone.now), seconds=1.0, worth=90, bound=100
        )

    campaign = factory.SubFactory(CampaignFactory)


class PairRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PairRule

    talk = factory.SubFactory(CampaignTalkFactory)
    speaker = factory.LazyAttribute(lambda rule: CampaignSpeakerFactory(campaign=rule.talk.place.campaign, yes=True))
    kind = "lock"


class PlannedTalkFactory(factory.django.DjangoModelFactory):
    """On the Monday afternoon of the first week; `unfilled=True` has no half-day."""

    class Meta:
        model = PlannedTalk

    class Params:
        unfilled = factory.Trait(day=None, half_day="", facts={"cause": "few", "willing": 1, "missing": 2})

    talk = factory.SubFactory(CampaignTalkFactory)
    plan = factory.LazyAttribute(lambda planned: CampaignPlanFactory(campaign=planned.talk.place.campaign, ready=True))
    day = factory.LazyAttribute(lambda planned: planned.talk.place.campaign.first_week)
    half_day = "afternoon"


class PlannedSpeakerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlannedSpeaker

    planned = factory.SubFactory(PlannedTalkFactory)
    speaker = factory.LazyAttribute(
        lambda chosen: CampaignSpeakerFactory(campaign=chosen.planned.plan.campaign, yes=True)
    )
    facts = factory.LazyFunction(lambda: {"minutes": 30, "turn": 1})


class PoolEntryFactory(factory.django.DjangoModelFactory):
    """In a school this year."""

    class Meta:
        model = PoolEntry

    pupil = factory.LazyFunction(lambda: EnrolmentFactory(school_year=current_school_year()).pupil)
    door = PoolEntry.Door.SELF


class SelfEntryFactory(factory.django.DjangoModelFactory):
    """Sixteen, typed a moment ago; `waiting=True` may be the pupil on record."""

    class Meta:
        model = SelfEntry

    class Params:
        waiting = factory.Trait(
            state="waiting",
            proven_at=factory.LazyFunction(timezone.now),
            pupil=factory.SubFactory(PupilFactory),
            codes=["last_same", "first_same", "born_same"],
        )

    first_name = "Lou"
    last_name = "Lovelace"
    birth_date = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=16 * 366))
    school = factory.SubFactory(SchoolFactory)
    level = "2GT"
    email = factory.Sequence(lambda number: f"newcomer{number}@example.org")


class NominationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Nomination

    pupil = factory.SubFactory(PupilFactory)
    school = factory.SubFactory(SchoolFactory)
    school_year = factory.LazyFunction(current_school_year)
    is_curious = "yes"


class PoolRoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoolRound

    activity = factory.SubFactory(ActivityFactory)
    reason = "You came to our evening of stars."


class PoolInvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoolInvitation

    round = factory.SubFactory(PoolRoundFactory)
    pupil = factory.SubFactory(PupilFactory)
    activity = factory.SelfAttribute("round.activity")
