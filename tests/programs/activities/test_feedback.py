"""Three questions after a session: who may answer, until when, what is kept of it, who reads it."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence.letters import compose
from participants.correspondence.models import Message, Rule
from participants.correspondence.occasions import Pointless
from programs.activities import actions, feedback, occasions
from programs.activities.models import Feedback, Question, Questionnaire
from tests.factories.accounts import GrantFactory
from tests.factories.activities import AssignmentFactory, BookingFactory, HeadcountFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory, GrantScopeFactory, OrganisationFactory
from tests.factories.people import SchoolContactFactory, SchoolPostFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def session(monday):
    start = timezone.now() - 2 * HOUR
    return SessionFactory(starts_at=start, ends_at=start + 2 * HOUR, activity__title_en="Students speak")


@pytest.fixture
def teacher(session):
    contact = SchoolContactFactory(user__language="en")
    SchoolPostFactory(contact=contact, school=session.school, verified=True)
    BookingFactory(session=session, class_group=ClassGroupFactory(school=session.school), booked_by=contact.user)
    return contact.user


@pytest.fixture
def staff():
    grant = GrantFactory(role=Role.COORDINATOR, user__language="en")
    GrantScopeFactory(grant=grant, organisation=OrganisationFactory(kind="center"))
    return grant.user


def give(session, *values, by=None, **words):
    audience = feedback.TEACHER if by else feedback.PUPILS
    questions = feedback.asked(session, audience)
    replies = dict(zip(questions, values, strict=False)) | {q: words[q.code] for q in questions if q.code in words}
    return actions.give_feedback(session=session, audience=audience, nonce=uuid.uuid4(), replies=replies, by=by)


def address(session):
    return reverse("activities:feedback-give", args=[feedback.code_of(session.pk)])


def sheet(**answers):
    return {"nonce": str(uuid.uuid4())} | answers


# --- A pupil


def test_a_pupil_answers_without_account_and_nothing_tells_who(session):
    pupil = Client(headers={"accept-language": "en"})
    page = pupil.get(address(session))
    assert "Did you like this session?" in page.content.decode()
    answer = pupil.post(address(session), sheet(liked="4", learned="3", possible="2"))
    assert answer.status_code == 302
    kept = Feedback.objects.get()
    assert (kept.session, kept.given_on, kept.by) == (session, timezone.localdate(), None)
    assert {field.name for field in Feedback._meta.get_fields()} == {
        "id", "session", "questionnaire", "nonce", "given_on", "by", "replies",
    }  # fmt: skip
    assert list(kept.replies.order_by("question__rank").values_list("question__code", "value")) == [
        ("liked", 4), ("learned", 3), ("possible", 2),
    ]  # fmt: skip


def test_one_sheet_a_device_softly(session):
    pupil = Client()
    pupil.post(address(session), sheet(liked="4"))
    assert pupil.get(address(session)).context["is_thanks"]
    assert not Client().get(address(session)).context["is_thanks"]
    cookie = pupil.cookies[f"feedback-{session.pk}"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (address(session), True, "Lax")
    assert not pupil.get(address(SessionFactory(past=True))).context["is_thanks"]


def test_a_double_tap_is_one_sheet_and_an_empty_one_is_none(session):
    pupil, twice = Client(), sheet(liked="4")
    for _tap in range(2):
        assert pupil.post(address(session), twice).status_code == 302
    for wrong in (sheet(), sheet(liked="5"), sheet(liked="x"), {"liked": "4"}):
        assert pupil.post(address(session), wrong).status_code == 200
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("code", ["0-aaaaaaaaaa", "x", "1", "-", "9" * 30 + "-a", "१-aaaaaaaaaa"])
def test_an_invented_address_leads_nowhere(session, code):
    assert Client().get(f"/feedback/{code}/").status_code == 404
    assert Client().get(f"/feedback/{session.pk}-aaaaaaaaaa/").status_code == 404


def test_it_is_open_from_the_beginning_for_a_week(session, monday):
    for moment, is_open in ((-121, False), (-119, True), (7 * 24 * 60 - 1, True), (7 * 24 * 60 + 1, False)):
        monday.move_to(session.ends_at + dt.timedelta(minutes=moment))
        pupil = Client()
        assert pupil.get(address(session)).context["is_open"] == is_open
        before = Feedback.objects.count()
        pupil.post(address(session), sheet(liked="4"))
        assert Feedback.objects.count() - before == is_open
    with pytest.raises(ValidationError, match="closed"):
        give(session, 4)


def test_a_session_takes_so_many_sheets_and_an_address_so_many_a_minute(session, monkeypatch):
    monkeypatch.setattr(feedback, "LEAST", 2)
    for _n in range(2):
        Client().post(address(session), sheet(liked="4"))
    assert (
        "has had all its answers"
        in Client(headers={"accept-language": "en"}).post(address(session), sheet(liked="1")).content.decode()
    )
    assert Feedback.objects.count() == 2
    limited = {Client().post(address(session), sheet(liked="1")).status_code for _n in range(119)}
    assert limited == {200, 429}


# --- A teacher


def test_a_teacher_answers_by_the_link_and_may_correct_it(session, teacher, client):
    path = occasions.feedback_path(session, teacher)
    assert client.post(path, sheet(useful="4", better="Plus de temps")).status_code == 302
    assert client.post(path, sheet(useful="3")).status_code == 302
    kept = Feedback.objects.get()
    assert (kept.by, kept.questionnaire.audience) == (teacher, "teacher")
    assert list(kept.replies.values_list("question__code", "value", "text")) == [("useful", 3, "")]
    teacher.link_key += 1
    teacher.save()
    assert client.get(path).status_code == 404


def letter(session, teacher):
    rule = Rule.objects.get(code="activities-school-feedback")
    return compose(Message(rule=rule, recipient=teacher, occasion=rule.occasion, about=session.pk, address="a@b.fr"))


def test_one_mail_the_day_after_whichever_it_is(session, teacher):
    """Who is still asked for the number finds the questions behind it; the others get them by mail, until answered."""
    with pytest.raises(Pointless):
        letter(session, teacher)
    HeadcountFactory(session=session)
    assert occasions.feedback_path(session, teacher) in letter(session, teacher).action_url
    give(session, 4, by=teacher)
    with pytest.raises(Pointless):
        letter(session, teacher)


def test_the_thanks_for_the_number_lead_to_the_questions(session, teacher, client_for):
    page = reverse("activities:session-headcount", args=[session.pk]) + "?thanks"
    path = occasions.feedback_path(session, teacher)
    assert client_for(teacher).get(page).context["feedback_path"] == path
    give(session, 4, by=teacher)
    assert client_for(teacher).get(page).context["feedback_path"] == ""
    ben = AssignmentFactory(session=session).volunteer.user
    assert client_for(ben).get(page).context["feedback_path"] == ""


def test_who_taught_and_spoke_answers_as_each_and_counts_once_in_each_part(session, teacher, staff, client_for):
    """A teacher who is an alumna speaks beside the own class."""
    AssignmentFactory(session=session, volunteer=VolunteerFactory(user=teacher))
    client = client_for(teacher)
    page = client.get(session.get_absolute_url()).content.decode()
    as_teacher, as_speaker = (
        reverse(f"activities:session-feedback-{part}", args=[session.pk]) for part in ("teacher", "speaker")
    )
    assert as_teacher in page
    assert as_speaker in page
    for _time in range(2):
        assert client.post(as_teacher, sheet(useful="4")).status_code == 302
        assert client.post(as_speaker, sheet(prepared="2", welcome="3")).status_code == 302
    parts = list(Feedback.objects.order_by("questionnaire__audience").values_list("questionnaire__audience", "by"))
    assert parts == [("speaker", teacher.pk), ("teacher", teacher.pk)]
    found = client_for(staff).get(reverse("activities:session-feedback-results", args=[session.pk])).context
    assert [(result.question.code, result.number) for result in found["teacher_results"]] == [("useful", 1)]
    assert [(result.question.code, result.number) for result in found["speaker_results"]] == [
        ("prepared", 1),
        ("welcome", 1),
    ]


def test_having_spoken_does_not_call_off_the_questions_to_the_teacher(session, teacher):
    HeadcountFactory(session=session)
    [question, *_others] = feedback.asked(session, feedback.SPEAKER)
    said = {"audience": feedback.SPEAKER, "nonce": uuid.uuid4(), "replies": {question: 3}}
    actions.give_feedback(session=session, by=teacher, **said)
    assert occasions.feedback_path(session, teacher) in letter(session, teacher).action_url


def test_a_teacher_reaches_the_own_questions_by_the_square_and_signing_in(session, teacher, client, client_for):
    own = reverse("activities:session-feedback-teacher", args=[session.pk])
    assert own in client.get(address(session)).content.decode()
    door = client.get(own)
    assert (door.status_code, door.url) == (302, f"{reverse('account_login')}?next={own}")
    assert "Was the session useful to your pupils?" in client_for(teacher).get(own).content.decode()
    assert client_for(teacher).post(own, sheet(useful="3")).status_code == 302
    assert Feedback.objects.get().by == teacher
    stranger = SchoolContactFactory()
    SchoolPostFactory(contact=stranger, verified=True)
    assert client_for(stranger.user).get(own).status_code == 404
    colleague = SchoolContactFactory()  # of the school, who did not bring the class
    SchoolPostFactory(contact=colleague, school=session.school, verified=True)
    assert client_for(colleague.user).get(own).status_code == 404


# --- Versions


def test_the_version_of_a_school_year_holds_for_all_of_it(session):
    year = session.activity.school_year
    newer = Questionnaire.objects.create(audience="pupils", version=2, first_school_year=year + 1)
    Question.objects.create(questionnaire=newer, rank=1, code="liked", text_fr="Alors ?", text_en="And?")
    assert [question.code for question in feedback.asked(session, feedback.PUPILS)] == ["liked", "learned", "possible"]
    session.activity.school_year = year + 1
    assert [question.text_en for question in feedback.asked(session, feedback.PUPILS)] == ["And?"]


def test_what_was_answered_stays_as_it_was_asked(session):
    question = feedback.asked(session, feedback.PUPILS)[0]
    Question.objects.filter(pk=question.pk).update(text_en="Did you enjoy it?")
    give(session, 4)
    unanswered = feedback.asked(session, feedback.PUPILS)[2]
    for change in (unanswered.delete, lambda: Question.objects.filter(pk=question.pk).update(rank=9)):
        with pytest.raises(IntegrityError, match="answered"), transaction.atomic():
            change()


# --- Who reads it


def results(client, session):
    return client.get(reverse("activities:session-feedback-results", args=[session.pk])).context


def test_who_took_part_sees_the_pupils_from_five_sheets_on_and_never_the_teachers(session, teacher, staff, client_for):
    ben = AssignmentFactory(session=session).volunteer.user
    give(session, 3, 4, by=teacher, better="Trop court, dit M. Petit")
    other = SessionFactory(past=True)
    for value in (4, 4, 3, 1):
        give(session, value)
    for user in (ben, teacher):
        seen = results(client_for(user), session)
        assert (seen["results"], seen["number"], seen["words"], seen["teacher_results"]) == ([], None, [], [])
    assert results(client_for(staff), session)["number"] == 4
    give(session, 3, 2)
    seen = results(client_for(ben), session)
    liked, learned = seen["results"]
    assert (seen["number"], liked.number, liked.mean, liked.parts) == (5, 5, 3.0, {1: 1, 2: 0, 3: 2, 4: 2})
    assert (learned.number, learned.mean) == (1, 2.0)
    assert (seen["words"], seen["teacher_results"]) == ([], [])
    inside = results(client_for(staff), session)
    assert inside["words"] == ["Trop court, dit M. Petit"]
    assert [result.mean for result in inside["teacher_results"]] == [3.0, 4.0]
    assert client_for(ben).get(reverse("activities:session-feedback-results", args=[other.pk])).status_code == 404


def test_by_programme_and_by_year_for_what_one_manages(session, client_for, monday):
    lead = session.activity.organisation
    grant = GrantFactory(role=Role.COORDINATOR, user__language="en")
    GrantScopeFactory(grant=grant, organisation=lead)
    give(session, 4, 2)
    give(session, 2)
    strange = SessionFactory(starts_at=session.starts_at, ends_at=session.ends_at)
    give(strange, 1)
    page = client_for(grant.user).get(reverse("activities:feedback-results"))
    [(programme, number, means)] = page.context["rows"]
    assert (programme, number) == (session.activity.programme, 2)
    assert [(question.code, mean) for question, mean in means] == [("liked", 3.0), ("learned", 2.0), ("possible", None)]
    assert [(number, [mean for _q, mean in means]) for _y, number, means in page.context["years"]] == [
        (2, [3.0, 2.0, None])
    ]
    assert client_for(VolunteerFactory().user).get(reverse("activities:feedback-results")).status_code == 404


def test_what_teachers_answered_by_programme_and_by_year(session, client_for, teacher, staff):
    give(session, 4, 2)
    give(session, 3, by=teacher)
    context = client_for(staff).get(reverse("activities:feedback-results"), {"of": "teacher"}).context
    numbered = [question.code for question in feedback.asked(session, feedback.TEACHER) if question.kind == "scale"]
    [(programme, number, means)] = context["rows"]
    assert (programme, number) == (session.activity.programme, 1)
    assert [(question.code, mean) for question, mean in means] == [(numbered[0], 3.0), (numbered[1], None)]
    assert [number for _year, number, _means in context["years"]] == [1]
    assert [tab["is_current"] for tab in context["audiences"]] == [False, True, False]


def test_the_cost_of_the_page_does_not_follow_the_programmes(session, staff, client_for):
    client = client_for(staff)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("activities:feedback-results")).status_code == 200
        return len(captured)

    give(session, 4)
    cost()
    one = cost()
    for _n in range(2):
        give(SessionFactory(starts_at=session.starts_at, ends_at=session.ends_at), 3)
    assert cost() == one


def test_the_code_on_the_wall_is_the_address(session, client_for):
    ben = AssignmentFactory(session=session).volunteer.user
    page = client_for(ben).get(reverse("activities:session-feedback", args=[session.pk]))
    assert page.context["address"].endswith(address(session))
    assert "<svg" in page.context["drawing"]
    assert ben.name not in page.context["address"]
