"""What the officer fills in about requests and terms."""

from django import forms
from django.forms import modelform_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.people.actions.rights import CORRECTABLE
from participants.people.models import RetentionTerm, RightsRequest
from participants.people.rights import terms


class RightsRequestForm(forms.ModelForm):
    """What was asked, about whom, by whom, and how we know that it is them."""

    class Meta:
        model = RightsRequest
        fields = ["kind", "subject", "about", "asked_by", "checked_by", "received_on"]
        widgets = {
            "kind": forms.RadioSelect,
            "received_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = RightsRequest.Kind.choices

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come: write the day on which the request arrived."))
        return day


class AnswerForm(forms.Form):
    """How the request ended."""

    STATES = [("done", gettext_lazy("done")), ("refused", gettext_lazy("refused"))]

    state = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=STATES, widget=forms.RadioSelect, initial="done")
    answer = forms.CharField(
        label=gettext_lazy("What you answered"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("A refusal says why, and that the person may complain to the CNIL."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("state") == "refused" and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Say why: a refusal needs a reason that can be challenged."))
        return cleaned


def correction_form(person, *args):
    """The fields of a person's record that may be corrected, and why."""
    kind = person._meta.model_name
    form_class = modelform_factory(type(person), fields=CORRECTABLE[kind])
    form = form_class(*args, instance=person)
    form.fields["reason"] = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Kept in the history with the old value.")
    )
    if "birth_date" in form.fields:
        form.fields["birth_date"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return form


class TermForm(forms.ModelForm):
    """How long, and with how much notice where there is somebody to tell."""

    class Meta:
        model = RetentionTerm
        fields = ["months_active", "months_grace"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.category not in terms.PEOPLE:
            del self.fields["months_grace"]
