"""The questions of an activity as fields of a form: typed, conditional, with everything kept when something is wrong."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.correspondence import uploads
from participants.people import scans
from programs.activities.models import AskedQuestion, Inquiry

Kind = Inquiry.Kind
YES, NO = "yes", "no"
AGREED = "health_agreed"
ENOUGH = 2000
KEPT = Signer(salt="activities.answer.file")


class QuestionForm(forms.ModelForm):
    """A question in both languages, and how this activity asks it."""

    options_fr = forms.CharField(
        label=gettext_lazy("Choices in French"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line."),
    )
    options_en = forms.CharField(
        label=gettext_lazy("Choices in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = Inquiry
        fields = [
            *("organisation", "kind", "text_fr", "text_en", "help_fr", "help_en", "options_fr", "options_en"),
            *("is_sensitive", "keep_days"),
        ]

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations

    def clean_options_fr(self):
        return _lines(self.cleaned_data["options_fr"])

    def clean_options_en(self):
        return _lines(self.cleaned_data["options_en"])


class AskForm(forms.ModelForm):
    """How an activity asks a question: when, in which order, under which condition."""

    class Meta:
        model = AskedQuestion
        fields = ["question", "moment", "rank", "is_required", "only_if", "only_if_answer"]
        help_texts = {"only_if_answer": gettext_lazy("As the choice stands in French; “yes” for an agreement.")}

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = questions
        self.fields["only_if"].queryset = self.instance.activity.asked.exclude(pk=self.instance.pk).select_related(
            "question"
        )


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


class AnsweringForm(forms.Form):
    """A form that also asks what an activity wants to know. `asked` are its questions of one moment, in order. The
    sensitive ones are asked only with the agreement, where one is to be given first (`health.py`)."""

    def __init__(self, *args, asked=(), agreement=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked, self.agreement = list(asked), agreement
        for one in self.asked:
            if self._needs_agreement(one) and AGREED not in self.fields:
                self.fields[AGREED] = forms.BooleanField(
                    label=_("I agree: %(what)s") % {"what": agreement.title},
                    help_text=linebreaks(agreement.text, autoescape=True),
                    required=False,
                )
            self.fields[one.name] = _field(one)
            if self._needs_agreement(one):
                said = {"data-only-if": self.add_prefix(AGREED), "data-only-if-answer": YES}
                self.fields[one.name].widget.attrs |= said
            if one.question.kind == Kind.FILE:
                self.fields[f"{one.name}-kept"] = forms.CharField(required=False, widget=forms.HiddenInput)
            if earlier := self._earlier(one):
                # For static/js/conditions.js.
                said = {"data-only-if": self.add_prefix(earlier.name), "data-only-if-answer": one.only_if_answer}
                self.fields[one.name].widget.attrs |= said

    def clean(self):
        cleaned = super().clean()
        for one in self.asked:
            if one.question.kind == Kind.FILE and (file := self._file(one)):
                cleaned[one.name] = file
                self.errors.pop(one.name, None)
            if not self._is_met(one, cleaned):
                # What is not asked cannot be wrong, whatever was sent.
                cleaned[one.name] = None
                self.errors.pop(one.name, None)
        self._keep_files()
        return cleaned

    def _is_met(self, one, cleaned):
        """Whether an earlier answer lets this question be asked; an answer that is itself not asked does not count."""
        if self._needs_agreement(one) and not cleaned.get(AGREED):
            return False
        if one.only_if_id is None:
            return True
        earlier = self._earlier(one)
        value = cleaned.get(earlier.name) if earlier else None
        if isinstance(value, bool):
            value = YES if value else NO
        return one.only_if_answer in (value if isinstance(value, list) else [value])

    def _needs_agreement(self, one):
        return self.agreement is not None and one.question.is_sensitive

    def _earlier(self, one):
        """The question of this form whose answer decides whether this one is asked."""
        return next((other for other in self.asked if other.pk == one.only_if_id), None)

    def _file(self, one):
        """The file just chosen, or the one that was kept when another field was wrong."""
        chosen = self.cleaned_data.get(one.name)
        if chosen:
            return chosen
        try:
            return uploads.find(KEPT.unsign(self.cleaned_data.get(f"{one.name}-kept") or ""))
        except BadSignature:
            return None

    def _keep_files(self):
        """A browser forgets a chosen file when the page comes back: it waits on the server, under a signed name."""
        if not self.errors:
            return
        self.data = self.data.copy()
        for one in self.asked:
            file = self.cleaned_data.get(one.name)
            if one.question.kind == Kind.FILE and file and hasattr(file, "chunks"):
                self.data[self.add_prefix(f"{one.name}-kept")] = KEPT.sign(uploads.keep(file))
                self[one.name].help_text = _("“%(name)s” is kept: choose another file only to replace it.") % {
                    "name": file.name
                }

    @property
    def is_agreed(self):
        """Whether the agreement was given with this form."""
        return bool(self.cleaned_data.get(AGREED))

    def answers(self):
        """What the action wants: question -> answer, of those that were answered."""
        said = {one: self.cleaned_data.get(one.name) for one in self.asked}
        return {one: value for one, value in said.items() if not _is_empty(value)}


def _is_empty(value):
    """Whether nothing was said; zero is an answer."""
    return value is None or value is False or value in ("", [])


def _field(one):
    """The field of a question."""
    question = one.question
    common = {
        "label": str(question),
        "required": one.is_required,
        "help_text": _help(one),
        "error_messages": {"required": _("Please answer this question.")},
    }
    match question.kind:
        case Kind.LONG:
            return forms.CharField(**common, max_length=ENOUGH, widget=forms.Textarea(attrs={"rows": 3}))
        case Kind.CHOICE:
            return forms.ChoiceField(**common, choices=question.options, widget=forms.RadioSelect)
        case Kind.CHOICES:
            return forms.MultipleChoiceField(**common, choices=question.options, widget=forms.CheckboxSelectMultiple)
        case Kind.NUMBER:
            return forms.FloatField(**common, min_value=-1e9, max_value=1e9)
        case Kind.CONSENT:
            return forms.BooleanField(**common)
        case Kind.FILE:
            return forms.FileField(**common, validators=[_small])
    return forms.CharField(**common, max_length=200)


def _small(file):
    if file.size > scans.LARGEST:
        raise ValidationError(_("This file is larger than 10 MB. Scan it in a lower quality, or page by page."))


def _help(one):
    """The explanation, the condition in words, and who reads a sensitive answer."""
    parts = [one.question.help]
    if one.only_if:
        words = dict(one.only_if.question.options) | {YES: _("yes")}
        answer = words.get(one.only_if_answer, one.only_if_answer)
        parts.append(
            _("Only if you answer “%(answer)s” to “%(question)s”.") % {"answer": answer, "question": one.only_if}
        )
    if one.question.is_sensitive:
        words = _("Read by the few who need it, and deleted %(days)d days after the date.")
        parts.append(words % {"days": one.question.keep_days})
    return " ".join(part for part in parts if part)
