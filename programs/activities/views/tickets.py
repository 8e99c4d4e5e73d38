"""Tickets on paper and on the telephone of whoever has one."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from participants.people.models import Guardianship, Pupil
from programs.activities import roll, tickets
from programs.activities.models import Session


def session_tickets(request, pk):
    """The tickets of a session to print and hand out: for those who call its roll."""
    sessions = Session.objects.roll_called_by(request.user).select_related("activity", "school", "campus")
    session = get_object_or_404(sessions, pk=pk)
    pupils, _classes = roll.callable_in(session, request.user)
    context = {"session": session, "tickets": tickets.of_session(session, pupils)}
    return render(request, "programs/activities/tickets/session.html", context)


def ticket_list(request):
    """One's own tickets, or those of one's children."""
    children = Guardianship.objects.filter(guardian__user=request.user).values("pupil")
    pupils = Pupil.objects.visible_to(request.user)
    own = list(pupils.filter(user=request.user) | pupils.filter(pk__in=children))
    if not own:
        raise Http404
    context = {"tickets": tickets.ahead_of(own)}
    return render(request, "programs/activities/tickets/list.html", context)
