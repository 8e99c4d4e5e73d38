"""Sessions in the language of calendars (RFC 5545): the invitation in a mail, and one's personal feed. Never a pupil's
name, never a contact's: calendars are copied to places that nobody watches."""

from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from programs.activities.models import Assignment, Session

MIME = "text/calendar"
YEAR = timedelta(days=365)


def invitation(session: Session, volunteer, *, is_cancelled: bool = False) -> tuple[str, bytes, str]:
    """The file that a mail program offers to put into the calendar, or to take out of it: (name, content, type)."""
    method = "CANCEL" if is_cancelled else "REQUEST"
    event = event_of(session, is_cancelled=is_cancelled, is_inside=True)
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organiser.params["CN"] = settings.CENTER_NAME
    event["ORGANIZER"] = organiser
    attendee = vCalAddress(f"mailto:{volunteer.user.email}")
    attendee.params.update({"CN": str(volunteer), "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event.add("ATTENDEE", attendee, encode=0)
    content = _calendar([event], METHOD=method)
    return "invitation.ics", content, f"{MIME}; method={method}"


def feed(assignments) -> bytes:
    """The confirmed sessions of one person, as a calendar that is fetched again and again."""
    sessions = [assignment.session for assignment in assignments]
    events = [event_of(session, is_cancelled=not session.is_planned, is_inside=True) for session in sessions]
    name = _("My sessions · %(center)s") % {"center": settings.CENTER_NAME}
    return _calendar(events, **{"NAME": name, "X-WR-CALNAME": name})


def single(session: Session) -> bytes:
    """One session, for whoever wants it in their calendar."""
    return _calendar([event_of(session, is_cancelled=not session.is_planned)])


def published(events, name: str) -> bytes:
    """Events that anybody may read, under a name."""
    return _calendar(events, **{"NAME": name, "X-WR-CALNAME": name})


def in_feed(user):
    """What stands in a person's feed: the sessions in which they have a place, for a year back."""
    return (
        Assignment.objects.confirmed()
        .filter(volunteer__user=user, session__ends_at__gte=timezone.now() - YEAR)
        .exclude(session__state=Session.State.NOT_HELD)
        .select_related("session__activity", "session__school", "session__campus")
        .order_by("session__starts_at", "pk")
    )


def event_of(session: Session, *, is_cancelled: bool = False, is_inside: bool = False) -> Event:
    """The session as an event on its own wall clock; its UID never changes, its SEQUENCE is the session's version. The
    online room stands in it for those who come (`is_inside`)."""
    event = Event()
    event.add("UID", f"session-{session.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("SEQUENCE", session.version)
    event.add("DTSTAMP", timezone.now())
    event.add("DTSTART", session.local_start)
    event.add("DTEND", session.local_end)
    event.add("SUMMARY", session.activity.title)
    room = session.online_url if is_inside and session.is_online else ""
    event.add("LOCATION", ", ".join(filter(None, [room or address_of(session) or session.where, session.place])))
    event.add("URL", urljoin(settings.SITE_URL, session.get_absolute_url()))
    event.add("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    return event


def address_of(session: Session) -> str:
    """Where people meet, as a map understands it; nothing for what is online."""
    if session.is_online:
        return ""
    if session.school_id:
        school = session.school
        return ", ".join(filter(None, [school.name, school.address, f"{school.postcode} {school.commune}".strip()]))
    if session.campus_id:
        return ", ".join(filter(None, [session.campus.name, session.campus.city]))
    return ""


def _calendar(events, **properties) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", f"-//{settings.CENTER_NAME}//EO Center//FR")
    calendar.add("VERSION", "2.0")
    for name, value in properties.items():
        calendar.add(name, value)
    for event in events:
        calendar.add_component(event)
    # The rules of summer time travel with the file: no calendar has to guess them.
    calendar.add_missing_timezones()
    return calendar.to_ical()
