"""Each promise of the database, broken once; and what a person reads then."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from programs.activities.models import Assignment, Booking, InboxMark, Question, Questionnaire, Session
from programs.activities.refusals import in_sentences, sentence_of
from tests.factories.accounts import UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AnswerFactory,
    AskedQuestionFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    FeedbackFactory,
    HeadcountFactory,
    InquiryFactory,
    LevelQuotaFactory,
    PeriodLockFactory,
    PriorityCriterionFactory,
    ProgrammeFactory,
    ProgrammeScopeFactory,
    ReplyFactory,
    RollEntryFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory, OrganisationFactory, SchoolFactory
from tests.factories.people import PupilFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def twice(factory, **facts):
    factory(**facts)
    return factory(**facts)


def overlap():
    volunteer, session = VolunteerFactory(), SessionFactory()
    AssignmentFactory(volunteer=volunteer, session=session)
    AssignmentFactory(volunteer=volunteer, session=SessionFactory(starts_at=session.ends_at - HOUR / 60))


def crowd():
    session = SessionFactory(volunteer_places=1)
    AssignmentFactory(session=session), AssignmentFactory(session=session)


BROKEN = {
    "activities_inboxmark_names_item": lambda: InboxMark.objects.create(key=""),
    "activities_programme_dates_ordered": lambda: ProgrammeFactory(ends_on=dt.date(2020, 8, 31)),
    "activities_programmescope_once": lambda: twice(
        ProgrammeScopeFactory, **{name: getattr(ProgrammeScopeFactory(), name) for name in ("grant", "programme")}
    ),
    "activities_activity_window_ordered": lambda: ActivityFactory(
        registration_opens_at=timezone.now(), registration_closes_at=timezone.now() - HOUR
    ),
    "activities_activity_seats_within_limit": lambda: BookingFactory(session=None, activity=ActivityFactory(seats=29)),
    "activities_session_end_after_start": lambda: SessionFactory(ends_at=timezone.now()),
    "activities_session_one_place": lambda: SessionFactory(campus=OrganisationFactory()),
    "activities_session_end_has_reason": lambda: SessionFactory(state="cancelled"),
    "activities_session_seats_within_limit": lambda: BookingFactory(session=SessionFactory(seats=29)),
    "activities_session_volunteers_within_limit": crowd,
    "activities_assignment_one_live": lambda: twice(
        AssignmentFactory, volunteer=VolunteerFactory(), session=SessionFactory(), state="applied"
    ),
    "activities_assignment_no_overlap": overlap,
    "activities_booking_one_target": lambda: BookingFactory(activity=ActivityFactory(seats=30)),
    "activities_booking_one_guest": lambda: BookingFactory(pupil=PupilFactory()),
    "activities_levelquota_some_level": lambda: LevelQuotaFactory(levels=[]),
    "activities_prioritycriterion_once": lambda: twice(PriorityCriterionFactory, activity=ActivityFactory()),
    "activities_prioritycriterion_weight": lambda: PriorityCriterionFactory(weight=0),
    "activities_inquiry_choices_where_one_chooses": lambda: InquiryFactory(options_fr=["a"]),
    "activities_inquiry_choices_in_pairs": lambda: InquiryFactory(
        kind="choice", options_fr=["a", "b"], options_en=["a"]
    ),
    "activities_askedquestion_once": lambda: twice(
        AskedQuestionFactory, activity=ActivityFactory(), question=InquiryFactory()
    ),
    "activities_askedquestion_condition_whole": lambda: AskedQuestionFactory(only_if_answer="oui"),
    "activities_answer_once": lambda: twice(AnswerFactory, booking=BookingFactory(), asked=AskedQuestionFactory()),
    "activities_booking_some_seats": lambda: BookingFactory(seats=0),
    "activities_booking_offer_has_end": lambda: BookingFactory(stage="offered"),
    "activities_booking_override_is_named": lambda: BookingFactory(override_by=UserFactory()),
    "activities_booking_out_of_turn_has_reason": lambda: BookingFactory(is_out_of_turn=True),
    "activities_booking_one_live": lambda: twice(
        BookingFactory, session=SessionFactory(), class_group=ClassGroupFactory(), stage="waitlisted"
    ),
    "activities_attendance_once": lambda: twice(
        AttendanceFactory, session=SessionFactory(past=True), pupil=PupilFactory()
    ),
    "activities_attendance_absent_has_no_minutes": lambda: AttendanceFactory(status="absent", minutes=1),
    "activities_attendance_minutes_within_session": lambda: AttendanceFactory(minutes=121),
    "activities_headcount_once": lambda: twice(HeadcountFactory, session=SessionFactory(past=True), class_group=None),
    "activities_headcount_parts_within_total": lambda: HeadcountFactory(total=26),
    "activities_rollentry_one_subject": lambda: RollEntryFactory(total=3),
    "activities_rollentry_parts_within_total": lambda: RollEntryFactory(pupil=None, status="", total=3, girls=4),
    "activities_reply_number_or_words": lambda: ReplyFactory(value=5),
    "activities_reply_once": lambda: twice(ReplyFactory, feedback=FeedbackFactory()),
    "activities_feedback_once_a_part": lambda: twice(
        FeedbackFactory, session=SessionFactory(past=True), by=UserFactory()
    ),
    "activities_questionnaire_version_once": lambda: Questionnaire.objects.create(
        audience="pupils", version=1, first_school_year=2031
    ),
    "activities_questionnaire_year_once": lambda: Questionnaire.objects.create(
        audience="pupils", version=9, first_school_year=2020
    ),
    "activities_question_once": lambda: Question.objects.create(
        questionnaire=Questionnaire.objects.get(audience="pupils", version=1), rank=4, code="liked"
    ),
    "activities_question_stays_as_asked": lambda: ReplyFactory().feedback.questionnaire.questions.update(rank=9),
    "activities_periodlock_dates_ordered": lambda: PeriodLockFactory(ends_on=dt.date(2020, 1, 1)),
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_the_database_refuses_and_the_sentence_is_for_people(constraint):
    @in_sentences
    @transaction.atomic
    def break_it():
        BROKEN[constraint]()

    with pytest.raises(ValidationError) as raised:
        break_it()
    assert raised.value.code == constraint
    assert raised.value.messages[0].endswith(".")
    assert "Try again" not in raised.value.messages[0]


def test_every_constraint_of_the_app_is_broken_here():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'x') AND conname LIKE 'activities\\_%%'"
            " AND conrelid::regclass::text NOT LIKE '%%event' AND conname NOT LIKE '%%\\_check'"
            " UNION SELECT indexname FROM pg_indexes WHERE tablename IN ('activities_assignment', 'activities_booking',"
            " 'activities_attendance', 'activities_headcount', 'activities_programmescope',"
            " 'activities_prioritycriterion', 'activities_askedquestion', 'activities_answer',"
            " 'activities_reply', 'activities_feedback',"
            " 'activities_questionnaire', 'activities_question')"
            " AND (indexname LIKE '%%\\_once' OR indexname LIKE '%%one\\_live'"
            " OR indexname LIKE '%%\\_once\\_a\\_part')"
        )
        names = {name for (name,) in cursor.fetchall()}
    assert names == BROKEN.keys() - {
        "activities_attendance_minutes_within_session", "activities_question_stays_as_asked",
    }  # fmt: skip


def test_counters_follow_every_way_of_writing():
    session = SessionFactory(volunteer_places=5, seats=100)
    assignments = [AssignmentFactory(session=session) for _number in range(3)]
    bookings = [BookingFactory(session=session, seats=20) for _number in range(2)]

    def counters():
        session.refresh_from_db()
        return session.volunteers_confirmed, session.seats_taken, session.seats_overridden

    assert counters() == (3, 40, 0)
    Assignment.objects.filter(pk=assignments[0].pk).update(state="withdrawn")
    assignments[1].delete()
    Booking.objects.filter(pk=bookings[0].pk).update(seats=25)
    assert counters() == (1, 45, 0)
    Booking.objects.filter(pk=bookings[1].pk).update(override_by=UserFactory(), override_reason="salle")
    assert counters() == (1, 45, 20)
    elsewhere = SessionFactory(seats=60)
    Booking.objects.filter(pk=bookings[0].pk).update(session=elsewhere)
    bookings[1].delete()
    elsewhere.refresh_from_db()
    assert (counters(), elsewhere.seats_taken) == ((1, 0, 0), 25)


def test_commitments_follow_the_session():
    assignment = AssignmentFactory()
    start = timezone.now() + dt.timedelta(days=20)
    Session.objects.filter(pk=assignment.session_id).update(starts_at=start, ends_at=start + HOUR)
    assignment.refresh_from_db()
    assert (assignment.period.lower, assignment.period.upper) == (start, start + HOUR)
    Session.objects.filter(pk=assignment.session_id).update(state="cancelled", state_reason="x")
    assignment.refresh_from_db()
    assert assignment.period is None


def test_an_unknown_refusal_asks_to_try_again():
    assert sentence_of(IntegrityError()).endswith("Try again.")


def test_a_school_of_another_session_is_no_matter_of_constraints():
    """Two sessions at once in one school are allowed: two classes, two teams."""
    school, start = SchoolFactory(), timezone.now() + HOUR
    assert SessionFactory(school=school, starts_at=start).pk != SessionFactory(school=school, starts_at=start).pk
