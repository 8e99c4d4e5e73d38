import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.measurement import actions as figures
from impact.measurement.models import Participation, ReachUnit
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup
from participants.people import actions
from participants.people.models import Enrolment, Promotion
from participants.people.promotion import expected_after, next_name, propose, ways_on
from tests.factories.activities import ActivityFactory, AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import EnrolmentFactory, PromotionFactory, PromotionRowFactory, SchoolPostFactory
from tests.harness.threads import at_once, meeting

NOW = dt.datetime(2026, 9, 3, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def in_september(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.mark.parametrize(
    ("level", "kind", "expected"),
    [
        ("6E", "college", "5E"),
        ("4E", "college", "3E"),
        ("3E", "college", ""),
        ("2GT", "lycee_gt", ""),
        ("1G", "lycee_gt", "TG"),
        ("1T", "lycee_gt", "TT"),
        ("TG", "lycee_gt", ""),
        ("2PRO", "lycee_pro", "1PRO"),
        ("1PRO", "lycee_pro", "TPRO"),
        ("CAP1", "lycee_pro", "CAP2"),
        ("CPGE1", "lycee_gt", "CPGE2"),
        ("BTS1", "lycee_pro", "BTS2"),
        ("CPGE2", "lycee_gt", ""),
    ],
)
def test_the_level_that_follows(level, kind, expected):
    assert expected_after(level, kind) == expected


def test_after_the_first_year_of_lycee_there_are_two_ways():
    assert ways_on("2GT", "lycee_gt") == ["1G", "1T"]
    assert ways_on("3E", "lycee_polyvalent") == ["2GT", "2PRO", "CAP1"]
    assert ways_on("3E", "college") == []


def test_every_level_has_a_rule():
    assert all(isinstance(ways_on(level, "lycee_polyvalent"), list) for level in Level.values)


@pytest.mark.parametrize(
    ("name", "level", "following"),
    [
        ("6eA", "6E", "5eA"),
        ("6e 2", "6E", "5e 2"),
        ("6ème B", "6E", "5ème B"),
        ("601", "6E", "501"),
        ("6A", "6E", "5A"),
        ("4e Rosa Parks", "4E", "3e Rosa Parks"),
        ("2de 4", "2GT", "1re 4"),
        ("2DE 4", "2GT", "1RE 4"),
        ("Seconde 4", "2GT", "Première 4"),
        ("204", "2GT", "104"),
        ("2GT3", "2GT", "1G3"),
        ("1re 3", "1G", "Tle 3"),
        ("101", "1G", "T01"),
        ("1G2", "1G", "TG2"),
        ("2PRO MELEC", "2PRO", "1PRO MELEC"),
        ("CAP1 B", "CAP1", "CAP2 B"),
        ("Les curieux", "6E", "Les curieux"),
        ("2 langues", "unknown", "2 langues"),
    ],
)
def test_the_class_of_next_year_is_called_alike(name, level, following):
    assert next_name(name, level) == following


@pytest.fixture
def post(db):
    post = SchoolPostFactory(verified=True)
    type(post.school).objects.filter(pk=post.school_id).update(kind="college")
    post.school.refresh_from_db()
    return post


def class_of(post, name, level, pupils=2, **facts):
    group = ClassGroupFactory(school=post.school, school_year=2025, name=name, level=level)
    return [
        EnrolmentFactory(school=post.school, school_year=2025, class_group=group, level=level, **facts)
        for _ in range(pupils)
    ]


def promoted(post, **changes):
    plan = propose(post.school, 2026)
    plan.outcomes |= changes.get("outcomes", {})
    return actions.promote(school=post.school, school_year=2026, plan=plan, by=post.contact.user)


def year_of(enrolment):
    found = Enrolment.objects.filter(pupil=enrolment.pupil, school_year=2026).select_related("class_group").first()
    return found and (found.class_group and found.class_group.name, found.level, found.expected_level)


def test_pupils_move_stay_or_leave(post):
    up, back = class_of(post, "4eB", "4E")
    gone, _also = class_of(post, "3eA", "3E")
    promotion = promoted(post, outcomes={back.pk: "stays"})
    assert year_of(up) == ("3eB", "unknown", "3E")
    assert year_of(back) == (None, "unknown", "4E")
    assert year_of(gone) is None
    assert sorted(promotion.rows.values_list("outcome", flat=True)) == ["leaves", "leaves", "moves", "stays"]
    assert ClassGroup.objects.get(school_year=2026).level == "unknown"


def test_only_what_does_not_change_goes_along(post):
    day = dt.date(2025, 9, 9)
    [old] = class_of(
        *(post, "4eB", "4E", 1),
        scholarship="yes",
        scholarship_source="school",
        scholarship_on=day,
        priority_neighbourhood="yes",
        neighbourhood_version=2024,
        neighbourhood_source="family",
        neighbourhood_on=day,
        social_origin="d",
        origin_source="family",
        origin_on=day,
        first_generation="no",
        generation_source="pupil",
        generation_on=day,
    )
    promoted(post)
    new = Enrolment.objects.get(pupil=old.pupil, school_year=2026)
    assert (new.scholarship, new.priority_neighbourhood, new.neighbourhood_version) == ("unknown", "unknown", None)
    assert (new.social_origin, new.origin_source, new.origin_on) == ("d", "family", day)
    assert (new.first_generation, new.generation_source, new.generation_on) == ("no", "pupil", day)


def test_those_who_left_or_are_there_already_are_not_moved(post):
    class_of(post, "4eA", "4E", 1, state="left")
    [there] = class_of(post, "4eB", "4E", 1)
    EnrolmentFactory(pupil=there.pupil, school_year=2026)
    [elsewhere] = [EnrolmentFactory(school_year=2025, level="4E")]
    assert propose(post.school, 2026).outcomes == {}
    with pytest.raises(ValidationError, match="nobody to move"):
        promoted(post)
    assert year_of(elsewhere) is None


def test_a_school_moves_once_a_year(post):
    class_of(post, "4eA", "4E")
    promoted(post)
    class_of(post, "4eC", "4E")
    with pytest.raises(ValidationError, match="already moved"):
        promoted(post)
    with pytest.raises(IntegrityError, match="people_promotion_once"), transaction.atomic():
        PromotionFactory(school=post.school, school_year=2026)


def test_a_pupil_entered_meanwhile_stops_it(post):
    class_of(post, "4eA", "4E")
    plan = propose(post.school, 2026)
    class_of(post, "4eB", "4E", 1)
    with pytest.raises(ValidationError, match="changed meanwhile"):
        actions.promote(school=post.school, school_year=2026, plan=plan, by=post.contact.user)
    assert Enrolment.objects.filter(school_year=2026).count() == 0


def test_a_stranger_moves_nobody(post):
    class_of(post, "4eA", "4E")
    stranger = SchoolPostFactory(verified=True).contact.user
    with pytest.raises(ValidationError, match="own school only"):
        actions.promote(school=post.school, school_year=2026, plan=propose(post.school, 2026), by=stranger)


def test_a_class_that_exists_is_filled_and_stays_at_undo(post):
    class_of(post, "4eA", "4E", 1)
    named = ClassGroupFactory(school=post.school, school_year=2026, name="3EA", level="3E")
    [row] = promoted(post).classes.all()
    assert (row.class_group, row.was_made) == (named, False)
    actions.undo_promotion(promotion=Promotion.objects.get(), by=post.contact.user)
    assert list(ClassGroup.objects.filter(school_year=2026)) == [named]


def test_undo_leaves_nothing_and_lets_it_be_done_again(post):
    class_of(post, "4eA", "4E")
    promotion = promoted(post)
    actions.undo_promotion(promotion=promotion, by=post.contact.user)
    assert (
        Enrolment.objects.filter(school_year=2026).count(),
        ClassGroup.objects.filter(school_year=2026).count(),
    ) == (
        0,
        0,
    )
    with pytest.raises(ValidationError, match="already taken back"):
        actions.undo_promotion(promotion=promotion, by=post.contact.user)
    assert promoted(post).rows.count() == 2


def _confirm(promotion, post):
    group = ClassGroup.objects.get(school_year=2026)
    actions.confirm_class(group=group, level="3E", by=post.contact.user)


def _book_class(promotion, post):
    BookingFactory(class_group=ClassGroup.objects.get(school_year=2026))


def _attend(promotion, post):
    session = SessionFactory(activity=ActivityFactory(school_year=2026), past=True)
    AttendanceFactory(session=session, pupil=promotion.rows.first().pupil)


def _book_pupil(promotion, post):
    activity = ActivityFactory(school_year=2026, seats=10)
    BookingFactory(
        session=None,
        activity=activity,
        class_group=None,
        pupil=promotion.rows.first().pupil,
        seats=1,
        stage="requested",
    )


def _enter_into_class(promotion, post):
    group = ClassGroup.objects.get(school_year=2026)
    EnrolmentFactory(school=post.school, school_year=2026, class_group=group)


def _next_year(promotion, post):
    EnrolmentFactory(pupil=promotion.rows.first().pupil, school_year=2027)


@pytest.mark.parametrize("build", [_confirm, _book_class, _attend, _book_pupil, _enter_into_class, _next_year])
def test_what_something_was_built_on_stays(build, post):
    class_of(post, "4eA", "4E")
    promotion = promoted(post)
    build(promotion, post)
    with pytest.raises(ValidationError, match="It stays"):
        actions.undo_promotion(promotion=promotion, by=post.contact.user)
    assert promotion.rows.exclude(enrolment=None).count() == 2
    assert Promotion.objects.standing().get() == promotion


def test_a_class_is_confirmed_at_once(post):
    class_of(post, "4eA", "4E", 3)
    promoted(post)
    group = ClassGroup.objects.get(school_year=2026)
    assert actions.confirm_class(group=group, level="3E", by=post.contact.user) == 3
    assert set(Enrolment.objects.filter(school_year=2026).values_list("level", "expected_level")) == {("3E", "")}
    group.refresh_from_db()
    assert group.level == "3E"
    with pytest.raises(ValidationError, match="already confirmed"):
        actions.confirm_class(group=group, level="3E", by=post.contact.user)


def test_everybody_is_confirmed_also_who_stays_back_has_no_class_or_came_by_themselves(post, client_for):
    _up, back = class_of(post, "4eB", "4E")
    alone = EnrolmentFactory(school=post.school, school_year=2025, level="6E")
    promotion = promoted(post, outcomes={back.pk: "stays"})
    other = ClassGroupFactory(school=post.school, school_year=2026, name="5eC", level="unknown")
    came = EnrolmentFactory(school=post.school, school_year=2026, class_group=other)
    client = client_for(post.contact.user)
    page = client.get(f"/pupils/promotions/schools/{post.school_id}/").content.decode()
    assert page.count("1 to confirm") == 4
    path = f"/pupils/promotions/{promotion.pk}/confirm/"
    client.post(path, {"expected": "4E", "level": "4E"})
    assert year_of(back) == (None, "4E", "")
    assert year_of(alone) == (None, "unknown", "5E")
    client.post(path, {"expected": "5E", "level": "6E"})
    assert year_of(alone) == (None, "6E", "")
    client.post(f"/pupils/promotions/classes/{other.pk}/confirm/", {"level": "5E"})
    came.refresh_from_db()
    assert came.level == "5E"
    with pytest.raises(ValidationError, match="already confirmed"):
        actions.confirm_without_class(
            school=post.school, school_year=2026, expected="4E", level="4E", by=post.contact.user
        )
    stranger = SchoolPostFactory(verified=True).contact.user
    assert client_for(stranger).post(path, {"expected": "", "level": "4E"}).status_code == 404
    with pytest.raises(ValidationError, match="own school only"):
        actions.confirm_without_class(school=post.school, school_year=2026, expected="", level="4E", by=stranger)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("people_promotionrow_once", lambda row: PromotionRowFactory(promotion=row.promotion, pupil=row.pupil)),
        (
            "people_promotionrow_leavers_have_no_year",
            lambda row: PromotionRowFactory(outcome="leaves", enrolment=EnrolmentFactory()),
        ),
    ],
)
def test_the_database_refuses(db, name, make):
    row = PromotionRowFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make(row)


