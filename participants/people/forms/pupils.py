"""What is asked about a pupil and a school year."""

from django import forms
from django.db.models import Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.accounts.text import Fold
from participants.organisations.levels import Level, levels_of
from participants.organisations.models import ClassGroup, School
from participants.organisations.school_years import current_school_year, school_year_label
from participants.people import consents
from participants.people.ages import age_on
from participants.people.models import Enrolment, Pupil, PupilNote, Purpose
from participants.people.models.enrolment import FACTS, LANGUAGES_STUDIED, NOBODY_KNOWS, Speciality

AGES = range(9, 23)
YEARS_BACK = 4
SCHOOLS_FOUND = 50
ALL = [("", _("all"))]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def schools_named(text) -> list[int]:
    """The schools that a filter means by a name, a town or a UAI."""
    return [school.pk for school in School.objects.search(text)[:SCHOOLS_FOUND]]


class PupilFilterForm(forms.Form):
    """Which pupils to list; all of it stands in the address of the page."""

    q = forms.CharField(
        label=_("Name"), required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"})
    )
    year = forms.TypedChoiceField(label=_("School year"), required=False, coerce=int, empty_value=None)
    school = forms.CharField(label=_("School (name, town or UAI)"), required=False, max_length=120)
    class_name = forms.CharField(label=_("Class"), required=False, max_length=40)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[*ALL, *Level.choices])
    consent = forms.ChoiceField(
        label=_("Consent to taking part"),
        required=False,
        choices=[*ALL, ("done", _("done")), ("missing", _("missing"))],
    )

    def __init__(self, *args, is_of_school=False, **kwargs):
        super().__init__(*args, **kwargs)
        this = current_school_year()
        self.fields["year"].choices = [
            ("", _("this year")),
            *((year, school_year_label(year)) for year in range(this + 1, this - YEARS_BACK - 1, -1) if year != this),
        ]
        if is_of_school:
            del self.fields["school"]

    @property
    def year_shown(self):
        told = self.cleaned_data.get("year") if self.is_valid() else None
        return told or current_school_year()

    def pupils(self, pupils):
        """Those that were asked for, of one school year."""
        wanted = self.cleaned_data
        for word in wanted["q"].split():
            pupils = pupils.filter(sort_name__holds=word)
        pupils = pupils.filter(pk__in=self._years(wanted).values("pupil"))
        if wanted["consent"]:
            of_those = consents.allowed if wanted["consent"] == "done" else consents.lacking
            pupils = of_those(pupils, Purpose.TAKING_PART)
        return pupils

    def _years(self, wanted):
        years = Enrolment.objects.filter(school_year=self.year_shown)
        if wanted.get("school"):
            years = years.filter(school__in=schools_named(wanted["school"]))
        if wanted["class_name"]:
            groups = ClassGroup.objects.alias(folded=Fold("name")).filter(
                school_year=self.year_shown, folded=Fold(Value(wanted["class_name"].strip()))
            )
            years = years.filter(class_group__in=groups)
        return years.filter(level=wanted["level"]) if wanted["level"] else years


