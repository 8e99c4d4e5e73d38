"""What is asked after a session, under which address, until when, and what the answers come to.

Nothing tells one pupil from another: a sheet holds the session, the day and the answers. Who only took part sees what
the pupils of a session said from five sheets on; the words of teachers and speakers are for those who run the session.
"""

import base64
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Avg, Count
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from programs.activities.models import Feedback, Question, Questionnaire, Reply, Session

THRESHOLD = 5
OPEN_FOR = dt.timedelta(days=7)
ADULTS_OPEN_FOR = dt.timedelta(days=60)
SEAL = 10
FACES = {1: _("Not at all"), 2: _("A little"), 3: _("Rather"), 4: _("Very much")}
# A class shares one address and its pupils tell others of it: this many sheets, and no more.
SPARE, LEAST = 2, 60
PUPILS, TEACHER, SPEAKER = Questionnaire.Audience

# What comes with the house; later versions are written in the back office.
FIRST = {
    PUPILS: [
        ("liked", "scale", "Cette rencontre t’a plu ?", "Did you like this session?"),
        ("learned", "scale", "Tu as appris des choses sur les études ou les métiers ?",
         "Did you learn something about studies or jobs?"),
        ("possible", "scale", "Ces études te semblent possibles pour toi ?",
         "Do these studies seem possible for you?"),
    ],
    TEACHER: [
        ("useful", "scale", "La rencontre a-t-elle été utile à vos élèves ?", "Was the session useful to your pupils?"),
        ("organised", "scale", "L’organisation vous a-t-elle convenu ?", "Did the organisation suit you?"),
        ("better", "text", "Qu’est-ce que nous pourrions faire mieux ?", "What could we do better?"),
    ],
    SPEAKER: [
        ("prepared", "scale", "Vous êtes-vous senti·e bien préparé·e ?", "Did you feel well prepared?"),
        ("welcome", "scale", "Avez-vous été bien accueilli·e sur place ?", "Were you well received on site?"),
        ("next", "text", "Que dire à la personne qui viendra la prochaine fois ?",
         "What should the next speaker know?"),
    ],
}  # fmt: skip
FIRST_YEAR = 2020


def propose():
    """Write the first questionnaires where there are none."""
    for audience, questions in FIRST.items():
        if Questionnaire.objects.filter(audience=audience).exists():
            continue
        asked = Questionnaire.objects.create(audience=audience, version=1, first_school_year=FIRST_YEAR)
        Question.objects.bulk_create(
            Question(questionnaire=asked, rank=rank, code=code, kind=kind, text_fr=french, text_en=english)
            for rank, (code, kind, french, english) in enumerate(questions, 1)
        )


def code_of(session_id) -> str:
    """What stands in the address that a session shows: its number, and a seal that nobody guesses."""
    seal = salted_hmac("activities.feedback", str(session_id), algorithm="sha256").digest()
    return f"{session_id}-{base64.b32encode(seal)[:SEAL].decode().lower()}"


def of_code(code):
    """The session of an address, or nothing."""
    number = code.partition("-")[0]
    if not (number.isdecimal() and len(number) < 19) or not constant_time_compare(code_of(number), code.lower()):
        return None
    return Session.objects.select_related("activity", "school", "campus").filter(pk=number).first()


def address_of(session) -> str:
    return settings.SITE_URL + reverse("activities:feedback-give", args=[code_of(session.pk)])


def asked(session, audience) -> list[Question]:
    """The questions of the version that held when the school year of the session began."""
    versions = Questionnaire.objects.filter(audience=audience, first_school_year__lte=session.activity.school_year)
    found = versions.order_by("-first_school_year").first()
    return list(found.questions.order_by("rank")) if found else []


def is_open(session, audience) -> bool:
    """From the beginning of the session until some days after its end."""
    lasts = OPEN_FOR if audience == PUPILS else ADULTS_OPEN_FOR
    return session.is_planned and session.has_begun and timezone.now() < session.ends_at + lasts


def has_answered(session, user, audience) -> bool:
    """Whether this adult has given a sheet in this part."""
    return session.feedback.filter(by=user, questionnaire__audience=audience).exists()


def most_sheets(session) -> int:
    return max(LEAST, SPARE * session.seats_taken)


@dataclass
class Result:
    """What the answers to one question come to."""

    question: Question
    number: int = 0
    mean: float = 0.0
    parts: dict[int, int] = field(default_factory=lambda: dict.fromkeys(FACES, 0))

    @property
    def shares(self):
        """(face, how many, of a hundred) from the best to the worst."""
        return [(FACES[value], n, round(100 * n / self.number)) for value, n in reversed(self.parts.items())]


def results(sheets, audience) -> list[Result]:
    """By question, in the order of the newest version."""
    rows = Reply.objects.filter(feedback__in=sheets, question__questionnaire__audience=audience, value__isnull=False)
    found: dict[str, Result] = {}
    numbers = rows.values_list("question__code", "value").annotate(n=Count("pk")).order_by("question__code", "value")
    questions = _newest(audience)
    for code, value, n in numbers:
        result = found.setdefault(code, Result(questions[code]))
        result.parts[value] = n
    for result in found.values():
        result.number = sum(result.parts.values())
        result.mean = sum(value * n for value, n in result.parts.items()) / result.number
    return [found[code] for code in questions if code in found]


def _newest(audience) -> dict[str, Question]:
    """code -> the question that is answered by a number, as the newest version words it."""
    of_audience = Question.objects.filter(questionnaire__audience=audience, kind=Question.Kind.SCALE)
    of_audience = of_audience.select_related("questionnaire")
    found = {}
    for question in of_audience.order_by("-questionnaire__version", "rank"):
        found.setdefault(question.code, question)
    return found


def words(sheets) -> list[str]:
    """What adults wrote, the newest first."""
    found = Reply.objects.filter(feedback__in=sheets).exclude(text="").order_by("-feedback__given_on", "-pk")
    return list(found.values_list("text", flat=True))


def by_programme(user, audience, school_year):
    """(programme, sheets, {code: mean}) of a school year in what the user manages, and the questions."""
    sheets = _sheets_of(user, audience).filter(session__activity__school_year=school_year)
    return *_means(sheets, "session__activity__programme"), _newest(audience)


def by_year(user, audience):
    """school year -> (sheets, {code: mean}) of all that the user manages."""
    return _means(_sheets_of(user, audience), "session__activity__school_year")


def _sheets_of(user, audience):
    return Feedback.objects.visible_to(user).filter(questionnaire__audience=audience)


def _means(sheets, by):
    """How many sheets, and the mean of each question, by this column."""
    counts = dict(sheets.values_list(by).annotate(n=Count("pk")).order_by(by))
    means = defaultdict(dict)
    replies = Reply.objects.filter(feedback__in=sheets, value__isnull=False).order_by()
    for found, code, mean in replies.values_list(f"feedback__{by}", "question__code").annotate(m=Avg("value")):
        means[found][code] = mean
    return counts, means
