import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participants.accounts.roles import Role
from participants.organisations.models import ClassGroup
from participants.people import actions, criteria
from participants.people.actions.importing import import_pupils
from participants.people.models import Enrolment, Pupil, PupilNote
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organisations import (
    ClassGroupFactory,
    GrantScopeFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
)
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    PupilNoteFactory,
    SchoolPostFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
ANA = {"first_name": "Ana", "last_name": "Éluard", "birth_date": "2010-03-14", "sex": "F", "email": ""}


@pytest.fixture(autouse=True)
def in_november(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def post():
    return SchoolPostFactory(verified=True)


@pytest.fixture
def teacher(post):
    return post.contact.user


@pytest.fixture
def staff(cleo):
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind="center"))
    return cleo


def entered(post, teacher, **person):
    facts = ANA | {"birth_date": dt.date(2010, 3, 14)} | person
    return actions.enter_pupil(school=post.school, school_year=2026, by=teacher, class_name="2de 4", **facts)


def test_a_pupil_is_entered_with_class_and_level_of_the_class(post, teacher):
    ClassGroupFactory(school=post.school, school_year=2026, name="2DE 4", level="2GT")
    year = entered(post, teacher).enrolments.get()
    assert (year.school, year.school_year, year.class_group.name, year.level) == (post.school, 2026, "2DE 4", "2GT")
    assert ClassGroup.objects.count() == 1


def test_nobody_enters_pupils_for_another_school(post, teacher):
    with pytest.raises(ValidationError, match="own school only"):
        actions.enter_pupil(school=SchoolFactory(), school_year=2026, by=teacher, **ANA)
    assert Pupil.objects.count() == 0


def test_the_form_asks_again_about_an_unlikely_age_and_loses_nothing(post, teacher, client_for):
    client = client_for(teacher)
    form = ANA | {"birth_date": "1999-03-14", "level": "2GT", "class_name": "2de 1"}
    page = client.post("/pupils/new/", form).content.decode()
    assert "That makes 27 years" in page
    assert 'value="Éluard"' in page
    assert Pupil.objects.count() == 0
    answer = client.post("/pupils/new/", form | {"is_sure": "on"})
    assert answer.url == f"/pupils/{Pupil.objects.get().pk}/"


def test_a_birth_in_the_future_is_refused(post, teacher, client_for):
    page = client_for(teacher).post("/pupils/new/", ANA | {"birth_date": "2027-01-01", "level": "unknown"})
    assert "lies in the future" in page.content.decode()


def test_somebody_alike_is_shown_with_reasons_before_anything_is_saved(post, teacher, client_for):
    known, client = entered(post, teacher), client_for(teacher)
    EnrolmentFactory(pupil__first_name="Ana", pupil__last_name="Eluard", pupil__birth_date=dt.date(2010, 3, 14))
    form = ANA | {"last_name": "Eluard", "level": "unknown"}
    page = client.post("/pupils/new/", form).content.decode()
    assert "same date of birth" in page
    assert page.count("row-title") == 1  # the namesake of another school is nobody’s business here
    assert f"/pupils/{known.pk}/" in page
    assert Pupil.objects.count() == 2
    client.post("/pupils/new/", form | {"is_new": "1"})
    assert Pupil.objects.count() == 3


def test_a_second_year_takes_only_what_does_not_change(post, teacher):
    pupil = EnrolmentFactory(
        school=post.school,
        school_year=2025,
        scholarship="yes",
        scholarship_source="school",
        scholarship_on=dt.date(2025, 9, 9),
        first_generation="yes",
        generation_source="family",
        generation_on=dt.date(2025, 9, 10),
    ).pupil
    year = actions.enrol(pupil=pupil, school=post.school, school_year=2026, by=teacher)
    assert (year.scholarship, year.scholarship_source, year.scholarship_on) == ("unknown", "", None)
    assert (year.first_generation, year.generation_source, year.generation_on) == (
        "yes",
        "family",
        dt.date(2025, 9, 10),
    )


