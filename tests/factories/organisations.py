"""Territories, organisations, schools, classes."""

import factory

from participants.organisations.models import ClassGroup, GrantScope, Organisation, School, SchoolYearProfile, Territory
from participants.organisations.uai import uai_key
from tests.factories.accounts import GrantFactory


class TerritoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Territory
        django_get_or_create = ["kind", "code"]

    kind = Territory.Kind.DEPARTEMENT
    code = "91"
    name = factory.LazyAttribute(lambda territory: f"Territory {territory.code}")


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = Organisation.Kind.MEMBER_SCHOOL
    name = factory.Sequence(lambda n: f"Organisation {n}")


class GrantScopeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GrantScope

    grant = factory.SubFactory(GrantFactory)


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School

    uai = factory.Sequence(lambda n: f"{910000 + n:07d}{uai_key(f'{910000 + n:07d}')}")
    name = factory.Sequence(lambda n: f"Lycée {n}")
    kind = School.Kind.LYCEE_GT
    commune = "Palaiseau"


class SchoolYearProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolYearProfile

    school = factory.SubFactory(SchoolFactory)
    school_year = 2026


class ClassGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClassGroup

    school = factory.SubFactory(SchoolFactory)
    school_year = 2026
    name = factory.Sequence(lambda n: f"2de {n}")
    level = "2GT"
    head_count = 30
