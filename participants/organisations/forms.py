from django import forms
from django.utils.translation import gettext_lazy as _

from participants.organisations.levels import Level, levels_of
from participants.organisations.models import ClassGroup, Organisation, School, SchoolYearProfile, Territory

ALL = [("", _("all"))]
QUINTILES = [
    (1, _("1, the lowest fifth")),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, _("5, the highest fifth")),
]


def _territories(label, kind):
    return forms.ModelChoiceField(
        label=label,
        required=False,
        queryset=Territory.objects.filter(kind=kind).order_by("sort_key"),
        to_field_name="code",
        empty_label=_("all"),
    )


class SchoolFilterForm(forms.Form):
    """Which schools to list; all of it stands in the address of the page."""

    q = forms.CharField(
        label=_("Name, town or UAI"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    departement = _territories(_("Département"), Territory.Kind.DEPARTEMENT)
    academie = _territories(_("Académie"), Territory.Kind.ACADEMIE)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ALL, *School.Kind.choices])
    priority = forms.ChoiceField(
        label=_("Priority education"),
        required=False,
        choices=[*ALL, *SchoolYearProfile.PriorityEducation.choices[:-1]],
    )
    quintile = forms.TypedChoiceField(
        label=_("IPS quintile"), required=False, choices=[*ALL, *QUINTILES], coerce=int, empty_value=None
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("open or about to close")), *School.State.choices]
    )

    def schools(self, schools, year):
        """Those that were asked for; dated facts as last known in that school year."""
        wanted = self.cleaned_data
        schools = schools.filter(
            **{name: wanted[name] for name in ("departement", "academie", "kind", "state") if wanted[name]}
        )
        if not wanted["state"]:
            schools = schools.exclude(state=School.State.CLOSED)
        if wanted["kind"] != School.Kind.SECTION:
            schools = schools.filter(is_section=False)
        if wanted["priority"]:
            schools = schools.known_for(year, priority_education=wanted["priority"])
        if wanted["quintile"]:
            schools = schools.known_for(year, ips_quintile=wanted["quintile"])
        return schools.search(wanted["q"]) if wanted["q"] else schools.order_by("sort_name", "pk")


class OrganisationFilterForm(forms.Form):
    q = forms.CharField(label=_("Name"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ALL, *Organisation.Kind.choices])


class ClassGroupForm(forms.ModelForm):
    """A class of this school year, as its teachers know it."""

    class Meta:
        model = ClassGroup
        fields = ["name", "level", "head_count"]
        help_texts = {"name": _("As in your timetable, for example “2de 4”.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [
            ("", "–"),
            *((level.value, level.label) for level in levels_of(self.instance.school.kind)),
            (Level.UNKNOWN.value, _("another level")),
        ]
        self.fields["level"].initial = ""
        if self.instance.pk is None:
            self.initial["level"] = ""
        self.fields["head_count"].widget.attrs["inputmode"] = "numeric"

    def _get_validation_exclusions(self):
        # The school and the year are set, so their constraint can be told beside the field and not as a crash.
        return super()._get_validation_exclusions() - {"school", "school_year"}
