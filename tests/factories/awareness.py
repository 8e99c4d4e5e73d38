"""Requests for talks, with their classes and slots."""

import datetime as dt

import factory
from django.utils import timezone

from participants.organisations.school_years import current_school_year
from programs.awareness.models import RequestedClass, RequestedSlot, TalkRequest, monday_of
from tests.factories.activities import ActivityFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import SchoolContactFactory, SchoolPostFactory


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
