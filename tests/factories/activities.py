"""Programmes, activities, sessions and the people in them."""

import datetime as dt
import uuid

import factory
from django.utils import timezone

from participants.organisations.school_years import school_year_of
from programs.activities.models import (
    Activity,
    Answer,
    AskedQuestion,
    Asking,
    Assignment,
    Attendance,
    Booking,
    Feedback,
    Guest,
    Headcount,
    Inquiry,
    Kit,
    KitDocument,
    KitOpening,
    LevelQuota,
    PeriodLock,
    PriorityCriterion,
    Programme,
    ProgrammeScope,
    Questionnaire,
    QuietVolunteer,
    Reply,
    RollEntry,
    Session,
    SpeakerSearch,
    Subscription,
    Topic,
    WhatIf,
)
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organisations import ClassGroupFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import PupilFactory, VolunteerFactory


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    name_fr = factory.Sequence(lambda n: f"Sujet {n}")


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"programme-{n}")
    name_fr = factory.Sequence(lambda n: f"Programme {n}")
    pillar = Programme.Pillar.AWARENESS
    lead = factory.SubFactory(OrganisationFactory)
    starts_on = dt.date(2020, 9, 1)


class ProgrammeScopeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgrammeScope

    grant = factory.SubFactory(GrantFactory, role="programme_manager")
    programme = factory.SubFactory(ProgrammeFactory)


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SelfAttribute("programme.lead")
    school_year = factory.LazyFunction(lambda: school_year_of(timezone.localdate()))
    kind = Activity.Kind.TALK
    title_fr = factory.Sequence(lambda n: f"Intervention {n}")
    title_en = factory.Sequence(lambda n: f"Talk {n}")


def afternoon(days):
    """At two o'clock so many days from now: whatever time it is, no session crosses midnight."""
    day = timezone.localtime() + dt.timedelta(days=days)
    return day.replace(hour=14, minute=0, second=0, microsecond=0)


class SessionFactory(factory.django.DjangoModelFactory):
    """In ten days, for two hours; `past=True` was ten days ago."""

    class Meta:
        model = Session

    class Params:
        past = factory.Trait(starts_at=factory.LazyFunction(lambda: afternoon(-10)))

    activity = factory.SubFactory(ActivityFactory)
    school = factory.SubFactory(SchoolFactory)
    starts_at = factory.LazyFunction(lambda: afternoon(10))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + dt.timedelta(hours=2))
    volunteer_places = 2
    seats = 60


class AssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assignment

    session = factory.SubFactory(SessionFactory)
    volunteer = factory.SubFactory(VolunteerFactory)
    state = Assignment.State.CONFIRMED


class BookingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Booking

    session = factory.SubFactory(SessionFactory)
    class_group = factory.SubFactory(ClassGroupFactory)
    seats = 30
    stage = Booking.Stage.CONFIRMED


class GuestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Guest

    email = factory.Sequence(lambda n: f"guest-{n}@example.org")
    is_proven = True


class SubscriptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Subscription

    email = factory.Sequence(lambda n: f"follower-{n}@example.org")
    confirmed_at = factory.LazyFunction(timezone.now)


class LevelQuotaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LevelQuota

    activity = factory.SubFactory(ActivityFactory)
    levels = ["2GT"]
    seats = 30


class PriorityCriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriorityCriterion

    activity = factory.SubFactory(ActivityFactory)
    criterion = "scholarship"


class InquiryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Inquiry

    organisation = factory.SubFactory(OrganisationFactory)
    kind = Inquiry.Kind.SHORT
    text_fr = factory.Sequence(lambda n: f"Question {n} ?")
    text_en = factory.Sequence(lambda n: f"Question {n}?")


class AskedQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AskedQuestion

    activity = factory.SubFactory(ActivityFactory)
    question = factory.SubFactory(InquiryFactory)


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    booking = factory.SubFactory(BookingFactory)
    asked = factory.SubFactory(AskedQuestionFactory)
    value = "oui"


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(SessionFactory, past=True)
    pupil = factory.SubFactory(PupilFactory)
    status = Attendance.Status.PRESENT
    minutes = 60


class HeadcountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Headcount

    session = factory.SubFactory(SessionFactory, past=True)
    class_group = factory.SubFactory(ClassGroupFactory)
    level = "2GT"
    total = 30
    girls = 14
    boys = 13
    source = Headcount.Source.SCHOOL
    confirmed_at = factory.LazyFunction(timezone.now)


class PeriodLockFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PeriodLock

    starts_on = dt.date(2025, 9, 1)
    ends_on = dt.date(2026, 8, 31)
    reason = "bilan 2025-2026"
    locked_by = factory.SubFactory(UserFactory)


class RollEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RollEntry

    nonce = factory.LazyFunction(uuid.uuid4)
    session = factory.SubFactory(SessionFactory, past=True)
    pupil = factory.SubFactory(PupilFactory)
    status = Attendance.Status.PRESENT
    observed_at = factory.LazyFunction(timezone.now)
    by = factory.SubFactory(UserFactory)


class FeedbackFactory(factory.django.DjangoModelFactory):
    """A pupil's sheet, on the questions that come with the house."""

    class Meta:
        model = Feedback

    nonce = factory.LazyFunction(uuid.uuid4)
    session = factory.SubFactory(SessionFactory, past=True)
    questionnaire = factory.LazyFunction(lambda: Questionnaire.objects.get(audience="pupils", version=1))
    given_on = factory.LazyFunction(timezone.localdate)


class ReplyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reply

    feedback = factory.SubFactory(FeedbackFactory)
    question = factory.LazyAttribute(lambda reply: reply.feedback.questionnaire.questions.first())
    value = 3


class SpeakerSearchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SpeakerSearch

    session = factory.SubFactory(SessionFactory)
    started_by = factory.SubFactory(UserFactory)
    seed = 1
    round = 1
    round_ends_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=1))


class AskingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Asking

    search = factory.SubFactory(SpeakerSearchFactory)
    assignment = factory.SubFactory(
        AssignmentFactory, session=factory.SelfAttribute("..search.session"), state=Assignment.State.INVITED
    )
    round = 1


class QuietVolunteerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = QuietVolunteer

    volunteer = factory.SubFactory(VolunteerFactory)


class KitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Kit

    activity = factory.SubFactory(ActivityFactory)
    briefing_fr = "Dites qui vous êtes."
    briefing_en = "Say who you are."
    transport_fr = "Ligne 4"
    transport_en = "Line 4"


class WhatIfFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WhatIf

    kit = factory.SubFactory(KitFactory)
    question_fr = "Personne n’ouvre ?"
    question_en = "Nobody opens?"
    answer_fr = "Sonnez deux fois."
    answer_en = "Ring twice."


class KitDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KitDocument

    kit = factory.SubFactory(KitFactory)
    title = "Plan"
    stored_as = "none.pdf"


class KitOpeningFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KitOpening

    assignment = factory.SubFactory(AssignmentFactory)
