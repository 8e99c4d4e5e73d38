import datetime as dt

import pytest

from participants.accounts.roles import Role
from participants.people.models import Look, Pupil
from participants.people.rights import looks
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.people import (
    ConsentFactory,
    EnrolmentFactory,
    GuardianshipFactory,
    LookFactory,
    PupilFactory,
    RightsRequestFactory,
)
from tests.harness.responses import only_reads

pytestmark = pytest.mark.django_db


def test_one_row_for_each_person_pupil_manner_and_hour(cleo, ada):
    lou, max_ = PupilFactory(), PupilFactory()
    for _again in range(3):
        looks.note(cleo, lou)
        looks.note(cleo, Pupil.objects.all(), Look.What.EXPORT)
    looks.note(ada, [lou.pk, lou.pk, max_])
    seen = Look.objects.order_by("user", "pupil", "what").values_list("user", "pupil", "what")
    assert sorted(seen) == sorted(
        [
            (cleo.pk, lou.pk, "export"),
            (cleo.pk, lou.pk, "page"),
            (cleo.pk, max_.pk, "export"),
            (ada.pk, lou.pk, "page"),
            (ada.pk, max_.pk, "page"),
        ]
    )
    assert {(look.hour.minute, look.hour.second, look.hour.microsecond) for look in Look.objects.all()} == {(0, 0, 0)}


def test_the_next_hour_is_a_look_of_its_own(cleo):
    lou = PupilFactory()
    LookFactory(user=cleo, pupil=lou, hour=dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC))
    looks.note(cleo, lou)
    assert Look.objects.filter(pupil=lou).count() == 2


def test_nobody_is_noted_for_looking_at_themselves():
    lou = PupilFactory(user=UserFactory())
    looks.note(lou.user, lou)
    assert not Look.objects.exists()


def test_a_page_may_write_this_and_nothing_else():
    assert only_reads('INSERT INTO "people_look" ("user_id") VALUES (1)')
    assert not only_reads('INSERT INTO "people_pupil" ("id") VALUES (1)')


def test_many_pupils_are_noted_with_few_queries(cleo, django_assert_num_queries):
    PupilFactory.create_batch(30)
    with django_assert_num_queries(3):
        looks.note(cleo, Pupil.objects.all(), Look.What.EXPORT)
    assert Look.objects.count() == 30


def test_records_in_the_back_office_and_forms_that_show_them_leave_a_trace(client_for):
    boss = GrantFactory(role=Role.ADMINISTRATOR).user
    client = client_for(boss)
    link = GuardianshipFactory()
    year = EnrolmentFactory(pupil=link.pupil)
    consent = ConsentFactory(pupil=link.pupil)
    for path in (
        f"/office/people/pupil/{link.pupil_id}/change/",
        f"/office/people/pupil/{link.pupil_id}/history/",
        f"/office/people/enrolment/{year.pk}/change/",
        f"/office/people/guardian/{link.guardian_id}/change/",
        f"/office/people/guardianship/{link.pk}/change/",
        f"/office/people/consent/{consent.pk}/change/",
        f"/pupils/{link.pupil_id}/edit/",
        f"/pupils/years/{year.pk}/",
        f"/pupils/years/{year.pk}/facts/",
        f"/families/pupils/{link.pupil_id}/guardians/1/",
    ):
        Look.objects.all().delete()
        assert client.get(path).status_code == 200, path
        assert list(Look.objects.values_list("user", "pupil", "what")) == [(boss.pk, link.pupil_id, "page")], path


@pytest.mark.parametrize("page", ["", "correct/", "erase/"])
def test_whoever_handles_a_request_leaves_a_trace_on_each_of_its_pages(page, client_for):
    officer = GrantFactory(role=Role.PROTECTION_OFFICER).user
    lou = PupilFactory()
    asked = RightsRequestFactory(subject="pupil", subject_id=lou.pk)
    assert client_for(officer).get(f"/rights/{asked.pk}/{page}").status_code == 200
    assert list(Look.objects.values_list("user", "pupil", "what")) == [(officer.pk, lou.pk, "page")]
