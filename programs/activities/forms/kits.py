"""What those who run an activity write for its speakers."""

from django import forms
from django.utils.translation import gettext_lazy

from programs.activities.models import Kit, WhatIf


class KitForm(forms.ModelForm):
    class Meta:
        model = Kit
        fields = ["briefing_fr", "briefing_en", "transport_fr", "transport_en"]


class DocumentForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    upload = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("PDF, JPEG or PNG, up to 10 MB."))


WhatIfs = forms.inlineformset_factory(
    Kit, WhatIf, fields=["question_fr", "answer_fr", "question_en", "answer_en"], extra=2, max_num=20
)
