"""What narrows the planning board; every filter stands in the address."""

import datetime as dt

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.organisations.levels import Level
from participants.organisations.models import SchoolYearProfile, Territory
from programs.activities.models import Topic
from programs.awareness.models import RequestedClass, RequestedSlot, TalkRequest

ALL = ("", _("All"))
AGES = [ALL, ("5", _("5 days or more")), ("10", _("10 days or more")), ("20", _("20 days or more"))]
PRIORITY = [
    ALL,
    ("rep", _("REP or REP+")),
    (SchoolYearProfile.PriorityEducation.REP_PLUS, "REP+"),
    (SchoolYearProfile.PriorityEducation.NONE, _("not in priority education")),
    (SchoolYearProfile.PriorityEducation.UNKNOWN, _("unknown")),
]
REP = [SchoolYearProfile.PriorityEducation.REP, SchoolYearProfile.PriorityEducation.REP_PLUS]


class BoardForm(forms.Form):
    """All optional: no filter shows every request that waits."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Waiting for an answer")), ("all", _("All")), *TalkRequest.State.choices[2:]],
    )
    departement = forms.ModelChoiceField(
        Territory.objects.filter(kind=Territory.Kind.DEPARTEMENT),
        label=_("Département"),
        required=False,
        empty_label=_("All"),
    )
    academie = forms.ModelChoiceField(
        Territory.objects.filter(kind=Territory.Kind.ACADEMIE),
        label=_("Académie"),
        required=False,
        empty_label=_("All"),
    )
    priority = forms.ChoiceField(label=_("Priority education"), required=False, choices=PRIORITY)
    quintile = forms.ChoiceField(
        label=_("IPS fifth"),
        required=False,
        choices=[ALL, *((str(n), str(n)) for n in range(1, 6)), ("unknown", _("unknown"))],
    )
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[ALL, *Level.choices])
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"), required=False, empty_label=_("All"))
    format = forms.ChoiceField(label=_("Where"), required=False, choices=[ALL, *TalkRequest.Format.choices])
    age = forms.ChoiceField(label=_("Waiting for"), required=False, choices=AGES)
    week = forms.DateField(required=False, widget=forms.HiddenInput)
    group = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[("", _("By week")), ("school", _("By school"))]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def grouping(self):
        return self.cleaned_data.get("group", "")

    @property
    def is_narrowed(self):
        """How many filters are set."""
        return sum(bool(value) for name, value in self.cleaned_data.items() if name != "group")

    def tabs(self, address):
        """The two ways to group, each under the filters that are set."""
        address = address.copy()
        address.pop("page", None)
        tabs = []
        for value, label in self.fields["group"].choices:
            address["group"] = value
            is_current = value == self.grouping
            tabs.append({"label": label, "url": f"?{address.urlencode()}", "is_current": is_current, "count": None})
        return tabs

    def narrow(self, requests, leave_out=None):
        """The requests that pass; a filter that makes no sense (an edited address) passes everything."""
        chosen = self.cleaned_data
        requests = _of_state(requests, chosen.get("state"))
        for name, value in chosen.items():
            if value and name in FILTERS and name != leave_out:
                requests = FILTERS[name](requests, value)
        return requests


def _of_state(requests, state):
    if not state:
        return requests.waiting()
    return requests if state == "all" else requests.filter(state=state)


def _of_priority(requests, value):
    return requests.filter(priority_education__in=REP if value == "rep" else [value])


def _of_quintile(requests, value):
    return requests.filter(ips_quintile=None) if value == "unknown" else requests.filter(ips_quintile=value)


def _of_level(requests, value):
    return requests.filter(Exists(RequestedClass.objects.filter(request=OuterRef("pk"), level=value)))


def _of_week(requests, monday):
    return requests.filter(Exists(RequestedSlot.objects.filter(request=OuterRef("pk"), week=monday)))


def _of_format(requests, value):
    return requests.filter(format__in=[value, TalkRequest.Format.ANY])


def _of_age(requests, value):
    return requests.filter(sent_at__lte=timezone.now() - dt.timedelta(days=int(value)))


FILTERS = {
    "departement": lambda requests, value: requests.filter(school__departement=value),
    "academie": lambda requests, value: requests.filter(school__academie=value),
    "priority": _of_priority,
    "quintile": _of_quintile,
    "level": _of_level,
    "topic": lambda requests, value: requests.filter(topics=value),
    "format": _of_format,
    "age": _of_age,
    "week": _of_week,
}
