"""The preview says what a list would change; confirmed, it is written as a whole and can be undone as a whole."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from participants.correspondence import actions as correspondence
from participants.organisations.models import ClassGroup
from participants.people import actions
from participants.people.models import DuplicatePair, Enrolment, Guardian, Guardianship, Pupil, Roster, RosterRow
from tests.factories.accounts import UserFactory
from tests.factories.activities import AttendanceFactory, BookingFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianFactory, GuardianshipFactory, PupilFactory
from tests.participants.people.rosters.conftest import HEAD, YEAR, send, states, take, upload

pytestmark = pytest.mark.django_db
LEA = "DUPONT;Léa;14/03/2012;F;3A"


@pytest.fixture
def lea(school):
    """Known since last year, without accents, in 4B."""
    pupil = PupilFactory(last_name="Dupont", first_name="Lea", birth_date=dt.date(2012, 3, 14))
    group = ClassGroupFactory(school=school, school_year=YEAR - 1, name="4B", level="4E")
    EnrolmentFactory(pupil=pupil, school=school, school_year=YEAR - 1, class_group=group, level="4E")
    return pupil


def everything():
    """All that a list may touch."""
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (ClassGroup, Pupil, Enrolment, Guardian, Guardianship)
    }


def test_nothing_is_written_before_it_is_confirmed(school, teacher, lea):
    before = everything()
    roster = send(school, teacher, [HEAD, LEA, "MARTIN;Tom;01/12/2011;M;3A"])
    assert (roster.state, roster.counts) == ("ready", {"changed": 1, "new": 1})
    assert everything() == before


def test_a_known_pupil_is_changed_field_by_field(school, teacher, lea):
    roster = send(school, teacher, [HEAD, LEA])
    [row] = roster.rows.all()
    assert (row.state, row.pupil) == ("changed", lea)
    assert row.changes == [
        ["first_name", "Lea", "Léa"],
        ["sex", "N", "F"],
        ["school_year", "", "2026"],
        ["class_name", "", "3A"],
        ["level", "unknown", "3E"],
    ]
    take(roster, teacher)
    lea.refresh_from_db()
    assert (lea.first_name, lea.sex) == ("Léa", "F")
    year = lea.enrolments.get(school_year=YEAR)
    assert (year.school, year.class_group.name, year.level) == (school, "3A", "3E")
    assert lea.enrolments.get(school_year=YEAR - 1).level == "4E"


def test_what_the_file_does_not_say_stays(school, teacher, lea):
    group = ClassGroupFactory(school=school, school_year=YEAR, name="3 a", level="3E")
    EnrolmentFactory(
        pupil=lea, school=school, school_year=YEAR, class_group=group, level="3E", scholarship="yes",
        scholarship_scale="college", scholarship_step=2, scholarship_source="family", scholarship_on=dt.date(2026, 9, 1),
    )  # fmt: skip
    roster = send(school, teacher, ["Nom;Prénom;Né(e) le;Sexe;Classe", "Dupont;Lea;14/03/2012;;"])
    assert states(roster) == [(2, "same")]


def test_a_scholarship_that_the_school_says_names_its_source(school, teacher):
    take(send(school, teacher, [HEAD + ";Boursier", LEA + ";oui"]), teacher)
    year = Enrolment.objects.get()
    assert (year.scholarship, year.scholarship_source, year.scholarship_on) == ("yes", "school", dt.date(2026, 11, 25))


def test_swapped_names_one_digit_and_one_first_name_more_are_doubtful_twins_are_not(school, teacher, lea):
    lines = [
        "LEA;Dupont;14/03/2012;F;3A",
        "DUPONT;Léa;14/03/2013;F;3A",
        "DUPONT;Léa Rose;14/03/2012;F;3A",
        "DUPONT;Léo;14/03/2012;M;3A",
    ]
    roster = send(school, teacher, [HEAD, *lines])
    found = {row.line: (row.state, row.candidates) for row in roster.rows.all()}
    assert found == {
        2: ("doubtful", [[lea.pk, "names_swapped born_same school_same"]]),
        3: ("doubtful", [[lea.pk, "last_same first_same born_year school_same"]]),
        4: ("doubtful", [[lea.pk, "last_same first_part born_same school_same"]]),
        5: ("new", []),
    }
    with pytest.raises(ValidationError, match="doubtful"):
        actions.confirm_roster(roster=roster, by=teacher)


def test_the_choice_of_the_sender_decides(school, teacher, lea):
    roster = send(school, teacher, [HEAD, "DUPONT;Léa;14/03/2013;F;3A", "LEA;Dupont;14/03/2012;F;3A"])
    one, other = roster.rows.order_by("line")
    with pytest.raises(ValidationError, match="proposed"):
        actions.choose_pupil(roster=roster, choices={one.pk: str(lea.pk + 1)}, by=teacher)
    actions.choose_pupil(roster=roster, choices={one.pk: str(lea.pk), other.pk: "another"}, by=teacher)
    assert states(roster) == [(2, "changed"), (3, "new")]
    take(roster, teacher)
    assert sorted(Pupil.objects.values_list("last_name", "first_name", "birth_date__year")) == [
        ("Dupont", "Léa", 2012),
        ("Lea", "Dupont", 2012),
    ]


def test_two_lines_cannot_be_the_same_pupil(school, teacher, lea):
    roster = send(school, teacher, [HEAD, LEA, "DUPONT;Léa;14/03/2013;F;3A"])
    actions.same_for_all(roster=roster, by=teacher)
    assert states(roster) == [(2, "changed"), (3, "refused")]
    assert roster.rows.get(line=3).problems[0]["code"] == "taken_twice"


def test_a_pupil_of_another_school_in_an_earlier_year_is_a_question(teacher, school):
    elsewhere = EnrolmentFactory(
        pupil__last_name="Dupont", pupil__first_name="Léa", pupil__birth_date=dt.date(2012, 3, 14), school_year=YEAR - 1
    )
    near = EnrolmentFactory(
        pupil__last_name="Roy", pupil__first_name="Ana", pupil__birth_date=dt.date(2012, 1, 1), school_year=YEAR - 1
    )
    roster = send(school, teacher, [HEAD, LEA, "ROY;Ana;02/01/2012;F;3A"])
    rows = list(roster.rows.order_by("line"))
    assert [(row.state, row.candidates) for row in rows] == [
        ("doubtful", [[elsewhere.pupil_id, "elsewhere"]]),
        ("new", []),  # one digit away from a stranger: nothing is told
    ]
    actions.same_for_all(roster=roster, by=teacher)
    take(roster, teacher)
    assert elsewhere.pupil.enrolments.count() == 2
    assert near.pupil.enrolments.count() == 1


def test_what_another_school_knew_of_a_pupil_is_not_shown_before_the_list_is_taken(teacher, school):
    there = EnrolmentFactory(
        pupil__last_name="Dupont",
        pupil__first_name="Lea",
        pupil__birth_date=dt.date(2012, 3, 14),
        pupil__email="lea.qsecret@example.org",
        pupil__sex="M",
        school_year=YEAR - 1,
    )
    paul = GuardianFactory(first_name="Paul", last_name="Dupont", email="paul.qsecret@example.org")
    GuardianshipFactory(guardian=paul, pupil=there.pupil, rank=1)
    head = HEAD + ";Mail élève;Responsable 1;Mail responsable 1"
    roster = send(school, teacher, [head, LEA + ";new@example.org;M. DUPONT Paul;here@example.org"])
    actions.same_for_all(roster=roster, by=teacher)
    row = roster.rows.get()
    assert {before for _name, before, _after in row.changes} == {""}
    assert {"sex", "email", "first_name"} <= {name for name, _before, _after in row.changes}
    assert row.remarks == ["shared_keeps_address"]
    take(roster, teacher)
    paul.refresh_from_db()
    assert paul.email == "paul.qsecret@example.org"


def test_a_guardian_with_a_child_in_another_school_keeps_the_address(school, teacher, lea):
    """Or a list of one school could send the link to a family's other children to whom it likes."""
    paul = GuardianFactory(first_name="Paul", last_name="Dupont", email="old@example.org")
    GuardianshipFactory(guardian=paul, pupil=lea, rank=1)
    GuardianshipFactory(guardian=paul, pupil=EnrolmentFactory(school_year=YEAR).pupil, rank=1)
    head = HEAD + ";Responsable 1;Mail responsable 1"
    roster = send(school, teacher, [head, LEA + ";M. DUPONT Paul;new@example.org"])
    assert roster.rows.get().remarks == ["shared_keeps_address"]
    take(roster, teacher)
    paul.refresh_from_db()
    assert (paul.email, paul.link_key) == ("old@example.org", 1)


