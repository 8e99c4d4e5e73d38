"""What figures are made of: a session that took place, heads counted in it, pupils who came; and targets."""

import datetime as dt

import factory

from impact.measurement.models import Target
from programs.activities.models import Attendance
from tests.factories import activities

FIRST = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)


class HeldSessionFactory(activities.SessionFactory):
    """An hour and a half in October 2026, at the organisation in charge unless a school is given; each later than the
    one made before."""

    activity = factory.SubFactory(activities.ActivityFactory, school_year=2026)
    starts_at = factory.Sequence(lambda n: FIRST + dt.timedelta(hours=2 * (n % 300)))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + dt.timedelta(minutes=90))
    campus = factory.LazyAttribute(lambda session: None if session.school else session.activity.organisation)
    school = None
    seats = 200


class HeadcountFactory(activities.HeadcountFactory):
    session = factory.SubFactory(HeldSessionFactory)
    girls = 0
    boys = 0


class AttendanceFactory(activities.AttendanceFactory):
    session = factory.SubFactory(HeldSessionFactory)
    minutes = factory.LazyAttribute(lambda attendance: 60 if attendance.status in Attendance.WAS_THERE else 0)


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    school_year = 2026
    value = 1000