def test_pages_lead_through_it(post, client_for):
    up, back = class_of(post, "4eB", "4E")
    client = client_for(post.contact.user)
    path = f"/pupils/promotions/schools/{post.school_id}/"
    key = up.class_group_id
    form = {f"name_{key}": "3eB", f"level_{key}": "3E", f"outcome_{up.pk}": "moves", f"outcome_{back.pk}": "stays"}
    assert "4eB" in client.get(path).content.decode()
    page = client.post(path, form).content.decode()
    assert "1 pupil moves on" in page
    assert "1 pupil stays back" in page
    assert "1 new class" in page
    assert Enrolment.objects.filter(school_year=2026).count() == 0
    assert client.post(path, form | {"apply": "1"}).url == path
    assert year_of(up) == ("3eB", "unknown", "3E")
    assert "1 to confirm" in client.get(path).content.decode()
    assert "to look at" not in client.get("/pupils/promotions/").content.decode()
    client.post(f"/pupils/promotions/{Promotion.objects.get().pk}/undo/")
    assert Enrolment.objects.filter(school_year=2026).count() == 0


def test_a_form_without_a_pupil_entered_meanwhile_is_asked_again(post, client_for):
    [up] = class_of(post, "4eB", "4E", 1)
    key = up.class_group_id
    form = {f"name_{key}": "3eB", f"level_{key}": "3E", f"outcome_{up.pk}": "moves", "apply": "1"}
    EnrolmentFactory(school=post.school, school_year=2025, class_group=up.class_group, level="4E")
    page = client_for(post.contact.user).post(f"/pupils/promotions/schools/{post.school_id}/", form).content.decode()
    assert "This pupil was entered meanwhile" in page
    assert Promotion.objects.count() == 0


