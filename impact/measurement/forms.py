"""The filters of the figures and the form of a target."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from impact.measurement.funnel import FIRST_AXIS, FUNNEL_AXES
from impact.measurement.indicators import INDICATORS
from impact.measurement.models import Target, Within
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation, School, Territory
from participants.organisations.school_years import current_school_year, school_year_label
from programs.activities.models import Programme

GROUPS = {Within.PILLAR: _("Pillars"), Within.PROGRAMME: _("Programmes"), Within.ORGANISATION: _("Organisations")}


class FilterForm(forms.Form):
    """What is looked at; every field has a value of its own accord."""

    year = forms.TypedChoiceField(label=_("School year"), required=False, coerce=int)
    of = forms.ChoiceField(label=pgettext_lazy("figures", "Of"), required=False)
    place = forms.ChoiceField(label=_("Where"), required=False)
    figure = forms.ChoiceField(label=_("Figure"), required=False)
    by = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, years, perimeters, may_choose_place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, school_year_label(year)) for year in years]
        self.fields["of"].choices = _grouped(perimeters)
        self.fields["figure"].choices = [(indicator.code, indicator.label) for indicator in INDICATORS.values()]
        if len(perimeters) == 1:
            del self.fields["of"]
        if may_choose_place:
            self.fields["place"].choices = [("", _("everywhere")), *_places()]
        else:
            del self.fields["place"]


class FunnelForm(forms.Form):
    """Which cohort, and by what; each has a value of its own accord."""

    year = forms.TypedChoiceField(label=_("School year of entry"), required=False, coerce=int)
    by = forms.ChoiceField(label=_("By"), required=False)

    def __init__(self, data, *, years):
        super().__init__({"year": current_school_year(), "by": FIRST_AXIS} | data.dict())
        self.fields["year"].choices = [(year, school_year_label(year)) for year in years]
        self.fields["by"].choices = [(code, axis.label) for code, axis in FUNNEL_AXES.items()]

    def chosen(self) -> dict:
        """What was chosen; this year and the first axis where it makes no sense (an edited address)."""
        self.is_valid()
        said = self.cleaned_data
        return {"year": said.get("year") or current_school_year(), "by": said.get("by") or FIRST_AXIS}


class TargetForm(forms.ModelForm):
    """A target for the center or for a programme that one manages."""

    class Meta:
        model = Target
        fields = ["school_year", "programme", "indicator", "value"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        this_year = current_school_year()
        years = range(this_year - 3, this_year + 3)
        self.fields["school_year"] = forms.TypedChoiceField(
            label=_("School year"),
            coerce=int,
            initial=this_year,
            choices=[(year, school_year_label(year)) for year in years],
        )
        self.fields["programme"].queryset = Programme.objects.managed_by(user, Permission.FIGURE_MANAGE)
        self.fields["programme"].empty_label = _("the whole center")
        self.fields["value"].min_value = 1
        center = Organisation.objects.managed_by(user, Permission.FIGURE_MANAGE).filter(kind=Organisation.Kind.CENTER)
        if not user.can_everywhere(Permission.FIGURE_MANAGE) and not center.exists():
            self.fields["programme"].required = True


def _grouped(perimeters):
    """The choices, those of one kind under its name."""
    alone = [(perimeter.key, perimeter.label) for perimeter in perimeters if perimeter.is_center]
    groups = [
        (name, [(perimeter.key, perimeter.label) for perimeter in perimeters if perimeter.within == within])
        for within, name in GROUPS.items()
    ]
    return [*alone, *((name, choices) for name, choices in groups if choices)]


def _places():
    """Académies and départements that have schools."""
    in_it = School.objects.filter(Q(departement=OuterRef("pk")) | Q(academie=OuterRef("pk")))
    found = list(Territory.objects.filter(Exists(in_it)))
    kinds = Territory.Kind
    return [
        (name, [(str(place.pk), str(place)) for place in found if place.kind == kind])
        for kind, name in ((kinds.ACADEMIE, _("Académies")), (kinds.DEPARTEMENT, _("Départements")))
    ]
