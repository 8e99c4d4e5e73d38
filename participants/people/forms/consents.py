"""What families and staff type about consents."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participants.people import questions
from participants.people.actions.consents import Word
from participants.people.models import Consent, ConsentText

YES_OR_NO = [(Consent.Decision.GIVEN, _("I agree")), (Consent.Decision.REFUSED, _("I do not agree"))]


class FamilyForm(forms.Form):
    """All that a signer is asked, each answered by yes, no, or not yet. Nothing is ticked beforehand."""

    texts = forms.CharField(widget=forms.HiddenInput)
    signature = forms.CharField(
        label=_("Your first and last name"),
        max_length=170,
        help_text=_("Typing it here is your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args, children, **kwargs):
        super().__init__(*args, **kwargs)
        self.children = children
        self.asked = {q.key: q for child in children for q in child.everything if not q.is_given}
        everything = [q for child in children for q in child.everything]
        # Said already, and said again: the second of two taps on the same button.
        self.repeated = [q for q in everything if q.is_given and self.data.get(q.key) == Consent.Decision.GIVEN]
        self.initial["texts"] = self.stamp = _stamp(everything)
        for key, question in self.asked.items():
            self.fields[key] = forms.ChoiceField(
                label=question.text.title, choices=YES_OR_NO, required=False, widget=forms.RadioSelect
            )
        for child in children:
            if any(question.key in self.asked for question in child.own_questions):
                self.fields[f"{child.pupil.pk}-name"] = forms.CharField(
                    label=_("Your first name, typed by you"), max_length=80, required=False
                )

    def rows(self):
        """The children with their questions beside the fields, as the page shows them."""
        return [
            {
                "child": child,
                "asked": self._pairs(child.questions, waiting=True),
                "changeable": self._pairs(child.everything, waiting=False),
                "own": self._pairs(child.own_questions, waiting=True),
                "own_name": self[name] if (name := f"{child.pupil.pk}-name") in self.fields else None,
                "said": [question for question in child.everything if question.word is not None],
            }
            for child in self.children
        ]

    def _pairs(self, asked, *, waiting):
        return [(q, self[q.key]) for q in asked if q.key in self.asked and q.is_answered != waiting]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("texts") != self.stamp:
            raise ValidationError(_("A text has changed while you were reading. Please read it again and answer."))
        if not self.repeated and not any(cleaned.get(key) for key in self.asked):
            raise ValidationError(_("Answer at least one question with yes or no."))
        for child in self.children:
            self._check_own_name(child, cleaned)
        return cleaned

    def _check_own_name(self, child, cleaned):
        name = f"{child.pupil.pk}-name"
        answered = any(cleaned.get(question.key) for question in child.own_questions)
        if name in self.fields and answered and not cleaned.get(name):
            self.add_error(name, _("Type your first name, or leave your answers open."))

    def words(self) -> list[Word]:
        """What was said, in the words of the ledger; what was left open is not among them."""
        return [
            Word(question.pupil, question.guardian, question.purpose, answer, self._signature(question))
            for key, question in self.asked.items()
            if (answer := self.cleaned_data.get(key))
        ]

    def _signature(self, question):
        is_beside_guardian = question.guardian is None and f"{question.pupil.pk}-name" in self.fields
        return self.cleaned_data[f"{question.pupil.pk}-name" if is_beside_guardian else "signature"]


def _stamp(asked) -> str:
    """Names the versions on the page, so that nobody signs what they have not read."""
    return hashlib.sha256(",".join(str(question.text.pk) for question in asked).encode()).hexdigest()[:16]


class NewLinkForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one that you gave to the school."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class ConsentTextForm(forms.ModelForm):
    """A new version of a text, French and English side by side."""

    ask_again = forms.BooleanField(
        label=_("Ask everybody again"),
        required=False,
        help_text=_(
            "What was said so far ends yesterday. Without this tick, earlier answers stay good until their own end: "
            "right for a corrected spelling, wrong for a new use."
        ),
    )

    class Meta:
        model = ConsentText
        fields = ["title_fr", "text_fr", "title_en", "text_en", "each_school_year"]
        widgets = {name: forms.Textarea(attrs={"rows": 16}) for name in ("text_fr", "text_en")}


class PaperForm(forms.Form):
    """A signed paper: who signed, what it says, and its scan."""

    signer = forms.ChoiceField(label=_("Who signed"), widget=forms.RadioSelect)
    scan = forms.FileField(
        label=_("Scan or photo of the paper"),
        help_text=_("PDF, JPEG or PNG, 10 MB at most."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def __init__(self, *args, pupil, **kwargs):
        super().__init__(*args, **kwargs)
        links = pupil.guardianships.select_related("guardian").order_by("rank")
        self.signers = {str(link.guardian_id): link.guardian for link in links} | {"pupil": None}
        self.pupil = pupil
        self.fields["signer"].choices = [
            (key, str(guardian) if guardian else _("%(name)s (the pupil)") % {"name": pupil})
            for key, guardian in self.signers.items()
        ]
        texts = questions.current_texts()
        for purpose in questions.asked_at(pupil.age):
            if purpose in texts:
                self.fields[purpose] = forms.ChoiceField(
                    label=texts[purpose].title, choices=YES_OR_NO, required=False, widget=forms.RadioSelect
                )

    def clean(self):
        cleaned = super().clean()
        if not self.answers():
            raise ValidationError(_("Say for at least one point what the paper says, yes or no."))
        return cleaned

    def answers(self):
        return {purpose: answer for purpose in questions.ASKED if (answer := self.cleaned_data.get(purpose))}

    def words(self) -> list[Word]:
        guardian = self.signers[self.cleaned_data["signer"]]
        name = str(guardian or self.pupil)
        return [Word(self.pupil, guardian, purpose, answer, name) for purpose, answer in self.answers().items()]
