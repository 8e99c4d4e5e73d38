"""Families as schools and the center follow them."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job, Message
from participants.people import actions, papers, scans
from participants.people.models import ByHand, Consent, ConsentText, Guardian, Guardianship
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianFactory, GuardianshipFactory, PupilFactory

GUARDIAN = {"first_name": "Zoé", "last_name": "Petit", "email": "zoe@example.org", "phone": "", "language": "fr"}


def picture(form="JPEG", size=(40, 30), **options):
    written = io.BytesIO()
    Image.new("RGB", size, "white").save(written, form, **options)
    return written.getvalue()


def upload(content, name="scan.jpg"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return tmp_path / "consents"


def test_the_school_sees_done_or_missing_and_never_who_said_what(client_for, family):
    client = client_for(family.teacher)
    url = reverse("people:family-list")
    refused = client.get(url).content.decode()
    assert "Taking part: 1 missing of 1 pupil." in refused
    actions.sign(words=family.words("taking_part", guardian=family.eve, decision="refused"), channel="link")
    assert refused.count(">missing") == client.get(url).content.decode().count(">missing")
    actions.sign(words=family.words("taking_part", guardian=family.eve), channel="link")
    page = client.get(url).content.decode()
    assert "Taking part: 0 missing of 1 pupil." in page
    assert "refused" not in page
    assert "1 missing of 1 pupil" in client.get(url, {"purpose": "image"}).content.decode()
    assert "Durand" not in client.get(url, {"show": "missing"}).content.decode()


def test_a_class_is_sent_its_links_once(client_for, family):
    client = client_for(family.teacher)
    url = reverse("people:class-ask", args=[family.group.pk])
    for _click in range(2):
        assert client.post(url).status_code == 302
    assert Message.objects.filter(rule__code="people-consent-asked").count() == 2


def test_the_class_of_another_school_does_not_exist(client_for, family):
    other = EnrolmentFactory(pupil=PupilFactory())
    client = client_for(family.teacher)
    assert client.get(reverse("people:family-detail", args=[other.pupil.pk])).status_code == 404


def test_guardians_are_entered_corrected_and_taken_out(client_for, family):
    pupil = PupilFactory(birth_date="2014-03-14")
    EnrolmentFactory(pupil=pupil, school=family.school)
    client = client_for(family.teacher)
    url = reverse("people:guardian-edit", args=[pupil.pk, 1])
    assert client.post(url, GUARDIAN | {"email": "not an address"}).status_code == 200
    assert client.post(url, GUARDIAN).status_code == 302
    guardian = pupil.guardianships.get().guardian
    assert client.post(url, GUARDIAN | {"email": "new@example.org"}).status_code == 302
    changed = Guardian.objects.get(pk=guardian.pk)
    assert (changed.email, changed.link_key) == ("new@example.org", guardian.link_key + 1)
    client.post(reverse("people:guardian-remove", args=[pupil.pk, 1]))
    assert not pupil.guardianships.exists()
    assert client.get(reverse("people:guardian-edit", args=[pupil.pk, 3])).status_code == 404


def test_the_same_guardian_serves_brothers_and_sisters(family):
    sister = PupilFactory(birth_date="2014-03-14")
    EnrolmentFactory(pupil=sister, school=family.school)
    facts = {"first_name": "Ève", "last_name": "DURAND", "email": "Eve@example.org", "language": "en"}
    assert actions.set_guardian(pupil=sister, rank=1, by=family.teacher, **facts) == family.eve
    partner = actions.set_guardian(
        pupil=sister, rank=2, by=family.teacher, **facts | {"first_name": "Noé", "last_name": "Durand"}
    )
    assert partner not in {family.eve, family.adam}


def test_a_school_does_not_change_who_answers_in_another(family):
    elsewhere = PupilFactory(birth_date="2014-03-14")
    EnrolmentFactory(pupil=elsewhere)
    GuardianshipFactory(guardian=family.eve, pupil=elsewhere)
    with pytest.raises(Exception, match="child in another school"):
        actions.set_guardian(pupil=family.lou, rank=1, by=family.teacher, **GUARDIAN)
    stranger = GuardianFactory(first_name="Zoé", last_name="Petit", email="zoe@example.org")
    GuardianshipFactory(guardian=stranger, pupil=elsewhere, rank=2)
    mine = PupilFactory(birth_date="2014-03-14")
    EnrolmentFactory(pupil=mine, school=family.school)
    assert actions.set_guardian(pupil=mine, rank=1, by=family.teacher, **GUARDIAN) != stranger


def test_a_paper_is_recorded_with_a_scan_that_says_nothing_more(client_for, family, manager, private):
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    content = picture(exif=exif)
    assert b"SecretPhone" in content
    client = client_for(family.teacher)
    form = {"signer": str(family.eve.pk), "taking_part": "given", "image": "refused"}
    url = reverse("people:family-scan", args=[family.lou.pk])
    assert client.post(url, form | {"scan": upload(content)}).status_code == 302
    lines = Consent.objects.values_list("purpose", "decision", "channel", "recorded_by", "signature")
    assert set(lines) == {
        ("taking_part", "given", "paper", family.teacher.pk, "Eve Durand"),
        ("image", "refused", "paper", family.teacher.pk, "Eve Durand"),
    }
    [kept] = private.iterdir()
    assert b"SecretPhone" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert client.post(url, form | {"scan": upload(content)}).status_code == 302
    assert (Consent.objects.count(), len(list(private.iterdir()))) == (2, 1)
    scan = reverse("people:consent-scan", args=[Consent.objects.first().pk])
    assert client.get(scan).status_code == 404  # a school records papers and does not open them
    response = client_for(manager).get(scan)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    b"".join(response.streaming_content)


@pytest.mark.hostile_files
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "empty"),
        (b"<html><script>1</script>", "neither a PDF"),
        (b"\x89PNG\r\n\x1a\nbroken", "cannot be read"),
        (b"\xff\xd8\xff" + b"x" * 100, "cannot be read"),
        (b"GIF89a" + b"\0" * 100, "neither a PDF"),
        (b"%PDF-1.7" + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
        (picture("PNG", (9000, 9000)), "too large"),
    ],
    ids=["empty", "html", "broken png", "broken jpeg", "gif", "large pdf", "many pixels"],
)
def test_files_that_are_no_scan_are_refused(client_for, family, private, content, error):
    url = reverse("people:family-scan", args=[family.lou.pk])
    form = {"signer": "pupil", "image": "given", "scan": upload(content)}
    page = client_for(family.teacher).post(url, form)
    assert page.status_code == 200
    assert error in page.content.decode()
    assert (Consent.objects.count(), private.exists()) == (0, False)


def test_a_pdf_is_kept_as_it_is(private):
    content = b"%PDF-1.7 anything"
    name = scans.keep(upload(content, "x.exe"))
    assert (scans.path_of(name).read_bytes(), name.endswith(".pdf")) == (content, True)


def test_paper_forms_are_tagged_and_hold_no_markup(family):
    type(family.lou).objects.filter(pk=family.lou.pk).update(last_name='#panic("x") *Dur$and')
    family.lou.refresh_from_db()
    reader = PdfReader(io.BytesIO(papers.write([family.lou])))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert '#panic("x") *Dur$and' in text
    assert "Agreements for Lou" in text
    assert "Accords pour Lou" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a value of the library's own
    assert {tuple(map(round, page.mediabox[2:])) for page in reader.pages} == {(595, 842)}


def test_the_papers_of_a_class_are_for_those_who_are_missing(client_for, family):
    client = client_for(family.teacher)
    response = client.get(reverse("people:class-papers", args=[family.group.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")


def test_the_photo_list_says_who_may_be_in_a_picture(client_for, family, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    max_ = PupilFactory(first_name="Max", last_name="Aubin", birth_date="2014-03-14")
    EnrolmentFactory(pupil=max_, school=family.school, class_group=family.group)
    for guardian in (family.eve, family.adam, None):
        actions.sign(words=family.words("image", guardian=guardian), channel="link")
    client_for(family.teacher).post(reverse("people:class-photos", args=[family.group.pk]))
    correspondence.work()
    job = Job.objects.get()
    assert (job.state, job.error) == ("done", "")
    assert json.dumps(job.parameters) == json.dumps({"class_group": family.group.pk})
    sheets = {
        sheet.title: [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
        for sheet in load_workbook(io.BytesIO(job.path.read_bytes()))
    }
    assert sheets == {"May be in a picture": [["Durand", "Lou"]], "Not in any picture": [["Aubin", "Max"]]}


@pytest.mark.sabotage
def test_the_photo_list_notices_when_consent_is_off(client_for, family, settings, tmp_path, monkeypatch):
    settings.PRIVATE_ROOT = tmp_path
    monkeypatch.setenv("EOC_SABOTAGE", "consent")
    client_for(family.teacher).post(reverse("people:class-photos", args=[family.group.pk]))
    correspondence.work()
    [first, _second] = load_workbook(io.BytesIO(Job.objects.get().path.read_bytes()))
    assert [[c.value for c in row] for row in first.iter_rows(min_row=2)] == [["Durand", "Lou"]]


def test_staff_read_the_ledger_and_schools_do_not(client_for, family, manager):
    actions.sign(words=family.words("image", guardian=family.eve), channel="link")
    url = reverse("people:consent-ledger", args=[family.lou.pk])
    page = client_for(manager).get(url).content.decode()
    for said in (
        "Eve Durand",
        "version 1",
        "personal link",
        "in force",
        ConsentText.objects.get(purpose="image").fingerprint[:12],
    ):
        assert said in page
    assert client_for(family.teacher).get(url).status_code == 404


def test_staff_take_back_what_a_family_said_on_the_telephone(client_for, family, manager):
    [line] = actions.sign(words=family.words("image", guardian=family.eve), channel="link")
    url = reverse("people:consent-end", args=[line.pk])
    assert client_for(family.teacher).post(url).status_code == 404
    client = client_for(manager)
    for _click in range(2):
        assert client.post(url).url == reverse("people:consent-ledger", args=[family.lou.pk])
    line.refresh_from_db()
    assert line.withdrawn_at is not None
    assert ByHand.objects.count() == 2


def test_a_new_text_is_published_on_a_page(client_for, family, manager):
    ConsentFactory(pupil=family.lou, guardian=family.eve, purpose="research")
    url = reverse("people:consent-text-edit", args=["research"])
    client = client_for(manager)
    assert ConsentText.objects.get(purpose="research").fingerprint in client.get(url).content.decode()
    facts = {"title_fr": "Recherche", "title_en": "Research", "text_fr": "Nouveau", "text_en": "New", "ask_again": "on"}
    assert client.post(url, facts | {"text_en": ""}).status_code == 200
    assert client.post(url, facts).status_code == 302
    assert list(ConsentText.objects.filter(purpose="research").values_list("version", "text_en", "retired_at"))[0][
        :2
    ] == (2, "New")
    assert not Consent.objects.get().is_in_force


def test_what_is_to_be_done_by_hand_is_shown_to_whom_it_asks(client_for, family, manager):
    [line] = actions.sign(words=family.words("image", guardian=family.eve), channel="link")
    actions.withdraw(consent=line)
    teacher = client_for(family.teacher)
    assert "1 thing to do by hand" in teacher.get("/").content.decode()
    page = teacher.get(reverse("people:by-hand-list")).content.decode()
    assert page.count("Lou Durand") == 2  # the line, and the name read out on its button
    assert client_for(manager).get(reverse("people:by-hand-list")).content.decode().count("Lou Durand") == 4
    theirs = ByHand.objects.get(audience="center")
    assert teacher.post(reverse("people:by-hand-done", args=[theirs.pk])).status_code == 404
    mine = ByHand.objects.get(audience="school")
    assert teacher.post(reverse("people:by-hand-done", args=[mine.pk])).status_code == 302
    assert "Done lately" in teacher.get(reverse("people:by-hand-list")).content.decode()


@pytest.mark.budget
@pytest.mark.parametrize("name", ["family-list", "by-hand-list"])
def test_lists_ask_the_database_as_often_with_three_rows_as_with_one(client_for, family, name):
    client = client_for(family.teacher)

    def add(number):
        pupil = PupilFactory(birth_date="2014-03-14", first_name=f"Pupil{number}")
        EnrolmentFactory(pupil=pupil, school=family.school, class_group=family.group)
        GuardianshipFactory(guardian=family.eve, pupil=pupil)
        [line] = [ConsentFactory(pupil=pupil, guardian=family.eve, purpose="image")]
        actions.withdraw(consent=line)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(f"people:{name}")).status_code == 200
        return len(seen)

    add(0)
    one = queries()
    for number in (1, 2):
        add(number)
    assert queries() == one
    assert Guardianship.objects.count() == 5
