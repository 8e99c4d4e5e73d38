"""What an activity asks: typed, conditional, in two moments; what is sensitive is seen by few and goes by date."""

import csv
import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job
from participants.people import scans
from participants.people.models import Look
from participants.people.rights import erasure
from programs.activities import actions, exports, place_links
from programs.activities.forms.questions import AnsweringForm
from programs.activities.models import Answer, Booking, Inquiry
from tests.factories.accounts import UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AnswerFactory,
    AskedQuestionFactory,
    BookingFactory,
    GuestFactory,
    InquiryFactory,
    ProgrammeScopeFactory,
    SessionFactory,
)
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory
from tests.factories.people import ConsentFactory, GuardianshipFactory, PupilFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PDF = b"%PDF-1.4 a letter"


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def browser(cleo, client_for):
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind="center"))
    return client_for(cleo)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def ask(activity, kind="short", **facts):
    asked = {
        name: facts.pop(name) for name in list(facts) if name in {"moment", "is_required", "only_if", "only_if_answer"}
    }
    return AskedQuestionFactory(activity=activity, question=InquiryFactory(kind=kind, **facts), **asked)


def form_of(*asked, files=None, **said):
    data = {f"question-{asked[int(name[1:])].pk}": value for name, value in said.items()}
    return AnsweringForm(data, files, asked=asked)


def answers_of(form):
    assert form.is_valid(), form.errors
    return form.answers()


# --- the form


def test_each_kind_takes_what_it_is_and_nothing_else():
    activity = ActivityFactory()
    choices = {"options_fr": ["oui", "non"], "options_en": ["yes", "no"]}
    asked = [
        ask(activity, "short"), ask(activity, "long"), ask(activity, "choice", **choices),
        ask(activity, "choices", **choices), ask(activity, "number"), ask(activity, "consent"),
    ]  # fmt: skip
    good = form_of(*asked, q0="a", q1="b\nc", q2="oui", q3=["oui", "non"], q4="0", q5="on")
    assert good.is_valid()
    assert list(good.answers().values()) == ["a", "b\nc", "oui", ["oui", "non"], 0.0, True]
    bad = form_of(*asked, q0="x" * 201, q1="x" * 2001, q2="maybe", q3=["maybe"], q4="many")
    assert len(bad.errors) == 5
    empty = form_of(*asked)
    assert (empty.is_valid(), empty.answers()) == (True, {})


def test_a_condition_decides_whether_a_question_counts():
    activity = ActivityFactory()
    diet = ask(activity, "choice", options_fr=["aucun", "allergie"], options_en=["none", "allergy"])
    which = ask(activity, is_required=True, only_if=diet, only_if_answer="allergie")
    sure = ask(activity, "consent", only_if=which, only_if_answer="noix")
    assert answers_of(form_of(diet, which, sure, q0="aucun", q1="noix", q2="on")) == {diet: "aucun"}
    unanswered = form_of(diet, which, sure, q0="allergie")
    assert unanswered.errors == {which.name: ["Please answer this question."]}
    full = form_of(diet, which, sure, q0="allergie", q1="noix", q2="on")
    assert answers_of(full) == {diet: "allergie", which: "noix", sure: True}
    assert "Only if you answer “allergy” to" in full.fields[which.name].help_text


# --- at registration


def register(client, session, asked, **said):
    data = {"kind": "public", "public-email": "anna@example.org", "public-seats": 1}
    answers = {f"public-{one.name}": value for one, value in zip(asked, said.values(), strict=True)}
    return client.post(reverse("activities:session-register", args=[session.pk]), data | answers)


@pytest.fixture
def session():
    return SessionFactory(activity=ActivityFactory(registration_for=["public"]))


