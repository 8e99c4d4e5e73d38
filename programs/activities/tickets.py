"""Tickets: what a young person shows at the door. A ticket is a seal over a booking and holds nothing about anybody; a
phone that has the list knows whose it is, without network. The square is the address of the roll call with the ticket
behind the #, which no server is told: the camera of any phone opens it. Its first eight letters can also be typed."""

import base64
from collections import defaultdict
from dataclasses import dataclass

import segno
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe

from programs.activities.models import Booking, Session

LENGTH, TYPED = 16, 8
PREFIX = "EO:"


def code_of(booking_id, secret=None) -> str:
    """The code of a booking; the same each time, and nothing can be read from it."""
    seal = salted_hmac("activities.ticket", str(booking_id), secret=secret, algorithm="sha256").digest()
    return base64.b32encode(seal)[:LENGTH].decode()


def typed(code) -> str:
    """The part that can be typed, in two groups."""
    return f"{code[:4]} {code[4:TYPED]}"


def codes_of(sessions) -> dict[int, dict[int, list[str]]]:
    """session -> pupil -> the codes that open this list for them; those of a former key too."""
    by_activity = defaultdict(list)
    for session in sessions:
        by_activity[session.activity_id].append(session.pk)
    target = Q(session__in=[session.pk for session in sessions]) | Q(activity__in=by_activity)
    rows = Booking.objects.seated().filter(target).exclude(pupil=None)
    found = defaultdict(lambda: defaultdict(list))
    for booking_id, session_id, activity_id, pupil_id in rows.values_list("pk", "session", "activity", "pupil"):
        for pk in [session_id] if session_id else by_activity[activity_id]:
            found[pk][pupil_id] += [code_of(booking_id, key) for key in (None, *settings.SECRET_KEY_FALLBACKS)]
    return found


def drawn(text, *, border=2):
    """A QR code as SVG, to stand in a page: black on white in every theme, in the size that the page gives it."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=border, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawing)


@dataclass(frozen=True)
class Ticket:
    """What stands on one."""

    booking: Booking
    session: Session | None
    code: str

    @property
    def address(self):
        return f"{settings.SITE_URL}{reverse('activities:roll-app')}#{PREFIX}{self.code}"

    @property
    def drawing(self):
        return drawn(self.address)

    @property
    def typed(self):
        return typed(self.code)


def of_session(session, pupils) -> list[Ticket]:
    """A ticket a pupil who has a seat, in the order of the list."""
    target = Q(session=session) | Q(activity=session.activity_id)
    seats = Booking.objects.seated().filter(target, pupil__in=pupils).select_related("pupil")
    return [Ticket(seat, session, code_of(seat.pk)) for seat in seats.order_by("pupil__sort_name", "pk")]


def ahead_of(pupils) -> list[Ticket]:
    """The tickets of these pupils for what is to come; one for a whole activity is shown with its next session."""
    coming = Session.objects.upcoming_or_running().select_related("activity", "school", "campus").order_by("starts_at")
    seats = Booking.objects.seated().filter(pupil__in=pupils).select_related("pupil", "activity")
    seats = list(seats.filter(Q(session__in=coming.values("pk")) | Q(activity__isnull=False)).order_by("pk"))
    wanted = Q(pk__in=[seat.session_id for seat in seats]) | Q(activity__in=[seat.activity_id for seat in seats])
    by_session, by_activity = {}, {}
    for session in coming.filter(wanted):
        by_session[session.pk] = session
        by_activity.setdefault(session.activity_id, session)
    found = [(seat, by_session.get(seat.session_id) or by_activity.get(seat.activity_id)) for seat in seats]
    tickets = [Ticket(seat, session, code_of(seat.pk)) for seat, session in found if session]
    return sorted(tickets, key=lambda ticket: (ticket.session.starts_at, ticket.booking.pk))


def of_booking(booking) -> Ticket | None:
    """The ticket of this booking while what it is for lies ahead; classes and guests of the open public have none."""
    own = ahead_of([booking.pupil]) if booking.pupil else []
    return next((ticket for ticket in own if ticket.booking == booking), None)
