"""What the home pages show of the figures."""

import datetime as dt

import pytest
from django.utils import timezone

from impact.measurement import actions, home
from tests.factories.measurement import HeadcountFactory, HeldSessionFactory
from tests.factories.organisations import ClassGroupFactory


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def test_two_figures_that_moved(center, coordinator, time_machine):
    time_machine.move_to(dt.datetime(2027, 2, 1, 12, tzinfo=dt.UTC))
    for days, total in ((3, 25), (40, 10)):
        moment = timezone.now() - dt.timedelta(days=days)
        session = HeldSessionFactory(activity=center.talk, starts_at=moment)
        HeadcountFactory(session=session, class_group=ClassGroupFactory(school=center.far), total=total)
    actions.follow_changes()
    found = {tile.label: (tile.value, tile.note, tile.trend) for tile in home.moved(coordinator)}
    assert len(found) == 2
    assert found["young people reached in the last 30 days"] == ("25", "10 in the 30 days before", "up")


def test_a_partner_sees_their_own(partner, state):
    assert [(tile.label, tile.value) for tile in home.own(partner)][:3] == [
        ("Young people reached", "138"),
        ("Young people supported", "0"),
        ("Schools reached", "2"),
    ]
    assert home.own(state)[0].value == "34"


def test_who_reads_nothing_sees_nothing(ada, partner):
    assert (home.moved(ada), home.own(ada), home.pillars(ada), home.pillars(partner)) == ([], [], [], [])
    assert home.moved(partner) == []


def test_the_number_of_the_front_page_is_round_and_only_large(center):
    assert home.headline() == 100


def test_no_number_on_the_front_page_while_there_are_few(db):
    assert home.headline() is None
