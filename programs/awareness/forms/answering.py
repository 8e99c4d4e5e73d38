"""What a coordinator fills in to plan a talk or to decline it."""

import datetime as dt
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.accounts.dates import say_day
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation
from programs.activities.models import Activity, Programme
from programs.awareness.actions import Plan, PlannedSession
from programs.awareness.board import nearest
from programs.awareness.models import RequestedClass, TalkRequest

PLACES = [choice for choice in TalkRequest.Format.choices if choice[0] != TalkRequest.Format.ANY]
IN_CHARGE = [Organisation.Kind.CENTER, Organisation.Kind.MEMBER_SCHOOL]


class PlanForm(forms.ModelForm):
    """What holds for all sessions of the talk."""

    where = forms.ChoiceField(label=_("Where"), choices=PLACES)
    online_url = forms.URLField(
        label=_("Address of the online room"), required=False, help_text=_("For a talk online."), assume_scheme="https"
    )
    # Seen only when a day chosen is one without school.
    days_meant = forms.BooleanField(label=_("Plan it on these days all the same"), required=False)

    class Meta:
        model = Activity
        fields = ["programme", "organisation", "title_fr", "title_en", "topics", "language"]
        widgets = {"topics": forms.CheckboxSelectMultiple}

    field_order = ["programme", "organisation", "where", "online_url", "title_fr", "title_en", "topics", "language"]

    def __init__(self, *args, talk, user, **kwargs):
        self.talk = talk
        kwargs["initial"] = _first_values(talk) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["programme"].queryset = Programme.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=today), pillar=Programme.Pillar.AWARENESS, starts_on__lte=today
        ).select_related("lead")
        self.fields["organisation"].queryset = Organisation.objects.managed_by(user, Permission.SESSION_MANAGE).filter(
            kind__in=IN_CHARGE, is_active=True
        )
        self._propose("programme", self.fields["programme"].queryset[:2])
        self._propose("organisation", self.fields["organisation"].queryset)

    def _propose(self, name, choices):
        """The only choice, or for organisations the one nearest to the school."""
        choices = list(choices)
        if len(choices) == 1:
            self.initial[name] = choices[0]
        elif name == "organisation" and (found := nearest(self.talk.school, choices)):
            self.initial[name] = found["campus"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("where") == TalkRequest.Format.ONLINE and not cleaned.get("online_url"):
            self.add_error("online_url", _("Give the address of the online room: the school and the students need it."))
        return cleaned

    def check_days(self, sessions, days_off):
        """Whether every day is a school day, or is meant; says otherwise which are not, and why."""
        strange = dict.fromkeys(
            f"{say_day(day)} ({reason})"
            for session in sessions
            if (reason := _why_no_school(day := session.starts_at.date(), days_off))
        )
        if strange and not self.cleaned_data["days_meant"]:
            self.add_error(
                "days_meant",
                gettext("No school on %(days)s. Choose another day, or say that it is meant.")
                % {"days": ", ".join(strange)},
            )
        return self.is_valid()

    def plan(self, sessions) -> Plan:
        chosen = self.cleaned_data
        return Plan(
            programme=chosen["programme"],
            organisation=chosen["organisation"],
            title_fr=chosen["title_fr"],
            title_en=chosen["title_en"],
            language=chosen["language"],
            format=chosen["where"],
            topics=list(chosen["topics"]),
            online_url=chosen["online_url"],
            sessions=sessions,
        )


class SessionForm(forms.Form):
    """One session, in the wall time of the school."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("Place"), max_length=250, required=False, help_text=_("Building, room, entrance."))
    classes = forms.ModelMultipleChoiceField(
        RequestedClass.objects.none(), label=_("Classes in it"), widget=forms.CheckboxSelectMultiple
    )
    volunteer_places = forms.IntegerField(label=_("Volunteers"), min_value=1, max_value=50, initial=2)

    def __init__(self, *args, talk, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["classes"].queryset = talk.classes.all()
        self.fields["classes"].label_from_instance = lambda requested: f"{requested.name} · {requested.head_count}"

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return day

    def clean(self):
        cleaned = super().clean()
        if "start" in cleaned and "end" in cleaned and cleaned["end"] <= cleaned["start"]:
            self.add_error("end", _("The session ends before it starts."))
        return cleaned

    def planned(self) -> PlannedSession:
        chosen = self.cleaned_data
        return PlannedSession(
            starts_at=self._moment("start"),
            ends_at=self._moment("end"),
            zone=self.zone,
            classes=list(chosen["classes"]),
            place=chosen["place"],
            volunteer_places=chosen["volunteer_places"],
        )

    def _moment(self, name):
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data[name], ZoneInfo(self.zone))


class BaseSessionFormSet(forms.BaseFormSet):
    def planned(self):
        """The sessions; a form left empty does not count."""
        return [form.planned() for form in self.forms if form.cleaned_data]


def session_form_set(talk):
    """One session, and empty ones enough for each class to have its own."""
    extra = max(1, len(talk.classes.all()) - 1)
    return forms.formset_factory(SessionForm, BaseSessionFormSet, extra=extra, min_num=1, validate_min=True, max_num=20)


def first_session(talk, ideas, chosen=None) -> dict:
    """What stands in the first session: the half-day chosen among the ideas, or the first of them, and every class."""
    idea = next((idea for idea in ideas if idea.key == chosen), ideas[0] if ideas else None)
    when = {"day": idea.day, "start": idea.start, "end": idea.end} if idea else {}
    return when | {"classes": list(talk.classes.all())}


class DeclineForm(forms.Form):
    """Why the talk cannot be given, in words that the school reads."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        widget=forms.RadioSelect,
        choices=[choice for choice in TalkRequest.DeclineReason.choices if choice[0]],
    )
    text = forms.CharField(
        label=_("Words to the school"),
        help_text=_("They stand in the mail, below the reason."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
    )


def _first_values(talk):
    """What the request already says."""
    return {
        "where": talk.format if talk.format != TalkRequest.Format.ANY else TalkRequest.Format.ON_SITE,
        "language": talk.language,
        "topics": list(talk.topics.all()),
        **{f"title_{language}": _title(talk, language) for language in ("fr", "en")},
    }


def _title(talk, language):
    with translation.override(language):
        return (gettext("Talk · %(school)s") % {"school": talk.school})[:150]


def _why_no_school(day, days_off):
    if day.isoweekday() > 5:
        return gettext("weekend")
    return days_off.get(day)
