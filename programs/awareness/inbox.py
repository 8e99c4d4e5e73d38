"""What requests and schools ask of those who handle them."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participants.accounts.dates import say_day
from participants.accounts.paging import bounded_count, said
from participants.accounts.roles import Permission
from participants.organisations.models import School
from participants.organisations.school_years import current_school_year, school_year_label
from programs.activities import inbox
from programs.activities.inbox import Item, Kind
from programs.activities.models import Booking, Session
from programs.awareness.models import SelfEntry, TalkRequest

UNANSWERED_AFTER = dt.timedelta(days=5)
QUIET_FROM_MONTH = 1  # January: in autumn a school that has not asked yet is not quiet, only early


def register() -> None:
    """Make the kinds known."""
    inbox.register(Kind("request", gettext_lazy("request unanswered"), requests_unanswered))
    inbox.register(Kind("new_requests", gettext_lazy("new requests"), new_requests))
    inbox.register(Kind("newcomers", gettext_lazy("young people who may be on record"), newcomers))
    inbox.register(Kind("quiet", gettext_lazy("school gone quiet"), schools_gone_quiet))


def requests_unanswered(user, most) -> list[Item]:
    """Each request that waits for five days or more."""
    waiting = TalkRequest.objects.for_staff(user).waiting().filter(sent_at__lte=timezone.now() - UNANSWERED_AFTER)
    return [
        Item(
            f"request:{talk.pk}",
            str(talk.school),
            _("asked for a talk, waits for an answer since %(day)s")
            % {"day": say_day(timezone.localdate(talk.sent_at))},
            reverse("awareness:board-request", args=[talk.pk]),
            _("Answer now"),
            talk.sent_at,
            "danger",
        )
        for talk in waiting.select_related("school").order_by("sent_at", "pk")[:most]
    ]


def new_requests(user, most) -> list[Item]:
    """The younger ones, in one line."""
    young = TalkRequest.objects.for_staff(user).waiting().filter(sent_at__gt=timezone.now() - UNANSWERED_AFTER)
    first = young.order_by("sent_at").values_list("sent_at", flat=True).first()
    if first is None:
        return []
    n = bounded_count(young)
    title = ngettext("%(n)s new request", "%(n)s new requests", n) % {"n": said(n)}
    return [Item("new_requests", title, "", reverse("awareness:board"), _("Answer now"), first, "info")]


def newcomers(user, most) -> list[Item]:
    """Who came into the pool by themselves and may be on record, in one line."""
    moments = list(SelfEntry.objects.visible_to(user).values_list("proven_at", flat=True))
    if not moments:
        return []
    title = ngettext(
        "%(n)d young person came by themselves and may be on record",
        "%(n)d young people came by themselves and may be on record",
        len(moments),
    )
    url = reverse("awareness:pool-list")
    return [Item("newcomers", title % {"n": len(moments)}, "", url, _("Decide"), moments[0], "info")]


def schools_gone_quiet(user, most) -> list[Item]:
    """From January on: schools that had activities last school year, and this year neither one nor a request."""
    if not user.can(Permission.REQUEST_HANDLE):
        return []
    year = current_school_year()
    if not QUIET_FROM_MONTH <= timezone.localdate().month < 9:
        return []
    asked = TalkRequest.objects.sent().filter(school=OuterRef("pk"), school_year=year)
    schools = School.objects.filter(_had_activity(year - 1), ~_had_activity(year), ~Exists(asked))
    return [
        Item(
            f"quiet:{year}:{school.pk}",
            str(school),
            _("had activities in %(year)s, nothing since and no request") % {"year": school_year_label(year - 1)},
            school.get_absolute_url(),
            _("Get in touch"),
            tone="neutral",
        )
        for school in schools.order_by("sort_name", "pk")[:most]
    ]


def _had_activity(year) -> Q:
    """A class or a pupil of the school had seats in a date of this school year, or one took place in it."""
    planned = {"session__state": Session.State.PLANNED, "session__activity__school_year": year}
    seats = Booking.objects.live().filter(school=OuterRef("pk"), **planned)
    held = Session.objects.filter(school=OuterRef("pk"), state=Session.State.PLANNED, activity__school_year=year)
    return Q(Exists(seats)) | Q(Exists(held))