def test_a_pupil_of_another_school_this_year_is_settled_by_the_center(school, teacher, cleo):
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind="center"))
    there = EnrolmentFactory(
        pupil__last_name="Dupont", pupil__first_name="Léa", pupil__birth_date=dt.date(2012, 3, 14), school_year=YEAR
    )
    # A list of the next year takes nobody out of the school of this one either.
    for year in (YEAR, YEAR + 1):
        roster = send(school, teacher, [HEAD, LEA], year=year)
        assert states(roster) == [(2, "refused")]
        assert roster.rows.get().problems == [{"column": "", "cell": "", "code": "elsewhere"}]
    roster = send(school, cleo, [HEAD, LEA])
    assert states(roster) == [(2, "doubtful")]
    actions.same_for_all(roster=roster, by=cleo)
    assert ["school", "", str(school)] in roster.rows.get().changes
    take(roster, cleo)
    there.refresh_from_db()
    assert (there.school, Pupil.objects.count()) == (school, 1)


def test_guardians_are_added_readdressed_and_never_a_third(school, teacher, lea):
    paul = GuardianFactory(first_name="Paul", last_name="Dupont", email="old@example.org")
    zoe = GuardianFactory(first_name="Zoé", last_name="Roy", email="zoe@example.org", user=UserFactory())
    GuardianshipFactory(guardian=paul, pupil=lea, rank=1)
    GuardianshipFactory(guardian=zoe, pupil=lea, rank=2)
    head = HEAD + ";Responsable 1;Mail responsable 1;Responsable 2;Mail responsable 2"
    roster = send(school, teacher, [head, LEA + ";M. DUPONT Paul;new@example.org;Mme ROY Zoe;other@example.org"])
    [row] = roster.rows.all()
    assert row.changes[-1] == ["guardian1_email", "old@example.org", "new@example.org"]
    assert row.remarks == ["account_keeps_address"]
    take(roster, teacher)
    paul.refresh_from_db()
    zoe.refresh_from_db()
    assert (paul.email, zoe.email, Guardian.objects.count()) == ("new@example.org", "zoe@example.org", 2)
    assert (paul.link_key, zoe.link_key) == (2, 1)  # the links that went to the old address are over
    third = send(school, teacher, [head, LEA + ";MARTIN Ida;ida@example.org;;"])
    assert (states(third), third.rows.get().remarks) == ([(2, "same")], ["two_guardians_known"])


