"""What a family is asked: which purposes, of whom, and what each signer has said so far. Pure: it reads and never writes."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.dates import say_day
from participants.organisations.school_years import current_school_year
from participants.people import ages
from participants.people.consents import who_signs
from participants.people.models import Consent, ConsentText, Enrolment, Guardian, Guardianship, Pupil, Purpose

# What every family is asked. Health data is asked by the camp that needs it, never beforehand; contact after 18 only of
# those who will decide it themselves.
ASKED = (Purpose.TAKING_PART, Purpose.IMAGE, Purpose.FOLLOW_UP, Purpose.RESEARCH, Purpose.CONTACT_AFTER_18)
# What goes on after school, and is asked again of those who have left.
BEYOND_SCHOOL = (Purpose.FOLLOW_UP, Purpose.RESEARCH, Purpose.CONTACT_AFTER_18)
# What a school needs to know, to let a pupil come and to take a picture. The rest is between the family and the center.
SCHOOL_SEES = (Purpose.TAKING_PART, Purpose.IMAGE)


def asked_at(age: int) -> list[str]:
    """The purposes that a family is asked about at this age of the child."""
    return [purpose for purpose in ASKED if purpose != Purpose.CONTACT_AFTER_18 or age >= ages.DECIDES_ALONE]


def asked_of(age: int, *, is_pupil: bool) -> list[str]:
    """Of these, those that this signer (the pupil, or a guardian) is asked about."""
    signers = {purpose: who_signs(purpose, age) for purpose in asked_at(age)}
    return [purpose for purpose, who in signers.items() if (who.pupil if is_pupil else who.guardians != "none")]


@dataclass(frozen=True)
class Question:
    """One purpose put to one signer about one pupil, with the text as it is now and the signer's last word."""

    pupil: Pupil
    guardian: Guardian | None
    text: ConsentText
    word: Consent | None
    day: dt.date

    @property
    def purpose(self):
        return self.text.purpose

    @property
    def key(self):
        """Names the question in a form: the pupil, whose word it is, the purpose."""
        return f"{self.pupil.pk}-{'g' if self.guardian else 'p'}-{self.purpose}"

    @property
    def is_answered(self):
        """A word counts until its last day, whether it said yes or no; one that was taken back is a no."""
        return self.word is not None and self.word.valid_until >= self.day

    @property
    def is_given(self):
        return self.is_answered and self.word.decision == Consent.Decision.GIVEN and not self.word.withdrawn_at

    @property
    def said(self):
        """The word as it stands: yes until a day, no, taken back, or over."""
        if self.word.withdrawn_at:
            return _("taken back on %(day)s") % {"day": say_day(self.word.withdrawn_at)}
        if not self.is_answered:
            return _("ended on %(day)s") % {"day": say_day(self.word.valid_until)}
        if self.word.decision == Consent.Decision.REFUSED:
            return _("no")
        return _("yes, until %(day)s") % {"day": say_day(self.word.valid_until)}


@dataclass(frozen=True)
class Child:
    """One pupil on the page of a family: what the signer is asked, and what the child itself is asked beside them."""

    pupil: Pupil
    school: str
    questions: list[Question]
    own_questions: list[Question]

    @property
    def everything(self):
        return [*self.questions, *self.own_questions]


def current_texts() -> dict[str, ConsentText]:
    return {text.purpose: text for text in ConsentText.objects.current()}


def put_to(pupil: Pupil, guardian: Guardian | None, texts, words, day) -> list[Question]:
    """The questions to this signer; `words` are the standing words about this pupil, by (purpose, guardian id)."""
    wanted = asked_of(pupil.age_on(day), is_pupil=guardian is None)
    key = guardian.pk if guardian else None
    return [
        Question(pupil, guardian, texts[purpose], words.get((purpose, key)), day)
        for purpose in wanted
        if purpose in texts
    ]


def where_they_are() -> Prefetch:
    """`pupil.now`: the last year of each, or nothing."""
    newest = Enrolment.objects.newest().select_related("school", "class_group")
    return Prefetch("enrolments", newest, to_attr="now")


def who_answers() -> Prefetch:
    """`pupil.answering`: the guardians of each, the first first."""
    answering = Guardianship.objects.select_related("guardian").order_by("rank")
    return Prefetch("guardianships", answering, to_attr="answering")


def _with_words(pupils):
    words = Prefetch("consents", Consent.objects.standing().select_related("text"), to_attr="standing_words")
    return pupils.prefetch_related(words, where_they_are())


def _child(pupil, guardian, texts, day) -> Child:
    words = {(word.purpose, word.guardian_id): word for word in pupil.standing_words}
    school = str(pupil.now[0].school) if pupil.now else ""
    own = []
    if guardian and pupil.age_on(day) < ages.DECIDES_ALONE:
        own = put_to(pupil, None, texts, words, day)
    return Child(pupil, school, put_to(pupil, guardian, texts, words, day), own)


def children_of(guardian: Guardian, day: dt.date | None = None) -> list[Child]:
    """Every child of a guardian who is still asked anything, in the order of their names."""
    day, texts = day or timezone.localdate(), current_texts()
    pupils = Pupil.objects.named().filter(guardianships__guardian=guardian).order_by("sort_name", "pk")
    found = [_child(pupil, guardian, texts, day) for pupil in _with_words(pupils)]
    return [child for child in found if child.everything]


def of_pupil(pupil: Pupil, day: dt.date | None = None) -> list[Child]:
    """What a pupil of 15 or more decides; nothing below, where it is answered beside a guardian."""
    day = day or timezone.localdate()
    if pupil.is_statistic or pupil.age_on(day) < ages.DECIDES_ALONE:
        return []
    [fresh] = _with_words(Pupil.objects.filter(pk=pupil.pk))
    child = _child(fresh, None, current_texts(), day)
    return [child] if child.everything else []


def open_questions(children: list[Child]) -> list[Question]:
    """What still waits for an answer."""
    return [question for child in children for question in child.everything if not question.is_answered]


def waiting(pupils) -> list[Pupil]:
    """Of these pupils (a queryset, in its order), those of whose family somebody has something left to answer, or of whom
    no guardian is known."""
    day, texts = timezone.localdate(), current_texts()
    found = []
    for pupil in _with_words(pupils).prefetch_related(who_answers()):
        asked = [_child(pupil, link.guardian, texts, day) for link in pupil.answering]
        if pupil.age_on(day) >= ages.DECIDES_ALONE:
            asked.append(_child(pupil, None, texts, day))
        if not pupil.answering or open_questions(asked):
            found.append(pupil)
    return found


def signers_of(pupil: Pupil, day: dt.date | None = None) -> list[Guardian | Pupil]:
    """Who is written to about this pupil: the guardians who are asked anything, and the pupil from 15 with an address."""
    day = day or timezone.localdate()
    age = pupil.age_on(day)
    signers: list[Guardian | Pupil] = []
    if asked_of(age, is_pupil=False):
        links = Guardianship.objects.filter(pupil=pupil).select_related("guardian").order_by("rank")
        signers += [link.guardian for link in links]
    if age >= ages.DECIDES_ALONE and pupil.email:
        signers.append(pupil)
    return signers


def enrolled_now():
    """Pupils who are in a school this school year."""
    here = Enrolment.objects.filter(school_year=current_school_year(), state=Enrolment.State.ENROLLED)
    return Pupil.objects.named().filter(pk__in=here.values("pupil"))
