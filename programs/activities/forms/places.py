"""What people type about places: the rules of an activity, and bookings beyond them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup
from participants.people.models import Pupil
from programs.activities.forms.questions import AnsweringForm
from programs.activities.models import Activity, PriorityCriterion

QUOTAS = 3
LEVELS = [choice for choice in Level.choices if choice[0] != Level.UNKNOWN]
RULES = [
    *("registration_for", "public_seats", "seats_in_all", "school_cap", "needs_two_adults"),
    *("offer_hours", "offer_margin_hours"),
]


class PlaceRulesForm(forms.ModelForm):
    """Who may register, what binds the bookings, who comes first, how long an offer lasts."""

    registration_for = forms.MultipleChoiceField(
        label=gettext_lazy("Who may register"),
        required=False,
        choices=Activity.Audience,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody: the team of the center books."),
    )

    class Meta:
        model = Activity
        fields = RULES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        points = {row.criterion: row.weight for row in self.instance.priorities.all()}
        for criterion in PriorityCriterion.Criterion:
            self.fields[f"points-{criterion}"] = forms.IntegerField(
                label=capfirst(criterion.label), required=False, min_value=0, max_value=100
            )
            self.initial[f"points-{criterion}"] = points.get(criterion)
        known = list(self.instance.quotas.all())
        for number in range(max(QUOTAS, len(known))):
            self.fields[f"levels-{number}"] = forms.MultipleChoiceField(
                label=_("Levels"), required=False, choices=LEVELS, widget=forms.CheckboxSelectMultiple
            )
            self.fields[f"seats-{number}"] = forms.IntegerField(label=_("Seats"), required=False, min_value=0)
            if number < len(known):
                self.initial[f"levels-{number}"] = known[number].levels
                self.initial[f"seats-{number}"] = known[number].seats

    def clean(self):
        cleaned = super().clean()
        for number in self._quota_numbers():
            levels, seats = cleaned.get(f"levels-{number}"), cleaned.get(f"seats-{number}")
            if bool(levels) != (seats is not None) and not self.has_error(f"seats-{number}"):
                self.add_error(f"seats-{number}", _("Give both the levels and the seats, or neither."))
        return cleaned

    def _post_clean(self):
        """The model's own rules are the action's to check, under its lock."""

    def _quota_numbers(self):
        return [int(name.removeprefix("levels-")) for name in self.fields if name.startswith("levels-")]

    def rules(self):
        """What the action wants."""
        said = self.cleaned_data
        quotas = [(said[f"levels-{n}"], said[f"seats-{n}"]) for n in self._quota_numbers() if said[f"levels-{n}"]]
        points = {name: said[f"points-{name}"] for name in PriorityCriterion.Criterion.values if said[f"points-{name}"]}
        return {"quotas": quotas, "priorities": points} | {name: said[name] for name in RULES}

    def take(self, refusal: ValidationError):
        """Show what the action refused."""
        self.add_error(None, refusal.messages)

    @property
    def plain_fields(self):
        return [self[name] for name in RULES]

    @property
    def point_fields(self):
        return [self[name] for name in self.fields if name.startswith("points-")]

    @property
    def quota_fields(self):
        return [(self[f"levels-{n}"], self[f"seats-{n}"]) for n in self._quota_numbers()]


class SeatForm(forms.Form):
    """Why somebody gets seats although a limit is in the way or others come first."""

    override_reason = forms.CharField(
        label=gettext_lazy("Over the limit, because"),
        required=False,
        max_length=250,
        help_text=gettext_lazy("Only needed when something is in the way: it is kept with your name."),
    )


class RegisterClassForm(AnsweringForm):
    """A class, chosen among those of one's school."""

    kind = "class"
    class_group = forms.ModelChoiceField(label=gettext_lazy("Class"), queryset=ClassGroup.objects.none())
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"), required=False, min_value=1, help_text=gettext_lazy("The whole class, if empty.")
    )

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["class_group"].queryset = classes

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("class_group", "seats")}


class RegisterPupilForm(AnsweringForm):
    """A pupil, chosen among those for whom one speaks."""

    kind = "pupil"
    pupil = forms.ModelChoiceField(label=gettext_lazy("For"), queryset=Pupil.objects.none())

    def __init__(self, *args, pupils, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pupil"].queryset = pupils
        if len(pupils) == 1:
            self.fields["pupil"].initial = pupils[0]

    def facts(self):
        return {"pupil": self.cleaned_data["pupil"]}


class RegisterGuestForm(AnsweringForm):
    """Somebody of the open public."""

    kind = "public"
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("For this registration only. It is deleted 30 days after the date."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Number of seats, yours included"),
        min_value=1,
        max_value=1000,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("email", "seats")}