def test_answers_are_kept_with_the_booking(client, session):
    asked = [ask(session.activity, is_required=True), ask(session.activity, "number")]
    later = ask(session.activity, moment="accepted")
    page = text_of(client.get(reverse("activities:session-register", args=[session.pk])))
    assert str(asked[0]) in page
    assert str(later) not in page
    assert register(client, session, asked, one="", two="3").status_code == 200
    assert not Booking.objects.exists()
    register(client, session, asked, one="Par le lycée", two="3")
    booking = Booking.objects.get()
    assert list(booking.answers.values_list("asked", "value")) == [(asked[0].pk, "Par le lycée"), (asked[1].pk, 3.0)]
    # Whoever knows the address and registers again changes nothing that was said.
    register(client, session, asked, one="autre chose", two="4")
    assert booking.answers.first().value == "Par le lycée"


def test_an_error_keeps_everything_that_was_typed_and_the_file(client, session, private_root):
    asked = [ask(session.activity), ask(session.activity, "file", is_required=True), ask(session.activity, "number")]
    file = SimpleUploadedFile("lettre.pdf", PDF)
    answer = register(client, session, asked, one="mes mots", two=file, three="beaucoup")
    page = text_of(answer)
    assert 'value="mes mots"' in page
    assert 'value="beaucoup"' in page
    assert "“lettre.pdf” is kept" in page
    kept = re.search(r'name="public-question-\d+-kept" value="([^"]+)"', page)[1]
    data = {
        "kind": "public",
        "public-email": "anna@example.org",
        "public-seats": 1,
        f"public-{asked[1].name}-kept": kept,
    }
    url = reverse("activities:session-register", args=[session.pk])
    assert client.post(url, data | {f"public-{asked[1].name}-kept": "../../x:y"}).status_code == 200
    assert not Booking.objects.exists()
    client.post(url, data)
    answer = Answer.objects.get(asked=asked[1])
    assert scans.path_of(answer.file, "answers").read_bytes() == PDF


@pytest.mark.parametrize("content", [b"MZ a program", b"", b"<svg onload=alert(1)>"])
def test_a_file_is_judged_by_its_content(client, session, content):
    asked = [ask(session.activity, "file", is_required=True)]
    answer = register(client, session, asked, one=SimpleUploadedFile("photo.pdf", content))
    assert answer.status_code == 200
    assert not Booking.objects.exists()


# --- of those accepted


def test_those_accepted_answer_on_the_page_of_their_place(client, session):
    later = ask(session.activity, moment="accepted", is_required=True, text_en="Which bus?")
    booking = BookingFactory(session=session, class_group=None, guest=GuestFactory(language="en"), stage="waitlisted")
    url = place_links.url(booking, booking.guest)
    assert "Which bus?" not in text_of(client.get(url))
    Booking.objects.update(stage="confirmed")
    assert "Which bus?" in text_of(client.get(url))
    assert "Please answer this question." in text_of(client.post(url, {"answer": "questions", later.name: ""}))
    client.post(url, {"answer": "questions", later.name: "le 91"})
    client.post(url, {"answer": "questions", later.name: "le 9"})
    assert [answer.value for answer in booking.answers.all()] == ["le 9"]
    assert 'value="le 9"' in text_of(client.get(url))


def test_a_new_file_takes_the_place_of_the_old(session, private_root, django_capture_on_commit_callbacks):
    asked = ask(session.activity, "file")
    booking = BookingFactory(session=session)
    with django_capture_on_commit_callbacks(execute=True):
        for content in (PDF, PDF + b" again"):
            actions.save_answers(booking=booking, answers={asked: SimpleUploadedFile("a.pdf", content)})
    [path] = (private_root / "answers").iterdir()
    assert path.read_bytes() == PDF + b" again"


# --- staff


