"""What a coordinator chooses about two records."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.people.duplicates.choices import choices
from participants.people.duplicates.scoring import SURE_FROM
from participants.people.forms.pupils import schools_named
from participants.people.models import DuplicatePair, Enrolment

BANDS = [
    ("", _("all")),
    ("sure", _("very likely")),
    ("likely", _("likely")),
]
_DECISIONS = {"": _("to look at"), DuplicatePair.State.APART: _("not the same person")}


class DuplicateFilterForm(forms.Form):
    school = forms.CharField(label=_("School (name, town or UAI)"), required=False, max_length=120)
    band = forms.ChoiceField(label=_("How likely"), required=False, choices=BANDS)
    state = forms.ChoiceField(required=False, choices=[*_DECISIONS.items()], widget=forms.HiddenInput)

    def narrow(self, pairs):
        """The pairs that the filters leave; all open ones when a filter makes no sense."""
        if not self.is_valid():
            return pairs.open()
        chosen = self.cleaned_data
        pairs = pairs.filter(state=chosen["state"] or DuplicatePair.State.OPEN)
        if chosen["band"]:
            pairs = (
                pairs.filter(score__gte=SURE_FROM) if chosen["band"] == "sure" else pairs.filter(score__lt=SURE_FROM)
            )
        if chosen["school"]:
            there = Enrolment.objects.filter(school__in=schools_named(chosen["school"])).values("pupil")
            pairs = pairs.filter(one__in=there) | pairs.filter(other__in=there)
        return pairs


class MergeForm(forms.Form):
    """One choice for each field in which the records differ: the number of the record whose value stands."""

    def __init__(self, *args, pair, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices = choices(pair.one, pair.other)
        for choice in self.choices:
            if choice.differs:
                self.fields[choice.name] = forms.TypedChoiceField(
                    label=choice.label,
                    coerce=int,
                    choices=[(choice.one_id, choice.one), (choice.other_id, choice.other)],
                    initial=choice.proposed,
                    widget=forms.RadioSelect,
                )
