from django import forms
from django.utils.translation import gettext_lazy as _

from participants.correspondence.reading import LARGEST
from participants.organisations.levels import Level
from participants.organisations.models import School
from participants.organisations.school_years import current_school_year, school_year_label
from participants.people.exports import PARTS
from participants.people.models import Enrolment, Pupil, Purpose

FORMATS = [("xlsx", _("Excel (XLSX)")), ("csv", "CSV")]


class PupilFileForm(forms.Form):
    """A list of pupils from outside."""

    file = forms.FileField(
        label=_("List of pupils"),
        help_text=_("CSV or XLSX, at most 64 MB. The first line names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 64 MB. Split it in two."))
        return file


class PupilExportForm(forms.Form):
    """Which pupils, for what, with which columns."""

    year = forms.TypedChoiceField(label=_("School year"), coerce=int)
    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=Purpose,
        initial=Purpose.TAKING_PART,
        help_text=_("Only pupils whose family agreed to this are in the file."),
    )
    columns = forms.MultipleChoiceField(label=_("Columns"), widget=forms.CheckboxSelectMultiple)
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, widget=forms.RadioSelect, initial="xlsx")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        this = current_school_year()
        self.fields["year"].choices = [(year, school_year_label(year)) for year in range(this, this - 6, -1)]
        self.fields["year"].initial = this
        seen = Enrolment.objects.filter(pupil__in=Pupil.objects.visible_to(user), school_year__gt=this - 6)
        self.fields["school"].queryset = School.objects.filter(pk__in=seen.values("school"))
        self.fields["school"].empty_label = _("all schools")
        self.fields["level"].choices = [("", _("all levels")), *Level.choices]
        self.fields["columns"].choices = [(code, part.label) for code, part in PARTS.items()]
        self.fields["columns"].initial = list(PARTS)

    def parameters(self) -> dict:
        """What the job is told: codes and keys, no name."""
        chosen = self.cleaned_data
        return {
            "format": chosen["format"],
            "year": chosen["year"],
            "purpose": chosen["purpose"],
            "columns": chosen["columns"],
            "level": chosen["level"],
            "school": chosen["school"].pk if chosen["school"] else None,
        }