def pressing(times):
    """A school whose pupils wait, and as many who press at once."""
    post = SchoolPostFactory(verified=True)
    class_of(post, "1re 1", "1G", 5)
    move = partial(actions.promote, school=post.school, school_year=2026, by=post.contact.user)
    return [partial(move, plan=propose(post.school, 2026)) for _ in range(times)]


@pytest.mark.sabotage
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_school_the_second_is_told_nothing(monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "lock")
    results = at_once(pressing(2), slow=meeting(2, 'SELECT "people_enrolment"'))
    assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "Promotion"]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_move_the_school_once():
    results = at_once(pressing(2))
    assert sorted(type(result).__name__ for result in results) == ["Promotion", "ValidationError"]
    assert Enrolment.objects.filter(school_year=2026).count() == 5


# --- figures ----------------------------------------------------------------------------------------------------------


def figures_of(year):
    return [
        sorted(map(tuple, model.objects.filter(school_year=year).values_list(*_columns(model))), key=str)
        for model in (ReachUnit, Participation)
    ]


def _columns(model):
    return [field.attname for field in model._meta.concrete_fields if field.name != "id"]


@settings(max_examples=15)
@given(
    classes=st.lists(st.tuples(st.sampled_from(["6E", "5E", "4E", "3E"]), st.integers(1, 3)), min_size=1, max_size=3),
    outcomes=st.lists(st.sampled_from(["moves", "stays", "leaves"]), min_size=9, max_size=9),
)
def test_moving_and_taking_back_changes_no_figure_of_the_old_year(db, classes, outcomes):
    with transaction.atomic():
        post = SchoolPostFactory(verified=True)
        session = SessionFactory(activity=ActivityFactory(school_year=2025), past=True, school=post.school)
        for number, (level, pupils) in enumerate(classes):
            for old in class_of(post, f"{level[0]}e{number}", level, pupils):
                AttendanceFactory(session=session, pupil=old.pupil)
        figures.rebuild()
        before = figures_of(2025)
        plan = propose(post.school, 2026)
        plan.outcomes = dict(zip(plan.outcomes, outcomes, strict=False))
        promotion = actions.promote(school=post.school, school_year=2026, plan=plan, by=post.contact.user)
        figures.rebuild()
        assert figures_of(2025) == before
        actions.undo_promotion(promotion=promotion, by=post.contact.user)
        figures.rebuild()
        assert figures_of(2025) == before
        assert before[1]
        transaction.set_rollback(True)
