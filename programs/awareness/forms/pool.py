"""What narrows the talent pool, what an invitation says, and why a pupil is nominated."""

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.organisations.levels import Level
from participants.organisations.models import SchoolYearProfile, Territory
from participants.organisations.school_years import current_school_year
from participants.people.models import Enrolment
from participants.people.models.enrolment import Answer
from programs.activities.models import Session
from programs.awareness import pool
from programs.awareness.models import Nomination, PoolEntry, Status

ALL = ("", _("All"))
MOST_IN_A_ROUND = 200
REP = [SchoolYearProfile.PriorityEducation.REP, SchoolYearProfile.PriorityEducation.REP_PLUS]


def _fact_choices():
    return [ALL, *((name, Nomination._meta.get_field(name).verbose_name) for name in Nomination.FACTS)]


class PoolFilterForm(forms.Form):
    """All optional; each filter stands in the address."""

    status = forms.ChoiceField(label=_("Stands at"), required=False, choices=[ALL, *Status.choices])
    door = forms.ChoiceField(label=_("Came in"), required=False, choices=[ALL, *PoolEntry.Door.choices])
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[ALL, *Level.choices])
    departement = forms.ModelChoiceField(
        Territory.objects.filter(kind=Territory.Kind.DEPARTEMENT),
        label=_("Département"),
        required=False,
        empty_label=_("All"),
    )
    scholarship = forms.ChoiceField(label=_("Scholarship holder"), required=False, choices=[ALL, *Answer.choices])
    neighbourhood = forms.ChoiceField(
        label=_("Lives in a priority neighbourhood"), required=False, choices=[ALL, *Answer.choices]
    )
    first_generation = forms.ChoiceField(
        label=_("First of the family in higher education"), required=False, choices=[ALL, *Answer.choices]
    )
    rep = forms.BooleanField(label=_("School in priority education"), required=False)
    fact = forms.ChoiceField(label=_("Nominated because"), required=False, choices=_fact_choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.prepare()
        self.is_valid()

    def prepare(self):
        """What the fields offer today."""

    def said(self, name):
        """The value of a field, or nothing where it is empty or makes no sense (an edited address)."""
        return self.cleaned_data.get(name)

    @property
    def is_narrowed(self):
        """How many filters are set."""
        return sum(bool(self.said(name)) for name in PoolFilterForm.base_fields)

    @property
    def codes(self) -> dict:
        """The filters that are set, as they are kept with a round."""
        chosen = {name: self.said(name) for name in PoolFilterForm.base_fields if self.said(name)}
        return {name: getattr(value, "pk", value) for name, value in chosen.items()}

    def in_words(self) -> list[str]:
        """The filters that are set, as people say them."""
        said = gettext("%(name)s: %(value)s")
        return [said % {"name": self.fields[name].label, "value": self._word(name)} for name in self.codes]

    def _word(self, name):
        value, field = self.said(name), self.fields[name]
        return value if name == "departement" else dict(getattr(field, "choices", [])).get(value, _("yes"))

    def narrow(self, entries):
        """The entries that pass."""
        if self.said("status"):
            entries = entries.at(self.said("status"))
        if self.said("door"):
            entries = entries.filter(door=self.said("door"))
        if self.said("fact"):
            told = Nomination.objects.filter(pupil=OuterRef("pupil"), **{self.said("fact"): Answer.YES})
            entries = entries.filter(Exists(told))
        of_year = self._of_year()
        return entries.filter(Exists(of_year)) if of_year is not None else entries

    def _of_year(self):
        """What is true of the pupil in this school year, or nothing when no such filter is set."""
        wanted = {
            "level": self.said("level"),
            "school__departement": self.said("departement"),
            "scholarship": self.said("scholarship"),
            "priority_neighbourhood": self.said("neighbourhood"),
            "first_generation": self.said("first_generation"),
        }
        wanted = {lookup: value for lookup, value in wanted.items() if value}
        year = Enrolment.objects.filter(pupil=OuterRef("pupil"), school_year=current_school_year(), state="enrolled")
        if self.said("rep"):
            networks = SchoolYearProfile.objects.filter(school_year=current_school_year(), priority_education__in=REP)
            return year.filter(**wanted, school__in=networks.values("school"))
        return year.filter(**wanted) if wanted else None


class InviteForm(PoolFilterForm):
    """To what, whom, how many, and why: the young people read the reason."""

    activity = forms.ModelChoiceField(None, label=_("Invite to"), empty_label=None)
    most = forms.IntegerField(label=_("At most"), min_value=1, max_value=MOST_IN_A_ROUND, initial=30)
    reason = forms.CharField(
        label=_("Why these young people"),
        help_text=_("They read it in the invitation. For example: “you came to our evening of stars in October”."),
        min_length=10,
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["activity", "most", "reason"]

    def __init__(self, *args, is_sent, **kwargs):
        super().__init__(*args, **kwargs)
        # Looking first at who fits asks for no reason yet.
        if not is_sent:
            self.errors.pop("reason", None)

    def prepare(self):
        self.fields["activity"].queryset = pool.open_activities().order_by("title_fr", "pk")

    def filter_fields(self):
        return [self[name] for name in PoolFilterForm.base_fields]


class NominationForm(forms.ModelForm):
    """Each reason for itself; what nobody knows stays unknown."""

    class Meta:
        model = Nomination
        fields = Nomination.FACTS
        widgets = dict.fromkeys(Nomination.FACTS, forms.RadioSelect)


class FromEventForm(forms.Form):
    """An event whose pupils are asked into the pool."""

    session = forms.ModelChoiceField(None, label=_("Event"), empty_label=_("Choose an event"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        sessions = Session.objects.managed_by(user).filter(
            bookings__pupil__isnull=False,
            bookings__pupil__pool_entry=None,
            bookings__stage__in=["confirmed", "completed"],
        )
        self.fields["session"].queryset = (
            Session.objects.filter(pk__in=sessions.values("pk")).select_related("activity").order_by("-starts_at", "pk")
        )
