import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eocenter import home
from participants.people import actions
from participants.people.models import DuplicatePair, Look, Merge, Pupil
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import AttendanceFactory
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import DuplicatePairFactory, EnrolmentFactory, SchoolPostFactory

LIST, MERGES = "/pupils/duplicates/", "/pupils/duplicates/merged/"


@pytest.fixture
def coordinator(db):
    """Of the whole center."""
    grant = GrantFactory(user=UserFactory(name="Cléo"), role="coordinator")
    GrantScopeFactory(grant=grant, organisation=OrganisationFactory(kind="center"))
    return grant.user


@pytest.fixture
def client(client_for, coordinator):
    return client_for(coordinator)


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_says_why_and_what_is_next(client):
    assert "No duplicate to look at" in page(client, LIST)
    pair = DuplicatePairFactory(one__first_name="Éloïse", codes=["last_same", "born_swapped"], score=70)
    text = page(client, LIST)
    assert reverse("people:duplicate-detail", args=[pair.pk]) in text
    assert "same last name, day and month of birth are swapped" in text
    assert "70 points" in text


def test_filters_narrow_the_list(client):
    sure, likely = DuplicatePairFactory(score=100), DuplicatePairFactory(score=75)
    apart = DuplicatePairFactory(score=90, state="apart", decided_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    school, other = SchoolFactory(name="Collège Curie"), SchoolFactory(name="Lycée Monge")
    EnrolmentFactory(pupil=likely.other, school=school)
    EnrolmentFactory(pupil=sure.one, school=other)

    def shown(query):
        return [pair.pk for pair in client.get(LIST + query).context["page"]]

    assert shown("") == [sure.pk, likely.pk]
    assert shown("?band=sure") == [sure.pk]
    assert shown("?band=likely") == [likely.pk]
    assert shown("?school=curie") == [likely.pk]
    assert shown("?school=curie&band=sure") == []
    assert shown("?state=apart") == [apart.pk]


def test_one_row_or_three_cost_the_same(client, coordinator):
    def make():
        pair = DuplicatePairFactory()
        EnrolmentFactory(pupil=pair.one)
        EnrolmentFactory(pupil=pair.other)
        actions.merge_pupils(pair=DuplicatePairFactory(), by=coordinator, choices={})

    counts = {}
    for number in (1, 3):
        while DuplicatePair.objects.count() < number:
            make()
        for address in (LIST, MERGES):
            page(client, address)
            counts.setdefault(address, []).append(_queries(client, address))
    assert counts[LIST][0] == counts[LIST][1]
    assert counts[MERGES][0] == counts[MERGES][1]


def _queries(client, address):
    with CaptureQueriesContext(connection) as caught:
        page(client, address)
    return len(caught)


def test_side_by_side_with_what_each_holds_and_a_trace(client, coordinator):
    pair = DuplicatePairFactory(one__first_name="Eloise", other__first_name="Éloïse", codes=["last_same", "first_same"])
    AttendanceFactory(pupil=pair.one)
    text = page(client, pair.get_absolute_url())
    assert "same last name" in text
    assert "Attendances" in text
    assert f'name="first_name" value="{pair.other_id}" checked' in text
    assert f'name="first_name" value="{pair.one_id}">' in text
    assert 'name="last_name"' not in text
    assert set(Look.objects.values_list("user", "pupil")) == {
        (coordinator.pk, pair.one_id),
        (coordinator.pk, pair.other_id),
    }


def test_merged_from_the_page_and_undone_from_the_list(client):
    pair = DuplicatePairFactory(one__first_name="Eloise", other__first_name="Éloïse")
    response = client.post(pair.get_absolute_url(), {"first_name": pair.one_id}, follow=True)
    assert "There is one record of Eloise Double now." in response.content.decode()
    assert list(Pupil.objects.values_list("pk", "first_name")) == [(pair.one_id, "Eloise")]
    merge = Merge.objects.get()
    assert "with Éloïse Double" in page(client, MERGES)
    response = client.post(reverse("people:merge-undo", args=[merge.pk]), follow=True)
    assert "Both records are there again" in response.content.decode()
    assert Pupil.objects.count() == 2
    assert "undone" in page(client, MERGES)


def test_a_choice_that_was_not_offered_is_refused(client):
    pair = DuplicatePairFactory(one__first_name="Eloise", other__first_name="Éloïse")
    response = client.post(pair.get_absolute_url(), {"first_name": 0})
    assert response.status_code == 200
    assert Pupil.objects.count() == 2


def test_kept_apart_from_the_page(client, coordinator):
    pair = DuplicatePairFactory()
    response = client.post(reverse("people:duplicate-apart", args=[pair.pk]), follow=True)
    assert "these are two people" in response.content.decode()
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("apart", coordinator)
    assert "Merge into one record" not in page(client, pair.get_absolute_url())


def test_the_second_coordinator_is_told(client, client_for, coordinator):
    pair = DuplicatePairFactory()
    second = client_for(GrantFactory(user=UserFactory(name="Zoé"), role="administrator").user)
    address = pair.get_absolute_url()
    assert second.get(address).status_code == 200
    client.post(address, {})
    for answer in (second.post(address, {}, follow=True), second.get(address, follow=True)):
        assert "Cléo has already merged these two records." in answer.content.decode()
    assert Merge.objects.count() == 1


def test_others_find_nothing(db, client_for):
    pair = DuplicatePairFactory()
    EnrolmentFactory(pupil=pair.one)
    post = SchoolPostFactory(verified=True)
    for user in (post.contact.user, GrantFactory(role="programme_manager").user, GrantFactory(role="volunteer").user):
        browser = client_for(user)
        assert browser.get(LIST).status_code == browser.get(pair.get_absolute_url()).status_code == 404
        assert DuplicatePair.objects.visible_to(user).count() == 0


def test_a_line_on_the_home_page(coordinator):
    assert [row.title for row in home.coordinator(coordinator)["inbox"]] == []
    DuplicatePairFactory()
    [row] = home.coordinator(coordinator)["inbox"]
    assert (row.title, row.url) == ("1 possible duplicate to look at", LIST)
