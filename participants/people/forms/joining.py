from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from participants.organisations.models import Organisation, Territory
from participants.people.models import SchoolPost, Volunteer

LANGUAGES_SPOKEN = [
    ("fr", _("French")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("de", _("German")),
    ("ar", _("Arabic")),
    ("pt", _("Portuguese")),
    ("zh", _("Chinese")),
]


class JoinForm(forms.Form):
    """Who comes in. Someone already signed in is not asked for an address again."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )
    language = forms.ChoiceField(label=_("Language of our messages"), choices=settings.LANGUAGES)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            del self.fields["email"]
            del self.fields["language"]


class ContactJoinForm(JoinForm):
    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    function = forms.ChoiceField(label=_("You are"), choices=SchoolPost.Function, widget=forms.RadioSelect)
    subject = forms.CharField(label=_("Subject taught"), max_length=80, required=False)

    field_order = ["first_name", "last_name", "email", "function", "subject", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].help_text = _(
                "With your académie’s or your school’s address, everything opens at once. "
                "With another one, a coordinator checks first."
            )


class VolunteerForm(forms.ModelForm):
    """What a volunteer says of themselves."""

    languages = forms.MultipleChoiceField(
        label=_("Languages in which you can speak to a class"),
        choices=LANGUAGES_SPOKEN,
        widget=forms.CheckboxSelectMultiple,
        initial=["fr"],
    )

    class Meta:
        model = Volunteer
        fields = [
            "first_name",
            "last_name",
            "kind",
            "member_school",
            "club",
            "graduation_year",
            "phone",
            "languages",
            "home_departement",
        ]
        labels = {
            "kind": _("You are"),
            "club": _("Student club, if you come with one"),
            "home_departement": _("Département where you grew up"),
        }
        help_texts = {
            "phone": _("Only for the team on the day of a session."),
            "home_departement": _("Young people listen to someone from home: we propose talks there first."),
        }
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            "kind": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.filter(is_active=True)
        self.fields["member_school"].queryset = organisations.filter(kind=Organisation.Kind.MEMBER_SCHOOL)
        self.fields["club"].queryset = organisations.filter(kind=Organisation.Kind.CLUB)
        self.fields["member_school"].empty_label = _("Choose your school")
        self.fields["club"].empty_label = self.fields["home_departement"].empty_label = _("none")
        self.fields["home_departement"].queryset = Territory.objects.filter(kind=Territory.Kind.DEPARTEMENT)


class VolunteerJoinForm(JoinForm, VolunteerForm):
    charter = forms.BooleanField(
        label=_("I will behave with young people as the volunteer’s charter says"),
        help_text=_(
            "Two adults are always present; no private channel with a pupil; no photo; "
            "what a pupil confides goes to the contact on site."
        ),
    )

    class Meta(VolunteerForm.Meta):
        # The rest can wait for the profile: this form is filled on a phone between two lectures.
        fields = ["first_name", "last_name", "kind", "member_school", "club", "languages", "home_departement"]

    field_order = ["first_name", "last_name", "email", *Meta.fields[2:], "language", "charter"]

    def profile(self):
        """The fields of the volunteer, as they were understood."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label=_("Name or address"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("all")), *states]
