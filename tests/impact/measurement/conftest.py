"""A small center whose figures can be worked out by hand."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine

from impact.measurement import actions
from participants.accounts.roles import Role
from participants.organisations.models import Territory
from tests.factories.accounts import GrantFactory
from tests.factories.activities import ActivityFactory, AssignmentFactory, ProgrammeFactory, ProgrammeScopeFactory
from tests.factories.measurement import AttendanceFactory, HeadcountFactory, HeldSessionFactory, TargetFactory
from tests.factories.organisations import (
    ClassGroupFactory,
    GrantScopeFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    TerritoryFactory,
)
from tests.factories.people import EnrolmentFactory, VolunteerFactory

LEVELS = {"3E": 24, "2GT": 31, "TG": 3}


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def center(db):
    """Two schools in the Essonne, one in Marseille, one in Paris that nobody has met; classes of 24, 31 and 3, an open
    event of 80, a pupil; two member schools and two programmes. The year before, one class of 20."""
    region = TerritoryFactory(kind=Territory.Kind.REGION, code="11", name="Île-de-France")
    versailles = TerritoryFactory(kind=Territory.Kind.ACADEMIE, code="25", name="Versailles")
    essonne = TerritoryFactory(code="91", name="Essonne", region=region, academie=versailles)
    rhone = TerritoryFactory(code="13", name="Bouches-du-Rhône")
    TerritoryFactory(code="75", name="Paris", region=region)
    house = OrganisationFactory(kind="center", name="Centre")
    talks = ProgrammeFactory(lead=house, name_fr="Interventions", pillar=1)
    tutoring = ProgrammeFactory(lead=house, name_fr="Tutorat", pillar=2)
    plateau, reseaux = OrganisationFactory(name="Plateau"), OrganisationFactory(name="Réseaux")
    near = SchoolFactory(
        name="Collège du Lac", departement=essonne, academie=versailles, latitude=48.7, longitude=2.2, kind="college"
    )
    missed = SchoolFactory(name="Lycée Manqué", departement=essonne, academie=versailles, latitude=48.6, longitude=2.3)
    far = SchoolFactory(name="Lycée de la Mer", departement=rhone, latitude=43.3, longitude=5.4, commune="Marseille")
    SchoolFactory(name="Lycée Inconnu", departement=Territory.objects.get(code="75"))
    SchoolYearProfileFactory(
        school=near, priority_education="REP", ips=80, ips_series="collèges 2024", ips_quintile=1, school_year=2026
    )
    SchoolYearProfileFactory(school=near, priority_education="none", school_year=2025)
    SchoolYearProfileFactory(school=far, priority_education="none", school_year=2026)
    talk = ActivityFactory(programme=talks, organisation=plateau, school_year=2026)
    other = ActivityFactory(programme=tutoring, organisation=reseaux, school_year=2026)
    before = ActivityFactory(programme=talks, organisation=plateau, school_year=2025)
    classes = {
        level: ClassGroupFactory(school=school, level=level, name=level, school_year=2026)
        for level, school in (("3E", near), ("2GT", far), ("TG", far))
    }
    first = HeldSessionFactory(activity=talk, school=near, campus=None)
    HeadcountFactory(session=first, class_group=classes["3E"], level="3E", total=24, girls=11, boys=9)
    second = HeldSessionFactory(activity=talk, school=far, campus=None)
    HeadcountFactory(session=second, class_group=classes["2GT"], level="2GT", total=31, girls=15, boys=16)
    HeadcountFactory(session=second, class_group=classes["TG"], level="TG", total=3, girls=3)
    HeadcountFactory(session=HeldSessionFactory(activity=talk), class_group=None, level="unknown", total=80)
    third = HeldSessionFactory(activity=other)
    HeadcountFactory(session=third, class_group=classes["3E"], level="3E", total=20, girls=10, boys=10)
    lou = EnrolmentFactory(school=near, level="3E", pupil__sex="F", school_year=2026)
    AttendanceFactory(session=third, pupil=lou.pupil)
    HeadcountFactory(
        session=HeldSessionFactory(activity=before, school=near, starts_at=dt.datetime(2025, 11, 3, 9, tzinfo=dt.UTC)),
        class_group=ClassGroupFactory(school=near, level="4E", school_year=2025),
        level="4E",
        total=20,
    )
    volunteers = [VolunteerFactory(member_school=plateau), VolunteerFactory(member_school=reseaux)]
    for session, volunteer in ((first, 0), (second, 0), (third, 1), (third, 0)):
        AssignmentFactory(session=session, volunteer=volunteers[volunteer])
    TargetFactory(indicator="reached", value=200)
    actions.follow_changes()
    return SimpleNamespace(**locals())


@pytest.fixture
def reader_of(center):
    """A person with a role on what its scope names."""

    def give(role, *, organisation=None, territory=None, programme=None):
        grant = GrantFactory(role=role)
        if organisation or territory:
            GrantScopeFactory(grant=grant, organisation=organisation, territory=territory)
        if programme:
            ProgrammeScopeFactory(grant=grant, programme=programme)
        return grant.user

    return give


@pytest.fixture
def director(reader_of):
    return reader_of(Role.ADMINISTRATOR)


@pytest.fixture
def coordinator(reader_of, center):
    return reader_of(Role.COORDINATOR, organisation=center.house)


@pytest.fixture
def manager(reader_of, center):
    return reader_of(Role.PROGRAMME_MANAGER, programme=center.talks)


@pytest.fixture
def partner(reader_of, center):
    return reader_of(Role.PARTNER, organisation=center.plateau)


@pytest.fixture
def state(reader_of, center):
    return reader_of(Role.GOVERNMENT_READER, territory=center.rhone)
