"""What lines of files say about sessions and the people in them: the title of an activity, the hour on the wall, the
UAI, the address of a volunteer. Nobody needs to know our numbers."""

import datetime as dt
import zoneinfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.accounts.text import Fold, fold
from participants.accounts.travel import Line, OneOf
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, Organisation, School
from participants.organisations.school_years import school_year_label, school_year_of
from participants.people.forms.lines import DAYS, PupilLine
from participants.people.models import SchoolContact, Volunteer
from programs.activities.models import Activity, Assignment, Attendance, Booking, Session

ZONES = [(name, name) for name in sorted(zoneinfo.available_timezones())]


class WallClock(forms.Field):
    """Day and hour as the clock on the wall shows them; also as a spreadsheet writes them back."""

    formats = [f"{day} %H:%M{seconds}" for day in DAYS for seconds in ("", ":%S")]

    def to_python(self, value):
        for pattern in self.formats if value else []:
            try:
                return dt.datetime.strptime(value, pattern)  # noqa: DTZ007 - the zone is another column
            except ValueError:
                continue
        if value:
            raise ValidationError(
                _("“%(value)s” is no day and hour: write it like 2026-11-23 14:30.") % {"value": value}
            )
        return None


class AtSession(Line):
    """The columns by which people name a session: its activity, when it starts, where."""

    programme = forms.CharField(required=False)
    activity = forms.CharField()
    starts_at = WallClock()
    zone = OneOf(ZONES)
    school_uai = forms.CharField(required=False)
    campus = forms.CharField(required=False)
    place = forms.CharField(required=False, max_length=250)

    group = ("programme", "activity", "starts_at", "school_uai", "campus")

    def moment(self, name):
        """What a clock of the zone shows, as a moment."""
        said = self.cleaned_data
        zone = zoneinfo.ZoneInfo(said.get("zone") or "Europe/Paris")
        return said.get(name) and said[name].replace(tzinfo=zone)

    def activity_in(self, year):
        """The activity of this title that the user runs in a school year; of one programme, where several have it."""
        title, programme = self.cleaned_data["activity"], self.cleaned_data["programme"]
        found = self.once(("activity", title, programme, year), lambda: self._titled(title, programme, year))
        if len(found) == 1:
            return found[0]
        sentence = (
            _("Several activities of %(year)s have this title: say the programme by its code.")
            if found
            else _("You run no activity of this title in %(year)s: check title, programme and date.")
        )
        self.refuse("activity", sentence % {"year": school_year_label(year)})
        return None

    def _titled(self, title, programme, year):
        managed = Activity.objects.managed_by(self.user, Permission.SESSION_MANAGE).filter(school_year=year)
        named = managed.filter(Q(title_fr__iexact=title) | Q(title_en__iexact=title))
        if programme:
            named = named.filter(Q(programme__code__iexact=programme) | Q(programme__name_fr__iexact=programme))
        return list(named[:2])

    def session_at(self, **at):
        """The session at that moment and place; where several stand there, the one in the room that is named."""
        found = self.sessions(**at)
        if len(found) > 1:
            found = [session for session in found if session.place == self.cleaned_data["place"]] or found
        if len(found) > 1:
            self.refuse("starts_at", _("Several sessions begin there at that moment: do it on their pages."))
        return found[0] if len(found) == 1 else None

    def sessions(self, **at):
        """The first sessions that start so, of those that the user runs."""
        return list(Session.objects.managed_by(self.user).filter(**at).select_related("activity")[:20])