def test_columns_are_remembered_for_the_school(school, teacher):
    content = ["Machin;Nom;Prénom;Naissance;Groupe", "3A;DUPONT;Léa;14/03/2012;x"]
    roster = actions.send_roster(school=school, school_year=YEAR, file=upload(content), by=teacher)
    correspondence.work()
    roster.refresh_from_db()
    assert (roster.state, roster.mapping) == ("columns", {"last_name": 1, "first_name": 2, "birth_date": 3})
    mapping = roster.mapping | {"class_name": 0}
    actions.choose_columns(roster=roster, mapping=mapping, by=teacher)
    correspondence.work()
    again = actions.send_roster(school=school, school_year=YEAR, file=upload(content), by=teacher)
    correspondence.work()
    again.refresh_from_db()
    assert (again.state, again.mapping) == ("ready", mapping)


@pytest.mark.parametrize(
    "mapping",
    [{"last_name": 0, "first_name": 1}, {"full_name": 0, "birth_date": 0}, {"full_name": 0, "birth_date": 9}, {"x": 0}],
)
def test_columns_that_say_nothing_whole_are_refused(school, teacher, mapping):
    roster = actions.send_roster(school=school, school_year=YEAR, file=upload([HEAD, LEA]), by=teacher)
    correspondence.work()
    with pytest.raises(ValidationError):
        actions.choose_columns(roster=roster, mapping=mapping, by=teacher)


