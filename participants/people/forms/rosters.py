from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from participants.organisations.school_years import current_school_year, school_year_label
from participants.people.actions.rosters.sending import can_be_read
from participants.people.rosters.columns import FIELDS
from participants.people.rosters.reading import MAX_BYTES

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".ods")


class RosterForm(forms.Form):
    """A file and the school year that it speaks of."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("CSV, XLSX or ODS, at most 10 MB: an export of SIECLE, Pronote or École Directe, or our template."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        year = current_school_year()
        self.fields["school_year"].choices = [(each, school_year_label(each)) for each in (year, year + 1)]
        self.fields["school_year"].initial = year

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than 10 MB. A class list is much smaller: send only the pupils.")
            )
        if not file.name.lower().endswith(ENDINGS):
            raise ValidationError(_("Send a file that ends in .xlsx, .csv or .ods."))
        return file


class ColumnsForm(forms.Form):
    """What each column of the file is."""

    def __init__(self, *args, names, samples, mapping, **kwargs):
        super().__init__(*args, **kwargs)
        taken = {place: field for field, place in mapping.items()}
        choices = [("", _("leave it out")), *((field, label) for field, label in FIELDS.items())]
        for place, name in enumerate(names):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or _("column without a name"),
                # Help texts are taken for HTML, and this one comes out of a file.
                help_text=escape(" · ".join(samples.get(place, []))),
                choices=choices,
                required=False,
                initial=taken.get(place, ""),
            )
            self.fields[f"column_{place}"].is_taken = place in taken

    def clean(self):
        chosen = {}
        for name, field in list(self.cleaned_data.items()):
            if field in chosen:
                self.add_error(name, _("Another column is this already: keep one of the two."))
            elif field:
                chosen[field] = int(name.removeprefix("column_"))
        if not self.errors and not can_be_read(chosen):
            raise ValidationError(_("Say which columns hold the name and the date of birth."))
        self.mapping = chosen
        return self.cleaned_data

    def guessed(self):
        return [self[name] for name, field in self.fields.items() if field.is_taken or self.errors.get(name)]

    def others(self):
        return [self[name] for name, field in self.fields.items() if not (field.is_taken or self.errors.get(name))]
