"""The center's side of a campaign: its schools, chosen by need and invited in waves, and its speakers."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, need, settle
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.people.models import Volunteer
from programs.awareness import actions, board, needs
from programs.awareness.forms.campaigns import AskSpeakersForm, CampaignForm, NeedForm, WaveForm
from programs.awareness.models import Campaign, CampaignSchool, CampaignSpeaker
from programs.awareness.weeks import say_half_days_of

PAGE_SIZE = 50
MOST_AT_ONCE = 500
STATES = ["", "chosen", "invited", "silent", "yes", "no"]


def campaign_list(request):
    """Every campaign that one runs, the newest first."""
    need(request, Permission.REQUEST_HANDLE)
    campaigns = Campaign.objects.visible_to(request.user).with_answers().select_related("programme", "organisation")
    campaigns = campaigns.order_by("-first_week", "name_fr", "pk")
    page = BoundedPaginator(campaigns, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "programs/awareness/campaign_list.html", {"page": page})


def campaign_new(request):
    """Begin a campaign."""
    need(request, Permission.REQUEST_HANDLE)
    return _edit(request, Campaign(), _("The campaign is begun: choose its schools."))


def campaign_edit(request, pk):
    """Change what holds for the whole campaign."""
    return _edit(request, find(request, pk), _("Saved."))


def campaign_detail(request, pk):
    """The schools of a campaign and what they answered; asked again while it is looked at, the figures are live."""
    campaign = find(request, pk)
    counts, progress = _counts(campaign), actions.progress_of(campaign)
    if request.htmx:
        tally = {"campaign": campaign, "counts": counts, "progress": progress}
        return render(request, "programs/awareness/includes/campaign_tally.html", tally)
    state = request.GET.get("state", "")
    places = CampaignSchool.objects.visible_to(request.user).filter(campaign=campaign)
    places = places.select_related("school__departement", "contact").annotate(talk_count=Count("talks")).with_reached()
    places = _of_state(places, state).order_by("-need", "school__sort_name", "pk")
    page = BoundedPaginator(places, PAGE_SIZE).get_page(request.GET.get("page"))
    for place in page:
        place.said_half_days = say_half_days_of(place.half_days)
    context = {
        "campaign": campaign,
        "counts": counts,
        "progress": progress,
        "page": page,
        "state": state,
        "state_tabs": _state_tabs(counts, state),
        "wave_form": WaveForm(),
        "tabs": tabs(campaign, "schools"),
    }
    return render(request, "programs/awareness/campaign_detail.html", context)


def campaign_choose(request, pk):
    """Schools that need it most, as a list and on the map; many are chosen at once."""
    campaign = find(request, pk)
    form = NeedForm(request.GET)
    wanted, campuses = form.wanted(), board.campuses()
    if request.method == "POST":
        return _choose(request, campaign, wanted, campuses)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    number = min(max(1, number), 200)
    rows = needs.in_need(campaign, wanted, campuses, first=PAGE_SIZE, skip=PAGE_SIZE * (number - 1))
    found = rows[0].found if rows else 0
    context = {
        "campaign": campaign,
        "form": form,
        "rows": rows,
        "found": found,
        "page_number": number,
        "has_next": number * PAGE_SIZE < found,
        "coverage": needs.coverage(campaign, wanted, campuses),
        "tabs": tabs(campaign, "schools"),
    }
    return render(request, "programs/awareness/campaign_choose.html", context)


@require_POST
def school_leave_out(request, pk):
    """Take out a school that was not invited yet."""
    places = CampaignSchool.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))
    place = get_object_or_404(places, pk=pk)
    attempt(
        request, actions.leave_out_school, _("The school is no longer in the campaign."), place=place, by=request.user
    )
    return redirect("awareness:campaign-detail", place.campaign_id)


@require_POST
def campaign_invite(request, pk):
    """Invite the next wave."""
    campaign, form = find(request, pk), WaveForm(request.POST)
    most = form.cleaned_data["most"] if form.is_valid() else None
    invited = attempt(request, actions.invite_wave, campaign=campaign, most=most, by=request.user)
    if invited:
        said = ngettext("%(n)d school is invited.", "%(n)d schools are invited.", invited)
        messages.success(request, said % {"n": invited})
    return redirect(campaign)


def campaign_speakers(request, pk):
    """The volunteers of a campaign, what they said, and how many talks they have in the last plan."""
    campaign = find(request, pk)
    speakers = CampaignSpeaker.objects.visible_to(request.user).filter(campaign=campaign)
    tally = speakers.aggregate(
        asked=Count("pk"), yes=Count("pk", filter=Q(state="yes")), no=Count("pk", filter=Q(state="no"))
    )
    shown = (
        speakers.select_related("volunteer__member_school", "own_school")
        .annotate(
            talk_count=Count("planned", filter=Q(planned__planned__applied_at__isnull=False, planned__refusal=""))
        )
        .order_by("-state", "volunteer__sort_name", "pk")
    )
    page = BoundedPaginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    for speaker in page:
        speaker.said_half_days = say_half_days_of(speaker.half_days)
    context = {
        "campaign": campaign,
        "page": page,
        "tally": tally,
        "form": AskSpeakersForm(),
        "tabs": tabs(campaign, "speakers"),
    }
    return render(request, "programs/awareness/campaign_speakers.html", context)


@require_POST
def speakers_ask(request, pk):
    """Ask the recognised volunteers what they wish."""
    campaign, form = find(request, pk), AskSpeakersForm(request.POST)
    volunteers = Volunteer.objects.visible_to(request.user).active().with_recognition().filter(is_recognised=True)
    if form.is_valid() and form.cleaned_data["member_school"]:
        volunteers = volunteers.filter(member_school=form.cleaned_data["member_school"])
    asked = attempt(
        request,
        actions.invite_speakers,
        campaign=campaign,
        volunteers=volunteers.select_related("user"),
        by=request.user,
    )
    if asked is not None:
        said = ngettext("%(n)d volunteer is asked.", "%(n)d volunteers are asked.", asked)
        messages.success(request, said % {"n": asked})
    return redirect("awareness:campaign-speakers", pk)


def find(request, pk) -> Campaign:
    """A campaign that one runs."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("programme", "organisation")
    return get_object_or_404(campaigns, pk=pk)