def test_the_file_and_the_lines_are_gone_when_they_are_of_no_more_use(school, teacher, private_root):
    roster = send(school, teacher, [HEAD, LEA, ";Tom;01/12/2011;M;3A"])
    assert list((private_root / "rosters").iterdir()) == []
    take(roster, teacher)
    assert states(roster) == [(3, "refused")]
    Roster.objects.filter(pk=roster.pk).update(settled_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    left = send(school, teacher, [HEAD, LEA])
    Roster.objects.filter(pk=left.pk).update(created_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert actions.delete_old_rosters() == 1
    left.refresh_from_db()
    assert (left.state, RosterRow.objects.count()) == ("discarded", 0)


def test_a_preview_that_is_no_longer_true_is_made_anew(school, teacher):
    first, second = send(school, teacher, [HEAD, LEA]), send(school, teacher, [HEAD, LEA.replace("3A", "3B")])
    assert (states(first), states(second)) == ([(2, "new")], [(2, "new")])
    take(first, teacher)
    take(second, teacher)
    assert (second.state, second.is_compared_anew, states(second)) == ("ready", True, [(2, "changed")])
    assert second.rows.get().changes == [["class_name", "3A", "3B"]]
    take(second, teacher)
    assert (second.state, Pupil.objects.count(), Enrolment.objects.get().class_group.name) == ("applied", 1, "3B")


def test_a_list_is_undone_as_a_whole(school, teacher, lea):
    GuardianshipFactory(
        pupil=lea, guardian=GuardianFactory(last_name="Dupont", first_name="Paul", email="a@example.org")
    )
    before = everything()
    head = HEAD + ";Responsable 1;Mail responsable 1"
    roster = send(
        school,
        teacher,
        [head, LEA + ";DUPONT Paul;b@example.org", "MARTIN;Tom;01/12/2011;M;3B;MARTIN Ida;i@example.org"],
    )
    take(roster, teacher)
    assert Pupil.objects.count() == 2
    actions.undo_roster(roster=roster, by=teacher)
    assert everything() == before
    roster.refresh_from_db()
    assert (roster.state, roster.effects.count()) == ("undone", 0)
    with pytest.raises(ValidationError, match="moved on"):
        actions.undo_roster(roster=roster, by=teacher)


def attend(pupil):
    AttendanceFactory(pupil=pupil)


def agree(pupil):
    ConsentFactory(pupil=pupil)


def correct(pupil):
    pupil.email = "tom@example.org"
    pupil.save()


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (attend, "Attendance.*1 was added since"),
        (agree, "Consents: 1 was added"),
        (correct, "Pupils: 1 was changed since"),
    ],
)
def test_what_was_built_on_a_list_keeps_it(school, teacher, use, reason):
    roster = take(send(school, teacher, [HEAD, LEA, "MARTIN;Tom;01/12/2011;M;3A"]), teacher)
    use(Pupil.objects.get(first_name="Tom"))
    before = everything()
    with pytest.raises(ValidationError, match=reason):
        actions.undo_roster(roster=roster, by=teacher)
    assert everything() == before


def attend_this_year(pupil):
    AttendanceFactory(pupil=pupil, session__activity__school_year=YEAR)


def ask_for_a_place_this_year(pupil):
    BookingFactory(pupil=pupil, class_group=None, seats=1, session__activity__school_year=YEAR)


def go_on_to_the_next_year(pupil):
    EnrolmentFactory(pupil=pupil, school_year=YEAR + 1)


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (attend_this_year, "planned or noted in this school year"),
        (ask_for_a_place_this_year, "planned or noted in this school year"),
        (go_on_to_the_next_year, "a later school year"),
    ],
)
def test_what_was_built_on_a_year_of_somebody_known_keeps_it(school, teacher, lea, use, reason):
    roster = take(send(school, teacher, [HEAD, LEA]), teacher)
    use(lea)
    before = everything()
    with pytest.raises(ValidationError, match=reason):
        actions.undo_roster(roster=roster, by=teacher)
    assert everything() == before


def test_what_was_done_in_a_former_year_holds_no_list(school, teacher, lea):
    AttendanceFactory(pupil=lea, session__activity__school_year=YEAR - 1)
    before = everything()
    roster = take(send(school, teacher, [HEAD, LEA]), teacher)
    actions.undo_roster(roster=roster, by=teacher)
    assert everything() == before


def test_what_a_search_for_duplicates_found_holds_no_list(school, teacher):
    roster = take(send(school, teacher, [HEAD, LEA]), teacher)
    other = PupilFactory(first_name="Léa", last_name="Dupont", birth_date=dt.date(2012, 3, 14))
    assert actions.find_duplicates() == 1
    actions.undo_roster(roster=roster, by=teacher)
    assert (Pupil.objects.get(), DuplicatePair.objects.count()) == (other, 0)


def test_a_class_that_somebody_uses_stays_when_the_list_goes(school, teacher):
    roster = take(send(school, teacher, [HEAD, LEA]), teacher)
    EnrolmentFactory(school=school, school_year=YEAR, class_group=ClassGroup.objects.get())
    actions.undo_roster(roster=roster, by=teacher)
    assert (ClassGroup.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_only_those_who_send_for_the_school_do(school, teacher, ben):
    other = SchoolFactory()
    for by, place in ((ben, school), (teacher, other)):
        with pytest.raises(PermissionDenied):
            actions.send_roster(school=place, school_year=YEAR, file=upload([HEAD, LEA]), by=by)
    with pytest.raises(ValidationError, match="school year"):
        actions.send_roster(school=school, school_year=YEAR - 1, file=upload([HEAD, LEA]), by=teacher)


def test_who_left_the_school_finishes_nothing(school, teacher):
    roster = send(school, teacher, [HEAD, LEA])
    actions.confirm_roster(roster=roster, by=teacher)
    teacher.grants.all().delete()
    correspondence.work()
    roster.refresh_from_db()
    assert (roster.state, roster.job.state, Pupil.objects.count()) == ("applying", "failed", 0)
