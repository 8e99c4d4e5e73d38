from django import forms
from django.utils.translation import gettext_lazy as _

from participants.people.models import Guardian


class GuardianForm(forms.ModelForm):
    """One guardian of a pupil, as the school knows them."""

    class Meta:
        model = Guardian
        fields = ["first_name", "last_name", "email", "phone", "language"]
        labels = {"language": _("Language of our messages")}
        help_texts = {
            "email": _("Without an address, print the paper form. Two guardians may share one address."),
        }
        widgets = {"email": forms.EmailInput(attrs={"inputmode": "email"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = False

    def facts(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
