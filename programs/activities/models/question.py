from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.organisations.models import Organisation
from participants.people.models import Pupil
from programs.activities.models.booking import Booking
from programs.activities.models.places import OfActivityQuerySet
from programs.activities.models.programme import Activity, in_language


def _length(name):
    return Func(F(name), function="cardinality", output_field=IntegerField())


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the organisations for which one plans."""
        return self.filter(organisation__in=Organisation.objects.managed_by(user, Permission.SESSION_MANAGE))


class Inquiry(models.Model):
    """What can be asked of whoever registers, in two languages; one question serves many activities."""

    class Kind(models.TextChoices):
        SHORT = "short", _("short text")
        LONG = "long", _("long text")
        CHOICE = "choice", _("one choice")
        CHOICES = "choices", _("several choices")
        NUMBER = "number", _("number")
        CONSENT = "consent", _("agreement to tick")
        FILE = "file", _("file (PDF or picture)")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="questions", verbose_name=_("organisation in charge")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text_fr = models.CharField(_("question in French"), max_length=200)
    text_en = models.CharField(_("question in English"), max_length=200, blank=True)
    help_fr = models.CharField(_("explanation in French"), max_length=300, blank=True)
    help_en = models.CharField(_("explanation in English"), max_length=300, blank=True)
    options_fr = ArrayField(
        models.CharField(max_length=100), verbose_name=_("choices in French"), default=list, blank=True
    )
    options_en = ArrayField(
        models.CharField(max_length=100), verbose_name=_("choices in English"), default=list, blank=True
    )
    # Health, diet, family: seen by few, left out of files, deleted when it is of no more use.
    is_sensitive = models.BooleanField(_("sensitive"), default=False)
    keep_days = models.PositiveSmallIntegerField(
        _("deleted so many days after the date"), default=30, help_text=_("Counts for sensitive answers.")
    )

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["text_fr", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["choice", "choices"]) & ~Q(options_fr=[])
                | ~Q(kind__in=["choice", "choices"]) & Q(options_fr=[]),
                name="activities_inquiry_choices_where_one_chooses",
                violation_error_message=_("Give the choices, and only where one chooses."),
            ),
            models.CheckConstraint(
                condition=Q(options_en=[]) | Q(options_fr__len=_length("options_en")),
                name="activities_inquiry_choices_in_pairs",
                violation_error_message=_("Give as many choices in English as in French, or none."),
            ),
        ]

    def __str__(self):
        return in_language(self.text_fr, self.text_en)

    @property
    def help(self):
        return in_language(self.help_fr, self.help_en)

    @property
    def options(self):
        """(what is kept, what is read) of each choice."""
        shown = self.options_en or self.options_fr
        return [(kept, in_language(kept, other)) for kept, other in zip(self.options_fr, shown, strict=True)]


class AskedQuestion(models.Model):
    """A question as an activity asks it: when, in which order, of whom, whether it must be answered."""

    class Moment(models.TextChoices):
        REGISTRATION = "registration", _("at registration")
        ACCEPTED = "accepted", _("of those accepted")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="asked", verbose_name=_("activity"))
    question = models.ForeignKey(Inquiry, models.PROTECT, related_name="asked", verbose_name=_("question"))
    moment = models.CharField(_("asked"), max_length=12, choices=Moment, default=Moment.REGISTRATION)
    rank = models.PositiveSmallIntegerField(_("order"), default=1)
    is_required = models.BooleanField(_("must be answered"), default=False)
    only_if = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only if, to")
    )
    only_if_answer = models.CharField(_("the answer is"), max_length=100, blank=True)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("asked question")
        verbose_name_plural = _("asked questions")
        ordering = ["-moment", "rank", "pk"]  # registration first
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "question"],
                name="activities_askedquestion_once",
                violation_error_message=_("This activity asks this already."),
            ),
            models.CheckConstraint(
                condition=Q(only_if=None, only_if_answer="") | Q(only_if__isnull=False) & ~Q(only_if_answer=""),
                name="activities_askedquestion_condition_whole",
                violation_error_message=_("Give both the earlier question and the answer, or neither."),
            ),
        ]

    def __str__(self):
        return str(self.question)

    @property
    def name(self):
        """What the field of this question is called in a form."""
        return f"question-{self.pk}"


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the activities that one manages; the sensitive ones for few."""
        plain = Activity.objects.managed_by(user, Permission.SESSION_MANAGE)
        few = Activity.objects.managed_by(user, Permission.ANSWER_SENSITIVE)
        return self.filter(
            Q(asked__activity__in=plain, asked__question__is_sensitive=False) | Q(asked__activity__in=few)
        )

    def overdue(self, now=None):
        """The sensitive ones whose time is over: so many days after the date, or after the last date of a series."""
        now = now or timezone.now()
        day = Value(timedelta(days=1), DurationField())
        kept = ExpressionWrapper(F("asked__question__keep_days") * day, DurationField())
        return self._over_by(ExpressionWrapper(Value(now, DateTimeField()) - kept, DateTimeField()))

    def over_by(self, moment):
        """The sensitive ones whose date, or last date of a series, was before this moment."""
        return self._over_by(Value(moment, DateTimeField()))

    def _over_by(self, limit):
        rows = self.filter(asked__question__is_sensitive=True).annotate(limit=limit)
        ahead = Booking.objects.filter(activity__sessions__ends_at__gt=OuterRef("limit"))
        series = Q(booking__activity__isnull=False, answered_at__lte=F("limit")) & ~Exists(
            ahead.filter(pk=OuterRef("booking"))
        )
        return rows.filter(Q(booking__session__ends_at__lte=F("limit")) | series)


class Answer(models.Model):
    """What somebody answered to a question, with their booking. It is deleted with the pupil or the guest, and by date
    where it is sensitive."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="answers", verbose_name=_("booking"))
    asked = models.ForeignKey(AskedQuestion, models.CASCADE, related_name="answers", verbose_name=_("question"))
    pupil = models.ForeignKey(
        Pupil, models.CASCADE, null=True, blank=True, related_name="answers", verbose_name=_("pupil")
    )
    value = models.JSONField(_("answer"), default=str, blank=True)
    file = models.CharField(_("file"), max_length=60, blank=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["booking", "asked"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "asked"],
                name="activities_answer_once",
                violation_error_message=_("This question is answered already."),
            )
        ]

    def __str__(self):
        return f"{self.asked} · {self.said}"

    @property
    def said(self):
        """The answer in the reader's words."""
        if self.file:
            return str(_("a file"))
        words = dict(self.asked.question.options)
        if isinstance(self.value, list):
            return ", ".join(words.get(one, one) for one in self.value)
        if isinstance(self.value, bool):
            return str(_("yes") if self.value else _("no"))
        return words.get(self.value, str(self.value))
