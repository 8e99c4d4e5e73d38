"""What people type about sessions and counts."""

import datetime as dt
import zoneinfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.accounts.dates import start_of
from participants.accounts.text import Fold, fold
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, Organisation, School, Territory
from participants.organisations.school_years import current_school_year, school_year_label
from programs.activities.models import Activity, Booking, Programme, Session, Topic

DAY = {"type": "date"}
HOUR = {"type": "time"}
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
DISTANCES = [("", gettext_lazy("any distance")), *((str(km), f"{km} km") for km in (10, 25, 50, 100))]


class OpenSessionFilterForm(forms.Form):
    """What a volunteer looks for."""

    after = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs=DAY))
    before = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs=DAY))
    distance = forms.ChoiceField(label=gettext_lazy("From my campus"), required=False, choices=DISTANCES)
    departement = forms.ModelChoiceField(
        label=gettext_lazy("Département"),
        required=False,
        queryset=Territory.objects.filter(kind=Territory.Kind.DEPARTEMENT),
        empty_label=gettext_lazy("all"),
    )
    topic = forms.ModelChoiceField(
        label=gettext_lazy("Topic"), required=False, queryset=Topic.objects.all(), empty_label=gettext_lazy("all")
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("all")), *Activity._meta.get_field("language").choices],
    )
    free = forms.BooleanField(label=gettext_lazy("Only with a free place"), required=False)

    def __init__(self, *args, campus, **kwargs):
        super().__init__(*args, **kwargs)
        self.campus = campus
        if campus is None:
            del self.fields["distance"]

    def filter(self, sessions):
        """The sessions that fit; a value that means nothing is left aside."""
        said = self.cleaned_data if self.is_valid() else {}
        if self.campus:
            sessions = sessions.with_distance_from(self.campus)
        if said.get("distance"):
            sessions = sessions.filter(distance__lte=int(said["distance"]))
        if said.get("free"):
            sessions = sessions.with_free_places()
        wanted = {
            "starts_at__gte": start_of(said.get("after")),
            "starts_at__lt": start_of(said.get("before"), days=1),
            "school__departement": said.get("departement"),
            "activity__topics": said.get("topic"),
            "activity__language": said.get("language"),
        }
        return sessions.filter(**{lookup: value for lookup, value in wanted.items() if value})


class WeekForm(forms.Form):
    """Which week a coordinator looks at."""

    week = forms.DateField(label=gettext_lazy("Week of"), required=False, widget=forms.DateInput(attrs=DAY))
    missing = forms.BooleanField(label=gettext_lazy("Only with volunteers missing"), required=False)

    def monday(self):
        """The first day of the chosen week, or of this one."""
        day = (self.cleaned_data.get("week") if self.is_valid() else None) or timezone.localdate()
        return day - dt.timedelta(days=day.weekday())

    def filter(self, sessions):
        """The sessions of the week."""
        monday = self.monday()
        sessions = sessions.filter(starts_at__gte=start_of(monday), starts_at__lt=start_of(monday, days=7))
        return sessions.filter(is_missing=True) if self.cleaned_data.get("missing") else sessions


class SessionForm(forms.ModelForm):
    """A session on the wall clock of its place."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    starts = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs=HOUR, format="%H:%M"))
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=forms.TimeInput(attrs=HOUR, format="%H:%M"))
    uai = forms.CharField(
        label=gettext_lazy("In the school (UAI)"),
        required=False,
        max_length=8,
        help_text=gettext_lazy("Seven digits and a letter, as the page of the school shows it."),
    )
    campus = forms.ModelChoiceField(
        label=gettext_lazy("Or on the campus of"),
        required=False,
        queryset=Organisation.objects.filter(
            kind__in=[Organisation.Kind.MEMBER_SCHOOL, Organisation.Kind.CENTER], is_active=True
        ),
    )

    online_url = forms.URLField(label=gettext_lazy("Online room"), required=False, assume_scheme="https")

    class Meta:
        model = Session
        fields = [
            "campus",
            "place",
            "online_url",
            "contact_on_site",
            "briefing",
            "seats",
            "volunteer_places",
            "staff_adults",
        ]

    field_order = ["day", "starts", "ends", "uai", "campus"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff_adults"].required = False
        session = self.instance
        if session.pk:
            self.initial |= {
                "day": session.local_start.date(),
                "starts": session.local_start.time(),
                "ends": session.local_end.time(),
                "uai": session.school.uai if session.school else "",
            }

    def clean_staff_adults(self):
        return self.cleaned_data["staff_adults"] or 0

    def clean_uai(self):
        uai = self.cleaned_data["uai"].strip().upper()
        if not uai:
            return ""
        self.school = School.objects.pickable().filter(uai=uai).first()
        if self.school is None:
            raise ValidationError(_("No open school has this UAI: look it up on the page of the school."))
        return uai

    def clean(self):
        cleaned = super().clean()
        if {"day", "starts", "ends"} <= cleaned.keys() and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The session ends before it starts."))
        if cleaned.get("uai") and cleaned.get("campus"):
            self.add_error("campus", _("Choose the school or a campus, not both."))
        return cleaned

    def _post_clean(self):
        """The model's own rules are the action's to check: it knows the session as it is at that moment."""

    def facts(self):
        """The fields of the session that the form says."""
        zone = zoneinfo.ZoneInfo(self.instance.zone)
        said = {name: self.cleaned_data[name] for name in self.Meta.fields}
        day = self.cleaned_data["day"]
        return said | {
            "school": getattr(self, "school", None),
            "starts_at": dt.datetime.combine(day, self.cleaned_data["starts"], zone),
            "ends_at": dt.datetime.combine(day, self.cleaned_data["ends"], zone),
        }

    def take(self, refusal):
        """Show what the action refused, beside the field that it names where there is one."""
        shown = {"starts_at": "day", "ends_at": "ends", "school": "uai"}
        by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {"__all__": refusal.error_list}
        for name, errors in by_field.items():
            field = shown.get(name, name)
            self.add_error(field if field in self.fields else None, errors)


class ReasonForm(forms.Form):
    """Why something does not take place."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A short sentence that everybody concerned will read."),
    )


