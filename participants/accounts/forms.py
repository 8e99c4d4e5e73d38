from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.core import context, ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.contrib.import_export.forms import ImportForm

from participants.accounts.models import User

LARGEST = 5 * 1024 * 1024


class LoginCodeForm(RequestLoginCodeForm):
    """Asks for a sign-in code; one computer can have only a few sent to one address."""

    def clean_email(self):
        adapter = get_adapter()
        key = adapter.name_here(context.request, self.cleaned_data["email"])
        if not ratelimit.consume(context.request, action="request_login_code_here", key=key):
            raise adapter.validation_error("too_many_login_attempts")
        email = super().clean_email()
        if self._user:
            # Or the code would sign in but not prove the address, and a second one would be asked for.
            sync_user_email_address(self._user)
        return email


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"}), "language": forms.RadioSelect}


class NewUserForm(forms.ModelForm):
    """An account made by the office: no password, its owner comes in by a code."""

    class Meta:
        model = User
        fields = ["email", "name", "language"]


class TableForm(ImportForm):
    """A table that comes into the back office: read in the request, so that it must be small."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["import_file"].help_text = _(
            "CSV with commas or semicolons, at most 5 MB. The first line names the columns; nothing is written before you "
            "have seen what each line would do."
        )

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 5 MB: split it."))
        return file
