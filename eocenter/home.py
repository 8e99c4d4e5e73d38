"""What stands on a person's home page, a role a function. The templates show what is given and say what to do when
there is nothing yet."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.measurement import home as measurement
from impact.measurement.figures import say_number
from participants.accounts.dates import say_day, say_moment, say_span
from participants.accounts.roles import Permission, Role
from participants.people import family_lists
from participants.people.models import ByHand, Look, RightsRequest, SchoolPost, Volunteer
from participants.people.rights import terms
from programs.activities import calendars, inbox
from programs.activities.models import Assignment, Booking, Session
from programs.awareness import home as awareness
from programs.awareness.models import TalkRequest

# How many lines of a kind a first page shows; the list behind it has them all.
SHOWN = 5
INBOX_SHOWN = 10
_TONES = {TalkRequest.State.DRAFT: "neutral", TalkRequest.State.SENT: "info"}


@dataclass(frozen=True)
class Row:
    """One line of a list: what, when or where, and where a click leads."""

    title: str
    detail: str = ""
    url: str = ""
    badge: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Next:
    """The one thing that comes next: shown large, on top."""

    title: str
    when: str
    url: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A number and its meaning; the address shows the rows behind it."""

    label: str
    value: str
    url: str = ""
    note: str = ""
    trend: str = ""


