"""The way of a cohort: each person once, in the year in which we first met them; nothing small seen outside."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from impact.measurement.funnel import FUNNEL_AXES, _beside, _followed, funnel
from impact.measurement.models import Within
from impact.measurement.perimeters import Perimeter
from participants.organisations.models import School, Territory
from participants.people.models import Enrolment, Pupil, Study
from participants.people.rights import erasure
from programs.activities.models import Attendance, Booking
from programs.awareness.models import PoolEntry
from tests.factories.activities import ActivityFactory, BookingFactory
from tests.factories.awareness import PoolEntryFactory
from tests.factories.measurement import AttendanceFactory, HeldSessionFactory
from tests.factories.people import EnrolmentFactory, PupilFactory, StudyFactory

CENTER = Perimeter(Within.ALL, 0, "", True)


@pytest.fixture
def cohort(center):
    """Beside Lou, who came once this year: one only in the pool, half an hour after midnight; one who registered last year
    and came this year; one who withdrew; one at a camp next year who was met this year; one nobody ever met."""
    near = School.objects.get(name="Collège du Lac")

    def pupil(sex="M", year=2026):
        return EnrolmentFactory(school=near, level="3E", pupil__sex=sex, school_year=year).pupil

    pool = PoolEntryFactory(pupil=pupil("F"), entered_at=dt.datetime(2026, 8, 31, 22, 30, tzinfo=dt.UTC))
    PoolEntryFactory(pupil=PupilFactory(), entered_at=dt.datetime(2026, 8, 31, 21, 30, tzinfo=dt.UTC))
    early = pupil(year=2025)
    seat = {"class_group": None, "session": None, "seats": 1}
    BookingFactory(activity=ActivityFactory(school_year=2025, seats=9), pupil=early, **seat)
    AttendanceFactory(session=HeldSessionFactory(), pupil=early)
    BookingFactory(activity=ActivityFactory(school_year=2026, seats=9), pupil=pupil(), **seat, stage="withdrawn")
    AttendanceFactory(session=HeldSessionFactory(), pupil=pool.pupil, status="absent", minutes=0)
    camper = pupil()
    AttendanceFactory(session=HeldSessionFactory(), pupil=camper)
    AttendanceFactory(session=HeldSessionFactory(), pupil=camper)
    BookingFactory(activity=ActivityFactory(school_year=2027, kind="camp", seats=9), pupil=camper, **seat)
    pupil()
    return near


def numbers(row):
    return [None if cell is None else cell.shown for cell in row.cells]


def test_each_person_once_in_the_year_of_entry(cohort):
    found = funnel(CENTER, 2026, "sex")
    assert numbers(found.total)[1:] == [3, 2, 1, 0, 0, 0]
    by_sex = {row.key: numbers(row)[1:4] for row in found.rows}
    assert by_sex == {"F": [2, 1, 0], "M": [1, 1, 1], "unknown": [0, 0, 0]}
    assert numbers(funnel(CENTER, 2025, "sex").total)[1:4] == [2, 1, 0]


@pytest.mark.erasure
@pytest.mark.parametrize("axis", FUNNEL_AXES)
def test_who_is_erased_stays_where_they_had_come(cohort, axis):
    def told():
        return [
            [numbers(row) for row in (found.total, *found.rows)]
            for found in (funnel(CENTER, year, axis) for year in (2025, 2026))
        ]

    girl = PoolEntry.objects.get(pupil__sex="F").pupil
    EnrolmentFactory(pupil=girl, school_year=2029, level="CPGE1")
    StudyFactory(pupil=girl, school_year=2030, kind="but")
    StudyFactory(pupil=girl, school_year=2031, kind="school", member=True)
    before = told()
    for pupil in Pupil.objects.named():
        erasure.erase(kind="pupil", pk=pupil.pk, ground="request")
    assert not Pupil.objects.named().exists()
    assert told() == before
    assert Study.objects.filter(is_statistic=True, source="", told_on=None).count() == 2
    moments = PoolEntry.objects.order_by("entered_at").values_list("entered_at", flat=True)
    assert [f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" for moment in moments] == [
        "01/09/2025 12:00",
        "01/09/2026 12:00",
    ]


def test_higher_education_is_read_from_the_enrolments_of_later_years_once_and_beside_the_camp(cohort):
    only_in_the_pool = PoolEntry.objects.get(pupil__sex="F").pupil
    for year, level in ((2029, "CPGE1"), (2030, "CPGE2")):
        EnrolmentFactory(pupil=only_in_the_pool, school_year=year, level=level)
    met_there = EnrolmentFactory(school=cohort, school_year=2026, level="BTS1").pupil
    PoolEntryFactory(pupil=met_there, entered_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
    earlier = EnrolmentFactory(school=cohort, school_year=2026, level="TG").pupil
    EnrolmentFactory(pupil=earlier, school_year=2025, level="CPGE1")
    PoolEntryFactory(pupil=earlier, entered_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
    found = funnel(CENTER, 2026, "sex")
    # Of the five one went on to a CPGE; whoever was met there, or before, did not come to it later.
    assert numbers(found.total)[1:] == [5, 2, 1, 1, 0, 0]
    assert [row.cells[4].shown for row in found.rows] == [1, 0, 0]


def test_studies_after_the_bac_are_counted_in_later_years_once_and_a_member_school_by_itself(cohort):
    girl = PoolEntry.objects.get(pupil__sex="F").pupil
    camper = Booking.objects.get(activity__kind="camp").pupil
    came_once = Attendance.objects.filter(status="present").exclude(pupil__in=[girl, camper]).order_by("-pk")
    lou = next(row.pupil for row in came_once if row.pupil.enrolments.filter(school_year=2025).first() is None)
    for pupil, year, kind in (
        (girl, 2029, "but"),
        (girl, 2030, "university"),  # once, although two years long
        (lou, 2029, "school"),  # an engineering school that is no member
        (camper, 2029, "cpge"),
        (camper, 2026, "university"),  # in the year in which we met: not later
    ):
        StudyFactory(pupil=pupil, school_year=year, kind=kind)
    StudyFactory(pupil=camper, school_year=2031, kind="school", member=True)
    StudyFactory(pupil=girl, school_year=2032, kind="school", member=True)
    found = funnel(CENTER, 2026, "sex")
    assert numbers(found.total)[4:] == [1, 2, 2]
    assert {row.key: numbers(row)[4:] for row in found.rows} == {
        "F": [0, 1 + (lou.sex == "F"), 1],
        "M": [1, int(lou.sex == "M"), 1],
        "unknown": [0, int(lou.sex == "N"), 0],
    }


@pytest.mark.parametrize("axis", list(FUNNEL_AXES))
def test_the_stages_nest_as_they_say(axis, cohort):
    found = funnel(CENTER, 2026, axis)
    for row in [*found.rows, found.total]:
        _reached, interested, supported, camp, *after = (cell and cell.value for cell in row.cells)
        assert interested >= supported >= camp
        assert interested >= max(after)


@pytest.mark.parametrize(
    ("axis", "field"), [("scholarship", "scholarship"), ("neighbourhood", "priority_neighbourhood")]
)
def test_what_only_the_school_year_of_a_pupil_tells_has_its_unknown_and_no_part_of_the_heads(axis, field, cohort):
    told = {"scholarship": {"scholarship_source": "school", "scholarship_on": "2026-09-10"}}.get(
        axis, {"neighbourhood_version": 2024, "neighbourhood_source": "school", "neighbourhood_on": "2026-09-10"}
    )
    girl, other, _third = Enrolment.objects.filter(school_year=2026, pupil__in=_met()).order_by("-pupil__sex", "pk")[:3]
    Enrolment.objects.filter(pk=girl.pk).update(**{field: "yes"}, **told)
    Enrolment.objects.filter(pk=other.pk).update(**{field: "no"}, **told)
    found = funnel(CENTER, 2026, axis)
    assert {row.key: numbers(row)[:2] for row in found.rows} == {
        "yes": [None, 1],
        "no": [None, 1],
        "unknown": [None, 1],
    }
    assert numbers(found.total)[:2] == [139, 3]


def _met():
    """Whom the cohort of 2026 holds: all who were there or are in the pool, without those met before."""
    there = Attendance.objects.filter(status="present").values_list("pupil", flat=True)
    return {*there, *PoolEntry.objects.values_list("pupil", flat=True)} - set(
        Booking.objects.filter(activity__school_year=2025).values_list("pupil", flat=True)
    )


def test_an_academie_counts_the_schools_in_it(cohort):
    found = funnel(CENTER, 2026, "academie")
    assert {row.key: row.cells[1].shown for row in found.rows} == {cohort.academie_id or "unknown": 3} | (
        {"unknown": 0} if cohort.academie_id else {}
    )


def test_reached_is_the_figure_of_the_dashboard(center):
    total = funnel(CENTER, 2026, "sex").total
    # 24 + 31 + 3 + 80 heads, and Lou, of whose class nobody counted the heads.
    assert total.cells[0].value == 139


@pytest.mark.parametrize("axis", list(FUNNEL_AXES))
def test_the_parts_of_an_axis_sum_to_the_total(axis, cohort):
    found = funnel(CENTER, 2026, axis)
    assert found.rows[-1].key == "unknown"
    for place in range(1, 7):
        assert sum(row.cells[place].value for row in found.rows) == found.total.cells[place].value


def test_a_territory_counts_its_own_and_hides_what_is_small(cohort):
    essonne, sea = (Territory.objects.get(code=code) for code in ("91", "13"))
    own = Perimeter(Within.ALL, 0, "", True, (essonne,))
    assert numbers(funnel(own, 2026, "sex").total)[1:4] == [3, 2, 1]
    assert numbers(funnel(Perimeter(Within.ALL, 0, "", True, (sea,)), 2026, "sex").total)[1:4] == [0, 0, 0]
    outside = funnel(Perimeter(Within.ALL, 0, "", False, (essonne,)), 2026, "sex")
    assert all(cell.is_hidden for row in [*outside.rows, outside.total] for cell in row.cells[1:7])


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=5))
def test_outside_no_number_of_who_stopped_where_can_be_worked_out(rows):
    *cells, total = _followed(rows, is_exact=False)
    for row, numbers_of_row in zip(cells, rows, strict=True):
        for place in range(3):
            after = row[place + 1].shown if place < 2 else 0
            if row[place].shown is not None and after is not None:
                assert not 0 < numbers_of_row[place] < 5
    for place in range(3):
        after = total[place + 1].shown if place < 2 else 0
        if total[place].shown is not None and after is not None:
            assert not 0 < sum(row[place] for row in rows) < 5


@given(st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=2), min_size=2, max_size=5))
def test_outside_neither_who_went_on_nor_who_did_not_can_be_worked_out(rows):
    *cells, total = _beside(rows, is_exact=False)
    for cell, (without, within) in zip([*cells, total], [*rows, _sums(rows)], strict=True):
        assert cell.shown is None or not (0 < without < 5 or 0 < within < 5)
    hidden = [row for row, cell in zip(rows, cells, strict=True) if cell.shown is None]
    if hidden and total.shown is not None:
        # What is hidden is told together by subtraction: never of one row alone.
        assert len(hidden) > 1


def test_the_page_shows_every_stage_and_is_for_readers_of_the_center(
    cohort, director, manager, partner, state, client_for
):
    page = reverse("measurement:funnel")
    director.language = "en"
    director.save()
    text = client_for(director).get(page, {"by": "rep", "year": 2026}).content.decode()
    assert "Studied in a member school in a later school year, as far as it was told." in text
    assert "member schools are not counted here" in text
    assert "Outside priority education" in text
    assert client_for(state).get(page).status_code == 200
    assert [client_for(user).get(page).status_code for user in (manager, partner)] == [404, 404]


def test_the_page_asks_the_same_number_of_questions(cohort, director, client_for, django_assert_max_num_queries):
    client, page = client_for(director), reverse("measurement:funnel")
    client.get(page)
    with django_assert_max_num_queries(100) as one:
        client.get(page)
    for _number in range(2):
        PoolEntryFactory()
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(page)


def _sums(rows):
    return [sum(column) for column in zip(*rows, strict=True)]
