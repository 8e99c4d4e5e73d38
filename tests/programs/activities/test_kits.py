"""The speaker's kit: who reads it, that opening is noted, who has not."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from participants.accounts.roles import Role
from participants.people import scans
from programs.activities import occasions
from programs.activities.models import Feedback, Kit, KitDocument, KitOpening
from tests.factories.accounts import GrantFactory
from tests.factories.activities import AssignmentFactory, KitFactory, SessionFactory, WhatIfFactory, afternoon
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory
from tests.factories.people import VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return SessionFactory(contact_on_site="Mme Rey", school__address="1 rue Haute", school__commune="Massy")


@pytest.fixture
def kit(session):
    kit = KitFactory(activity=session.activity)
    WhatIfFactory(kit=kit)
    return kit


@pytest.fixture
def part(session):
    return AssignmentFactory(session=session, volunteer__user__language="en")


@pytest.fixture
def staff():
    grant = GrantFactory(role=Role.COORDINATOR, user__language="en")
    GrantScopeFactory(grant=grant, organisation=OrganisationFactory(kind="center"))
    return grant.user


def address(session):
    return reverse("activities:session-kit", args=[session.pk])


def picture():
    written = io.BytesIO()
    Image.new("RGB", (4, 4)).save(written, "PNG")
    return SimpleUploadedFile("plan.png", written.getvalue(), "image/png")


def test_a_speaker_opens_the_kit_and_the_first_time_is_noted(client_for, session, kit, part):
    browser = client_for(part.volunteer.user)
    assert address(session) in browser.get(session.get_absolute_url()).text
    cover = browser.get(address(session)).text
    assert "Open my kit" in cover
    for inside in ("Say who you are", "Mme Rey", "Line 4", "Nobody opens"):
        assert inside not in cover
    assert not KitOpening.objects.exists()
    assert browser.post(address(session)).url == address(session)
    opened_at = KitOpening.objects.get().opened_at
    browser.post(address(session))
    assert KitOpening.objects.get().opened_at == opened_at
    page = browser.get(address(session)).text
    for inside in ("Say who you are", "Mme Rey", "Line 4", "Nobody opens", "Ring twice"):
        assert inside in page
    assert "1%20rue%20Haute" in page
    assert "mlat" not in page


@pytest.mark.parametrize("state", ["invited", "applied", "withdrawn", "lapsed"])
def test_who_holds_no_place_finds_no_kit(state, client_for, session, kit):
    other = AssignmentFactory(session=session, state=state).volunteer
    AssignmentFactory(volunteer=other)
    document = KitDocument.objects.create(kit=kit, title="Plan", stored_as="x.pdf")
    browser = client_for(other.user)
    assert browser.get(address(session)).status_code == 404
    assert browser.post(address(session)).status_code == 404
    assert browser.get(reverse("activities:kit-document", args=[document.pk])).status_code == 404
    assert not KitOpening.objects.exists()


def test_the_team_writes_it_and_sees_who_has_not_opened_it(client_for, session, part, staff):
    browser, url = client_for(staff), reverse("activities:kit-edit", args=[session.activity_id])
    people = reverse("activities:session-people", args=[session.pk])
    assert url in browser.get(session.activity.get_absolute_url()).text
    assert "kit not opened" not in browser.get(people).text
    rows = {"what_ifs-TOTAL_FORMS": "1", "what_ifs-INITIAL_FORMS": "0"}
    row = {"what_ifs-0-question_fr": "Et si ?", "what_ifs-0-answer_fr": "Appelez."}
    assert browser.post(url, {"briefing_fr": "Parlez de vous.", **rows, **row}).url == url
    kit = Kit.objects.get()
    assert [what_if.answer_fr for what_if in kit.what_ifs.all()] == ["Appelez."]
    # The team reads without opening.
    assert "Parlez de vous." in browser.get(address(session)).text
    browser.post(address(session))
    assert not KitOpening.objects.exists()
    assert browser.get(people).text.count("kit not opened") == 1
    KitOpening.objects.create(assignment=part)
    assert "kit not opened" not in browser.get(people).text


def test_documents_are_checked_private_and_go_with_their_file(
    client_for, session, kit, part, staff, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.PRIVATE_ROOT = tmp_path
    browser, add = client_for(staff), reverse("activities:kit-document-add", args=[session.activity_id])
    wrong = SimpleUploadedFile("plan.pdf", b"MZ not a paper")
    assert "neither a PDF nor" in browser.post(add, {"title": "Plan", "upload": wrong}).text
    assert browser.post(add, {"title": "Plan", "upload": picture()}).status_code == 302
    document = KitDocument.objects.get()
    path = scans.path_of(document.stored_as, "kits")
    assert path.parent == tmp_path / "kits"
    assert path.stat().st_mode & 0o777 == 0o600
    answer = client_for(part.volunteer.user).get(reverse("activities:kit-document", args=[document.pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Plan.jpg"'
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("activities:kit-document-remove", args=[document.pk]))
    assert not path.exists()
    assert not KitDocument.objects.exists()


def test_the_reminder_says_when_the_kit_was_not_opened(session, kit, part):
    describe = occasions.remind_of_session
    with translation.override("en"):
        told = describe(session.pk, part.volunteer.user)
        assert "You have not opened your kit yet" in told["facts"]
        assert told["action_url"] == address(session)
        KitOpening.objects.create(assignment=part)
        told = describe(session.pk, part.volunteer.user)
        assert "kit" not in told["facts"]
        assert told["action_url"] == session.get_absolute_url()
        plain = AssignmentFactory()
        assert "kit" not in describe(plain.session_id, plain.volunteer.user)["facts"]


def test_a_speaker_answers_three_questions_once(client_for, staff):
    session = SessionFactory(past=True, starts_at=afternoon(-3))
    part = AssignmentFactory(session=session, volunteer__user__language="en")
    browser, url = client_for(part.volunteer.user), reverse("activities:session-feedback-speaker", args=[session.pk])
    assert url in browser.get(session.get_absolute_url()).text
    page = browser.get(url).text
    assert "Did you feel well prepared?" in page
    nonce = page.split('name="nonce" value="')[1][:36]
    browser.post(url, {"nonce": nonce, "prepared": "4", "welcome": "3", "next": "Bring a poster"})
    sheet = Feedback.objects.get()
    assert (sheet.by, sheet.questionnaire.audience, sheet.replies.count()) == (part.volunteer.user, "speaker", 3)
    results = client_for(staff).get(reverse("activities:session-feedback-results", args=[session.pk])).text
    assert "Bring a poster" in results
    # Words are for those who run it; a stranger and somebody who did not come find nothing to answer.
    assert "Bring a poster" not in browser.get(reverse("activities:session-feedback-results", args=[session.pk])).text
    assert client_for(VolunteerFactory().user).get(url).status_code == 404
    declined = AssignmentFactory(session=session, state="declined").volunteer
    assert client_for(declined.user).get(url).status_code == 404


def test_the_kit_asks_the_same_for_one_and_many(client_for, session, kit, part, django_assert_num_queries):
    KitOpening.objects.create(assignment=part)
    browser = client_for(part.volunteer.user)
    browser.get(address(session))
    with django_assert_num_queries(8):
        browser.get(address(session))
    for _number in range(3):
        WhatIfFactory(kit=kit)
    with django_assert_num_queries(8):
        browser.get(address(session))
