"""When somebody could: weeks, and half-days of the week that suit in them."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.awareness.models.campaign import HALF_DAYS


def _read_week(value):
    return dt.date.fromisoformat(value)


class FreeTimeForm(forms.Form):
    """Of `weeks` (see `weeks.py`) those that suit, as their Mondays; half-days as "1-morning", of which none means all."""

    weeks = forms.TypedMultipleChoiceField(
        label=_("Which weeks suit you?"),
        coerce=_read_week,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one week.")},
    )
    half_days = forms.MultipleChoiceField(
        label=_("Which half-days suit you in these weeks?"),
        help_text=_("Leave empty if all of them do."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=HALF_DAYS,
    )

    def __init__(self, *args, weeks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["weeks"].choices = [(week.key, week.label) for week in weeks if not week.is_off]
