"""Looking for a speaker: start, watch live, stop."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt
from programs.activities import actions, fitting
from programs.activities.forms.searching import SearchForm
from programs.activities.models import Asking, Session, SpeakerSearch

SHOWN = 5


def session_search(request, pk):
    """Who was asked, when and why; who answered; who comes next, and why the others do not. While a search runs the
    page asks again by itself and gets the piece that changes."""
    sessions = Session.objects.managed_by(request.user).select_related("activity", "school", "campus")
    session = get_object_or_404(sessions, pk=pk)
    form = SearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {"size": form.cleaned_data["size"], "minutes": form.cleaned_data["minutes"]}
        text = _("The first round is on its way.")
        if attempt(request, actions.start_search, text, session=session, by=request.user, **said):
            return redirect("activities:session-search", session.pk)
    context = {"session": session, "form": form, **_state(session, request.user)}
    if request.htmx and request.method == "GET":
        return render(request, "programs/activities/includes/search_state.html", context)
    return render(request, "programs/activities/session_search.html", context)


def _state(session, user):
    searches = list(session.searches.select_related("started_by").order_by("-started_at", "-pk")[:SHOWN])
    search = searches[0] if searches else None
    can_search = session.is_planned and not session.has_begun and session.volunteer_places_left > 0
    # What comes next is asked for in the name of whoever started, as the clock will.
    by = search.started_by if search and search.is_running else user
    fits, left_out = fitting.look(session, by=by, seed=search.seed if search else 0) if can_search else ([], [])
    rounds = {}
    for asking in _askings(searches):
        rounds.setdefault((asking.search_id, asking.round), []).append(asking)
    return {
        "search": search,
        "rounds": [
            {"number": number, "askings": askings, "is_earlier": of != search.pk}
            for (of, number), askings in rounds.items()
        ],
        "can_search": can_search,
        "fit_count": len(fits),
        "next_fits": fits[: search.size if search and search.is_running else SHOWN],
        "left_out": left_out,
    }


def _askings(searches):
    """Of these searches, the newest round first."""
    found = Asking.objects.filter(search__in=[search.pk for search in searches])
    return found.select_related("assignment__volunteer__member_school").order_by("-search", "-round", "pk")


@require_POST
def search_stop(request, pk):
    """Ask nobody else."""
    search = get_object_or_404(SpeakerSearch.objects.visible_to(request.user), pk=pk)
    text = _("The search has ended. Whoever had not answered is told.")
    attempt(request, actions.stop_search, text, search=search, by=request.user)
    return redirect("activities:session-search", search.session_id)
