"""What staff type about messages and rules."""

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.correspondence import occasions, placeholders
from participants.correspondence.models import Message, Rule

State = Message.State
DAY = timedelta(days=1)


class Shelf(TextChoices):
    """What one looks for in the log."""

    TO_COME = "to_come", pgettext_lazy("messages", "To come")
    SENT = "sent", pgettext_lazy("messages", "Sent")
    DOUBTFUL = "doubtful", pgettext_lazy("messages", "To look at")
    CANCELLED = "cancelled", pgettext_lazy("messages", "Cancelled")
    ALL = "all", pgettext_lazy("messages", "All")


STATES = {
    Shelf.TO_COME: [State.PLANNED, State.HELD, State.SENDING],
    Shelf.SENT: [State.SENT],
    Shelf.DOUBTFUL: [State.UNKNOWN, State.FAILED],
    Shelf.CANCELLED: [State.CANCELLED],
    Shelf.ALL: State.values,
}


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class MessageFilterForm(forms.Form):
    """Filters of the log, all optional, kept in the address."""

    q = forms.CharField(label=_("Name or address"), max_length=100, required=False)
    occasion = forms.ChoiceField(label=_("Occasion"), required=False)
    since = forms.DateField(label=pgettext_lazy("date", "From"), required=False, widget=DateInput())
    until = forms.DateField(label=pgettext_lazy("date", "Until"), required=False, widget=DateInput())
    show = forms.ChoiceField(choices=Shelf, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(occasion.key, str(occasion.label).capitalize()) for occasion in occasions.every()]
        self.fields["occasion"].choices = [("", pgettext_lazy("occasions", "All")), *known]

    @property
    def shelf(self):
        return Shelf(self.cleaned_data.get("show") or Shelf.TO_COME)

    def search(self, found):
        """The messages that fit, the next to leave first, of the others the latest first."""
        self.is_valid()
        wanted = self.cleaned_data
        if self.shelf != Shelf.ALL:
            found = found.filter(state__in=STATES[self.shelf])
        if wanted.get("q"):
            found = found.matching(wanted["q"])
        if wanted.get("occasion"):
            found = found.filter(occasion=wanted["occasion"])
        if wanted.get("since"):
            found = found.filter(due_at__gte=_midnight(wanted["since"]))
        if wanted.get("until"):
            found = found.filter(due_at__lt=_midnight(wanted["until"] + DAY))
        return found.order_by("due_at", "pk") if self.shelf == Shelf.TO_COME else found

    def tabs(self, query):
        """A tab per shelf, the other filters kept."""
        others = query.copy()
        others.pop("page", None)
        tabs = []
        for shelf in Shelf:
            others["show"] = shelf.value
            tabs.append({"label": shelf.label, "url": f"?{others.urlencode()}", "is_current": shelf == self.shelf})
        return tabs


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


class Unit(TextChoices):
    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    MINUTES = "minutes", _("minutes")


class Side(TextChoices):
    BEFORE = "before", _("before")
    AFTER = "after", _("after")


class RuleForm(forms.ModelForm):
    """A rule, its moment said as people say it: so many days before."""

    amount = forms.IntegerField(label=_("How long"), min_value=0, max_value=999)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit)
    side = forms.ChoiceField(label=_("Before or after"), choices=Side)

    class Meta:
        model = Rule
        fields = [
            "is_active",
            "subject_fr",
            "subject_en",
            "body_fr",
            "body_en",
            "action_label_fr",
            "action_label_en",
        ]
        widgets = {name: forms.Textarea(attrs={"rows": 12}) for name in ("body_fr", "body_en")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= _amount_of(self.instance.offset)
        self._occasion = occasions.find(self.instance.occasion)

    def _clean_fields(self):
        super()._clean_fields()
        for name in self._meta.fields:
            if name != "is_active" and name in self.cleaned_data:
                self._check_words(name)

    def _check_words(self, name):
        try:
            placeholders.validate(
                self.cleaned_data[name], self._occasion.allowed_placeholders if self._occasion else ()
            )
        except forms.ValidationError as unknown:
            self.add_error(name, unknown)

    def clean(self):
        cleaned = super().clean()
        if {"amount", "unit", "side"} <= cleaned.keys():
            span = timedelta(**{cleaned["unit"]: cleaned["amount"]})
            self.instance.offset = -span if cleaned["side"] == Side.BEFORE else span
        return cleaned


def _amount_of(offset):
    side = Side.BEFORE if offset < timedelta() else Side.AFTER
    for unit in Unit:
        amount, rest = divmod(abs(offset), timedelta(**{unit.value: 1}))
        if not rest and (amount or unit == Unit.MINUTES):
            return {"amount": amount, "unit": unit.value, "side": side.value}
    return {"amount": 0, "unit": Unit.MINUTES.value, "side": side.value}
