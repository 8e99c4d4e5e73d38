"""What awareness tells on pages of others: what a school has had on its page, the talent pool on those of a pupil and a
family."""

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from participants.accounts.roles import Permission
from participants.organisations.panels import Panel
from participants.people.family_offers import Offer
from participants.people.models import Pupil
from programs.activities.models import Booking, Headcount, Session
from programs.awareness.models import Nomination, PoolEntry, PoolInvitation, TalkRequest, runs_pool

SHOWN = 10


def of_school(school, user):
    """The last requests and sessions of this school, for those who handle requests."""
    if not user.can(Permission.REQUEST_HANDLE):
        return None
    requests = TalkRequest.objects.for_staff(user).filter(school=school).select_related("contact").with_size()
    return Panel(
        title=_("Requested and given"),
        template="programs/awareness/includes/school_talks.html",
        context={"requests": requests[:SHOWN], "sessions": _sessions(school, user)[:SHOWN]},
    )


def _sessions(school, user):
    """The sessions of the school's classes, the newest first, with how many of its young people were counted."""
    booked = Booking.objects.live().filter(session=OuterRef("pk"), class_group__school=school)
    counted = Headcount.objects.filter(session=OuterRef("pk"), class_group__school=school).order_by().values("session")
    return (
        Session.objects.visible_to(user)
        .filter(Exists(booked))
        .annotate(counted=Subquery(counted.values(sum=Sum("total"))))
        .select_related("activity")
        .order_by("-starts_at", "-pk")
    )


def pool_of_pupil(pupil, user):
    """Whether the pupil was nominated and is in the pool, for those who may nominate. How far they came, and what they
    were written, is for those who run the pool: a school would read from it what a family has agreed to."""
    if not Pupil.objects.managed_by(user).filter(pk=pupil.pk).exists():
        return None
    runs = runs_pool(user)
    entry = PoolEntry.objects.standing().with_status().filter(pupil=pupil).first()
    context = {
        "pupil": pupil,
        "entry": entry,
        "nominations": Nomination.objects.visible_to(user).filter(pupil=pupil).select_related("nominated_by"),
        "invitations": PoolInvitation.objects.filter(pupil=pupil).with_answer().select_related("activity")
        if runs
        else [],
        "runs_pool": runs,
    }
    return Panel(_("Talent pool"), "programs/awareness/includes/pupil_pool.html", context)


def pool_for_family(person, token) -> list[Offer]:
    """The way from the page of a family to that of the pool."""
    name, arguments = ("family-pool", [token]) if token else ("own-pool", [])
    detail = _("Be told about what comes next, at most once a fortnight")
    return [Offer(_("Talent pool"), detail, reverse(f"awareness:{name}", args=arguments))]
