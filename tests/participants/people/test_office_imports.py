"""Rows that come in by the back office: looked at first, a bad line refuses only itself, in the reader's language."""

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.accounts.models import User
from participants.accounts.roles import Role
from participants.organisations.models import ClassGroup, Organisation
from participants.organisations.resources import ClassGroupResource, OrganisationResource
from participants.people.models import Pupil, SchoolContact, Volunteer
from participants.people.resources import SchoolContactResource, VolunteerResource
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import SchoolContactFactory, VolunteerFactory
from tests.harness.files import comes_back_the_same, lines, send, take, written

# What programs stumble over: signs of formulas and of files, accents; no blank at an end.
TEXTS = st.text("aÉ'’=+-@;,\"\t ", max_size=10).map(lambda text: f"A{text}b")


@pytest.fixture
def office(db, client_for, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    with translation.override("en"):
        yield client_for(GrantFactory(role=Role.ADMINISTRATOR, user__language="en").user)


def test_pupils_are_previewed_and_taken_in(office):
    school = SchoolFactory()
    page = send(
        office, "people_pupil", f"last name,first name,date of birth,uai\nDupont,Léa,02/03/2010,{school.uai}\nX,,,\n"
    )
    assert "The cell is empty. Fill it in." in page.text
    assert str(Pupil.objects.get()) == "Léa Dupont"


def test_one_bad_volunteer_refuses_only_itself(office):
    school = OrganisationFactory(kind="member_school", name="Polytechnique")
    good, other = UserFactory(email="good@example.org"), UserFactory(email="other@example.org")
    lines = [
        "email,first_name,last_name,kind,member_school,joined_on",
        f"{good.email},Lou,Bon,student,{school.name},2026-09-01",
        "nobody,Eve,Nul,student,Polytechnique,2026-09-01",
        f"{other.email},Zoé,Autre,student,Nowhere,2026-09-01",
    ]
    page = send(office, "people_volunteer", "\n".join(lines))
    assert "“nobody” is no e-mail address: check it." in page.text
    assert "“Nowhere” is not known here" in page.text
    assert [str(volunteer) for volunteer in Volunteer.objects.all()] == ["Lou Bon"]


def test_people_who_are_new_get_an_account_and_students_may_sign_up(office):
    school = OrganisationFactory(kind="member_school", name="Polytechnique", email_domain="polytechnique.edu")
    rows = [
        {"email": "Lou.Bon@polytechnique.edu", "first_name": "Lou", "last_name": "Bon", "kind": "student"},
        {"email": "eve@example.org", "first_name": "Eve", "last_name": "Nul", "kind": "alumnus"},
        {"email": "max@polytechnique.edu", "first_name": "", "last_name": "Bad", "kind": "student"},
    ]
    send(office, "people_volunteer", lines(*(row | {"member_school": school.name} for row in rows)))
    assert {str(one): [grant.role for grant in one.user.grants.all()] for one in Volunteer.objects.all()} == {
        "Lou Bon": ["volunteer"],
        "Eve Nul": [],
    }
    lou = User.objects.get(email="lou.bon@polytechnique.edu")
    assert (lou.name, lou.has_usable_password(), lou.emailaddress_set.get().verified) == ("Lou Bon", False, False)
    assert not User.objects.filter(email="max@polytechnique.edu").exists()
    send(office, "people_schoolcontact", lines({"email": "ana@lycee.fr", "first_name": "Ana", "last_name": "Roy"}))
    assert not User.objects.get(email="ana@lycee.fr").grants.exists()


TABLES = [
    *("organisations_organisation", "organisations_school", "organisations_classgroup"),
    *("people_volunteer", "people_schoolcontact", "people_guardianship"),
    *("activities_session", "activities_booking", "activities_attendance", "activities_headcount"),
    "activities_assignment",
]


@pytest.mark.parametrize(
    ("resource", "factory"),
    [
        (VolunteerResource, VolunteerFactory),
        (SchoolContactResource, SchoolContactFactory),
        (OrganisationResource, OrganisationFactory),
        (ClassGroupResource, ClassGroupFactory),
    ],
)
def test_a_plain_table_that_leaves_comes_back_the_same(resource, factory, db):
    factory(), factory()
    assert comes_back_the_same(resource, GrantFactory(role=Role.ADMINISTRATOR).user) >= 2


@settings(max_examples=12)
@given(people=st.lists(st.tuples(TEXTS, TEXTS, st.integers(2000, 2030)), min_size=1, max_size=3))
def test_people_who_left_in_a_file_come_back_into_an_empty_table(people, db):
    Volunteer.objects.all().delete(), SchoolContact.objects.all().delete()
    user, school = GrantFactory(role=Role.ADMINISTRATOR).user, OrganisationFactory(kind="member_school")
    for first, last, year in people:
        names = {"first_name": first, "last_name": last}
        VolunteerFactory(**names, member_school=school, graduation_year=year), SchoolContactFactory(**names)
    for resource in (VolunteerResource, SchoolContactResource):
        text = written(resource, user)
        assert comes_back_the_same(resource, user) == len(people)
        resource._meta.model.objects.all().delete()
        assert take(resource, user, text) == [("new", "")] * len(people)
        assert written(resource, user) == text


@settings(max_examples=12)
@given(names=st.lists(TEXTS, min_size=1, max_size=3, unique_by=str.lower))
def test_organisations_and_classes_that_left_come_back_into_an_empty_table(names, db):
    ClassGroup.objects.all().delete(), Organisation.objects.all().delete()
    user, school = GrantFactory(role=Role.ADMINISTRATOR).user, SchoolFactory()
    for name in names:
        OrganisationFactory(kind="association", name=name), ClassGroupFactory(school=school, name=name)
    for resource in (OrganisationResource, ClassGroupResource):
        text = written(resource, user)
        assert comes_back_the_same(resource, user) == len(names)
        resource._meta.model.objects.all().delete()
        assert take(resource, user, text) == [("new", "")] * len(names)
        assert written(resource, user) == text


def test_a_coordinator_changes_own_volunteers_and_learns_of_no_other(db):
    own = OrganisationFactory(kind="member_school")
    grant = GrantFactory(role=Role.COORDINATOR)
    GrantScopeFactory(grant=grant, organisation=own)
    ours, theirs = VolunteerFactory(member_school=own), VolunteerFactory()
    rows = [{"email": who.user.email, "first_name": "Lou"} for who in (ours, theirs)] + [{"email": "no@example.org"}]
    known, *unknown = take(VolunteerResource, grant.user, lines(*rows))
    assert known == ("update", "")
    assert [remark.partition("” ")[2] for _kind, remark in unknown] == [
        "is not known here: check it, or enter it first."
    ] * 2
    theirs.refresh_from_db()
    assert theirs.first_name == "Ben"


@pytest.mark.parametrize("table", TABLES)
def test_every_table_that_staff_move_leaves_in_a_file(office, table):
    address = reverse(f"admin:{table}_export")
    page = office.get(address)
    assert page.status_code == 200
    assert address in office.get(reverse(f"admin:{table}_changelist")).text


def test_who_may_only_look_imports_nothing(client_for, db):
    client = client_for(GrantFactory(role=Role.PROTECTION_OFFICER).user)
    assert client.get(reverse("admin:people_pupil_import")).status_code == 403
