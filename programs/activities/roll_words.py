"""What travels between a phone and us: the lists that it takes along, and the words that it brings back. No name stands
in what it sends."""

import datetime as dt
import uuid
from collections import defaultdict

from django import forms
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.accounts.dates import say_span, say_time
from programs.activities import roll, tickets
from programs.activities.models import Attendance, RollEntry, Session

MOST_WORDS = 400
DAY = 24 * 60 * 60 * 1000


class WordForm(forms.Form):
    """One word as a phone says it."""

    nonce = forms.UUIDField()
    session = forms.IntegerField()
    pupil = forms.IntegerField(required=False)
    status = forms.ChoiceField(choices=Attendance.Status, required=False)
    missed = forms.IntegerField(min_value=0, max_value=1440, required=False)
    class_group = forms.IntegerField(required=False)
    total = forms.IntegerField(min_value=0, max_value=5000, required=False)
    girls = forms.IntegerField(min_value=0, max_value=5000, required=False)
    boys = forms.IntegerField(min_value=0, max_value=5000, required=False)
    way = forms.ChoiceField(choices=RollEntry.Way)
    at = forms.IntegerField(min_value=0, max_value=2**53)
    base = forms.IntegerField(min_value=0, max_value=2**53, required=False)

    def clean(self):
        said = super().clean()
        if not said.get("pupil") and said.get("total") is None:
            raise forms.ValidationError(_("This cannot be read."))
        if said.get("pupil") and not said.get("status"):
            raise forms.ValidationError(_("This cannot be read."))
        if (said.get("girls") or 0) + (said.get("boys") or 0) > (said.get("total") or 0):
            raise forms.ValidationError(_("Girls and boys together are more than the total."))
        return said

    def entry(self, ahead) -> RollEntry:
        """The word, its moment put right by how far the phone's clock is ahead (in milliseconds)."""
        said = self.cleaned_data
        moment = dt.datetime.fromtimestamp(max(0, said["at"] - ahead) / 1000, dt.UTC)
        entry = RollEntry(nonce=said["nonce"], way=said["way"], observed_at=moment, base=said["base"] or 0)
        if said["pupil"]:
            entry.pupil_id, entry.status, entry.missed = said["pupil"], said["status"], said["missed"] or 0
        else:
            entry.class_group_id, entry.total = said["class_group"], said["total"]
            entry.girls, entry.boys = said["girls"] or 0, said["boys"] or 0
        return entry


class PlainForm(forms.Form):
    """The same on a page without scripts: a line a pupil. Only what was changed on the page is said."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    others = forms.BooleanField(label=gettext_lazy("All others are here"), required=False)

    def __init__(self, *args, session, pupils, **kwargs):
        super().__init__(*args, **kwargs)
        self.session, self.pupils = session, pupils
        noted = {row.pupil_id: row for row in session.attendances.all()}
        last = session.roll.order_by("pk").values_list("pk", flat=True).last()
        self.initial |= {"nonce": uuid.uuid4(), "base": last or 0}
        for pupil in pupils:
            row = noted.get(pupil.pk)
            self.fields[f"status-{pupil.pk}"] = forms.ChoiceField(
                label=str(pupil),
                choices=_choices,
                required=False,
                initial=row.status if row else "",
                show_hidden_initial=True,
            )
            self.fields[f"missed-{pupil.pk}"] = forms.IntegerField(
                label=_("Minutes missed by %(name)s") % {"name": pupil},
                required=False,
                min_value=0,
                max_value=session.minutes,
                initial=(session.minutes - row.minutes) or None if row and row.minutes else None,
                show_hidden_initial=True,
            )

    def lines(self):
        """The two fields of each pupil."""
        return [(pupil, self[f"status-{pupil.pk}"], self[f"missed-{pupil.pk}"]) for pupil in self.pupils]

    def entries(self) -> list[RollEntry]:
        """A word about each pupil whose line says something new; then, where asked, about all the others."""
        said, now = self.cleaned_data, timezone.now()
        found = []
        for pupil, _status, _missed in self.lines():
            names = (f"status-{pupil.pk}", f"missed-{pupil.pk}")
            status, missed = (said[name] for name in names)
            way = RollEntry.Way.TAP
            if not status and said["others"]:
                status, way = Attendance.Status.PRESENT, RollEntry.Way.REST
            elif not status or not set(names) & set(self.changed_data):
                continue
            nonce = uuid.uuid5(said["nonce"], str(pupil.pk))
            entry = RollEntry(nonce=nonce, pupil=pupil, status=status, missed=missed or 0, way=way)
            entry.observed_at, entry.base = now, said["base"]
            found.append(entry)
        return found


def _choices():
    return [("", _("not noted")), *Attendance.Status.choices]


def milliseconds(moment) -> int:
    return int(moment.timestamp() * 1000)


def owner_mark(user) -> str:
    """By which a phone knows that its lists are somebody else's; it says nothing about who that is."""
    return salted_hmac("activities.roll", str(user.pk)).hexdigest()[:16]


