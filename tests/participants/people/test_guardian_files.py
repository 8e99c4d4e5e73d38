"""Guardians travel in files, a line for each pupil for whom they answer."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.accounts.roles import Role
from participants.people.models import Guardian, Guardianship, Look
from participants.people.resources import GuardianResource
from tests.factories.accounts import GrantFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianFactory, GuardianshipFactory
from tests.harness.files import comes_back_the_same, lines, take, written

pytestmark = pytest.mark.usefixtures("autumn")
NUMBERS = itertools.count()
NAMES = st.text("aéœÉ-' =+", min_size=1, max_size=6).map(lambda text: f"x{text}".strip())


def line(pupil, last="Durand", first="Eve", **cells):
    school = pupil.enrolments.get().school
    return {
        "pupil_last_name": pupil.last_name.upper(),
        "pupil_first_name": pupil.first_name,
        "pupil_uai": school.uai,
        "pupil_birth_date": "14/03/2014",
        "last_name": last,
        "first_name": first,
    } | cells


@pytest.fixture
def leo(family):
    """Without guardians, in the same school."""
    pupil = EnrolmentFactory(
        pupil__first_name="Léo", pupil__last_name="Durand", pupil__birth_date="2014-03-14", school=family.school
    ).pupil
    pupil.refresh_from_db()
    return pupil


def places(pupil):
    return [(link.rank, str(link.guardian)) for link in pupil.guardianships.select_related("guardian")]


@settings(max_examples=10)
@given(people=st.lists(st.tuples(NAMES, NAMES, st.sampled_from(["", "Eve@example.org"]), NAMES), max_size=3))
def test_guardians_that_leave_come_back_the_same(people, family, manager):
    Guardian.objects.all().delete()
    GuardianshipFactory(pupil=EnrolmentFactory().pupil)
    for last, first, email, phone in people:
        # A number: two pupils of one name and day in one school are a question, and those of earlier tries are still there.
        one = f"{last} {next(NUMBERS)}"
        pupil = EnrolmentFactory(school=family.school, pupil__first_name=first, pupil__last_name=one).pupil
        facts = {"last_name": last, "first_name": first, "email": email, "phone": phone, "language": "en"}
        guardian = GuardianshipFactory(pupil=pupil, guardian=GuardianFactory(**facts), rank=2).guardian
        ConsentFactory(pupil=pupil, guardian=guardian)
    assert comes_back_the_same(GuardianResource, manager) == len(people)


def test_a_guardian_comes_in_and_is_the_one_of_the_sister(family, leo, manager):
    text = lines(
        line(leo, email="EVE@example.org"), line(leo, "Nouveau", "Ali", email="ali@example.org", language="fr")
    )
    assert take(GuardianResource, manager, text, write=False) == [("new", ""), ("new", "")]
    assert places(leo) == []
    assert take(GuardianResource, manager, text) == [("new", ""), ("new", "")]
    assert places(leo) == [(1, "Eve Durand"), (2, "Ali Nouveau")]
    assert leo.guardianships.get(rank=1).guardian == family.eve
    assert take(GuardianResource, manager, text) == [("skip", ""), ("skip", "")]


def test_a_new_address_is_taken_and_an_empty_cell_says_nothing(family, manager):
    text = lines(line(family.lou, email="new@example.org", phone=""))
    key = family.eve.link_key
    Guardian.objects.filter(pk=family.eve.pk).update(phone="01 23")
    assert take(GuardianResource, manager, text) == [("update", "")]
    family.eve.refresh_from_db()
    assert (family.eve.email, family.eve.phone, family.eve.language) == ("new@example.org", "01 23", "en")
    assert family.eve.link_key == key + 1


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        ({"last_name": "Autre"}, "rank: Somebody of another name stands there"),
        ({"last_name": "Autre", "rank": "1"}, "rank: Somebody of another name stands there"),
        ({"email": "eve(at)example.org"}, "email: Enter a valid email address."),
        ({"language": "klingon"}, "language: “klingon” is not an answer. Write one of: fr, en."),
        ({"pupil_birth_date": "14/03/2013"}, "pupil_last_name: You follow no pupil of this name and date of birth"),
        ({"pupil_uai": ""}, "pupil_last_name: Say the school of the pupil by its UAI: a name alone is not enough."),
    ],
)
def test_a_bad_line_says_the_column_and_the_remedy(cells, remark, family, leo, manager):
    bad, good = take(GuardianResource, manager, lines(line(family.lou) | cells, line(leo)))
    assert bad[0] == "skip"
    assert remark in bad[1]
    assert good == ("new", "")
    assert places(family.lou) == [(1, "Eve Durand"), (2, "Adam Martin")]


def test_guardians_leave_with_the_agreement_of_the_family_and_leave_a_trace(family, leo, manager):
    GuardianshipFactory(pupil=leo, guardian=GuardianFactory(last_name="Silence"))
    ConsentFactory(pupil=family.lou, guardian=family.eve)
    text = written(GuardianResource, manager)
    assert [row.split(",")[5] for row in text.splitlines()[1:]] == ["Durand", "Martin"]
    assert list(Look.objects.values_list("user", "pupil", "what")) == [(manager.pk, family.lou.pk, "export")]


def test_who_may_not_export_pupils_takes_no_guardian_out(client_for, family):
    client = client_for(GrantFactory(role=Role.PROTECTION_OFFICER).user)
    assert client.get("/office/people/guardianship/").status_code == 200
    assert client.get("/office/people/guardianship/export/").status_code == 403
    assert client.get("/office/people/guardianship/import/").status_code == 403


def test_a_stranger_reaches_no_family_by_file(family):
    stranger = GrantFactory(role=Role.COORDINATOR).user
    ((kind, remark),) = take(GuardianResource, stranger, lines(line(family.lou, email="mine@example.org")))
    assert (kind, remark.split(":")[0]) == ("skip", "pupil_last_name")
    assert not Guardianship.objects.filter(guardian__email="mine@example.org").exists()
