"""What coordinators, schools and volunteers fill in for a campaign."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.accounts.roles import Permission
from participants.organisations.models import Organisation, School, SchoolYearProfile, Territory
from participants.organisations.school_years import school_year_of
from programs.activities.models import Programme
from programs.awareness.forms.answering import IN_CHARGE
from programs.awareness.forms.free_time import FreeTimeForm
from programs.awareness.models import Campaign, CampaignSchool, CampaignSpeaker
from programs.awareness.needs import LYCEES, Wanted

ALL = ("", pgettext_lazy("schools", "All"))
KINDS = [
    ("", _("Lycées")),
    (School.Kind.LYCEE_GT, School.Kind.LYCEE_GT.label),
    (School.Kind.LYCEE_POLYVALENT, School.Kind.LYCEE_POLYVALENT.label),
    (School.Kind.LYCEE_PRO, School.Kind.LYCEE_PRO.label),
    (School.Kind.LYCEE_AGRICOLE, School.Kind.LYCEE_AGRICOLE.label),
    (School.Kind.COLLEGE, _("Collèges")),
]
PRIORITIES = {"rep": ["REP", "REP+"], "rep_plus": ["REP+"]}
DISTANCES = [ALL, ("-30", _("up to 30 km")), ("-60", _("up to 60 km")), ("30", _("more than 30 km"))]
WAYS = [(minutes, _("%(minutes)d minutes") % {"minutes": minutes}) for minutes in (30, 45, 60, 90, 120, 180)]


class MondayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d", attrs={"step": 7, "min": "2020-01-06"})


class CampaignForm(forms.ModelForm):
    """What holds for the whole campaign."""

    class Meta:
        model = Campaign
        fields = [
            "name_fr",
            "name_en",
            "programme",
            "organisation",
            "first_week",
            "last_week",
            "least_speakers",
            "most_speakers",
            "needs_woman",
            "letter_fr",
            "letter_en",
        ]
        widgets = {
            "first_week": MondayInput,
            "last_week": MondayInput,
            "letter_fr": forms.Textarea(attrs={"rows": 4}),
            "letter_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "letter_fr": _("The first lines of the letter to schools."),
            "needs_woman": _("As far as students wish to say how they count; it serves this and nothing else."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(pillar=Programme.Pillar.AWARENESS).select_related(
            "lead"
        )
        managed = Organisation.objects.managed_by(user, Permission.REQUEST_HANDLE)
        self.fields["organisation"].queryset = managed.filter(kind__in=IN_CHARGE, is_active=True)

    def clean(self):
        cleaned = super().clean()
        first = cleaned.get("first_week")
        if first and self.instance.pk is None:
            self.instance.school_year = school_year_of(first)
        last = cleaned.get("last_week")
        if first and last and school_year_of(last + dt.timedelta(days=4)) != school_year_of(first):
            self.add_error("last_week", _("A campaign lies within one school year."))
        return cleaned


class NeedForm(forms.Form):
    """What narrows the schools to choose from; all optional, all in the address."""

    reach = forms.ChoiceField(
        label=_("Reached"),
        required=False,
        choices=[ALL, ("never", _("never")), ("long", _("never, or not for 3 years"))],
    )
    quintile = forms.TypedChoiceField(
        label=_("IPS among schools of its kind"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ALL, ("1", _("lowest fifth")), ("2", _("two lowest fifths"))],
    )
    priority = forms.ChoiceField(
        label=_("Priority education"),
        required=False,
        choices=[ALL, ("rep", _("REP or REP+")), ("rep_plus", "REP+")],
    )
    rurality = forms.ChoiceField(
        label=_("Place"),
        required=False,
        choices=[ALL, *SchoolYearProfile.Rurality.choices[:2]],
    )
    distance = forms.TypedChoiceField(
        label=_("From the nearest campus"), required=False, coerce=int, empty_value=None, choices=DISTANCES
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=KINDS)
    territory = forms.ModelChoiceField(
        Territory.objects.exclude(kind=Territory.Kind.REGION),
        label=_("Territory"),
        required=False,
        empty_label=pgettext_lazy("schools", "All"),
    )

    def wanted(self) -> Wanted:
        """The filters; an edited address that makes no sense filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        distance, territory = chosen.get("distance"), chosen.get("territory")
        return Wanted(
            kinds=[chosen["kind"]] if chosen.get("kind") else list(LYCEES),
            territory=territory.pk if territory else None,
            reach=chosen.get("reach") or "",
            quintile=chosen.get("quintile"),
            priorities=PRIORITIES.get(chosen.get("priority")),
            rurality=chosen.get("rurality") or "",
            nearer=-distance if distance and distance < 0 else None,
            further=distance if distance and distance > 0 else None,
        )


