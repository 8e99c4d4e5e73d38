"""The pages of those who answer people about their data."""

import datetime as dt

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence.models import Job
from participants.people.models import Look, Pupil, RetentionTerm, RightsRequest
from participants.people.models.right import one_month_after
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.people import LookFactory, PupilFactory, RightsRequestFactory, VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client_for):
    return client_for(GrantFactory(user=UserFactory(name="Odile"), role=Role.PROTECTION_OFFICER).user)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        (dt.date(2026, 11, 25), dt.date(2026, 12, 25)),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 31)),
        (dt.date(2026, 3, 31), dt.date(2026, 4, 30)),
    ],
)
def test_the_answer_is_due_one_month_later(received, due):
    assert one_month_after(received) == due


def test_a_request_is_written_down_and_its_record_found(officer):
    lou, max_ = PupilFactory(first_name="Loù", last_name="Martin"), PupilFactory(last_name="Durand")
    facts = {
        "kind": "rectification",
        "subject": "pupil",
        "about": "Lou Martin",
        "asked_by": "Eve Martin",
        "checked_by": "call",
        "received_on": timezone.localdate(),
    }
    page = officer.post(reverse("people:right-new"), facts, follow=True)
    asked = RightsRequest.objects.get()
    assert asked.due_on == one_month_after(timezone.localdate())
    assert lou.last_name in text(page)
    assert max_.last_name not in text(page)
    assert [look.pupil for look in Look.objects.all()] == [lou]
    officer.post(reverse("people:right-person", args=[asked.pk]), {"person": lou.pk})
    asked.refresh_from_db()
    assert asked.subject_id == lou.pk


def test_a_correction_stands_in_the_history_with_its_reason(officer):
    lou = PupilFactory(first_name="Lu")
    asked = RightsRequestFactory(kind="rectification", subject_id=lou.pk)
    facts = {"first_name": "Lou", "last_name": lou.last_name, "birth_date": "2010-03-14", "sex": "F", "email": ""}
    page = officer.post(reverse("people:right-correct", args=[asked.pk]), facts)
    assert "This field is required" in text(page)
    officer.post(reverse("people:right-correct", args=[asked.pk]), facts | {"reason": "spelt wrong"})
    lou.refresh_from_db()
    asked.refresh_from_db()
    assert (lou.first_name, lou.sex, asked.state, asked.done_by.name) == ("Lou", "F", "done", "Odile")
    line = lou.events.order_by("pgh_id").last()
    assert line.pgh_context.metadata["reason"] == "spelt wrong"
    assert line.pgh_context.metadata["user"] == asked.done_by_id
    trace = text(officer.get(reverse("people:trace-pupil", args=[lou.pk])))
    assert "spelt wrong" in trace
    assert "Odile" in trace


def test_erasure_is_shown_first_and_then_done(officer):
    lou = PupilFactory()
    asked = RightsRequestFactory(subject_id=lou.pk, answer="")
    page = text(officer.get(reverse("people:right-erase", args=[asked.pk])))
    assert "Erase for good" in page
    assert Pupil.objects.get() == lou
    officer.post(reverse("people:right-erase", args=[asked.pk]))
    assert not Pupil.objects.exists()
    asked.refresh_from_db()
    assert (asked.state, asked.about, asked.asked_by, asked.subject_id) == ("done", "", "", None)
    assert asked.done_on == timezone.localdate()
    assert asked.events.count() <= 1


def test_a_refusal_needs_a_reason(officer):
    asked = RightsRequestFactory()
    address = reverse("people:right-answer", args=[asked.pk])
    assert "a refusal needs a reason" in text(officer.post(address, {"state": "refused", "answer": " "}))
    officer.post(address, {"state": "refused", "answer": "The law wants us to keep it."})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "The law wants us to keep it.")
    officer.post(address, {"state": "done", "answer": ""})
    asked.refresh_from_db()
    assert asked.state == "refused"


def test_the_officer_and_the_person_ask_for_the_archive(officer, client_for):
    ben = VolunteerFactory()
    asked = RightsRequestFactory(kind="access", subject="volunteer", subject_id=ben.pk)
    officer.post(reverse("people:right-archive", args=[asked.pk]))
    browser = client_for(ben.user)
    assert str(ben) in text(browser.get(reverse("people:own-data")))
    browser.post(reverse("people:own-data"), {"who": f"volunteer.{ben.pk}"})
    stranger = VolunteerFactory()
    page = browser.post(reverse("people:own-data"), {"who": f"volunteer.{stranger.pk}"})
    assert "Choose one of the records below." in text(page)
    jobs = Job.objects.order_by("pk").values_list("owner__name", "parameters")
    assert list(jobs) == [
        ("Odile", {"kind": "volunteer", "id": ben.pk, "request": asked.pk, "language": "en"}),
        (ben.user.name, {"kind": "volunteer", "id": ben.pk}),
    ]


