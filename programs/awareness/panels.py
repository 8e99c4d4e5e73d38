"""What the page of a school tells about talks: asked for, planned and given."""

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from participants.accounts.roles import Permission
from participants.organisations.panels import Panel
from programs.activities.models import Activity, Booking, Headcount, Session
from programs.awareness.models import TalkRequest

SHOWN = 10


def of_school(school, user):
    """The last requests and talks of this school, for those who handle requests."""
    if not user.can(Permission.REQUEST_HANDLE):
        return None
    requests = TalkRequest.objects.for_staff(user).filter(school=school).select_related("contact").with_size()
    return Panel(
        title=_("Talks requested and given"),
        template="programs/awareness/includes/school_talks.html",
        context={"requests": requests[:SHOWN], "sessions": _talks(school, user)[:SHOWN]},
    )


def _talks(school, user):
    """The talks of the school's classes, the newest first, with how many of its young people were counted."""
    booked = Booking.objects.live().filter(session=OuterRef("pk"), class_group__school=school)
    counted = Headcount.objects.filter(session=OuterRef("pk"), class_group__school=school).order_by().values("session")
    return (
        Session.objects.visible_to(user)
        .filter(Exists(booked), activity__kind=Activity.Kind.TALK)
        .annotate(counted=Subquery(counted.values(sum=Sum("total"))))
        .select_related("activity")
        .order_by("-starts_at", "-pk")
    )