class SessionLine(AtSession):
    """A session, to be planned or changed."""

    ends_at = WallClock(required=False)
    online_url = forms.URLField(required=False, assume_scheme="https")
    contact_on_site = forms.CharField(required=False, max_length=150)
    briefing = forms.CharField(required=False)
    seats = forms.IntegerField(required=False, min_value=0)
    volunteer_places = forms.IntegerField(required=False, min_value=0)
    staff_adults = forms.IntegerField(required=False, min_value=0)
    state = OneOf(Session.State.choices)
    state_reason = forms.CharField(required=False, max_length=250)

    def clean(self):
        said = super().clean()
        said |= {name: self.moment(name) for name in ("starts_at", "ends_at")}
        if said["starts_at"] and said["ends_at"] and said["ends_at"] <= said["starts_at"]:
            self.refuse("ends_at", _("The session ends before it starts."))
        said["school"] = self._known("school_uai", School.objects, uai=said.get("school_uai", "").upper())
        said["campus"] = self._known("campus", Organisation.objects, name=said.get("campus", ""))
        if said.get("activity") and said["starts_at"]:
            said["activity"] = self.activity_in(school_year_of(said["starts_at"].date()))
        return said

    def _known(self, column, rows, **key):
        if column not in self.data:
            return None
        found = rows.visible_to(self.user).filter(**key)[:2]
        if len(found) == 1:
            return found[0]
        self.refuse(column, _("“%(value)s” is not known here: check it.") % {"value": self.data[column]})
        return None

    def found(self):
        said = self.cleaned_data
        return self.session_at(**{name: said[name] for name in ("activity", "starts_at", "school", "campus")})

    def facts(self):
        """What the line says of the session, besides which it is."""
        texts = ("place", "online_url", "contact_on_site", "briefing")
        return self.said("ends_at", *texts, "seats", "volunteer_places", "staff_adults")


class OfSession(AtSession):
    """A line about somebody in a session that is there already."""

    def clean(self):
        said = super().clean()
        starts_at = self.moment("starts_at")
        said["session"] = self._session(said, starts_at) if said.get("activity") and starts_at else None
        return said

    def sessions(self, **at):
        return self.once(("session", *at.items()), lambda: super(OfSession, self).sessions(**at))

    def _session(self, said, starts_at):
        at = {"activity": self.activity_in(school_year_of(starts_at.date())), "starts_at": starts_at}
        if at["activity"] is None:
            return None
        at |= {"school__uai": said["school_uai"].upper()} if said["school_uai"] else {}
        at |= {"campus__name": said["campus"]} if said["campus"] else {}
        session = self.session_at(**at)
        if session is None and "starts_at" not in self.errors:
            self.refuse("starts_at", _("No session of this activity begins then and there: check hour and place."))
        return session


class OfClass(Line):
    """The columns by which a line names a class."""

    class_uai = forms.CharField(required=False)
    class_group = forms.CharField(required=False)

    def class_in(self, year):
        """The class of this school year, or nothing when the line names none."""
        said = self.cleaned_data
        if not said["class_group"]:
            return None
        classes = ClassGroup.objects.visible_to(self.user).for_school_year(year).annotate(folded=Fold("name"))
        found = classes.filter(school__uai=said["class_uai"].upper(), folded=fold(said["class_group"])).first()
        if found is None:
            sentence = _("This school has no such class in %(year)s: check the UAI, or add the class first.")
            self.refuse("class_group", sentence % {"year": school_year_label(year)})
        return found


class BookingLine(OfClass, OfSession, PupilLine):
    """Seats of a class or of a pupil, in a session or in an activity that is booked as a whole."""

    starts_at = WallClock(required=False)
    school_year = forms.RegexField(r"^20\d\d(-20\d\d)?$", required=False)
    pupil_last_name = forms.CharField(required=False)
    pupil_first_name = forms.CharField(required=False)
    pupil_birth_date = forms.DateField(required=False, input_formats=DAYS)
    seats = forms.IntegerField(required=False, min_value=1)
    stage = OneOf(Booking.Stage.choices)
    reason = OneOf(Booking.Reason.choices)
    contact = forms.EmailField(required=False)
    override_reason = forms.CharField(required=False, max_length=250)
    booked_at = WallClock(required=False)

    group = (*AtSession.group, "school_year")

    def clean(self):
        said = super().clean()
        place = said["session"] or self._whole_activity(said)
        if place is None:
            return said
        said["target"] = {"session": said["session"], "activity": None if said["session"] else place}
        year = place.activity.school_year if said["session"] else place.school_year
        said["whom"] = {"class_group": self.class_in(year), "pupil": said["pupil"]}
        if not self.errors and sum(who is not None for who in said["whom"].values()) != 1:
            self.refuse("class_group", _("Name either a class or one pupil, by last name, first name and birth date."))
        return said

    def _whole_activity(self, said):
        if said.get("starts_at") or not said.get("activity") or self.errors:
            return None
        if said["school_year"]:
            return self.activity_in(int(said["school_year"][:4]))
        self.refuse("starts_at", _("Say when the session starts, or the school year of the activity."))
        return None

    def found(self):
        said = self.cleaned_data
        bookings = list(Booking.objects.filter(**said["target"], **said["whom"]).order_by("pk"))
        return self._ended(bookings) if self.is_over() else self._live(bookings)

    def is_over(self):
        """Whether the line says that the booking ended."""
        return bool(self.cleaned_data["stage"]) and self.cleaned_data["stage"] not in Booking.LIVE

    def _live(self, bookings):
        said = self.cleaned_data
        live = next((booking for booking in bookings if booking.stage in Booking.LIVE), None)
        if live and said["seats"] not in {None, live.seats}:
            self.refuse("seats", _("A booking keeps its seats: cancel it, then book again."))
        if live is None and bookings:
            self.refuse("stage", _("This booking ended. To book again, go to the page of the session."))
        if live is None and said["contact"]:
            said["contact"] = self._contact(said["contact"])
        return live

    def _ended(self, bookings):
        """Of the bookings of this guest the one that was booked at that minute; one that ended so stays as it is."""
        if not bookings:
            self.refuse("stage", _("There is no booking to end: leave the line out."))
            return None
        booked_at = self.cleaned_data["booked_at"]
        then = [booking for booking in bookings if _minute(timezone.localtime(booking.booked_at)) == _minute(booked_at)]
        stage = self.cleaned_data["stage"]
        return max(then or bookings, key=lambda booking: (booking.stage == stage, booking.stage in Booking.LIVE))

    def _contact(self, email):
        known = SchoolContact.objects.visible_to(self.user).values("user")
        found = User.objects.active().filter(Q(pk__in=known) | Q(pk=self.user.pk), email__iexact=email).first()
        if found is None:
            self.refuse("contact", _("Nobody of this address speaks for a school here: check it, or leave it empty."))
        return found