def test_a_term_is_changed(officer):
    term = RetentionTerm.objects.get(category="volunteer")
    facts = {"months_active": 24, "months_grace": 2}
    officer.post(reverse("people:term-edit", args=[term.pk]), facts)
    term.refresh_from_db()
    assert (term.months_active, term.months_grace) == (24, 2)
    page = text(officer.post(reverse("people:term-edit", args=[term.pk]), facts | {"months_active": 121}))
    assert "Ten years" in page


def test_the_record_of_processing_names_purposes_fields_terms_and_readers(officer):
    page = text(officer.get(reverse("people:processing-record")))
    for words in ("Accompany a young person in tutoring and camps", "date of birth", "12 months in use", "coordinator"):
        assert words in page


def test_the_record_of_processing_names_what_libraries_hold_and_whom_no_table_opens_to(officer):
    entries = {entry["purpose"]: entry for entry in officer.get(reverse("people:processing-record")).context["entries"]}
    sessions = entries["Notice and end a foreign session"]
    assert sessions["fields"] == [("Sign-in", ["browser, IP address and time of a sign-in"])]
    assert sessions["roles"] == []
    assert "nobody; each person sees their own" in text(officer.get(reverse("people:processing-record")))
    assert dict(entries["Sign in"]["fields"])["Sign-in"] == [
        "address, and whether it was proven",
        "second factors, in secret",
        "account at the member school",
    ]
    assert entries["Sign in"]["roles"] == ["administrator"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reason": "spelt wrong", "url": "/pupils/1/edit/"}, "spelt wrong"),
        ({"action": "merge", "url": "/pupils/duplicates/1/"}, "two records were merged"),
        ({"what": "list of pupils taken back", "url": "job:people.pupil_undo"}, "a list of the center was taken back"),
        ({"url": "job:people.roster"}, "class list"),
        ({"url": "/pupils/1/edit/"}, "/pupils/1/edit/"),
        ({}, ""),
    ],
)
def test_the_trace_says_why_each_change_was_made(officer, said, words):
    lou, staff = PupilFactory(first_name="Lou"), UserFactory(name="Odile")
    with pghistory.context(user=staff.pk, **said):
        Pupil.objects.filter(pk=lou.pk).update(first_name="Louise")
    changes = officer.get(reverse("people:trace-pupil", args=[lou.pk])).context["changes"]
    assert [(change["by"], change["reason"]) for change in changes if not change["is_new"]] == [(staff, words)]


def test_the_home_of_the_officer_shows_what_is_due(officer):
    RightsRequestFactory(about="Zoé Petit", received_on=dt.date(2026, 1, 5), due_on=dt.date(2026, 2, 5))
    LookFactory(user=UserFactory(name="Curieux"))
    page = text(officer.get("/"))
    for words in ("Zoé Petit", "overdue", "Curieux"):
        assert words in page


@pytest.mark.parametrize("name", ["people:right-list", "people:trace-list", "people:term-list"])
def test_lists_cost_the_same_with_more_rows(name, officer):

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(reverse(name)).status_code == 200
        return len(queries)

    RightsRequestFactory()
    LookFactory()
    asked()
    one = asked()
    RightsRequestFactory.create_batch(2)
    LookFactory.create_batch(2)
    assert asked() == one


@pytest.mark.parametrize("kind", ["access", "erasure", "objection", "rectification"])
def test_an_archive_stands_on_the_page_of_the_request(kind, officer, client_for):
    """Made by the officer, in the language of the person; a colleague reads who did it and does not get the file."""
    ben = VolunteerFactory(user__language="fr")
    asked = RightsRequestFactory(kind=kind, subject="volunteer", subject_id=ben.pk)
    other = RightsRequestFactory(kind=kind, subject="volunteer", subject_id=VolunteerFactory().pk)
    assert reverse("people:right-archive", args=[asked.pk]) in text(officer.get(asked.get_absolute_url()))
    officer.post(reverse("people:right-archive", args=[asked.pk]))
    [job] = Job.objects.all()
    assert (job.owner.name, job.parameters["language"], job.parameters["request"]) == ("Odile", "fr", asked.pk)
    assert job.get_absolute_url() in text(officer.get(asked.get_absolute_url()))
    colleague = client_for(GrantFactory(user=UserFactory(name="Paul"), role=Role.PROTECTION_OFFICER).user)
    page = text(colleague.get(asked.get_absolute_url()))
    assert "Files put together" in page
    assert "Odile" in page
    assert job.get_absolute_url() not in page
    assert "Files put together" not in text(officer.get(other.get_absolute_url()))


def test_the_second_who_erases_is_told_on_the_page(officer):
    lou = PupilFactory()
    first, second = (RightsRequestFactory(subject_id=lou.pk, answer="") for _ in "12")
    officer.post(reverse("people:right-erase", args=[first.pk]))
    second.refresh_from_db()
    assert second.subject_id is None
    assert officer.post(reverse("people:right-erase", args=[second.pk])).status_code == 404
    assert "Find the record" in text(officer.get(second.get_absolute_url()))