def test_a_year_is_written_once(post, teacher):
    pupil = entered(post, teacher)
    with pytest.raises(ValidationError, match="already enrolled for this school year"):
        actions.enrol(pupil=pupil, school=post.school, school_year=2026, by=teacher)


def test_a_former_school_no_longer_sees_the_pupil(post, teacher, staff):
    pupil, other = entered(post, teacher), SchoolPostFactory(verified=True)
    actions.move_to_school(enrolment=pupil.enrolments.get(), school=other.school, by=staff)
    assert list(Pupil.objects.visible_to(teacher)) == []
    assert list(Pupil.objects.visible_to(other.contact.user)) == [pupil]
    assert pupil.enrolments.get().class_group is None
    with pytest.raises(ValidationError, match="no longer in your school"):
        actions.correct_pupil(pupil=pupil, by=teacher, first_name="Anne")


def test_a_teacher_moves_nobody_to_a_school_of_strangers(post, teacher):
    pupil = entered(post, teacher)
    with pytest.raises(ValidationError, match="own school only"):
        actions.move_to_school(enrolment=pupil.enrolments.get(), school=SchoolFactory(), by=teacher)


def test_who_has_left_can_be_back(post, teacher, client_for):
    year, client = entered(post, teacher).enrolments.get(), client_for(teacher)
    client.post(f"/pupils/years/{year.pk}/left/")
    year.refresh_from_db()
    assert year.state == "left"
    client.post(f"/pupils/years/{year.pk}/back/")
    year.refresh_from_db()
    assert year.state == "enrolled"


def test_a_school_does_not_write_in_the_year_of_another(post, teacher, client_for):
    pupil = entered(post, teacher)
    before = EnrolmentFactory(pupil=pupil, school_year=2025, level="3E")
    client = client_for(teacher)
    assert client.get(f"/pupils/years/{before.pk}/").status_code == 404
    assert client.get(f"/pupils/years/{before.pk}/facts/").status_code == 404


def facts_form(**told):
    facts = ["scholarship", "priority_neighbourhood", "first_generation", "social_origin", "track"]
    unknown = dict.fromkeys(facts, "unknown")
    return unknown | told


def test_a_known_fact_says_who_told_it_and_when(post, teacher, client_for):
    year, client = entered(post, teacher).enrolments.get(), client_for(teacher)
    page = client.post(f"/pupils/years/{year.pk}/facts/", facts_form(scholarship="yes")).content.decode()
    assert "Say who told it" in page
    assert "Say on which day it was told." in page
    told = {
        "scholarship": "yes",
        "scholarship_scale": "lycee",
        "scholarship_step": "5",
        "scholarship_source": "family",
        "scholarship_on": "2026-11-20",
    }
    assert client.post(f"/pupils/years/{year.pk}/facts/", facts_form(**told)).status_code == 302
    year.refresh_from_db()
    assert (year.scholarship, year.scholarship_step, year.scholarship_on) == ("yes", 5, dt.date(2026, 11, 20))
    assert client.post(f"/pupils/years/{year.pk}/facts/", facts_form(scholarship_source="family")).status_code == 302
    year.refresh_from_db()
    assert (year.scholarship, year.scholarship_step, year.scholarship_source) == ("unknown", None, "")


def test_a_step_that_its_scale_does_not_have_is_refused_in_words(post, teacher, client_for):
    year = entered(post, teacher).enrolments.get()
    told = {
        "scholarship": "yes",
        "scholarship_scale": "college",
        "scholarship_step": "5",
        "scholarship_source": "school",
        "scholarship_on": "2026-11-20",
    }
    page = client_for(teacher).post(f"/pupils/years/{year.pk}/facts/", facts_form(**told)).content.decode()
    assert "The step does not exist on this scale" in page


