"""What people say after a session: a questionnaire is data, and what was asked once is never rewritten."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.organisations.school_years import SchoolYearField
from programs.activities.models.programme import in_language
from programs.activities.models.session import Session

# A question that was answered stays as it was asked: a new wording is a new version.
STAYS_AS_ASKED = """
IF EXISTS (SELECT 1 FROM activities_feedback WHERE questionnaire_id = OLD.questionnaire_id) THEN
    RAISE EXCEPTION 'answered' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'activities_question_stays_as_asked';
END IF;
RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""


class AskedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What is asked is known to everyone who has signed in."""
        return self


class Questionnaire(models.Model):
    """Three questions to one audience; the version in force when the school year began holds for all of it."""

    class Audience(models.TextChoices):
        PUPILS = "pupils", _("pupils")
        TEACHER = "teacher", _("teacher")
        SPEAKER = "speaker", _("speaker")

    audience = models.CharField(_("audience"), max_length=10, choices=Audience)
    version = models.PositiveSmallIntegerField(_("version"))
    first_school_year = SchoolYearField(_("from the school year"))

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["audience", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "version"],
                name="activities_questionnaire_version_once",
                violation_error_message=_("This version exists already."),
            ),
            models.UniqueConstraint(
                fields=["audience", "first_school_year"],
                name="activities_questionnaire_year_once",
                violation_error_message=_("Another version begins in this school year: a year stays comparable."),
            ),
        ]

    def __str__(self):
        return f"{self.get_audience_display()} {self.version}"


class Question(models.Model):
    """The code says across versions that it is the same question."""

    class Kind(models.TextChoices):
        SCALE = "scale", _("from 1 to 4")
        TEXT = "text", _("a few words")

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="questions", verbose_name=_("questionnaire")
    )
    rank = models.PositiveSmallIntegerField(_("place"))
    code = models.SlugField(_("code"), max_length=30)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.SCALE)
    text_fr = models.CharField(_("in French"), max_length=200)
    text_en = models.CharField(_("in English"), max_length=200)

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["questionnaire", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"],
                name="activities_question_once",
                violation_error_message=_("This code is already asked."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays_as_asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=STAYS_AS_ASKED,
            )
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        return in_language(self.text_fr, self.text_en)


class FeedbackQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One sheet at a time is for those who manage the session; everybody else sees sums (`feedback.py`)."""
        return self.filter(session__in=Session.objects.managed_by(user))


class Feedback(models.Model):
    """One sheet of answers. A pupil's says nothing about the pupil, nor about the hour; a teacher's says whose it is."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="feedback", verbose_name=_("session"))
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="sheets", verbose_name=_("questionnaire")
    )
    nonce = models.UUIDField(_("mark of the sender"), unique=True)
    given_on = models.DateField(_("given"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("teacher")
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "by", "questionnaire"],
                condition=Q(by__isnull=False),
                name="activities_feedback_once_a_part",
                violation_error_message=_("You have answered already."),
            )
        ]

    def __str__(self):
        return f"{self.session} · {self.questionnaire}"


class ReplyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(feedback__in=Feedback.objects.visible_to(user))


class Reply(models.Model):
    """The answer to one question: a number or a few words."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="replies", verbose_name=_("feedback"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="replies", verbose_name=_("question"))
    value = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    text = models.CharField(_("words"), max_length=500, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["feedback", "question"]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "question"],
                name="activities_reply_once",
                violation_error_message=_("This question is answered already."),
            ),
            models.CheckConstraint(
                condition=Q(value__range=(1, 4), text="") | Q(value=None) & ~Q(text=""),
                name="activities_reply_number_or_words",
                violation_error_message=_("Answer from 1 to 4, or in words."),
            ),
        ]

    def __str__(self):
        return self.text or str(self.value)
