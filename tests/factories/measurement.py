"""What figures are made of: a session that took place, heads counted in it, pupils who came; and targets."""

import datetime as dt

import factory
from django.utils import timezone

from impact.measurement.models import Target
from programs.activities.models import Activity, Attendance, Headcount, Programme, Session
from tests.factories.organisations import OrganisationFactory

FIRST = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"scheme-{n}")
    name_fr = factory.Sequence(lambda n: f"Programme {n}")
    pillar = 1
    lead = factory.SubFactory(OrganisationFactory)
    starts_on = dt.date(2020, 9, 1)


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SelfAttribute("programme.lead")
    school_year = 2026
    kind = Activity.Kind.TALK
    title_fr = factory.Sequence(lambda n: f"Intervention {n}")


class HeldSessionFactory(factory.django.DjangoModelFactory):
    """An hour and a half in October 2026; each later than the one made before."""

    class Meta:
        model = Session

    activity = factory.SubFactory(ActivityFactory)
    starts_at = factory.Sequence(lambda n: FIRST + dt.timedelta(hours=n % 600))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + dt.timedelta(minutes=90))
    campus = factory.LazyAttribute(lambda session: None if session.school else session.activity.organisation)
    school = None
    seats = 200


class HeadcountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Headcount

    session = factory.SubFactory(HeldSessionFactory)
    level = "2GT"
    total = 30
    source = Headcount.Source.STAFF
    confirmed_at = factory.LazyFunction(timezone.now)


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(HeldSessionFactory)
    status = Attendance.Status.PRESENT
    minutes = factory.LazyAttribute(lambda attendance: 60 if attendance.status in Attendance.WAS_THERE else 0)


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    school_year = 2026
    value = 1000