def tabs(campaign, current):
    """The three sides of a campaign."""
    pages = {
        "schools": (_("Schools"), "awareness:campaign-detail"),
        "speakers": (_("Speakers"), "awareness:campaign-speakers"),
        "plan": (_("Plan"), "awareness:campaign-plans"),
    }
    return [
        {"label": label, "url": reverse(name, args=[campaign.pk]), "is_current": key == current, "count": None}
        for key, (label, name) in pages.items()
    ]


def _edit(request, campaign, done):
    form = CampaignForm(request.POST or None, instance=campaign, user=request.user)
    if request.method == "POST" and form.is_valid():
        saved = settle(form, actions.save_campaign, campaign=form.instance, by=request.user)
        if saved:
            messages.success(request, done)
            return redirect(saved)
    return render(request, "programs/awareness/campaign_edit.html", {"form": form, "campaign": campaign})


def _choose(request, campaign, wanted, campuses):
    """Those ticked, or the first so many of the list as it is filtered."""
    most = request.POST.get("first", "")
    if most.isdecimal():
        rows = needs.in_need(campaign, wanted, campuses, first=min(int(most), MOST_AT_ONCE))
    else:
        ticked = {int(value) for value in request.POST.getlist("school") if value.isdecimal()}
        rows = [row for row in needs.in_need(campaign, wanted, campuses, first=10_000) if row.id in ticked]
    chosen = actions.choose_schools(campaign=campaign, needs=rows, by=request.user)
    said = ngettext("%(n)d school is chosen.", "%(n)d schools are chosen.", chosen)
    messages.success(request, said % {"n": chosen})
    return redirect(campaign)


def _counts(campaign):
    """How the schools stand, in one question."""
    places = CampaignSchool.objects.filter(campaign=campaign)
    states = {name: Count("pk", filter=Q(state=name)) for name in ("chosen", "invited", "yes", "no")}
    silent = Count("pk", filter=Q(pk__in=places.silent().values("pk")))
    return places.aggregate(every=Count("pk"), silent=silent, **states)


def _of_state(places, state):
    if state == "silent":
        return places.silent()
    return places.filter(state=state) if state in CampaignSchool.State.values else places


def _state_tabs(counts, current):
    labels = {
        "": pgettext("schools", "All"),
        "chosen": _("Chosen"),
        "invited": _("Invited"),
        "silent": _("Silent"),
        "yes": _("Yes"),
        "no": _("No"),
    }
    return [
        {
            "label": label,
            "url": f"?state={state}" if state else "?",
            "is_current": state == current,
            "count": counts[state or "every"],
        }
        for state, label in labels.items()
    ]