def volunteer(user):
    """My next session, two things I could take up, my hours."""
    mine = Assignment.objects.filter(volunteer__user=user)
    ahead = mine.confirmed().filter(session__in=Session.objects.upcoming()).order_by("session__starts_at")
    first = ahead.values_list("session", flat=True).first()
    taken = mine.live().values("session")
    free = Session.objects.visible_to(user).open_for_volunteers().with_free_places().exclude(pk__in=taken)
    minutes = mine.held().minutes()
    return {
        "asked": [
            Row(
                str(asked.campaign),
                _("When and where would you speak?"),
                asked.get_absolute_url(),
                _("to answer"),
                "warn",
            )
            for asked in awareness.wishes_to_say(user)[:SHOWN]
        ],
        "next_session": first and _next(Session.objects.for_display().get(pk=first)),
        "open_sessions": [_session_row(session) for session in free.for_display().order_by("starts_at", "pk")[:2]],
        "figures": [
            Figure(_("sessions given"), say_number(mine.held().count()), reverse("activities:my-sessions")),
            Figure(_("hours with young people"), say_number(minutes // 60), reverse("activities:my-sessions")),
        ]
        if minutes
        else [],
    }


def school_contact(user):
    """My classes' next session, what is asked of me, my open requests; and the post that waits for approval."""
    things = awareness.of_teacher(user)
    following = things["next_sessions"].for_display().first()
    return {
        "posts": SchoolPost.objects.pending().filter(contact__user=user).select_related("school"),
        "next_session": following and _next(following),
        "asked": _by_hand(user)
        + [
            Row(
                str(place.campaign),
                _("%(school)s is invited: say yes or no.") % {"school": place.school},
                reverse("awareness:campaign-answer", args=[place.pk]),
                _("to answer"),
                "warn",
            )
            for place in awareness.campaigns_to_answer(user)[:SHOWN]
        ]
        + [
            Row(
                _("How many young people were there?"),
                f"{session.activity} · {say_moment(session.starts_at, session.zone)}",
                reverse("activities:session-headcount", args=[session.pk]),
                _("to count"),
                "warn",
            )
            for session in things["to_count"][:SHOWN]
        ],
        "requests": [
            Row(str(request.school), "", request.get_absolute_url(), request.get_state_display(), _TONES[request.state])
            for request in things["requests"][:SHOWN]
        ],
    }


def coordinator(user):
    """Today's inbox, the plan of the next seven days, two figures that moved."""
    end = timezone.now() + dt.timedelta(days=7)
    waiting = inbox.inbox_of(user).mine
    week = Session.objects.managed_by(user).upcoming().filter(starts_at__lt=end).for_display()
    return {
        "inbox": [Row(item.title, item.detail, item.url, item.action, item.tone) for item in waiting[:INBOX_SHOWN]],
        "more": max(0, len(waiting) - INBOX_SHOWN),
        "week": [_session_row(session) for session in week.order_by("starts_at", "pk")[: 2 * SHOWN]],
        "figures": measurement.moved(user),
        "pillars": [],
    }


def director(user):
    """What a coordinator sees, under the five pillars on one page."""
    return coordinator(user) | {"pillars": measurement.pillars(user)}


def guardian(user):
    """What is to sign, in one screen."""
    return {"to_sign": _to_sign(user)}


def pupil(user):
    """The sessions of one's own that come next."""
    mine = Session.objects.upcoming().filter(
        Q(bookings__pupil__user=user, bookings__stage=Booking.Stage.CONFIRMED)
        | Q(activity__bookings__pupil__user=user, activity__bookings__stage=Booking.Stage.CONFIRMED)
    )
    shown = Session.objects.filter(pk__in=mine.values("pk")).for_display().order_by("starts_at", "pk")[:SHOWN]
    return {"sessions": [_session_row(session, url="") for session in shown], "to_sign": _to_sign(user)}


def partner(user):
    """Our sessions, our figures."""
    ours = Session.objects.managed_by(user, Permission.SESSION_VIEW).upcoming().for_display()
    return {
        "sessions": [_session_row(session) for session in ours.order_by("starts_at", "pk")[:SHOWN]],
        "figures": measurement.own(user),
    }


def reader(user):
    """The figures of one's territory."""
    return {"figures": measurement.own(user)}


def officer(user):
    """Answers that are due, terms that are overdue, the last looks."""
    waiting = RightsRequest.objects.visible_to(user).open().order_by("due_on", "pk")
    standing = terms.standing().values()
    overdue, announced = sum(kind.overdue for kind in standing), sum(kind.announced for kind in standing)
    looks = Look.objects.visible_to(user).select_related("user", "pupil")[:SHOWN]
    return {
        "asked": [
            Row(
                f"{asked.get_kind_display().capitalize()} · {asked.about}",
                say_day(asked.due_on),
                asked.get_absolute_url(),
                _("overdue") if asked.is_overdue else "",
                "danger" if asked.is_overdue else "neutral",
            )
            for asked in waiting[:SHOWN]
        ],
        "figures": [
            Figure(_("answers to give"), say_number(waiting.count()), reverse("people:right-list")),
            Figure(_("announced erasures"), say_number(announced), reverse("people:term-list")),
            Figure(_("terms overdue"), say_number(overdue), reverse("people:term-list")),
        ],
        "looks": [
            Row(
                str(look.user or _("a former user")),
                f"{look.pupil} · {say_moment(look.hour)}",
                reverse("people:trace-pupil", args=[look.pupil_id]),
            )
            for look in looks
        ],
    }


def newcomer(user):
    """Somebody without a role: what they wait for, or which door is theirs."""
    return {
        "posts": SchoolPost.objects.pending().filter(contact__user=user).select_related("school"),
        "is_waiting_volunteer": Volunteer.objects.active().filter(user=user).exists(),
    }


def _to_sign(user):
    """A line a child with answers open; all of them lead to the one page."""
    return [
        Row(
            name,
            ngettext("%(n)d answer is open", "%(n)d answers are open", number) % {"n": number},
            reverse("people:consent-page"),
            _("to answer"),
            "warn",
        )
        for name, number in family_lists.to_sign(user)
    ]


def _by_hand(user):
    """What only a person can do after agreements were taken back."""
    number = ByHand.objects.visible_to(user).open().count()
    if not number:
        return []
    text = ngettext("%(n)d thing to do by hand", "%(n)d things to do by hand", number)
    detail = _("an agreement was taken back")
    return [Row(text % {"n": number}, detail, reverse("people:by-hand-list"), _("to do"), "danger")]


def _next(session):
    return Next(
        str(session.activity),
        say_span(session.local_start, session.local_end, session.zone),
        session.get_absolute_url(),
        calendars.address_of(session),
    )


def _session_row(session, badge="", tone="neutral", url=None):
    return Row(
        str(session.activity),
        f"{say_moment(session.starts_at, session.zone)} · {session.school or session.campus or ''}".rstrip(" ·"),
        session.get_absolute_url() if url is None else url,
        badge,
        tone,
    )


# The page of each role and what stands on it.
HOMES = {
    Role.ADMINISTRATOR: ("eocenter/home_coordinator.html", director),
    Role.COORDINATOR: ("eocenter/home_coordinator.html", coordinator),
    Role.PROGRAMME_MANAGER: ("eocenter/home_coordinator.html", coordinator),
    Role.VOLUNTEER: ("eocenter/home_volunteer.html", volunteer),
    Role.CLUB_OFFICER: ("eocenter/home_volunteer.html", volunteer),
    Role.SCHOOL_CONTACT: ("eocenter/home_school_contact.html", school_contact),
    Role.GUARDIAN: ("eocenter/home_guardian.html", guardian),
    Role.PUPIL: ("eocenter/home_pupil.html", pupil),
    Role.PARTNER: ("eocenter/home_partner.html", partner),
    Role.GOVERNMENT_READER: ("eocenter/home_reader.html", reader),
    Role.RESEARCHER: ("eocenter/home_reader.html", reader),
    Role.PROTECTION_OFFICER: ("eocenter/home_officer.html", officer),
}