def test_the_year_form_confirms_an_expected_level(post, teacher, client_for):
    year = EnrolmentFactory(school=post.school, expected_level="2GT")
    form = {"class_name": "2de 2", "level": "2GT"}
    assert client_for(teacher).post(f"/pupils/years/{year.pk}/", form).status_code == 302
    year.refresh_from_db()
    assert (year.level, year.expected_level, year.class_group.name) == ("2GT", "", "2de 2")


def test_track_subjects_and_languages_say_who_told_them_and_when_too(post, teacher, client_for):
    year, client = entered(post, teacher).enrolments.get(), client_for(teacher)
    path = f"/pupils/years/{year.pk}/facts/"
    told = {"track": "general", "specialities": ["maths", "nsi"], "languages": ["en"]}
    page = client.post(path, facts_form(**told)).content.decode()
    assert page.count("Say on which day it was told.") == 6  # at the field, and in the summary
    sources = {"track": "school", "specialities": "pupil", "languages": "family"}
    told |= {f"{fact}_source": source for fact, source in sources.items()}
    told |= {f"{fact}_on": "2026-11-20" for fact in sources}
    assert client.post(path, facts_form(**told)).status_code == 302
    year.refresh_from_db()
    assert [getattr(year, name) for name in told] == [
        *("general", ["maths", "nsi"], ["en"], "school", "pupil", "family"),
        *[dt.date(2026, 11, 20)] * 3,
    ]
    page = client.get(year.pupil.get_absolute_url()).content.decode()
    assert "told by: pupil, 20 November 2026" in page
    assert client.post(path, facts_form(languages_source="family")).status_code == 302
    year.refresh_from_db()
    assert (year.languages, year.languages_source, year.languages_on) == ([], "", None)


@pytest.mark.parametrize(("fact", "value"), [("track", "general"), ("specialities", ["maths"]), ("languages", ["en"])])
def test_the_database_pairs_source_and_day_and_knows_neither_of_what_is_unknown(db, fact, value):
    EnrolmentFactory(**{fact: value})  # noted before anybody was asked who told it
    for facts in ({fact: value, f"{fact}_source": "school"}, {f"{fact}_source": "school", f"{fact}_on": "2026-11-20"}):
        with pytest.raises(IntegrityError, match=f"people_enrolment_{fact}_has_source"), transaction.atomic():
            EnrolmentFactory(**facts)


def test_a_list_of_the_center_says_the_school_told_the_track(db):
    school, center = SchoolFactory(), GrantFactory(role=Role.ADMINISTRATOR).user
    rows = [["nom", "prénom", "date de naissance", "RNE", "série"], ["Dupont", "Léa", "01/02/2010", school.uai, "STL"]]
    import_pupils(rows=rows, by=center, school_year=2026)
    year = Enrolment.objects.get()
    assert (year.track, year.track_source, year.track_on) == ("STL", "school", timezone.localdate())


def test_criteria_are_named_facts_and_never_a_score():
    school = SchoolFactory(kind="college")
    SchoolYearProfileFactory(school=school, school_year=2024, priority_education="REP+", rurality="urban")
    SchoolYearProfileFactory(
        school=school, school_year=2025, ips="80.0", ips_series="2023", ips_quintile=2, priority_education="unknown"
    )
    year = EnrolmentFactory(school=school, level="4E", pupil__sex="F", specialities=["maths"])
    facts = criteria.facts_of_school(school.profiles.all(), 2026)
    assert [str(found.answer) for found in criteria.of_year(year.pupil, year, facts)] == [
        *("unknown", "yes", "unknown", "no", "yes", "no", "unknown", "yes")
    ]
    assert criteria.facts_of_school(school.profiles.all(), 2024) == {"priority_education": "REP+", "rurality": "urban"}