def test_staff_ask_new_questions_and_known_ones(browser):
    activity = ActivityFactory()
    url = reverse("activities:question-list", args=[activity.pk])
    said = {
        "organisation": activity.organisation_id, "kind": "choice", "text_fr": "Régime ?", "text_en": "Diet?",
        "options_fr": "aucun\r\n\r\nallergie", "options_en": "none", "keep_days": 10, "is_sensitive": "on",
    }  # fmt: skip
    new = reverse("activities:question-new", args=[activity.pk])
    assert "Give as many choices in English as in French" in text_of(browser.post(new, said))
    assert browser.post(new, said | {"options_en": "none\nallergy"}).url == url
    first = activity.asked.get()
    assert (first.question.options_fr, first.question.is_sensitive) == (["aucun", "allergie"], True)
    known, strange = InquiryFactory(text_en="Known?"), InquiryFactory(text_en="Known too?")
    answer = browser.post(url, {"question": known.pk, "moment": "accepted", "rank": 2, "only_if": first.pk})
    assert "Give both the earlier question and the answer" in text_of(answer)
    facts = {"question": known.pk, "moment": "accepted", "rank": 2}
    assert browser.post(url, facts).url == url
    asked = activity.asked.get(question=known)
    browser.post(reverse("activities:asked-edit", args=[asked.pk]), facts | {"is_required": "on"})
    asked.refresh_from_db()
    assert asked.is_required
    page = text_of(browser.get(url))
    assert "Known?" in page
    assert f'value="{strange.pk}"' in page
    AnswerFactory(asked=first, booking=BookingFactory(session__activity=activity))
    for row in (first, asked):
        browser.post(reverse("activities:asked-remove", args=[row.pk]))
    assert list(activity.asked.all()) == [first]


@pytest.fixture
def confided():
    """A pupil of a date with a plain and a sensitive answer, another without the agreement, and a guest."""
    link = GuardianshipFactory(pupil=PupilFactory(first_name="Lou", last_name="Durand", birth_date=dt.date(2013, 1, 1)))
    for purpose in ("taking_part", "camp_health"):
        ConsentFactory(pupil=link.pupil, guardian=link.guardian, purpose=purpose)
    session = SessionFactory()
    booking = BookingFactory(session=session, class_group=None, pupil=link.pupil, seats=1)
    plain = ask(session.activity, text_en="Bus?")
    secret = ask(session.activity, "long", text_en="Health?", is_sensitive=True, keep_days=10)
    AnswerFactory(booking=booking, asked=plain, pupil=link.pupil, value="le 91")
    AnswerFactory(booking=booking, asked=secret, pupil=link.pupil, value="asthme")
    silent = PupilFactory(first_name="Max", last_name="Martin")
    BookingFactory(session=session, class_group=None, pupil=silent, seats=1)
    BookingFactory(session=session, class_group=None, guest=GuestFactory(email="=cmd@example.org"), seats=2)
    return session, booking


def test_a_sensitive_answer_is_read_by_few_and_leaves_a_trace(confided, browser, client_for):
    session, booking = confided
    url = reverse("activities:session-answers", args=[session.pk])
    page = text_of(browser.get(url))
    assert ("le 91" in page, "asthme" in page) == (True, False)
    assert not Look.objects.exists()
    manager = ProgrammeScopeFactory(programme=session.activity.programme).grant.user
    assert "asthme" in text_of(client_for(manager).get(url))
    assert list(Look.objects.values_list("user", "pupil")) == [(manager.pk, booking.pupil_id)]
    stranger = ProgrammeScopeFactory().grant.user
    assert client_for(stranger).get(url).status_code == 404


def test_the_page_of_answers_asks_the_same_for_one_and_three(browser, django_assert_num_queries):
    session = SessionFactory()
    url = reverse("activities:session-answers", args=[session.pk])
    asked = ask(session.activity)

    def answer():
        booking = BookingFactory(session=session, class_group=None, pupil=PupilFactory(), seats=1)
        AnswerFactory(booking=booking, asked=asked, pupil=booking.pupil)

    answer()
    browser.get(url)
    with django_assert_num_queries(15):
        browser.get(url)
    answer(), answer()
    with django_assert_num_queries(15):
        browser.get(url)


