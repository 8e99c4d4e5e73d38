"""One archive of all that concerns a person, and nothing about others."""

import io
import json
import zipfile

import pytest
from pypdf import PdfReader

from participants.accounts.roles import Role
from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job
from participants.people import actions, addressees
from participants.people.models import Look
from participants.people.rights import archive, relations
from tests.factories.accounts import GrantFactory
from tests.factories.activities import (
    AnswerFactory,
    AskedQuestionFactory,
    AskingFactory,
    AssignmentFactory,
    BookingFactory,
    KitOpeningFactory,
    ProgrammeScopeFactory,
)
from tests.factories.awareness import CampaignSpeakerFactory, PairRuleFactory, PlannedSpeakerFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory
from tests.factories.people import GuardianshipFactory, PupilFactory, VolunteerFactory
from tests.participants.people.rights.test_erasure import contact, family, mark, private_root, volunteer

__all__ = ["private_root"]

pytestmark = [pytest.mark.access_request, pytest.mark.django_db]


def tables_of(person):
    """The tables that have a row of this person, of those whose rows go or count."""
    kinds = [(type(person), person.pk)] + ([(type(person.user), person.user_id)] if person.user_id else [])
    return (
        {
            link.model._meta.label
            for target, pk in kinds
            for link in relations.links_to(target)
            if link.relation.fate in {"delete", "copy"} and link.rows(pk).exists()
        }
        - archive.LEFT_OUT
        - {model._meta.label for model in relations.PERSONS}
    )


@pytest.mark.parametrize("make", [family, volunteer, contact])
def test_every_mapped_table_is_there_and_nobody_else(make, record_property):
    person, _words = make()
    other = PupilFactory(first_name="Zqyother", last_name="Zqyother")
    if make is family:
        GuardianshipFactory(guardian=person.guardianships.get().guardian, pupil=other)
    data = archive.everything(person)
    found = {part["table"] for part in data["parts"]}
    assert tables_of(person) - found == set()
    record_property("tried", len(found))
    text = json.dumps(data).lower()
    assert person.first_name.lower() in text
    assert person.last_name.lower() in text
    assert "zqyother" not in text
    if make is family:
        guardian = person.guardianships.get().guardian
        assert guardian.last_name.lower() not in text
        assert guardian.email.lower() not in text


def test_a_colleague_who_decided_is_not_named():
    lou, _words = family()
    staff = lou.looks.get().user
    mark(staff)
    text = json.dumps(archive.everything(lou)).lower()
    assert staff.name.lower() not in text
    assert "a member of staff" in text


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Ce que nous conservons sur vous"), ("en", "What we hold about you")]
)
def test_the_file_is_a_zip_with_data_and_a_page_to_read(language, title):
    lou, _words = family()
    user = lou.user
    type(user).objects.filter(pk=user.pk).update(language=language)
    job = actions.start_archive(kind="pupil", pk=lou.pk, by=user)
    correspondence.work()
    job.refresh_from_db()
    assert job.state == "done"
    with zipfile.ZipFile(io.BytesIO(job.path.read_bytes())) as packed:
        names = packed.namelist()
        data = json.loads(packed.read("data.json"))
        [pdf] = [name for name in names if name.endswith(".pdf")]
        page = PdfReader(io.BytesIO(packed.read(pdf))).pages[0].extract_text()
    assert data["title"] == title
    assert title in page
    assert lou.first_name.lower() in page.lower()


def test_a_stranger_gets_nothing_and_the_officers_look_is_noted(cleo, ben):
    lou, _words = family()
    assert archive.person_for(ben, "pupil", lou.pk) is None
    assert archive.person_for(lou.guardianships.get().guardian.user, "pupil", lou.pk) == lou
    job = actions.start_archive(kind="pupil", pk=lou.pk, by=lou.user)
    Job.objects.filter(pk=job.pk).update(owner=ben)
    correspondence.work()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "You may no longer ask for this.")
    assert not Look.objects.filter(what="archive").exists()


def test_what_a_family_said_sent_and_was_written_is_in_it(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    mine, strange = (GuardianshipFactory(guardian__user=None) for _number in range(2))
    for link, word in ((mine, "zqmine"), (strange, "zqstrange")):
        reference = f"people.guardian:{link.guardian_id}"
        MessageFactory(recipient=None, addressee=reference, address=f"{word}@example.org", subject=f"{word} letter")
        asked = AskedQuestionFactory(question__kind="file")
        file = f"{word}.pdf"
        (tmp_path / "answers").mkdir(exist_ok=True)
        (tmp_path / "answers" / file).write_bytes(word.encode())
        AnswerFactory(pupil=link.pupil, value=f"{word} says why")
        AnswerFactory(pupil=link.pupil, asked=asked, value="", file=file)
    of_pupil, of_guardian = json.dumps(archive.everything(mine.pupil)), json.dumps(archive.everything(mine.guardian))
    assert "zqmine says why" in of_pupil
    assert "zqmine letter" in of_guardian
    assert "zqstrange" not in of_pupil + of_guardian
    assert addressees.letters_to("guardian", mine.guardian_id).get().subject == "zqmine letter"
    assert [path.read_bytes() for path in archive.handed_in(mine.pupil)] == [b"zqmine"]


def test_what_belongs_to_a_persons_rows_is_in_it_once(private_root):
    mine, strange = VolunteerFactory(), VolunteerFactory()
    for person in (mine, strange):
        grant = GrantFactory(user=person.user, role=Role.COORDINATOR)
        GrantScopeFactory(grant=grant, organisation=OrganisationFactory())
        ProgrammeScopeFactory(grant=grant)
        assignment = AssignmentFactory(volunteer=person)
        AskingFactory(assignment=assignment, reasons=["home"])
        KitOpeningFactory(assignment=assignment)
        speaker = CampaignSpeakerFactory(volunteer=person)
        PairRuleFactory(speaker=speaker)
        PlannedSpeakerFactory(speaker=speaker)
    further = {
        *("organisations.GrantScope", "activities.ProgrammeScope", "activities.Asking", "activities.KitOpening"),
        *("awareness.PairRule", "awareness.PlannedSpeaker"),
    }
    parts = {part["table"]: part["rows"] for part in archive.everything(mine)["parts"]}
    assert {table: len(parts.get(table, ())) for table in further} == dict.fromkeys(further, 1)
    [asking] = parts["activities.Asking"]
    assert ["what speaks for it", "comes from this département"] in asking
    pupil = BookingFactory(class_group=None, pupil=PupilFactory(), seats=1)
    AnswerFactory(booking=pupil, pupil=pupil.pupil)
    [answers] = [part for part in archive.everything(pupil.pupil)["parts"] if part["table"] == "activities.Answer"]
    assert len(answers["rows"]) == 1