class BookingCancelForm(forms.Form):
    """Why a class does not come."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False, choices=Booking.Reason)


class BookForm(forms.Form):
    """A class that comes."""

    uai = forms.CharField(label=gettext_lazy("School (UAI)"), max_length=8)
    class_name = forms.CharField(
        label=gettext_lazy("Class"),
        max_length=40,
        help_text=gettext_lazy("As it stands on the page of the school, such as “2de 4”."),
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"), required=False, min_value=1, help_text=gettext_lazy("The whole class, if empty.")
    )
    override_reason = forms.CharField(
        label=gettext_lazy("Over the limit, because"),
        required=False,
        max_length=250,
        help_text=gettext_lazy("Only when you seat the class although there is no room: it is kept with your name."),
    )

    def __init__(self, *args, school_year, **kwargs):
        super().__init__(*args, **kwargs)
        self.school_year = school_year

    def clean(self):
        cleaned = super().clean()
        if {"uai", "class_name"} <= cleaned.keys():
            cleaned["class_group"] = (
                ClassGroup.objects.for_school_year(self.school_year)
                .annotate(folded=Fold("name"))
                .filter(school__uai=cleaned["uai"].strip().upper(), folded=fold(cleaned["class_name"]))
                .first()
            )
            if cleaned["class_group"] is None:
                self.add_error("class_name", _("This school has no such class this year: add it on its page first."))
        return cleaned


class VolunteerSearchForm(forms.Form):
    """Whom to invite."""

    q = forms.CharField(label=gettext_lazy("Find a volunteer"), required=False)


class ProgrammeForm(forms.ModelForm):
    class Meta:
        model = Programme
        fields = [
            "code",
            "name_fr",
            "name_en",
            "pillar",
            "lead",
            "starts_on",
            "ends_on",
            "description_fr",
            "description_en",
        ]
        widgets = {
            "starts_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }

    def __init__(self, *args, leads, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = leads


def _school_years():
    """The last year, this one and the next."""
    return [(year, school_year_label(year)) for year in range(current_school_year() - 1, current_school_year() + 2)]


class ActivityForm(forms.ModelForm):
    school_year = forms.TypedChoiceField(label=gettext_lazy("School year"), choices=_school_years, coerce=int)
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Levels"), required=False, choices=Level, widget=forms.CheckboxSelectMultiple
    )
    required_clearances = forms.MultipleChoiceField(
        label=gettext_lazy("Clearances that volunteers need"),
        required=False,
        choices=Activity._meta.get_field("required_clearances").base_field.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Activity
        fields = [
            "title_fr",
            "title_en",
            "kind",
            "organisation",
            "school_year",
            "state",
            "language",
            "description_fr",
            "description_en",
            "is_public",
            "topics",
            "levels",
            "volunteers_needed",
            "required_clearances",
            "registration_opens_at",
            "registration_closes_at",
            "seats",
        ]
        widgets = {
            "topics": forms.CheckboxSelectMultiple,
            "registration_opens_at": MOMENT,
            "registration_closes_at": MOMENT,
        }

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class CountForm(forms.Form):
    """How many young people of one class, or of the open public, were there."""

    total = forms.IntegerField(label=gettext_lazy("Young people"), min_value=0, max_value=5000)
    girls = forms.IntegerField(label=gettext_lazy("Girls"), min_value=0, max_value=5000, required=False)
    boys = forms.IntegerField(label=gettext_lazy("Boys"), min_value=0, max_value=5000, required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Level, required=False)

    def __init__(self, *args, class_group=None, expected=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.class_group, self.expected = class_group, expected
        if class_group and class_group.level != Level.UNKNOWN:
            del self.fields["level"]
        for name in ("total", "girls", "boys"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "data-stepper": ""}

    def clean(self):
        cleaned = super().clean()
        parts = (cleaned.get("girls") or 0) + (cleaned.get("boys") or 0)
        if "total" in cleaned and parts > cleaned["total"]:
            self.add_error("total", _("Girls and boys together are more than the total."))
        return cleaned

    def count(self):
        """What the action wants: (class, level, total, girls, boys)."""
        said = self.cleaned_data
        level = said.get("level") or (self.class_group.level if self.class_group else Level.UNKNOWN)
        return self.class_group, level, said["total"], said.get("girls") or 0, said.get("boys") or 0