@pytest.mark.parametrize(
    ("track", "level", "told"),
    [
        ("STMG", "1T", "yes"),
        ("vocational", "unknown", "yes"),
        ("general", "1G", "no"),
        ("unknown", "2PRO", "yes"),
        ("unknown", "2GT", "no"),
        ("unknown", "unknown", "unknown"),
    ],
)
def test_the_track_is_read_from_the_level_where_nobody_said_it(track, level, told):
    year = EnrolmentFactory.build(track=track, level=level)
    assert criteria.of_year(year.pupil, year, {})[5].answer == told


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_notes_are_for_those_who_manage_the_pupil(post, teacher, client_for):
    pupil = entered(post, teacher)
    client_for(teacher).post(f"/pupils/{pupil.pk}/notes/", {"text": "  Vient en bus.  "})
    note = PupilNote.objects.get()
    assert (note.text, note.author, note.written_at) == ("Vient en bus.", teacher, NOW)
    dpo = GrantFactory(role=Role.PROTECTION_OFFICER).user
    stranger = SchoolPostFactory(verified=True).contact.user
    seen = {user: PupilNote.objects.visible_to(user).count() for user in (teacher, dpo, stranger, UserFactory())}
    assert list(seen.values()) == [1, 1, 0, 0]
    assert client_for(stranger).post(f"/pupils/notes/{note.pk}/remove/").status_code == 404
    client_for(teacher).post(f"/pupils/notes/{note.pk}/remove/")
    assert PupilNote.objects.count() == 0


def test_an_empty_note_is_refused(post, teacher, client_for):
    pupil = entered(post, teacher)
    client_for(teacher).post(f"/pupils/{pupil.pk}/notes/", {"text": "   "})
    assert PupilNote.objects.count() == 0
    with pytest.raises(IntegrityError, match="people_pupilnote_says_something"), transaction.atomic():
        PupilNoteFactory(pupil=pupil, text="")


def test_notes_go_with_the_pupil():
    note = PupilNoteFactory()
    note.pupil.delete()
    assert PupilNote.objects.count() == 0


def test_a_family_sees_its_facts_but_no_notes_and_no_other_guardian(post, client_for):
    user = UserFactory()
    GrantFactory(user=user, role=Role.GUARDIAN)
    year = EnrolmentFactory(school=post.school, school_year=2026, level="2GT")
    GuardianshipFactory(guardian=GuardianFactory(user=user), pupil=year.pupil)
    GuardianshipFactory(guardian=GuardianFactory(last_name="Otherparent"), pupil=year.pupil, rank=2)
    PupilNoteFactory(pupil=year.pupil, text="Secretnote")
    page = client_for(user).get(f"/pupils/{year.pupil_id}/").content.decode()
    assert "2de GT" in page
    assert "Otherparent" not in page
    assert "Secretnote" not in page


def test_the_page_of_a_pupil_tells_the_school_everything(post, teacher, client_for):
    pupil = entered(post, teacher)
    GuardianshipFactory(guardian=GuardianFactory(last_name="Parentname", phone="0102030405"), pupil=pupil)
    PupilNoteFactory(pupil=pupil, text="Vient en bus.")
    page = client_for(teacher).get(f"/pupils/{pupil.pk}/").content.decode()
    for word in ("Parentname", "0102030405", "Vient en bus.", "2de 4", "14 Mar", "Criteria met"):
        assert word in page.replace("March 14", "14 Mar"), word


def test_the_history_says_who_changed_which_fields(post, teacher, client_for):
    pupil = entered(post, teacher)
    client_for(teacher).post(f"/pupils/{pupil.pk}/edit/", ANA | {"last_name": "Secretname"})
    page = client_for(teacher).get(f"/pupils/{pupil.pk}/history/").content.decode()
    assert "Changed in the pupil: last name" in page
    assert teacher.name in page
    assert "Éluard" not in page


# --- the list ---------------------------------------------------------------------------------------------------------


def names(answer):
    return [pupil.last_name for pupil, _year, _is_allowed in answer.context["rows"]]


