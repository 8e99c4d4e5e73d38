"""What a young person types to come into the pool, and what is signed once the address is proven."""

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.organisations.levels import levels_of
from participants.people.ages import DECIDES_ALONE, age_on
from participants.people.forms.pupils import AGES, DateInput

# The name goes into a mail to an address that anybody may have typed: it carries no text and no link.
ONLY_A_NAME = RegexValidator(
    r"[\d_.,:;/\\@<>()\[\]{}|&=+*#!?\"\r\n]", _("Write the name in letters only."), inverse_match=True
)


def _name(label, autocomplete):
    attrs = {"autocomplete": autocomplete}
    return forms.CharField(label=label, max_length=40, validators=[ONLY_A_NAME], widget=forms.TextInput(attrs=attrs))


class OneselfForm(forms.Form):
    """Who somebody is. Below 15 an adult of the family is written to, and nobody else."""

    first_name = _name(_("First name"), "given-name")
    last_name = _name(_("Last name"), "family-name")
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput())
    level = forms.ChoiceField(label=_("Level"))
    email = forms.EmailField(
        label=_("Your own e-mail address"),
        required=False,
        help_text=_("Needed from 15 on. We write to it once now, to see that it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    guardian_email = forms.EmailField(
        label=_("Under 15: the e-mail address of a parent or guardian"),
        required=False,
        help_text=_("We write to them first. Without their agreement we write to nobody."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        levels = [(level.value, level.label) for level in levels_of(school.kind)]
        self.fields["level"].choices = [("", _("Choose your level")), *levels]

    def clean_birth_date(self):
        born = self.cleaned_data["birth_date"]
        if age_on(born, timezone.localdate()) not in AGES:
            raise forms.ValidationError(_("This is for pupils of collège and lycée. Correct the date."))
        return born

    def clean(self):
        typed = super().clean()
        if "birth_date" not in typed:
            return typed
        if age_on(typed["birth_date"], timezone.localdate()) >= DECIDES_ALONE:
            # At this age nobody else is written to.
            typed["guardian_email"] = ""
            self._need(typed, "email", _("Give your e-mail address: we write to it to see that it is yours."))
        else:
            self._need(typed, "guardian_email", _("Give the address of a parent or guardian: they must agree first."))
        return typed

    def _need(self, typed, name, sentence):
        if not typed.get(name) and name not in self.errors:
            self.add_error(name, sentence)


class SignForm(forms.Form):
    """From 15: one's own signature."""

    signature = forms.CharField(
        label=_("Your first and last name"),
        max_length=170,
        help_text=_("Typing it here is your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class GuardianSignForm(SignForm):
    """Below 15: the guardian's signature, and beside it the child's own."""

    guardian_first_name = _name(_("Your first name"), "given-name")
    guardian_last_name = _name(_("Your last name"), "family-name")
    is_guardian = forms.BooleanField(
        label=_("I hold parental authority and agree"),
        help_text=_("Your name and this tick are your signature."),
    )
    field_order = ["guardian_first_name", "guardian_last_name", "is_guardian", "signature"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        signature = self.fields["signature"]
        signature.label = _("To be typed by the child: your first name")
        signature.help_text = _("Hand over the telephone: below 15 both of you agree.")
        signature.widget.attrs["autocomplete"] = "off"

    def clean(self):
        typed = super().clean()
        typed.pop("is_guardian", None)
        return typed
