"""Three questions on a small screen."""

import uuid

from django import forms
from django.utils.translation import gettext as _

from programs.activities.feedback import FACES
from programs.activities.models import Question


class SheetForm(forms.Form):
    """A field a question; whatever is left open is not kept."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = {question.code: question for question in questions}
        self.initial |= {"nonce": uuid.uuid4()}
        for question in questions:
            self.fields[question.code] = _field(question)

    def clean(self):
        said = super().clean()
        if not self.errors and not self.replies():
            raise forms.ValidationError(_("Answer at least one question."))
        return said

    def replies(self):
        """{question: number or words}, of what was answered."""
        said = {question: self.cleaned_data.get(code) for code, question in self.questions.items()}
        return {question: answer for question, answer in said.items() if answer}


def _field(question):
    if question.kind == Question.Kind.TEXT:
        area = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(label=question.text, required=False, max_length=500, widget=area)
    return forms.TypedChoiceField(
        label=question.text,
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(value, FACES[value]) for value in reversed(FACES)],
        widget=forms.RadioSelect(attrs={"class": "faces"}),
    )
