"""A school with its contact, and a list that goes all the way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from participants.correspondence import actions as correspondence
from participants.people import actions
from participants.people.models import Roster
from tests.factories.organisations import SchoolFactory
from tests.factories.people import SchoolContactFactory, SchoolPostFactory

YEAR = 2026
HEAD = "Nom;Prénom;Né(e) le;Sexe;Classe"


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to("2026-11-25 12:00:00+01:00")


@pytest.fixture
def school(db):
    return SchoolFactory(kind="college", name="Collège des Tilleuls")


@pytest.fixture
def teacher(school):
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, school=school, verified=True)
    return contact.user


def upload(content, name="liste.csv"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else "\r\n".join(content).encode())


def send(school, by, content, name="liste.csv", year=YEAR):
    """A list that is read and, its columns confirmed as they were guessed, compared."""
    roster = actions.send_roster(school=school, school_year=year, file=upload(content, name), by=by)
    correspondence.work()
    roster.refresh_from_db()
    if roster.state == Roster.State.COLUMNS:
        actions.choose_columns(roster=roster, mapping=roster.mapping, by=by)
        correspondence.work()
        roster.refresh_from_db()
    return roster


def take(roster, by):
    """Confirmed and written."""
    actions.confirm_roster(roster=roster, by=by)
    correspondence.work()
    roster.refresh_from_db()
    return roster


def states(roster):
    return list(roster.rows.order_by("line").values_list("line", "state"))
