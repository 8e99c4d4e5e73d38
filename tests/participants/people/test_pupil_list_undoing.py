"""A list of the center that was taken comes back as a whole, while nothing was built on it."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from participants.accounts.models import User
from participants.accounts.roles import Role
from participants.correspondence.actions import work
from participants.correspondence.models import Job
from participants.organisations.models import ClassGroup
from participants.people import imports
from participants.people.actions.importing import import_pupils, undo_pupil_list, what_stands_in_the_way
from participants.people.models import Enrolment, Pupil, PupilList
from tests.factories.accounts import GrantFactory
from tests.factories.activities import AttendanceFactory, BookingFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, SchoolFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, PupilFactory, PupilListFactory
from tests.harness.threads import at_once

pytestmark = pytest.mark.django_db
HEAD = ["Nom", "Prénom", "Né(e) le", "UAI", "Année scolaire", "Classe", "Niveau", "Boursier"]
YEAR = 2026


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to("2026-11-25 12:00:00+01:00")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def center():
    return GrantFactory(role=Role.ADMINISTRATOR, user__language="en").user


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def lea(school):
    """Known, and in this year already."""
    return known(school, "Léa", YEAR)


@pytest.fixture
def zoe(school):
    """Known since last year."""
    return known(school, "Zoé", YEAR - 1)


def known(school, first, year):
    pupil = PupilFactory(last_name="Dupont", first_name=first, birth_date=dt.date(2010, 3, 2))
    group = ClassGroupFactory(school=school, school_year=year)
    EnrolmentFactory(pupil=pupil, school=school, school_year=year, class_group=group, level="2GT")
    return pupil


def line(school, first, last="Dupont", year="2026-2027"):
    return [last, first, "02/03/2010", school.uai, year, "1G 7", "1re générale", "oui"]


def take(by, *lines):
    import_pupils(rows=[HEAD, *lines], by=by)
    return PupilList.objects.latest("pk")


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in (ClassGroup, Pupil, Enrolment)}


def test_a_list_is_taken_back_as_a_whole(center, school, lea, zoe):
    before = everything()
    taken = take(center, line(school, "Léa"), line(school, "Zoé"), line(school, "Tom", "Martin"))
    counts = {"new": 1, "changed": 2, "same": 0, "doubtful": 0, "refused": 0, "classes": 1}
    assert (taken.sender, taken.counts, taken.classes) == (center, counts, [ClassGroup.objects.latest("pk").pk])
    assert (Pupil.objects.count(), Enrolment.objects.count()) == (3, 4)
    assert what_stands_in_the_way(taken, center) == []
    undo_pupil_list(pupil_list=taken, by=center)
    assert everything() == before
    taken.refresh_from_db()
    assert (taken.undone_at.date(), taken.undone_by) == (dt.date(2026, 11, 25), center)
    with pytest.raises(ValidationError, match="taken back already"):
        undo_pupil_list(pupil_list=taken, by=center)
    again = take(center, line(school, "Léa"), line(school, "Zoé"), line(school, "Tom", "Martin"))
    assert again.counts == counts


def test_a_list_on_which_a_newer_one_was_built_stays_until_that_one_is_taken_back(center, school, lea):
    before = everything()
    first = take(center, line(school, "Léa"), line(school, "Tom", "Martin"))
    between = everything()
    second = take(center, [*line(school, "Tom", "Martin")[:6], "Terminale générale", ""])
    with pytest.raises(ValidationError, match="Enrolments: 1 was changed since"):
        undo_pupil_list(pupil_list=first, by=center)
    undo_pupil_list(pupil_list=second, by=center)
    assert everything() == between
    undo_pupil_list(pupil_list=first, by=center)
    assert everything() == before


def attend(pupil):
    AttendanceFactory(pupil=pupil, session__activity__school_year=YEAR)


def book(pupil):
    BookingFactory(pupil=pupil, class_group=None, seats=1, session__activity__school_year=YEAR)


def agree(pupil):
    ConsentFactory(pupil=pupil)


def correct(pupil):
    pupil.email = "tom@example.org"
    pupil.save()


def go_on(pupil):
    EnrolmentFactory(pupil=pupil, school_year=YEAR + 1)


PLANNED = "Something was planned or noted in this school year for some of these pupils."


@pytest.mark.parametrize(
    ("who", "use", "reason"),
    [
        ("Tom", attend, "Attendances: 1 was added since."),
        ("Tom", agree, "Consents: 1 was added since."),
        ("Tom", correct, "Pupils: 1 was changed since."),
        ("Zoé", attend, PLANNED),
        ("Zoé", book, PLANNED),
        ("Zoé", go_on, "Some of these pupils have a later school year by now."),
    ],
)
def test_what_was_built_on_a_list_keeps_it_and_the_page_says_so(center, school, zoe, client_for, who, use, reason):
    # Last year is another year of somebody else in the same list, and nothing was planned in it.
    taken = take(center, line(school, "Zoé"), line(school, "Tom", "Martin"), line(school, "Max", "Petit", "2025-2026"))
    use(Pupil.objects.get(first_name=who))
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        undo_pupil_list(pupil_list=taken, by=center)
    assert reason in refusal.value.messages
    assert everything() == before
    page = client_for(center).get(taken.get_absolute_url()).text
    assert reason in page
    assert '<form method="post">' not in page


def test_what_was_done_in_another_year_holds_no_list(center, school, lea, zoe):
    AttendanceFactory(pupil=zoe, session__activity__school_year=YEAR - 1)
    before = everything()
    undo_pupil_list(pupil_list=take(center, line(school, "Léa"), line(school, "Zoé")), by=center)
    assert everything() == before


def test_a_list_that_wrote_nothing_is_none_to_take_back(center, school):
    import_pupils(rows=[HEAD, line(school, "Tom")], by=center, write=False)
    assert not PupilList.objects.exists()
    take(center, line(school, "Tom"))
    import_pupils(rows=[HEAD, line(school, "Tom")], by=center)
    assert PupilList.objects.count() == 1


def test_a_list_comes_back_for_thirty_days(center, school):
    taken = take(center, line(school, "Tom"))
    PupilList.objects.update(taken_at=timezone.now() - dt.timedelta(days=30))
    with pytest.raises(ValidationError, match="for 30 days"):
        undo_pupil_list(pupil_list=taken, by=center)
    assert not PupilList.objects.recent().exists()


def test_only_who_imports_takes_back_and_only_where_their_schools_are(center, school, client_for):
    grant = GrantFactory(role=Role.COORDINATOR)
    scope = GrantScopeFactory(grant=grant, school=school)
    own, others = take(grant.user, line(school, "Tom")), take(center, line(school, "Max", "Petit"))
    assert list(PupilList.objects.visible_to(grant.user)) == [own]
    assert list(PupilList.objects.visible_to(center)) == [others, own]
    with pytest.raises(PermissionDenied):
        undo_pupil_list(pupil_list=others, by=grant.user)
    assert client_for(grant.user).get(others.get_absolute_url()).status_code == 404
    scope.school = SchoolFactory()
    scope.save()
    with pytest.raises(ValidationError, match="in a school that is not yours"):
        undo_pupil_list(pupil_list=own, by=grant.user)
    undo_pupil_list(pupil_list=own, by=center)
    grant.delete()
    assert not PupilList.objects.visible_to(User.objects.get(pk=grant.user_id)).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_list_back_at_once_one_does(center, school, zoe):
    before = everything()
    taken = take(center, line(school, "Zoé"), line(school, "Tom", "Martin"))
    answers = at_once([partial(undo_pupil_list, pupil_list=taken, by=center)] * 2)
    assert sorted(isinstance(answer, ValidationError) for answer in answers) == [False, True]
    assert everything() == before


def test_the_page_says_what_comes_back_and_the_work_brings_it(center, school, zoe, client_for):
    client = client_for(center)
    before = everything()
    taken = take(center, line(school, "Zoé"), line(school, "Tom", "Martin"))
    assert taken.get_absolute_url() in client.get(reverse("people:pupil-import")).text
    page = client.get(taken.get_absolute_url()).text
    assert "Take this list back?" in page
    assert all(f"<dt>{words}</dt><dd>1</dd>" in page for words in ("New pupils", "Pupils changed", "New classes"))
    answer = client.post(taken.get_absolute_url())
    job = Job.objects.get()
    assert (job.kind, answer.url) == (imports.UNDO, job.get_absolute_url())
    work()
    job.refresh_from_db()
    assert (job.state, job.page_url, everything()) == ("done", taken.get_absolute_url(), before)
    assert "The list is taken back" in client.get(taken.get_absolute_url()).text


def test_work_that_can_no_longer_be_done_says_why_and_work_done_twice_ends_alike(center, school, client_for):
    client = client_for(center)
    taken = take(center, line(school, "Tom"))
    client.post(taken.get_absolute_url())
    agree(Pupil.objects.get())
    work()
    assert Job.objects.get().error == "Consents: 1 was added since."
    Pupil.objects.get().consents.all().delete()
    for _time in range(2):
        client.post(taken.get_absolute_url())
        work()
    assert (Job.objects.filter(state="done").count(), Pupil.objects.count()) == (2, 0)


def test_the_database_keeps_one_list_a_context_and_says_when_it_was_taken_back(center):
    taken = PupilListFactory()
    for wrong in ({"context": taken.context}, {"undone_by": center}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PupilListFactory(**wrong)