def test_the_list_is_searched_without_accents_and_filtered(post, teacher, client_for):
    entered(post, teacher)
    entered(post, teacher, last_name="Zola")
    EnrolmentFactory(school=post.school, school_year=2025, pupil__last_name="Ancien")
    EnrolmentFactory(school_year=2026, pupil__last_name="Ailleurs")
    client = client_for(teacher)
    found = {
        asked: names(client.get(f"/pupils/?{asked}"))
        for asked in ("", "q=eluard", "q=ana+elu", "year=2025", "class_name=2DE+4", "class_name=2de", "level=3E")
    }
    assert found == {
        "": ["Éluard", "Zola"],
        "q=eluard": ["Éluard"],
        "q=ana+elu": ["Éluard"],
        "year=2025": ["Ancien"],
        "class_name=2DE+4": ["Éluard", "Zola"],
        "class_name=2de": [],
        "level=3E": [],
    }


def test_consents_done_and_missing_are_told_apart(post, teacher, client_for):
    done, missing = entered(post, teacher, last_name="Done"), entered(post, teacher, last_name="Missing")
    link = GuardianshipFactory(pupil=done)
    GuardianshipFactory(pupil=missing)
    ConsentFactory(pupil=done, guardian=link.guardian)
    client = client_for(teacher)
    assert names(client.get("/pupils/?consent=done")) == ["Done"]
    assert names(client.get("/pupils/?consent=missing")) == ["Missing"]
    assert [is_allowed for _pupil, _year, is_allowed in client.get("/pupils/").context["rows"]] == [True, False]


def test_staff_find_pupils_by_their_school(staff, client_for):
    stains = EnrolmentFactory(school__name="Lycée Utrillo", pupil__last_name="Ici")
    EnrolmentFactory(school__name="Lycée Ailleurs", pupil__last_name="Ailleurs")
    assert names(client_for(staff).get(f"/pupils/?school={stains.school.uai}")) == ["Ici"]
    assert names(client_for(staff).get("/pupils/")) == ["Ailleurs", "Ici"]


def test_a_list_too_long_is_cut_and_says_so(staff, client_for, monkeypatch):
    monkeypatch.setattr("participants.people.views.pupils.MOST", 2)
    for name in "ABC":
        EnrolmentFactory(pupil__last_name=name)
    answer = client_for(staff).get("/pupils/")
    assert names(answer) == ["A", "B"]
    assert "More than 2 pupils fit" in answer.content.decode()


@pytest.mark.parametrize("path", ["/pupils/", "/pupils/?consent=missing"])
def test_the_number_of_queries_does_not_grow(path, staff, client_for):
    client, counts = client_for(staff), []
    for wanted in (1, 3):
        while Pupil.objects.count() < wanted:
            EnrolmentFactory(class_group=ClassGroupFactory(), pupil=PupilFactory())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(client.get(path).context["rows"]) == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_of_a_pupil_does_not_grow_with_its_years(post, teacher, client_for):
    pupil, client, counts = entered(post, teacher), client_for(teacher), []
    client.get(f"/pupils/{pupil.pk}/")  # the trace of the first look
    for years in (1, 3):
        while pupil.enrolments.count() < years:
            EnrolmentFactory(pupil=pupil, school_year=2026 - pupil.enrolments.count(), school=SchoolFactory())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/pupils/{pupil.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_look_at_the_page_leaves_a_trace(post, teacher, client_for):
    pupil = entered(post, teacher)
    client_for(teacher).get(f"/pupils/{pupil.pk}/")
    assert list(pupil.looks.values_list("user", "what")) == [(teacher.pk, "page")]


def test_a_row_that_only_counts_is_nobodys_page(staff, client_for):
    row = Pupil.objects.create(is_statistic=True)
    Enrolment.objects.create(pupil=row, school=SchoolFactory(), school_year=2026)
    client = client_for(staff)
    assert client.get(f"/pupils/{row.pk}/").status_code == 404
    assert names(client.get("/pupils/")) == []
