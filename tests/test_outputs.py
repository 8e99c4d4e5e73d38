"""Nothing about a pupil or a family leaves without its agreement, or without a reason why none is needed.

Exports, files, mails to families are enumerated from the code and compared with `decisions/outputs.yaml`. Each that rests on
an agreement is made while somebody agreed and somebody has taken it back: who took it back is not in it.
"""

import ast
import datetime as dt
import io
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from django.conf import settings
from django.contrib import admin
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone
from openpyxl import load_workbook

from participants.accounts.roles import Role
from participants.correspondence import actions as correspondence
from participants.correspondence import jobs, occasions
from participants.correspondence.models import Message
from participants.organisations.school_years import current_school_year
from participants.people import actions
from participants.people.models import Consent, Enrolment, Pupil, Purpose
from participants.people.resources import GuardianResource
from programs.activities.resources import AttendanceResource, BookingResource
from programs.awareness import actions as awareness
from programs.awareness.models import PoolEntry
from tests.factories.accounts import GrantFactory
from tests.factories.activities import ActivityFactory, AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.awareness import PoolEntryFactory
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianshipFactory, PupilFactory
from tests.harness.files import written
from tests.harness.matrix import DECISIONS
from tests.test_architecture import FILES

pytestmark = pytest.mark.consent

DECIDED = yaml.safe_load((DECISIONS.parent / "outputs.yaml").read_text())
# A room that makes something leave has one of these in its name.
OUTPUT_ROOMS = (
    "resources",
    "exports",
    "occasions",
    "letters",
    "tasks",
    "photo_lists",
    "extracts",
    "papers",
    "farewells",
    "roll",
)
PURPOSES = Purpose.values
ABOUT_FAMILIES = {"Pupil", "Guardian", "Guardianship", "Enrolment"}


def resources():
    """Every set of columns that a table of the back office offers."""
    found = set()
    for table in admin.site._registry.values():
        for name in ("resource_classes", "resource_class"):
            classes = getattr(table, name, None) or []
            for each in classes if isinstance(classes, list | tuple) else [classes]:
                found.add(f"{each.__module__}.{each.__name__}")
    return found


def own(names):
    return {name for name in names if not name.startswith(("django", "import_export"))}


FOUND = {
    "jobs": lambda: set(jobs._registry),
    "resources": lambda: own(resources()),
    "mails": lambda: set(occasions.keys(for_families=True)),
}


@pytest.mark.parametrize("kind", FOUND)
def test_every_output_has_a_decision(kind):
    assert FOUND[kind]() == set(DECIDED[kind])


def test_a_decision_is_a_purpose_or_a_reason():
    wrong = [
        f"{kind}: {name}"
        for kind in DECIDED
        for name, said in DECIDED[kind].items()
        if said not in PURPOSES and not (isinstance(said, dict) and set(said) == {"none"} and said["none"])
    ]
    assert wrong == []