def _minute(moment):
    return moment and moment.strftime("%Y-%m-%d %H:%M")


class AttendanceLine(OfSession, PupilLine):
    """Whether a pupil was there; an empty number of minutes is the whole session."""

    status = OneOf(Attendance.Status.choices, required=True)
    minutes = forms.IntegerField(required=False, min_value=0)

    def found(self):
        said = self.cleaned_data
        return Attendance.objects.filter(session=said["session"], pupil=said["pupil"]).first()


class HeadcountLine(OfClass, OfSession):
    """How many young people of a class, or of the open public, were there."""

    level = OneOf(Level.choices)
    total = forms.IntegerField(min_value=0, max_value=5000)
    girls = forms.IntegerField(required=False, min_value=0, max_value=5000)
    boys = forms.IntegerField(required=False, min_value=0, max_value=5000)

    def clean(self):
        said = super().clean()
        if said["session"]:
            said["class"] = self.class_in(said["session"].activity.school_year)
            known = said["class"].level if said["class"] else Level.UNKNOWN
            said["level"] = said.get("level") or known
        return said

    def found(self):
        said = self.cleaned_data
        return said["session"].headcounts.filter(class_group=said["class"], level=said["level"]).first()


class AssignmentLine(OfSession):
    """A volunteer in a session, by the address of their account."""

    volunteer = forms.EmailField()
    role = OneOf(Assignment.Role.choices)
    state = OneOf(Assignment.State.choices)

    def clean(self):
        said = super().clean()
        if said.get("volunteer"):
            said["person"] = (
                Volunteer.objects.visible_to(self.user).filter(user__email__iexact=said["volunteer"]).first()
            )
            if said["person"] is None:
                self.refuse("volunteer", _("You follow no volunteer of this address: check it."))
        return said

    def is_over(self):
        """Whether the line says that the person does not come."""
        return bool(self.cleaned_data["state"]) and self.cleaned_data["state"] not in Assignment.LIVE

    def found(self):
        said = self.cleaned_data
        parts = list(Assignment.objects.filter(session=said["session"], volunteer=said["person"]).order_by("-pk"))
        live = next((part for part in parts if part.is_live), None)
        if self.is_over():
            return self._over(parts, live)
        if live and said["role"] not in {"", live.role}:
            self.refuse("role", _("A role does not change: take the person out, then invite them again."))
        if live is None and parts:
            self.refuse("state", _("This person stepped back. Invite them again on the page of the session."))
        return live

    def _over(self, parts, live):
        ended = next((part for part in parts if part.state == self.cleaned_data["state"]), None)
        if not parts:
            self.refuse("state", _("This person was never in the session: leave the line out."))
        return ended or live or next(iter(parts), None)