def test_a_file_is_opened_by_those_who_may(confided, browser, private_root):
    session, booking = confided
    asked, secret = ask(session.activity, "file"), ask(session.activity, "file", is_sensitive=True)
    for one in (asked, secret):
        actions.save_answers(booking=booking, answers={one: SimpleUploadedFile("a.pdf", PDF)})
    plain, hidden = Answer.objects.get(asked=asked), Answer.objects.get(asked=secret)
    response = browser.get(reverse("activities:answer-file", args=[plain.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert "attachment" in response["Content-Disposition"]
    assert browser.get(reverse("activities:answer-file", args=[hidden.pk])).status_code == 404
    scans.path_of(plain.file, "answers").unlink()
    assert browser.get(reverse("activities:answer-file", args=[plain.pk])).status_code == 404


def export(session, user, ending="csv"):
    job = correspondence.start_job(kind=exports.KIND, owner=user, parameters={"session": session.pk, "format": ending})
    correspondence.work()
    job.refresh_from_db()
    return job


def test_the_list_leaves_with_plain_answers_and_agreed_pupils_only(confided, browser, cleo):
    session, booking = confided
    answer = browser.post(reverse("activities:session-answers", args=[session.pk]), {"format": "csv"})
    assert Job.objects.filter(kind=exports.KIND).count() == 1
    assert answer.status_code == 302
    cleo.language = "en"
    cleo.save()
    job = export(session, cleo)
    lines = list(csv.reader(io.StringIO(job.path.read_text(encoding="utf-8-sig"))))
    assert lines[0] == ["For", "School", "Level", "Seats", "Stage", "Booked", "Bus?"]
    assert sorted(line[0] for line in lines[1:]) == ["'=cmd@example.org", "Lou Durand"]
    assert [line[-1] for line in lines[1:] if line[0] == "Lou Durand"] == ["le 91"]
    assert (job.outcome, "asthme" in str(lines)) == ({"left_out": 1}, False)
    assert list(Look.objects.values_list("pupil", "what")) == [(booking.pupil_id, "export")]
    assert export(session, cleo, "xlsx").file_name.endswith(".xlsx")


def test_nobody_takes_the_list_of_a_stranger(confided):
    session, _booking = confided
    stranger = ProgrammeScopeFactory().grant.user
    assert export(session, stranger).state == "failed"
    assert not exports.is_allowed(UserFactory())


# --- the end


def test_sensitive_answers_go_on_their_day_and_others_stay(confided, monday):
    session, booking = confided
    monday.move_to(session.ends_at + dt.timedelta(days=10) - dt.timedelta(seconds=1))
    assert actions.delete_overdue_answers() == 0
    monday.shift(1)
    assert actions.delete_overdue_answers() == 1
    assert [answer.value for answer in booking.answers.all()] == ["le 91"]


def test_of_a_series_they_go_after_its_last_date(monday, private_root, django_capture_on_commit_callbacks):
    activity = ActivityFactory(seats=5)
    last = SessionFactory(activity=activity)
    asked = ask(activity, "file", is_sensitive=True, keep_days=5)
    link = GuardianshipFactory(pupil=PupilFactory(birth_date=dt.date(2013, 1, 1)))
    ConsentFactory(pupil=link.pupil, guardian=link.guardian, purpose="camp_health")
    booking = actions.book(activity=activity, pupil=link.pupil, by=None)
    actions.save_answers(booking=booking, answers={asked: SimpleUploadedFile("a.pdf", PDF)})
    monday.move_to(last.ends_at + dt.timedelta(days=4))
    assert actions.delete_overdue_answers() == 0
    monday.shift(dt.timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.delete_overdue_answers() == 1
    assert list((private_root / "answers").iterdir()) == []


def test_answers_go_with_the_pupil_and_with_the_guest(confided, monday):
    session, booking = confided
    guest = Booking.objects.get(guest__isnull=False)
    AnswerFactory(booking=guest, asked=session.activity.asked.first(), value="mot de l’invité")
    monday.move_to(session.ends_at + dt.timedelta(days=31))
    actions.forget_guests()
    assert not guest.answers.exists()
    erasure.erase(kind="pupil", pk=booking.pupil_id, ground="request")
    assert (Answer.objects.count(), Inquiry.objects.count()) == (0, 2)
