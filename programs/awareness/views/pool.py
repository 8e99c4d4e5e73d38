"""The talent pool: for the center the list and its invitations, for schools the nominations, for families their own
page."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from participants.accounts import links
from participants.accounts.answers import attempt, need, settle
from participants.accounts.paging import MOST, BoundedPaginator, Sieved, bounded_count, said
from participants.accounts.roles import Permission
from participants.organisations.school_years import current_school_year
from participants.people import family_links
from participants.people.ages import DECIDES_ALONE, MAJORITY
from participants.people.duplicates import scoring
from participants.people.forms import NewLinkForm
from participants.people.models import Enrolment, Guardian, Pupil
from programs.activities.models import Activity, Booking
from programs.awareness import actions, pool
from programs.awareness.forms import FromEventForm, InviteForm, NominationForm, PoolFilterForm
from programs.awareness.models import Nomination, PoolEntry, PoolInvitation, PoolRound, SelfEntry, runs_pool

PAGE_SIZE = 50
ROUNDS_SHOWN = 10
MOST_NAMED = 300
Door = PoolEntry.Door


def _need_pool(request):
    if not runs_pool(request.user):
        raise Http404


def pool_list(request):
    """Those whom we may write to, where they stand, and the last rounds; of the others only how many there are."""
    _need_pool(request)
    form = PoolFilterForm(request.GET)
    entries = form.narrow(PoolEntry.objects.visible_to(request.user).standing()).order_by("entered_at", "pk")
    page = BoundedPaginator(Sieved(entries, _nameable, MOST_NAMED), PAGE_SIZE, most=MOST_NAMED).get_page(
        request.GET.get("page")
    )
    shown = PoolEntry.objects.filter(pk__in=list(page.object_list)).with_status().select_related("pupil")
    rows = _rows(shown.order_by("entered_at", "pk"))
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "waiting": _unnamed(),
        "newcomers": _newcomers(request.user),
        "rounds": PoolRound.objects.visible_to(request.user).select_related("activity", "made_by")[:ROUNDS_SHOWN],
        "event_form": FromEventForm(user=request.user),
        "invite_query": request.GET.urlencode(),
    }
    return render(request, "programs/awareness/pool_list.html", context)


def _nameable(asked):
    """Which of these entries may be named."""
    return PoolEntry.objects.filter(pk__in=asked).contactable().values_list("pk", flat=True)


def _unnamed() -> int | None:
    """How many more have come in whom we may not write to; of more than pages show nobody counts."""
    standing = PoolEntry.objects.standing()
    there = bounded_count(standing)
    return None if there > MOST else there - standing.contactable().count()


def _newcomers(user):
    """(entry, why it may be the person on record) of those who came by themselves."""
    waiting = SelfEntry.objects.visible_to(user).select_related("school", "pupil")
    return [(entry, scoring.explain(entry.codes)) for entry in waiting]


def _rows(entries):
    """(entry, this school year, invitations this term) for one page, in a fixed number of queries."""
    entries = list(entries)
    years = Enrolment.objects.filter(
        school_year=current_school_year(), pupil__in=[entry.pupil_id for entry in entries]
    ).select_related("school")
    of_pupil = {year.pupil_id: year for year in years}
    counts = pool.invited_this_term([entry.pupil_id for entry in entries])
    return [(entry, of_pupil.get(entry.pupil_id), counts.get(entry.pupil_id, 0)) for entry in entries]


@require_POST
def pool_from_event(request):
    """Take the pupils of an event into the pool."""
    _need_pool(request)
    form = FromEventForm(request.POST, user=request.user)
    if form.is_valid():
        number = attempt(request, actions.enter_from_session, session=form.cleaned_data["session"], by=request.user)
        if number is not None:
            text = ngettext("%(n)d young person came in.", "%(n)d young people came in.", number)
            messages.success(request, text % {"n": number})
    else:
        messages.error(request, _("Choose an event."))
    return redirect("awareness:pool-list")


def pool_invite(request):
    """Who fits an activity, and the invitation to them."""
    _need_pool(request)
    is_sent = request.method == "POST"
    form = InviteForm(request.POST if is_sent else _first_look(request), is_sent=is_sent)
    if is_sent and form.is_valid():
        made = settle(
            form,
            actions.invite_round,
            activity=form.cleaned_data["activity"],
            reason=form.cleaned_data["reason"],
            filters=form.codes,
            entries=form.narrow(PoolEntry.objects.visible_to(request.user)),
            most=form.cleaned_data["most"],
            by=request.user,
        )
        if made:
            messages.success(request, _("The invitations leave by mail now."))
            return redirect("awareness:pool-round", made.pk)
    activity = form.said("activity")
    entries = form.narrow(PoolEntry.objects.visible_to(request.user))
    context = {
        "form": form,
        "activity": activity,
        "fit": pool.fitting(activity, entries).count() if activity else 0,
        "now": pool.invitable(activity, entries).count() if activity else 0,
        "most_a_term": pool.MOST_A_TERM,
        "is_sent": is_sent,
    }
    return render(request, "programs/awareness/pool_invite.html", context)


def _first_look(request):
    """What the address says; before anything is chosen, the first activity and thirty people."""
    first = pool.open_activities().order_by("title_fr", "pk").values_list("pk", flat=True).first()
    return {"activity": first or "", "most": "30"} | request.GET.dict()


def pool_round(request, pk):
    """Whom a round reached, why, and who took it up. Whoever has taken the agreement back is counted, not named."""
    rounds = PoolRound.objects.visible_to(request.user).select_related("activity", "made_by")
    made = get_object_or_404(rounds, pk=pk)
    everybody = PoolInvitation.objects.visible_to(request.user).filter(round=made).with_answer()
    named = everybody.filter(pupil__in=PoolEntry.objects.contactable().values("pupil"))
    invitations = list(named.select_related("pupil").order_by("pupil__sort_name", "pk"))
    context = {
        "made": made,
        "filters": PoolFilterForm(made.filters).in_words(),
        "invitations": invitations,
        "invited": everybody.count(),
        "taken_up": everybody.filter(has_seat=True).count(),
        "unnamed": everybody.count() - len(invitations),
    }
    return render(request, "programs/awareness/pool_round.html", context)


def nomination_list(request):
    """The pupils that one may nominate, and those whom one's school has nominated this year."""
    need(request, Permission.PUPIL_MANAGE)
    year = current_school_year()
    here = Enrolment.objects.filter(school_year=year, state="enrolled")
    pupils = Pupil.objects.managed_by(request.user).filter(pk__in=here.values("pupil"))
    text = request.GET.get("q", "").strip()[:100]
    if text:
        pupils = pupils.filter(sort_name__holds=text)
    told = Nomination.objects.visible_to(request.user).filter(school_year=year)
    pupils = pupils.prefetch_related(
        Prefetch("enrolments", here.select_related("school", "class_group"), to_attr="now"),
        Prefetch("nominations", told, to_attr="told"),
    )
    page = BoundedPaginator(pupils.order_by("sort_name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    number = bounded_count(told.values("pupil").distinct())
    context = {"page": page, "text": text, "number": number, "number_said": said(number)}
    return render(request, "programs/awareness/nomination_list.html", context)


def nominate(request, pk):
    """Say why a pupil should be in the pool."""
    pupil = get_object_or_404(Pupil.objects.managed_by(request.user), pk=pk)
    before = Nomination.objects.filter(
        pupil=pupil, school_year=current_school_year(), nominated_by=request.user
    ).first()
    form = NominationForm(request.POST or None, instance=before)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = settle(form, actions.nominate, pupil=pupil, by=request.user, **told)
        if done:
            text = _("%(name)s is nominated. Where the family still has to agree, we ask it by mail.")
            messages.success(request, text % {"name": pupil.first_name})
            return redirect("awareness:nomination-list")
    return render(request, "programs/awareness/nominate.html", {"form": form, "pupil": pupil})


@links.opened_with(family_links.read)
@require_http_methods(["GET", "HEAD", "POST"])
def family_pool(request, link):
    """The pool on the page of a family, opened by its personal link."""
    if link is None:
        return render(request, "participants/people/family_link_over.html", {"form": NewLinkForm()}, status=404)
    language = link.guardian.language if link.guardian else translation.get_language()
    with translation.override(language):
        return _own_page(request, link.person, link.token)


def own_pool(request):
    """The same for whoever has an account."""
    guardian = Guardian.objects.filter(user=request.user).first()
    person = guardian or Pupil.objects.named().filter(user=request.user).first()
    if person is None:
        raise Http404
    return _own_page(request, person, "")


def _own_page(request, person, token):
    pupils = _answered_by(person)
    here = reverse("awareness:family-pool", args=[token]) if token else reverse("awareness:own-pool")
    if request.method == "POST":
        pupil = next((one for one in pupils if str(one.pk) == request.POST.get("pupil")), None)
        if pupil:  # nobody else's child, and nothing for an empty form
            _say(request, person, pupil)
        return redirect(here)
    family = reverse("people:family-page", args=[token]) if token else reverse("people:consent-page")
    context = {
        "standings": [pool.standing_of(pupil, token) for pupil in pupils],
        "family_url": family,
        "is_guardian": isinstance(person, Guardian),
    }
    return render(request, "programs/awareness/own_pool.html", context)


def _answered_by(person) -> list[Pupil]:
    """For whom this person speaks: a guardian for the children until they are of age, a pupil from 15."""
    if isinstance(person, Guardian):
        children = Pupil.objects.named().filter(guardianships__guardian=person).order_by("sort_name", "pk")
        return [child for child in children if child.age < MAJORITY]
    return [person] if person.age >= DECIDES_ALONE else []


def _say(request, person, pupil):
    if "leave" in request.POST:
        attempt(request, actions.leave_pool, _("Done: no invitation leaves any more."), pupil=pupil)
        return
    event = Booking.objects.live().filter(pupil=pupil, session__activity__kind__in=[Activity.Kind.EVENT, "campus_day"])
    booking = event.order_by("-booked_at", "-pk").first()
    door = Door.EVENT if booking else Door.GUARDIAN if isinstance(person, Guardian) else Door.SELF
    by = request.user if request.user.is_authenticated else None
    attempt(
        request,
        actions.enter_pool,
        _("Welcome: we will write to you when something fits."),
        pupil=pupil,
        door=door,
        by=by,
        booking=booking,
        is_own_word=True,
    )
