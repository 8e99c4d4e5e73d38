"""A teacher with a school, a coordinator of the center, and a request in hand."""

import pytest
from django.utils import translation

from participants.accounts.roles import Role
from participants.organisations.models import Organisation
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import ProgrammeFactory
from tests.factories.awareness import RequestedClassFactory, RequestedSlotFactory, TalkRequestFactory, next_monday
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory, SchoolFactory, TerritoryFactory
from tests.factories.people import SchoolContactFactory, SchoolPostFactory


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def school(db):
    return SchoolFactory(name="Lycée Marie-Curie", departement=TerritoryFactory(code="91", zone="C"))


@pytest.fixture
def teacher(school):
    """The contact whose post in the school is verified."""
    return SchoolPostFactory(contact=SchoolContactFactory(user__language="en"), school=school, verified=True).contact


@pytest.fixture
def colleague(school):
    return SchoolPostFactory(school=school, verified=True).contact


@pytest.fixture
def stranger(db):
    """A teacher of another school."""
    return SchoolPostFactory(verified=True).contact


@pytest.fixture
def center(db):
    return OrganisationFactory(kind=Organisation.Kind.CENTER, name="Center")


def coordinator_of(organisation, name):
    grant = GrantFactory(user=UserFactory(name=name, language="en"), role=Role.COORDINATOR)
    GrantScopeFactory(grant=grant, organisation=organisation)
    return grant.user


@pytest.fixture
def coordinator(center):
    return coordinator_of(center, "Cléo")


@pytest.fixture
def second_coordinator(center):
    return coordinator_of(center, "Marc")


@pytest.fixture
def programme(center):
    return ProgrammeFactory(lead=center, name_fr="Interventions")


@pytest.fixture
def draft(school, teacher):
    """Complete but for the sending."""
    request = TalkRequestFactory(school=school, contact=teacher)
    RequestedClassFactory(request=request, name="2de A4", head_count=31)
    RequestedSlotFactory(request=request, week=next_monday(), weekday=2, half_day="morning")
    return request


@pytest.fixture
def sent(school, teacher):
    request = TalkRequestFactory(school=school, contact=teacher, sent=True)
    for name, head_count in (("2de A4", 31), ("2de A5", 29)):
        RequestedClassFactory(
            request=request,
            name=name,
            head_count=head_count,
            class_group=school.class_groups.create(school_year=request.school_year, name=name, level="2GT"),
        )
    RequestedSlotFactory(request=request, week=next_monday(), weekday=2, half_day="morning")
    return request
