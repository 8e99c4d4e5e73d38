"""What people say about a thing to do: later, or somebody else."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.activities.inbox import colleagues_of

LATER = {"1": _("tomorrow"), "3": _("in three days"), "7": _("in a week"), "30": _("in a month"), "": _("now")}


class SnoozeForm(forms.Form):
    """When it comes back."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    days = forms.ChoiceField(label=_("Show again"), required=False, choices=list(LATER.items()))

    @property
    def until(self) -> dt.date | None:
        days = self.cleaned_data["days"]
        return timezone.localdate() + dt.timedelta(days=int(days)) if days else None


class AssignForm(forms.Form):
    """Who takes it on; nobody gives it back to all."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    to = forms.ModelChoiceField(None, label=_("Who takes it on"), required=False, empty_label=_("nobody yet"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues_of(user)