class PupilForm(forms.ModelForm):
    """Who the pupil is. An unlikely age is asked about, not refused."""

    is_sure = forms.BooleanField(label=_("The date of birth is right"), required=False)

    class Meta:
        model = Pupil
        fields = ["first_name", "last_name", "birth_date", "sex", "email"]
        widgets = {"birth_date": DateInput(), "sex": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].required = True
        for name in ("first_name", "last_name", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if not self._age_is_odd():
            del self.fields["is_sure"]

    def clean_birth_date(self):
        born = self.cleaned_data["birth_date"]
        if born > timezone.localdate():
            raise forms.ValidationError(_("The date of birth lies in the future. Correct the year."))
        return born

    def clean(self):
        wanted = super().clean()
        if "is_sure" in self.fields and not wanted.get("is_sure") and not self.errors.get("birth_date"):
            text = _("That makes %(age)s years. Correct the date, or tick below that it is right.")
            self.add_error("birth_date", forms.ValidationError(text, params={"age": self._age()}))
        return wanted

    def person(self):
        """What the actions take: the fields of the pupil as they were understood."""
        return {name: self.cleaned_data[name] for name in PupilForm.Meta.fields}

    def _age(self):
        """The age that was typed, or nothing when it is no date."""
        if not self.is_bound:
            return None
        try:
            typed = self.data.get(self.add_prefix("birth_date"))
            return age_on(self.fields["birth_date"].to_python(typed), timezone.localdate())
        except (forms.ValidationError, AttributeError):
            return None

    def _age_is_odd(self):
        age = self._age()
        return age is not None and age >= 0 and age not in AGES


class YearFields(forms.Form):
    """In which class and level, of one school."""

    class_name = forms.CharField(
        label=_("Class"),
        required=False,
        max_length=40,
        help_text=_("As in your timetable, for example “2de 4”. A new name makes a new class."),
    )
    level = forms.ChoiceField(label=_("Level"))

    def __init__(self, *args, school, school_year=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [
            (Level.UNKNOWN.value, _("unknown")),
            *((level.value, level.label) for level in levels_of(school.kind)),
        ]
        self.fields["level"].initial = Level.UNKNOWN.value
        self.fields["class_name"].widget.attrs["list"] = "classes"
        self.fields["class_name"].widget.attrs["autocomplete"] = "off"
        year = school_year or current_school_year()
        self.classes = ClassGroup.objects.filter(school=school, school_year=year).order_by("name")


class PupilEntryForm(YearFields, PupilForm):
    """A new pupil with the first school year."""

    field_order = ["first_name", "last_name", "birth_date", "is_sure", "sex", "class_name", "level", "email"]

    class Meta(PupilForm.Meta):
        pass


class EnrolForm(YearFields):
    """Another school year of a pupil."""

    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int)

    field_order = ["school_year", "class_name", "level"]

    def __init__(self, *args, pupil, school, **kwargs):
        super().__init__(*args, school=school, **kwargs)
        this = current_school_year()
        known = set(pupil.enrolments.values_list("school_year", flat=True))
        free = [year for year in range(this + 1, this - YEARS_BACK - 1, -1) if year not in known]
        self.fields["school_year"].choices = [(year, school_year_label(year)) for year in free]
        self.fields["school_year"].initial = this if this in free else free[0] if free else None


class YearForm(YearFields):
    """In which class and level the pupil is in a school year."""

    def __init__(self, *args, instance, **kwargs):
        group = instance.class_group
        initial = {"class_name": group.name if group else "", "level": instance.level}
        super().__init__(*args, initial=initial, school=instance.school, school_year=instance.school_year, **kwargs)
        if instance.level not in dict(self.fields["level"].choices):
            self.fields["level"].choices.append((instance.level, instance.get_level_display()))


class FactsForm(forms.ModelForm):
    """The facts of a school year, each with who told it and when: all of them may stay unknown."""

    specialities = forms.MultipleChoiceField(
        label=_("Specialist subjects"), choices=Speciality, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages studied"), choices=LANGUAGES_STUDIED, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Enrolment
        fields = [
            *("track", *FACTS["track"]),
            *("specialities", *FACTS["specialities"]),
            *("languages", *FACTS["languages"]),
            *("scholarship", "scholarship_scale", "scholarship_step", *FACTS["scholarship"]),
            *("priority_neighbourhood", "neighbourhood_version", *FACTS["priority_neighbourhood"]),
            *("first_generation", *FACTS["first_generation"]),
            *("social_origin", *FACTS["social_origin"]),
        ]
        labels = {
            **{source: _("Told by") for source, _day in FACTS.values()},
            **{day: _("Told on") for _source, day in FACTS.values()},
        }
        widgets = {day: DateInput() for _source, day in FACTS.values()}
        help_texts = {
            "scholarship_step": _("Collège 1 to 3, lycée 1 to 6, afterwards 0 (0bis) to 7."),
            "priority_neighbourhood": _("Where the pupil lives, not where the school stands. The address is not kept."),
            "first_generation": _("No parent holds a diploma above the baccalauréat."),
            "social_origin": _("One of four groups; never the income."),
        }

    def clean(self):
        wanted = super().clean()
        for fact, (source, day) in FACTS.items():
            self._pair(wanted, fact, source, day)
        if wanted.get("scholarship") != "yes":
            wanted["scholarship_scale"], wanted["scholarship_step"] = "", None
        if wanted.get("scholarship_step") is not None and not wanted.get("scholarship_scale"):
            self.add_error("scholarship_scale", _("Say on which scale the step counts."))
        if wanted.get("priority_neighbourhood") == "unknown":
            wanted["neighbourhood_version"] = None
        elif not wanted.get("neighbourhood_version"):
            self.add_error("neighbourhood_version", _("Say by which version of the zones: 2015 or 2024."))
        return wanted

    def facts(self):
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def groups(self):
        """The fields fact by fact, for the page."""
        names = iter(self.Meta.fields)
        groups: list[list] = []
        for name in names:
            if name in FACTS:
                groups.append([])
            groups[-1].append(self[name])
        return groups

    def _pair(self, wanted, fact, source, day):
        """A known fact needs its source and day; an unknown one has neither."""
        if wanted.get(fact) == NOBODY_KNOWS.get(fact, "unknown"):
            wanted[source], wanted[day] = "", None
            return
        if not wanted.get(source):
            self.add_error(source, _("Say who told it: the school, the family or the pupil."))
        if not wanted.get(day) and day not in self.errors:
            self.add_error(day, _("Say on which day it was told."))
        elif wanted.get(day) and wanted[day] > timezone.localdate():
            self.add_error(day, _("This day is still to come."))


class NoteForm(forms.ModelForm):
    class Meta:
        model = PupilNote
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": 1000})}
