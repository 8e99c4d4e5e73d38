"""How a search for a speaker goes: how many are asked at a time, and how long they have."""

from django import forms

from programs.activities.models import SpeakerSearch


class SearchForm(forms.ModelForm):
    class Meta:
        model = SpeakerSearch
        fields = ["size", "minutes"]
