"""Each way in which schools write lists becomes exactly the pupils, classes and guardians that it names."""

import pytest

from participants.organisations.models import ClassGroup
from participants.people.models import Enrolment, Guardian, Guardianship, RosterRow
from tests.participants.people.rosters.conftest import YEAR, send, take
from tests.participants.people.rosters.lists import LISTS

pytestmark = pytest.mark.django_db


def name_of(case):
    return "list.xlsx" if case.content.startswith(b"PK") else "list.csv"


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case.name)
def test_a_list_becomes_its_pupils(case, school, teacher):
    school.kind = case.kind
    school.save()
    roster = send(school, teacher, case.content, name_of(case))
    assert (roster.state, roster.problem) == ("ready", "")
    refused = roster.rows.filter(state=RosterRow.State.REFUSED).order_by("line")
    assert {row.line: [problem["code"] for problem in row.problems] for row in refused} == case.refused
    take(roster, teacher)
    assert roster.state == "applied"
    taken = Enrolment.objects.order_by("pk").select_related("pupil", "class_group")
    assert [
        (
            each.pupil.last_name,
            each.pupil.first_name,
            each.pupil.birth_date.isoformat(),
            each.pupil.sex,
            each.class_group.name if each.class_group else "",
            each.level,
        )
        for each in taken
    ] == case.pupils
    assert {(each.school, each.school_year, each.state) for each in taken} == {(school, YEAR, "enrolled")}
    assert set(ClassGroup.objects.values_list("name", flat=True)) == {pupil[4] for pupil in case.pupils} - {""}
    told = {each.pupil.first_name: each.scholarship for each in taken if each.scholarship != "unknown"}
    assert told == case.scholarships
    assert {each.pupil.first_name: each.pupil.email for each in taken if each.pupil.email} == case.addresses
    guardians = {pupil[1]: [] for pupil in case.pupils if pupil[1] in case.guardians}
    for link in Guardianship.objects.order_by("pupil", "rank").select_related("guardian", "pupil"):
        guardian = link.guardian
        told = (link.rank, guardian.last_name, guardian.first_name, guardian.email)
        guardians[link.pupil.first_name].append(told)
    assert guardians == case.guardians
    people = {told[1:] for told in (each for row in case.guardians.values() for each in row)}
    assert Guardian.objects.count() == len(people)


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case.name)
def test_the_same_list_again_changes_nothing(case, school, teacher):
    school.kind = case.kind
    school.save()
    take(send(school, teacher, case.content, name_of(case)), teacher)
    again = send(school, teacher, case.content, name_of(case))
    assert set(again.rows.values_list("state", flat=True)) <= {"same", "refused", "repeated"}
    assert again.rows.filter(state="same").count() == len(case.pupils)
