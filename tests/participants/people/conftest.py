"""A family: two guardians with an address each, a child of twelve in a class of a school, and those who follow it."""

from dataclasses import dataclass, field

import pytest
import time_machine

from participants.people.actions.consents import Word
from participants.people.models import Consent, Guardian, Pupil
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import (
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolContactFactory,
    SchoolPostFactory,
)


@dataclass
class Family:
    """What most tests about families stand on."""

    school: object
    group: object
    teacher: object
    lou: Pupil
    eve: Guardian
    adam: Guardian
    more: dict = field(default_factory=dict)

    def words(self, *purposes, guardian=None, decision=Consent.Decision.GIVEN, pupil=None):
        return [Word(pupil or self.lou, guardian, purpose, decision, "Eve") for purpose in purposes]


@pytest.fixture
def autumn():
    with time_machine.travel("2026-11-20 10:00:00+01:00", tick=False):
        yield


@pytest.fixture
def family(db, autumn):
    school = SchoolFactory(name="Lycée Curie")
    group = ClassGroupFactory(school=school, name="5e A")
    teacher = SchoolContactFactory()
    SchoolPostFactory(contact=teacher, school=school, verified=True)
    lou = PupilFactory(first_name="Lou", last_name="Durand", birth_date="2014-03-14")
    lou.refresh_from_db()
    EnrolmentFactory(pupil=lou, school=school, class_group=group)
    eve = GuardianFactory(first_name="Eve", last_name="Durand", email="eve@example.org", language="en")
    adam = GuardianFactory(first_name="Adam", last_name="Martin", email="adam@example.org", language="fr")
    GuardianshipFactory(guardian=eve, pupil=lou, rank=1)
    GuardianshipFactory(guardian=adam, pupil=lou, rank=2)
    return Family(school, group, teacher.user, lou, eve, adam)


@pytest.fixture
def manager(db, cleo):
    """The coordinator, on the whole center."""
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind="center"))
    return cleo
