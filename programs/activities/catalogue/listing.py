"""Which dates the public may read about, with all that a row says about them."""

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Sum

from participants.organisations.models import Organisation
from programs.activities.models import Activity, Programme, Session

State = Session.State


def shown():
    """Every date of a published activity that takes place or was cancelled. What happens inside a school is the
    school's own, unless the public may come."""
    behind_doors = Q(school__isnull=False) & ~Q(activity__registration_for__contains=[Activity.Audience.PUBLIC])
    published = Activity.objects.published()
    return Session.objects.filter(activity__in=published, state__in=[State.PLANNED, State.CANCELLED]).exclude(
        behind_doors
    )


def coming():
    """The dates to come; of what is booked as a whole, the first one stands for all."""
    return shown().upcoming().once_for_a_whole()


def for_catalogue(sessions):
    """In order, with what a row says: the place, who offers it, seats held over all dates, when it last changed."""
    planned = Session.objects.filter(activity=OuterRef("activity"), state=State.PLANNED).order_by()
    held = planned.values("activity").annotate(n=Sum(F("seats_taken") - F("seats_overridden"))).values("n")
    history = Session.pgh_event_models["update"].objects.filter(pgh_obj=OuterRef("pk")).order_by()
    changed = history.values("pgh_obj").annotate(last=Max("pgh_created_at")).values("last")
    related = ("activity__programme", "activity__organisation", "school__departement", "campus")
    sessions = sessions.with_position().annotate(held_in_all=Subquery(held), changed_at=Subquery(changed))
    return sessions.select_related(*related).order_by("starts_at", "pk")


def programmes():
    """The programmes that offer something to the public."""
    return Programme.objects.filter(activities__in=Activity.objects.published()).distinct()


def organisations():
    """The member schools (and the center) that offer something to the public."""
    kinds = [Organisation.Kind.MEMBER_SCHOOL, Organisation.Kind.CENTER]
    offered = Activity.objects.published().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(offered), kind__in=kinds, is_active=True)
