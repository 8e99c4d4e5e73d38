"""What the public looks for in the catalogue. The same words narrow the list, the feeds and a subscription."""

from urllib.parse import parse_qsl, urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.accounts.dates import say_day, start_of
from participants.organisations.levels import Level
from participants.organisations.models import School, Territory
from programs.activities.catalogue import listing, towns
from programs.activities.models import Activity, Topic

# Whoever follows what is coming wants to hear of it whenever it is.
DATES = ("after", "before")
KILOMETRES = 25
DISTANCES = [("10", "10 km"), ("", f"{KILOMETRES} km"), ("50", "50 km"), ("100", "100 km")]
LEVELS = [choice for choice in Level.choices if choice[0] != Level.UNKNOWN]


def _choice(label, choices):
    return forms.ChoiceField(label=label, required=False, choices=[("", gettext_lazy("all")), *choices])


class Filters(forms.Form):
    """Where, when, for whom, what. A value that means nothing is left aside."""

    near = forms.CharField(label=gettext_lazy("Near (town or postcode)"), required=False, max_length=60, strip=True)
    within = forms.ChoiceField(label=gettext_lazy("Within"), required=False, choices=DISTANCES)
    departement = forms.ModelChoiceField(
        label=gettext_lazy("Département"),
        required=False,
        queryset=Territory.objects.filter(kind=Territory.Kind.DEPARTEMENT),
        to_field_name="code",
        empty_label=gettext_lazy("all"),
    )
    after = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    level = _choice(gettext_lazy("Level"), LEVELS)
    kind = _choice(gettext_lazy("Kind"), Activity.Kind.choices)
    topic = forms.ModelChoiceField(
        label=gettext_lazy("Topic"), required=False, queryset=Topic.objects.all(), empty_label=gettext_lazy("all")
    )
    programme = forms.ModelChoiceField(
        required=False, queryset=listing.programmes(), to_field_name="code", widget=forms.HiddenInput
    )
    organisation = forms.ModelChoiceField(required=False, queryset=listing.organisations(), widget=forms.HiddenInput)

    @classmethod
    def of(cls, query):
        """The filters that stand in an address or in a subscription."""
        return cls(dict(parse_qsl(query)))

    def clean_near(self):
        typed = self.cleaned_data["near"]
        self.town = towns.find(typed) if typed else None
        if typed and self.town is None:
            raise ValidationError(_("We know no town of this name: write it in full, or its postcode."))
        return typed

    @property
    def said(self):
        """What was understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self):
        """The filters as they stand in an address, always in the same order."""
        said = self.said
        return urlencode({name: self.data[name] for name in self.fields if name in said})

    @property
    def lasting_query(self):
        """The same without dates, for who follows."""
        return urlencode([(name, value) for name, value in parse_qsl(self.query) if name not in DATES])

    @property
    def in_words(self) -> str:
        """What was understood, as people say it; a distance stands with its town."""
        said = self.said
        distance = f"{said.pop('within', KILOMETRES)} km"
        chosen = {
            name: dict(self.fields[name].choices)[value] if name in {"level", "kind"} else value
            for name, value in said.items()
        }
        return ", ".join(
            f"{value} ({distance})" if name == "near" else say_day(value) if name in DATES else str(value)
            for name, value in chosen.items()
        )

    def filter(self, sessions):
        """The dates that fit, those in a town's surroundings with their distance."""
        said = self.said
        if said.get("near"):
            sessions = sessions.with_distance_from(self.town)
            sessions = sessions.filter(distance__lte=int(said.get("within") or KILOMETRES))
        if said.get("departement"):
            sessions = sessions.filter(_lies_in(said["departement"]))
        if said.get("level"):
            sessions = sessions.filter(activity__in=Activity.objects.for_levels({said["level"]}))
        wanted = {
            "starts_at__gte": start_of(said.get("after")),
            "starts_at__lt": start_of(said.get("before"), days=1),
            "activity__kind": said.get("kind"),
            "activity__topics": said.get("topic"),
            "activity__programme": said.get("programme"),
        }
        sessions = sessions.filter(**{lookup: value for lookup, value in wanted.items() if value})
        house = said.get("organisation")
        return sessions.filter(Q(activity__organisation=house) | Q(campus=house)) if house else sessions


def _lies_in(departement):
    """In a school of the département, or on a campus in a town where it has a school: a campus knows its town only."""
    town = Q(commune__iexact=OuterRef("campus__city")) | Q(
        commune__istartswith=Concat(OuterRef("campus__city"), Value(" "))
    )
    has_school = Exists(School.objects.filter(town, departement=departement))
    return Q(school__departement=departement) | Q(campus__city__gt="") & Q(has_school)
