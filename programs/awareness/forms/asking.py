"""The steps of a teacher's request."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, School
from programs.awareness.forms.free_time import FreeTimeForm
from programs.awareness.models import WEEKDAYS, HalfDay, RequestedClass, TalkRequest
from programs.awareness.weeks import SCHOOL_DAYS

# The half-days of a week as the page lays them out: a day a row.
HALF_DAY_ROWS = [
    {
        "weekday": WEEKDAYS[weekday],
        "cells": [
            {"value": f"{weekday}-{half_day.value}", "label": half_day.label}
            for half_day in (HalfDay.MORNING, HalfDay.AFTERNOON)
        ],
    }
    for weekday in SCHOOL_DAYS
]
LEVELS = [("", "–"), *((level.value, level.label) for level in Level if level != Level.UNKNOWN)]


class SchoolForm(forms.Form):
    """Which of one's schools the request is for."""

    school = forms.ModelChoiceField(
        School.objects.none(), label=_("School"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, schools, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools


class ClassForm(forms.ModelForm):
    """One class: level, pupils, name. A row left empty does not count."""

    class Meta:
        model = RequestedClass
        fields = ["level", "head_count", "name"]
        labels = {"head_count": _("Pupils"), "level": _("Level"), "name": _("Name of the class")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = LEVELS
        self.fields["head_count"].widget.attrs |= {"inputmode": "numeric", "min": 1, "max": 200}
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}


class BaseClassFormSet(forms.BaseFormSet):
    def entries(self):
        """The values of the rows that count: not the empty ones, not those taken away."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [{name: row[name] for name in ("level", "head_count", "name")} for row in rows]


ClassFormSet = forms.formset_factory(
    ClassForm, BaseClassFormSet, extra=1, can_delete=True, can_delete_extra=False, max_num=20
)


def say_class(group) -> str:
    return ngettext(
        "%(name)s · %(level)s · %(count)d pupil", "%(name)s · %(level)s · %(count)d pupils", group.head_count
    ) % {"name": group.name, "level": group.get_level_display(), "count": group.head_count}


class KnownClassesForm(forms.Form):
    """Classes of this year that the school has already named."""

    known = forms.ModelMultipleChoiceField(
        ClassGroup.objects.none(),
        label=_("Classes we already know"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["known"].queryset = groups
        self.fields["known"].label_from_instance = say_class

    def entries(self):
        return [
            {"level": group.level, "head_count": group.head_count, "name": group.name}
            for group in self.cleaned_data["known"]
        ]


class DatesForm(FreeTimeForm):
    """The same of a teacher, for whom more weeks mean an answer sooner; half-days as (weekday, half-day)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["weeks"].error_messages["required"] = _(
            "Choose at least one week: the more you choose, the sooner we find students."
        )

    def clean_half_days(self):
        pairs = (value.split("-") for value in self.cleaned_data["half_days"])
        return [(int(weekday), half_day) for weekday, half_day in pairs]


class WishesForm(forms.ModelForm):
    """What the talk should be about, where, in which language, and what the students must know."""

    class Meta:
        model = TalkRequest
        fields = ["topics", "format", "language", "wish", "needs"]
        widgets = {
            "topics": forms.CheckboxSelectMultiple,
            "format": forms.RadioSelect,
            "language": forms.RadioSelect,
            "wish": forms.Textarea(attrs={"rows": 3}),
            "needs": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "wish": _("What your pupils wonder about, what you would like them to take home."),
            "needs": _("Projector, entrance, car park, step-free access, who welcomes the students."),
        }