class WaveForm(forms.Form):
    """How many of the chosen schools are invited now."""

    most = forms.IntegerField(label=_("Schools in this wave"), min_value=1, max_value=2000, required=False)


class YesForm(FreeTimeForm):
    """The yes of a school, beside its classes."""

    language = forms.ChoiceField(
        label=_("Language of the talk"), choices=CampaignSchool.LANGUAGES, widget=forms.RadioSelect, initial="fr"
    )
    note = forms.CharField(
        label=_("Practical information"),
        help_text=_("Projector, entrance, car park, step-free access, who welcomes the students."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )


class NoForm(forms.Form):
    """The no of a school."""

    reason = forms.ChoiceField(
        label=_("Why not this time?"),
        widget=forms.RadioSelect,
        choices=[choice for choice in CampaignSchool.Reason.choices if choice[0]],
    )
    note = forms.CharField(
        label=_("A word to us"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
    )


class WishesOfSpeakerForm(FreeTimeForm):
    """What a volunteer wishes, on a phone between two lectures."""

    most_talks = forms.TypedChoiceField(
        label=_("How many talks at most?"),
        coerce=int,
        choices=[(number, number) for number in range(1, 7)],
        initial=2,
    )
    travel_minutes = forms.TypedChoiceField(
        label=_("How far would you go, door to door?"), coerce=int, choices=WAYS, initial=90
    )
    own_school_name = forms.CharField(
        label=_("Your former lycée"),
        help_text=_("Name and town. You would be asked to speak there first."),
        max_length=200,
        required=False,
    )
    own_school = forms.ModelChoiceField(
        School.objects.none(),
        label=_("Which of these?"),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    leaves_from_home = forms.BooleanField(
        label=_("In these weeks I may also leave from home, near my former lycée"), required=False
    )
    gender = forms.ChoiceField(
        label=_("In a group, I count as"),
        help_text=_(
            "You need not say it. It only serves to have at least one woman in each group; nobody reads it, and it is "
            "deleted 30 days after the campaign."
        ),
        widget=forms.RadioSelect,
        choices=CampaignSpeaker.Gender.choices,
        required=False,
    )
    FOUND = 6

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.data.get("own_school_name", "").strip()
        self.found = list(School.objects.pickable().search(name)[: self.FOUND]) if name else []
        self.fields["own_school"].queryset = School.objects.filter(pk__in=[school.pk for school in self.found])

    def clean(self):
        """A name that leads to one school is that school; of several, one is chosen on the page that comes back."""
        cleaned = super().clean()
        name = cleaned.get("own_school_name", "").strip()
        exact = [school for school in self.found if str(school) == name]
        if not name or cleaned.get("own_school"):
            return cleaned
        if exact or len(self.found) == 1:
            cleaned["own_school"] = (exact or self.found)[0]
        elif self.found:
            self.add_error("own_school_name", _("Several schools fit: choose one below."))
        else:
            self.add_error("own_school_name", _("No school fits: write its name and its town, or leave it empty."))
        return cleaned

    def wishes(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "own_school_name"}


class AskSpeakersForm(forms.Form):
    """Which volunteers are asked."""

    member_school = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Students of"), required=False, empty_label=_("all member schools")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member_school"].queryset = Organisation.objects.filter(
            kind=Organisation.Kind.MEMBER_SCHOOL, is_active=True
        )
