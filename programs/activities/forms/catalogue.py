"""What people type to follow the catalogue."""

from django import forms
from django.utils.translation import gettext_lazy


class SubscribeForm(forms.Form):
    """An address and nothing else; what they look for stands in the address of the page."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("For this and nothing else. It is deleted when you have enough of it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
