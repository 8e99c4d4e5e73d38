"""Samples for the gallery page: each component with the values that show its states."""

from datetime import date, datetime

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

STEPS = [
    {"label": _("School"), "state": "done", "url": "#steps"},
    {"label": _("Classes"), "state": "done", "url": "#steps"},
    {"label": _("Dates"), "state": "current"},
    {"label": _("Check and send"), "state": "todo"},
]
TABS = [
    {"label": _("Waiting"), "url": "#tabs", "is_current": True, "count": 12},
    {"label": _("Planned"), "url": "#tabs", "is_current": False, "count": 148},
    {"label": _("Closed"), "url": "#tabs", "is_current": False, "count": None},
]
ROWS = [
    {"school": "Lycée Marie-Curie", "town": "Évry-Courcouronnes", "classes": 3, "pupils": 94, "tone": "warn"},
    {"school": "Collège Jean-Moulin", "town": "Grigny", "classes": 2, "pupils": 51, "tone": "ok"},
    {
        "school": "Lycée professionnel Auguste-Perret",
        "town": "Évry-Courcouronnes",
        "classes": 1,
        "pupils": 27,
        "tone": "danger",
    },
]


class SampleForm(forms.Form):
    """One field of each kind."""

    school = forms.CharField(label=_("School"), help_text=_("Name, town or UAI code."))
    email = forms.EmailField(label=_("E-mail address"))
    level = forms.ChoiceField(
        label=_("Level"), choices=[("", "–"), ("2nde", "Seconde"), ("1re", "Première"), ("tle", "Terminale")]
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    pupils = forms.IntegerField(label=_("How many young people?"), min_value=1)
    place = forms.ChoiceField(
        label=_("Where?"),
        widget=forms.RadioSelect,
        choices=[("school", _("In our school")), ("campus", _("On the campus")), ("either", _("Either suits us"))],
    )
    half_days = forms.MultipleChoiceField(
        label=_("Half-days that suit"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("mon", _("Monday morning")), ("tue", _("Tuesday afternoon")), ("thu", _("Thursday afternoon"))],
    )
    needs = forms.CharField(label=_("Practical needs"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    programme = forms.FileField(label=_("A file"), required=False)
    agreed = forms.BooleanField(label=_("The head of the school knows of this request."))


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("All")), ("waiting", _("Waiting")), ("planned", _("Planned"))]
    )


def context(request):
    """Everything that the gallery shows."""
    zone = timezone.get_current_timezone()
    wrong = {"school": "Lycée Marie-Curie", "email": "ada", "level": "2nde", "place": "moon", "pupils": "0"}
    return {
        "form": SampleForm(),
        "wrong_form": SampleForm({f"wrong-{name}": value for name, value in wrong.items()}, prefix="wrong"),
        "filters": FilterForm(request.GET or None),
        "steps": STEPS,
        "tabs": TABS,
        "rows": ROWS,
        "page": Paginator(range(240), 20).get_page(request.GET.get("page", 3)),
        "start": datetime(2026, 12, 3, 14, tzinfo=zone),
        "end": datetime(2026, 12, 3, 16, 30, tzinfo=zone),
        "day": date(2027, 1, 1),
        "tones": ["neutral", "info", "ok", "warn", "danger"],
    }
