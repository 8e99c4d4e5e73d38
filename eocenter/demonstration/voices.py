"""What pupils, teachers and speakers answered after sessions, and a list to call today."""

import datetime as dt
import random
import uuid

from django.utils import timezone

from participants.people.models import Volunteer
from programs.activities import feedback
from programs.activities.models import Activity, Assignment, Feedback, Reply, Session

SHEETS = (4, 18)
AUDIENCES = (feedback.PUPILS, feedback.TEACHER, feedback.SPEAKER)
WISHES = [
    "Plus de temps pour les questions des élèves.",
    "Très bien ainsi, merci aux étudiantes.",
    "Prévoir un film court au début.",
    "Venir plus tôt dans l’année, avant les vœux.",
]


def build_feedback(dice: random.Random):
    """A third of the talks of all years: a few sheets of pupils, sometimes the teacher's and a speaker's."""
    talks = Session.objects.filter(activity__kind=Activity.Kind.TALK, ends_at__lt=timezone.now(), headcounts__gt=0)
    talks = list(talks.distinct().select_related("activity").order_by("pk"))
    asked = {each: feedback.asked(talks[0], each) for each in AUDIENCES} if talks else {}
    sheets, replies = [], []
    for session in dice.sample(talks, len(talks) // 3):
        mood = dice.choice([[1, 3, 8, 6], [1, 2, 6, 9], [2, 5, 7, 3]])
        for _n in range(dice.randint(*SHEETS)):
            _answer(dice, session, asked[feedback.PUPILS], mood, sheets, replies)
        booking = session.bookings.filter(booked_by__isnull=False).first()
        if booking and dice.random() < 0.5:
            _answer(dice, session, asked[feedback.TEACHER], [0, 1, 5, 9], sheets, replies, by=booking.booked_by)
        speaker = session.assignments.select_related("volunteer__user").first()
        if speaker and dice.random() < 0.5:
            by = speaker.volunteer.user
            _answer(dice, session, asked[feedback.SPEAKER], [0, 2, 5, 8], sheets, replies, by=by)
    Feedback.objects.bulk_create(sheets)
    Reply.objects.bulk_create(replies)


def _answer(dice, session, questions, mood, sheets, replies, by=None):
    given_on = timezone.localdate(session.ends_at) + dt.timedelta(days=1 if by else 0)
    nonce = uuid.UUID(int=dice.getrandbits(128), version=4)
    sheet = Feedback(session=session, questionnaire=questions[0].questionnaire, nonce=nonce, given_on=given_on, by=by)
    sheets.append(sheet)
    for question in questions:
        if question.kind == "text":
            replies.append(Reply(feedback=sheet, question=question, text=dice.choice(WISHES)))
        elif dice.random() < 0.96:
            replies.append(Reply(feedback=sheet, question=question, value=dice.choices([1, 2, 3, 4], mood)[0]))


def build_list_of_today(work, activity: Activity, tutor: Volunteer):
    """A session of the tutoring that runs now, so that its roll can be called whenever the demonstration is looked at."""
    start = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    start = min(start, start.replace(hour=21))
    session = Session.objects.create(
        activity=activity,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=2),
        school=activity.sessions.first().school,
        place="CDI",
        seats=activity.seats,
        volunteer_places=3,
    )
    if tutor.pk not in work.diary.busy[work.today]:
        work.diary.busy[work.today].add(tutor.pk)
        Assignment.objects.create(volunteer=tutor, session=session, role="tutor", state="confirmed")