def lists(sessions, user, signed_in_until) -> list[dict]:
    """The lists of these sessions as a phone keeps them, in a fixed number of queries."""
    sessions = list(sessions)
    named, found = roll.callable_in_each(sessions, user), _Found(sessions)
    return [_list(session, *named[session.pk], found, signed_in_until) for session in sessions]


class _Found:
    """Everything noted about some sessions, by session."""

    def __init__(self, sessions):
        ids = [session.pk for session in sessions]
        of = {"session__in": ids}
        self.presence, self.words = defaultdict(dict), defaultdict(lambda: defaultdict(list))
        for row in Attendance.objects.filter(**of):
            self.presence[row.session_id][row.pupil_id] = row
        self.last = defaultdict(int)
        for entry in RollEntry.objects.filter(**of):
            self.last[entry.session_id] = max(self.last[entry.session_id], entry.pk)
            if entry.pupil_id:
                self.words[entry.session_id][entry.pupil_id].append(entry)
        self.codes = tickets.codes_of(sessions)


def _list(session, pupils, classes, found, signed_in_until):
    forget_at = min(session.ends_at + roll.KEPT_AFTER, signed_in_until)
    counted = {}
    for row in session.headcounts.all():
        counted.setdefault(row.class_group_id, []).append(row)
    return {
        "id": session.pk,
        "title": session.activity.title,
        "where": session.where,
        "when": say_span(session.starts_at, session.ends_at, session.zone),
        "starts": milliseconds(session.starts_at),
        "ends": milliseconds(session.ends_at),
        "opens": milliseconds(session.starts_at - roll.OPENS_BEFORE),
        "forget": milliseconds(forget_at),
        "base": found.last[session.pk],
        "pupils": [_pupil(session, pupil, found) for pupil in pupils],
        "classes": [_class(group, seats, counted.get(group and group.pk, [])) for group, seats in classes.items()],
    }


def _pupil(session, pupil, found):
    noted = found.presence[session.pk].get(pupil.pk)
    words = found.words[session.pk][pupil.pk]
    return {
        "id": pupil.pk,
        "name": str(pupil),
        "codes": found.codes[session.pk].get(pupil.pk, []),
        "status": noted.status if noted else "",
        "missed": session.minutes - noted.minutes if noted and noted.status in Attendance.WAS_THERE else 0,
        "disputes": [
            _("%(status)s, seen at %(time)s by somebody else")
            % {"status": entry.get_status_display(), "time": say_time(entry.observed_at)}
            for entry in (roll.disputes(words) if words else [])
        ],
    }


def _class(group, seats, rows):
    """A class, or the open public: counted here only where one number says it."""
    row = rows[0] if len(rows) == 1 else None
    return {
        "id": group and group.pk,
        "name": str(group or _("Open public")),
        "expected": seats,
        "total": row.total if row else None,
        "girls": row.girls if row else 0,
        "boys": row.boys if row else 0,
        "split": len(rows) > 1,
    }


def callable_by(user):
    """The sessions of a user with everything that a list says about them."""
    sessions = Session.objects.roll_called_by(user).select_related("activity", "school", "campus")
    return sessions.prefetch_related("headcounts").order_by("starts_at", "pk")


def read(body) -> tuple[list[tuple], list[dict]]:
    """((session, entry) of what can be read, answers to the rest), from what a phone sent."""
    sent_at = body.get("sent_at")
    now = milliseconds(timezone.now())
    ahead = sent_at - now if isinstance(sent_at, int) and abs(sent_at - now) < DAY else 0
    words, unread = [], []
    for said in body["words"]:
        said = said if isinstance(said, dict) else {}
        form = WordForm(said)
        if form.is_valid():
            words.append((form.cleaned_data["session"], form.entry(ahead)))
        else:
            why = " ".join(form.non_field_errors()) or _("This cannot be read.")
            unread.append({"nonce": str(said.get("nonce", ""))[:36], "outcome": "refused", "why": why})
    return words, unread
