"""The way of a cohort: each person once, in the year in which we first met them; nothing small seen outside."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from impact.measurement.funnel import FUNNEL_AXES, _followed, funnel
from impact.measurement.models import Within
from impact.measurement.perimeters import Perimeter
from participants.organisations.models import School, Territory
from participants.people.models import Pupil
from participants.people.rights import erasure
from programs.awareness.models import PoolEntry
from tests.factories.activities import ActivityFactory, BookingFactory
from tests.factories.awareness import PoolEntryFactory
from tests.factories.measurement import AttendanceFactory, HeldSessionFactory
from tests.factories.people import EnrolmentFactory, PupilFactory

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
    assert numbers(found.total)[1:] == [3, 2, 1, None, None]
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

    before = told()
    for pupil in Pupil.objects.named():
        erasure.erase(kind="pupil", pk=pupil.pk, ground="request")
    assert not Pupil.objects.named().exists()
    assert told() == before
    moments = PoolEntry.objects.order_by("entered_at").values_list("entered_at", flat=True)
    assert [f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" for moment in moments] == [
        "01/09/2025 12:00",
        "01/09/2026 12:00",
    ]


def test_reached_is_the_figure_of_the_dashboard(center):
    total = funnel(CENTER, 2026, "sex").total
    # 24 + 31 + 3 + 80 heads, and Lou, of whose class nobody counted the heads.
    assert total.cells[0].value == 139


@pytest.mark.parametrize("axis", ["sex", "rep", "ips", "departement", "level"])
def test_the_parts_of_an_axis_sum_to_the_total(axis, cohort):
    found = funnel(CENTER, 2026, axis)
    assert found.rows[-1].key == "unknown"
    for place in range(1, 4):
        assert sum(row.cells[place].value for row in found.rows) == found.total.cells[place].value


def test_a_territory_counts_its_own_and_hides_what_is_small(cohort):
    essonne, sea = (Territory.objects.get(code=code) for code in ("91", "13"))
    own = Perimeter(Within.ALL, 0, "", True, (essonne,))
    assert numbers(funnel(own, 2026, "sex").total)[1:4] == [3, 2, 1]
    assert numbers(funnel(Perimeter(Within.ALL, 0, "", True, (sea,)), 2026, "sex").total)[1:4] == [0, 0, 0]
    outside = funnel(Perimeter(Within.ALL, 0, "", False, (essonne,)), 2026, "sex")
    assert all(cell.is_hidden for row in [*outside.rows, outside.total] for cell in row.cells[1:4])


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


def test_the_page_says_what_is_not_recorded_and_is_for_readers_of_the_center(
    cohort, director, manager, partner, state, client_for
):
    page = reverse("measurement:funnel")
    director.language = "en"
    director.save()
    text = client_for(director).get(page, {"by": "rep", "year": 2026}).content.decode()
    assert text.count("not recorded yet") == 2
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