def asks_for_families(tree):
    """Whether a file asks for pupils, guardians or their years by another door than `outgoing`."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager", "_base_manager"}
        and isinstance(node.value, ast.Name)
        and node.value.id in ABOUT_FAMILIES
        for node in ast.walk(tree)
    )


def output_files():
    return [path for path in FILES if any(room in part for part in path.with_suffix("").parts for room in OUTPUT_ROOMS)]


def careless(path):
    return asks_for_families(ast.parse((settings.BASE_DIR / path).read_text()))


def test_what_makes_output_asks_by_the_door_that_knows_the_agreement():
    assert {str(path) for path in output_files() if careless(path)} == set(DECIDED["queries"])


@pytest.mark.parametrize("model", [Pupil, Enrolment])
def test_the_door_gives_nothing_before_it_is_said_for_what(model):
    for forgetful in (
        lambda: model.outgoing.all(),
        lambda: model.outgoing.filter(pk=1),
        lambda: model.outgoing.count(),
    ):
        with pytest.raises(TypeError, match="rests on an agreement"):
            forgetful()


def test_the_purpose_of_a_file_stands_beside_the_door():
    """A job that rests on an agreement names it where it asks."""
    for key, said in DECIDED["jobs"].items():
        if isinstance(said, str):
            module = find_spec(jobs.find(key).run.__module__)
            source = ast.parse(Path(module.origin).read_text())
            names = {node.attr for node in ast.walk(source) if isinstance(node, ast.Attribute)}
            assert {"outgoing", Purpose(said).name} <= names, key


def test_the_search_finds_a_careless_file():
    assert asks_for_families(ast.parse("def rows():\n    return Pupil.objects.all()"))
    assert not asks_for_families(ast.parse("def rows(pupils):\n    return pupils.all()"))
    assert not asks_for_families(ast.parse("def rows():\n    return Pupil.outgoing.allowing('image')"))


# --- one of each -------------------------------------------------------------------------------------------------------
@pytest.fixture
def private_root(db, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def agreed_and_not(purpose):
    """A class with two pupils, booked, present and in the pool: the families of both had said yes to everything, and that
    of the second has taken back what it said on this purpose alone."""
    year = current_school_year()
    owner = GrantFactory(role=Role.ADMINISTRATOR, user__language="en").user
    group = ClassGroupFactory(school_year=year, level="2GT")
    session = SessionFactory(activity__kind="event", activity__levels=["2GT"], seats=20)
    past = SessionFactory(past=True)
    for name in ("Agreed", "Withdrawn"):
        pupil = PupilFactory(first_name=name, birth_date=timezone.localdate() - dt.timedelta(days=12 * 366))
        EnrolmentFactory(pupil=pupil, school=group.school, school_year=year, class_group=group, level="2GT")
        guardian = GuardianshipFactory(pupil=pupil, guardian__email=f"{name}@example.org".lower()).guardian
        for said in ("taking_part", "image", "follow_up"):
            words = [ConsentFactory(pupil=pupil, guardian=who, purpose=said) for who in (guardian, None)]
            if (name, said) == ("Withdrawn", purpose):
                actions.withdraw(consent=words[0])
        seat = {"pupil": pupil, "class_group": None, "seats": 1}
        BookingFactory(session=session, stage="confirmed", **seat)
        AttendanceFactory(session=past, pupil=pupil)
        PoolEntryFactory(pupil=pupil)
    return SimpleNamespace(owner=owner, group=group, session=session, year=year)


def file_of(world, kind, **parameters):
    """What stands in the file of a job, sheet by sheet."""
    job = correspondence.start_job(kind=kind, owner=world.owner, parameters=parameters)
    correspondence.work()
    job.refresh_from_db()
    assert job.state == "done", job.error
    if job.file_name.endswith(".csv"):
        return [job.path.read_text()]
    book = load_workbook(io.BytesIO(job.path.read_bytes()))
    return [" ".join(str(cell.value) for row in sheet.iter_rows() for cell in row) for sheet in book]


def invitations(world):
    activity = ActivityFactory(kind="event", levels=["2GT"], registration_for=["pupils"])
    SessionFactory(activity=activity, seats=20)
    told = {"reason": "You liked our evening of stars.", "filters": {}, "entries": PoolEntry.objects.all(), "most": 30}
    awareness.invite_round(activity=activity, by=world.owner, **told)
    return " ".join(
        Message.objects.filter(occasion="awareness.pool_invitation").values_list("address", flat=True)
    ).title()


def studies(world):
    """Asked of whoever left with the bac: the two have grown up, and by now their own word is the one that counts."""
    grown_up = timezone.localdate() - dt.timedelta(days=18 * 366)
    Pupil.objects.update(birth_date=grown_up, email=Concat("first_name", Value("@example.org")))
    Enrolment.objects.update(level="TG", school_year=world.year - 1)
    for word in Consent.objects.exclude(withdrawn_at=None):
        actions.withdraw(consent=word.pupil.consents.get(purpose=word.purpose, guardian=None))
    actions.ask_for_studies(day=dt.date(world.year, 10, 20))
    return " ".join(
        Message.objects.filter(occasion="people.studies_of_pupil").values_list("address", flat=True)
    ).title()


# Everything that rests on an agreement -> what is in it.
MADE = {
    "people.photo_list": lambda world: file_of(world, "people.photo_list", class_group=world.group.pk)[0],
    "people.pupil_export": lambda world: file_of(world, "people.pupil_export", format="csv", year=world.year)[0],
    "activities.bookings": lambda world: file_of(world, "activities.bookings", format="csv", session=world.session.pk)[
        0
    ],
    "participants.people.resources.GuardianResource": lambda world: written(GuardianResource, world.owner),
    "programs.activities.resources.BookingResource": lambda world: written(BookingResource, world.owner),
    "programs.activities.resources.AttendanceResource": lambda world: written(AttendanceResource, world.owner),
    "awareness.pool_invitation": invitations,
    "people.studies_of_pupil": studies,
}


RESTS_ON = {
    name: said for kind in ("jobs", "resources", "mails") for name, said in DECIDED[kind].items() if said in PURPOSES
}


def test_every_output_that_rests_on_an_agreement_is_made_above():
    assert set(RESTS_ON) == set(MADE)


@pytest.mark.parametrize("name", MADE)
def test_whoever_took_it_back_is_not_in_it(name, private_root):
    text = MADE[name](agreed_and_not(RESTS_ON[name]))
    assert ("Agreed" in text, "Withdrawn" in text) == (True, False)


@pytest.mark.sabotage
@pytest.mark.parametrize("name", MADE)
def test_without_the_agreement_each_of_them_would_name_everybody(name, private_root, monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "consent")
    text = MADE[name](agreed_and_not(RESTS_ON[name]))
    assert ("Agreed" in text, "Withdrawn" in text) == (True, True)
