"""What leaves as a list comes back as nothing new."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants.people.models import Pupil
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import EnrolmentFactory, PupilFactory
from tests.participants.people.rosters.conftest import HEAD, YEAR, send

pytestmark = pytest.mark.django_db
LETTERS = "abcdefghijklmnopqrstuvwxyzéèêëàâçïîôûüœ"
WORDS = st.text(LETTERS, min_size=1, max_size=8)
NAMES = st.tuples(
    WORDS, st.sampled_from(["", "-", " ", "'"]), WORDS, st.sampled_from([str.title, str.upper, str.lower])
).map(lambda parts: parts[3]("".join(parts[:3])))
PUPILS = st.lists(
    st.tuples(
        NAMES,
        NAMES,
        st.dates(dt.date(2009, 1, 1), dt.date(2015, 12, 31)),
        st.sampled_from("FMN"),
        st.sampled_from(["", "3A", "4e B", "Six 1"]),
    ),
    max_size=6,
    unique_by=lambda pupil: pupil[2],
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pupils=PUPILS, written=st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"]))
def test_pupils_that_leave_as_a_list_come_back_the_same(pupils, written, school, teacher):
    Pupil.objects.all().delete()
    lines = [HEAD]
    for last, first, born, sex, name in pupils:
        pupil = PupilFactory(last_name=last, first_name=first, birth_date=born, sex=sex)
        group = school.class_groups.filter(name=name).first() or (
            ClassGroupFactory(school=school, school_year=YEAR, name=name) if name else None
        )
        level = {"3A": "3E", "4e B": "4E"}.get(name, "unknown")
        EnrolmentFactory(pupil=pupil, school=school, school_year=YEAR, class_group=group, level=level)
        lines.append(";".join([last, first, born.strftime(written), sex, name]))
    if len(lines) == 1:
        return
    roster = send(school, teacher, lines)
    assert set(roster.rows.values_list("state", flat=True)) == {"same"}, list(roster.rows.values("cells", "changes"))
