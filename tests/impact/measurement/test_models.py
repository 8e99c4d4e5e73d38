"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from impact.measurement.models import Participation, ReachUnit, Target
from tests.factories.measurement import TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(center):
    return ReachUnit.objects.get(within="all", class_group=center.classes["3E"])


def refused(write, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def copy_of(row, **changes):
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def test_a_unit_is_a_class_or_a_pupil(unit, center):
    refused(lambda: copy_of(unit, pupil=center.lou.pupil), "measurement_reachunit_one_noun")


@pytest.mark.parametrize("changes", [{"count": 0, "girls": 0, "boys": 0}, {"girls": 20, "boys": 5}])
def test_parts_stay_within_the_count(unit, changes):
    refused(lambda: copy_of(unit, level="1G", **changes), "measurement_reachunit_parts_within_count")


def test_a_class_counts_once(unit):
    refused(lambda: copy_of(unit), "measurement_reachunit_class_once")


def test_a_pupil_counts_once(center):
    pupil = ReachUnit.objects.get(within="all", pupil=center.lou.pupil)
    refused(lambda: copy_of(pupil, level="1G"), "measurement_reachunit_pupil_once")
    refused(lambda: copy_of(Participation.objects.get(within="all")), "measurement_participation_once")


def test_the_public_of_an_event_counts_once(center):
    public = ReachUnit.objects.get(within="all", pupil=None, class_group=None)
    refused(lambda: copy_of(public), "measurement_reachunit_public_once")


@pytest.mark.parametrize("changes", [{"attended": 3}, {"attended": 0, "expected": 0}])
def test_nobody_attends_more_than_there_was(center, changes):
    part = Participation.objects.get(within="all")
    refused(lambda: copy_of(part, within="pillar", within_id=9, **changes), "measurement_participation_parts")


def test_one_target_for_a_figure_and_a_year():
    TargetFactory(indicator="schools")
    refused(lambda: TargetFactory(indicator="schools"), "measurement_target_once")
    TargetFactory(indicator="schools", school_year=2027)
    assert Target.objects.count() == 2


def test_a_target_is_at_least_one():
    refused(lambda: TargetFactory(value=0), "measurement_target_positive")
