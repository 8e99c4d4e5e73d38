"""How a public date stands, in words: whether there is room, and whether one can register now. Limits that depend on
who registers (the school, the level) are said on the page of the registration."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.accounts.dates import say_day
from programs.activities.models import Activity

FEW = 10  # a tenth of the seats, or three
OPEN, LAST, FULL, SOON, CLOSED, BY_TEAM, CANCELLED, OVER = range(8)


@dataclass(frozen=True)
class Availability:
    """How a date stands: a short label with its tone, and the sentence behind it."""

    code: int
    label: str
    tone: str
    sentence: str

    @property
    def takes_registrations(self):
        return self.code in {OPEN, LAST, FULL}

    @property
    def has_room(self):
        return self.code in {OPEN, LAST}

    @property
    def is_given_by_the_team(self):
        return self.code == BY_TEAM


def of(session) -> Availability:
    """How this date stands now, as `listing.for_catalogue` read it."""
    return _that_is_no_more(session) or _before_registration(session.activity) or _by_seats(session)


def free_seats(session) -> int:
    """The seats that nobody holds: of the date, or of the activity that is booked as a whole, within the limit over all
    dates."""
    activity = session.activity
    free = activity.seats_left if activity.is_booked_as_a_whole else session.seats_left
    if activity.seats_in_all is None:
        return free
    held = (session.held_in_all or 0) + activity.seats_taken - activity.seats_overridden
    return max(0, min(free, activity.seats_in_all - held))


def _that_is_no_more(session):
    if not session.is_planned:
        return Availability(CANCELLED, _("cancelled"), "danger", _("This date is cancelled."))
    if session.has_begun:
        return Availability(OVER, _("over"), "neutral", _("This date is over."))
    return None


def _before_registration(activity):
    if not activity.registration_for:
        sentence = _("The team of the center gives the places of this one.")
        return Availability(BY_TEAM, _("by the team"), "info", sentence)
    opens_at = activity.registration_opens_at
    if activity.state == Activity.State.OPEN and opens_at and opens_at > timezone.now():
        sentence = _("Registration opens on %(day)s: come back then.") % {"day": say_day(opens_at)}
        return Availability(SOON, _("soon"), "info", sentence)
    if not activity.is_registration_open:
        return Availability(CLOSED, _("registration closed"), "neutral", _("Registration is closed."))
    return None


def _by_seats(session):
    free = free_seats(session)
    seats = session.activity.seats if session.activity.is_booked_as_a_whole else session.seats
    if not free:
        sentence = _("Full for now. On the waiting list, a place that comes free is offered to you by e-mail.")
        return Availability(FULL, _("waiting list"), "warn", sentence)
    if free <= max(3, seats // FEW):
        said = ngettext("One seat is left.", "The last %(n)d seats.", free) % {"n": free}
        return Availability(LAST, _("last seats"), "warn", said)
    return Availability(OPEN, _("seats free"), "ok", _("There are seats."))
