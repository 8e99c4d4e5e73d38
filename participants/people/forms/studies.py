"""What somebody studies after the bac, as the center or the young person tells it."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.organisations.school_years import current_school_year, school_year_label
from participants.people.forms.pupils import DateInput
from participants.people.models import Study
from participants.people.models.enrolment import Source

YEARS_BACK = 8


class OwnStudyForm(forms.ModelForm):
    """One school year, in three answers."""

    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int)

    class Meta:
        model = Study
        fields = ["school_year", "kind", "member_school"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"member_school": _("Only for who was admitted to one of them.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        now = current_school_year()
        self.fields["school_year"].choices = [
            (year, school_year_label(year)) for year in range(now, now - YEARS_BACK, -1)
        ]
        self.fields["kind"].choices = Study.Kind.choices
        self.fields["member_school"].empty_label = _("none of them")
        schools = self.fields["member_school"].queryset
        self.fields["member_school"].queryset = schools.filter(is_active=True).order_by("sort_name")

    def told(self):
        """What the action takes."""
        return self.cleaned_data | {"source": Source.PUPIL, "told_on": timezone.localdate()}


class StudyForm(OwnStudyForm):
    """The same with who told it and when."""

    class Meta(OwnStudyForm.Meta):
        fields = [*OwnStudyForm.Meta.fields, "source", "told_on"]
        widgets = OwnStudyForm.Meta.widgets | {"source": forms.RadioSelect, "told_on": DateInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("source", "told_on"):
            self.fields[name].required = True
        self.fields["source"].choices = Study.SOURCES
        self.fields["told_on"].initial = timezone.localdate

    def told(self):
        return self.cleaned_data
