"""What the database itself guarantees, each constraint broken once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from participants.accounts.roles import Permission
from participants.organisations.levels import Level, levels_of
from participants.organisations.models import ClassGroup, GrantScope, Organisation, School, SchoolYearProfile, Territory
from tests.factories.accounts import GrantFactory
from tests.factories.organisations import (
    ClassGroupFactory,
    GrantScopeFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    TerritoryFactory,
)


def breaks(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: [OrganisationFactory(kind="center"), OrganisationFactory(kind="center")], "one_center"),
        (lambda: OrganisationFactory(latitude=48.7), "organisation_position_whole"),
        (lambda: OrganisationFactory(latitude=148.7, longitude=2), "organisation_position_whole"),
        (lambda: SchoolFactory(uai="0932030b"), "uai_shape"),
        (lambda: SchoolFactory(uai="093203BB"), "uai_shape"),
        (lambda: SchoolFactory(longitude=2.3), "school_position_whole"),
        (lambda: [SchoolFactory(uai="0932030B"), SchoolFactory(uai="0932030B")], "uai"),
        (lambda: SchoolYearProfileFactory(ips_quintile=6, ips=100, ips_series="x"), "quintile_range"),
        (lambda: SchoolYearProfileFactory(ips=100), "ips_has_series"),
        (lambda: SchoolYearProfileFactory(ips=20, ips_series="ap2023 lp"), "ips_has_series"),
        (lambda: SchoolYearProfileFactory(ips_quintile=1), "ips_has_series"),
        (lambda: SchoolYearProfileFactory(ips_quintile=1, ips_series="ap2023 lp"), "ips_has_series"),
        (lambda: ClassGroupFactory(name=""), "named"),
        (lambda: ClassGroupFactory(head_count=0), "head_count_range"),
        (lambda: ClassGroupFactory(head_count=201), "head_count_range"),
        (lambda: GrantScopeFactory(), "one_noun"),
        (lambda: GrantScopeFactory(school=SchoolFactory(), territory=TerritoryFactory()), "one_noun"),
        (lambda: [Territory.objects.create(kind="region", code="11", name=n) for n in "ab"], "code_once_per_kind"),
    ],
)
def test_constraints(db, make, name):
    with breaks(name), transaction.atomic():
        make()


def test_one_profile_a_year(db):
    profile = SchoolYearProfileFactory()
    with breaks("schoolyearprofile_once"), transaction.atomic():
        SchoolYearProfileFactory(school=profile.school, school_year=profile.school_year)


def test_a_class_is_named_once_a_year_whatever_its_accents(db):
    group = ClassGroupFactory(name="2de É")
    ClassGroupFactory(school=group.school, school_year=2025, name="2de É")
    with breaks("classgroup_once"), transaction.atomic():
        ClassGroupFactory(school=group.school, name="2DE e")


def test_a_scope_stands_once(db):
    scope = GrantScopeFactory(school=SchoolFactory())
    with breaks("grantscope_once"), transaction.atomic():
        GrantScopeFactory(grant=scope.grant, school=scope.school)


def test_schools_abroad_have_no_uai(db):
    SchoolFactory(uai=None, kind="abroad")
    SchoolFactory(uai=None, kind="abroad")
    assert School.objects.filter(uai=None).count() == 2


def test_a_wrong_key_is_told_in_forms(db):
    with pytest.raises(ValidationError) as refusal:
        SchoolFactory.build(uai="0932030C").full_clean()
    assert list(refusal.value.message_dict) == ["uai"]


def test_a_school_with_classes_stays(db):
    group = ClassGroupFactory()
    with pytest.raises(ProtectedError):
        group.school.delete()


def test_pickable(db):
    found = SchoolFactory()
    SchoolFactory(is_section=True, kind="section")
    SchoolFactory(state="closed")
    assert list(School.objects.pickable()) == [found]


def test_facts_as_last_known(db):
    school, other = SchoolFactory(), SchoolFactory()
    SchoolYearProfileFactory(
        school=school, school_year=2022, priority_education="REP", ips=80, ips_series="ap2022 lp", ips_quintile=1
    )
    SchoolYearProfileFactory(school=school, school_year=2024, head_count=600)
    SchoolYearProfileFactory(school=school, school_year=2027, priority_education="none", head_count=1)
    SchoolYearProfileFactory(school=other, school_year=2022, priority_education="REP")
    SchoolYearProfileFactory(school=other, school_year=2023, priority_education="none")
    told = School.objects.with_facts(2026).get(pk=school.pk)
    assert (told.priority_education, told.ips_quintile, told.pupils) == ("REP", 1, 600)
    assert list(School.objects.known_for(2026, priority_education="REP")) == [school]
    assert list(School.objects.known_for(2022, priority_education="REP").order_by("pk")) == [school, other]
    assert list(School.objects.known_for(2026, ips_quintile=1)) == [school]
    assert School.objects.with_facts(2021).get(pk=school.pk).pupils is None
    assert SchoolYearProfile.objects.count() == 5


def test_departements_are_sorted_as_people_count(db):
    codes = ["95", "2B", "974", "19", "2A", "21", "01"]
    for code in codes:
        TerritoryFactory(code=code)
    in_order = Territory.objects.order_by("sort_key").values_list("code", flat=True)
    assert list(in_order) == ["01", "19", "2A", "2B", "21", "95", "974"]


def test_levels_of_a_kind():
    assert levels_of("college") == [Level.L6E, Level.L5E, Level.L4E, Level.L3E]
    assert Level.L2PRO not in levels_of("lycee_gt")
    assert Level.UNKNOWN not in levels_of("other")


class TestScopes:
    """On what a role counts."""

    @pytest.fixture
    def places(self, db):
        center = OrganisationFactory(kind="center")
        member = OrganisationFactory(parent=center)
        club = OrganisationFactory(kind="club", parent=member)
        other = OrganisationFactory()
        return center, member, club, other

    def managed(self, user):
        return set(Organisation.objects.managed_by(user, Permission.ORGANISATION_MANAGE))

    def test_a_coordinator_without_scope_manages_nothing(self, places, cleo):
        assert self.managed(cleo) == set()

    def test_a_member_school_and_what_belongs_to_it(self, places, cleo):
        _center, member, club, _other = places
        GrantScopeFactory(grant=cleo.grants.get(), organisation=member)
        assert self.managed(cleo) == {member, club}

    def test_the_center_is_everything(self, places, cleo):
        GrantScopeFactory(grant=cleo.grants.get(), organisation=places[0])
        assert self.managed(cleo) == set(places)

    def test_an_administrator_needs_no_scope(self, places, db):
        assert self.managed(GrantFactory(role="administrator").user) == set(places)

    def test_an_ended_grant_counts_nowhere(self, places, cleo):
        grant = cleo.grants.get()
        GrantScopeFactory(grant=grant, organisation=places[0])
        grant.starts_on = grant.ends_on = "2020-01-01"
        grant.save()
        assert self.managed(type(cleo).objects.get(pk=cleo.pk)) == set()

    def test_a_contact_has_the_schools_of_the_scope(self, db, ada):
        own, _other = SchoolFactory(), SchoolFactory()
        GrantScopeFactory(grant=ada.grants.get(), school=own)
        assert list(School.objects.of(ada, Permission.REQUEST_MAKE)) == [own]
        mine, _theirs = ClassGroupFactory(school=own), ClassGroupFactory()
        assert list(ClassGroup.objects.visible_to(ada)) == [mine]

    def test_scopes_are_seen_by_their_holder(self, db, ada, dan):
        scope = GrantScopeFactory(grant=ada.grants.get(), school=SchoolFactory())
        assert list(GrantScope.objects.visible_to(ada)) == [scope]
        assert list(GrantScope.objects.visible_to(dan)) == []
