"""The plan of a campaign: asked for, looked at with its reasons, steered pair by pair, applied."""

from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, number_in
from participants.accounts.paging import BoundedPaginator
from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job
from programs.awareness import actions, background, casting, explanations
from programs.awareness.models import (
    Campaign,
    CampaignPlan,
    CampaignSpeaker,
    CampaignTalk,
    PairRule,
    PlannedSpeaker,
    PlannedTalk,
)
from programs.awareness.planning import worth
from programs.awareness.planning.problem import Problem
from programs.awareness.views.campaigns import find, tabs

PAGE_SIZE = 25
CANDIDATES_SHOWN = 40


def campaign_plans(request, pk):
    """The last plan, or how to get the first one."""
    campaign = find(request, pk)
    last = CampaignPlan.objects.visible_to(request.user).filter(campaign=campaign).first()
    if last:
        return redirect("awareness:plan-detail", last.pk)
    talks = CampaignTalk.objects.visible_to(request.user).filter(place__campaign=campaign, place__state="yes")
    context = {
        "campaign": campaign,
        "tabs": tabs(campaign, "plan"),
        "talk_count": talks.count(),
        "speaker_count": CampaignSpeaker.objects.visible_to(request.user).willing().filter(campaign=campaign).count(),
    }
    return render(request, "programs/awareness/plan_first.html", context)


@require_POST
def plan_ask(request, pk):
    """Have a plan worked out; asked twice, it is one."""
    campaign = find(request, pk)
    plan = attempt(request, actions.ask_plan, campaign=campaign, keeps_last="anew" not in request.POST, by=request.user)
    if plan is None:
        return redirect("awareness:campaign-plans", pk)
    correspondence.start_job(kind=background.PLAN, owner=request.user, parameters={"plan": plan.pk})
    return redirect("awareness:plan-detail", plan.pk)


def plan_detail(request, pk):
    """A plan: what is filled and why, what is left and why."""
    plan = _plan(request, pk)
    work = _work(request, plan)
    if request.htmx and not work:
        # The part of the page that waits asks again: the whole page is ready now.
        response = render(request, "programs/awareness/includes/plan_work.html", {"plan": plan, "work": None})
        response["HX-Refresh"] = "true"
        return response
    if request.htmx:
        return render(request, "programs/awareness/includes/plan_work.html", {"plan": plan, "work": work})
    shelf = request.GET.get("show", "filled")
    rows = plan.talks.filter(day__isnull=shelf == "unfilled")
    page = BoundedPaginator(_with_people(rows).order_by("day", "-half_day", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    counts = plan.talks.aggregate(
        filled=Count("pk", filter=Q(day__isnull=False)),
        unfilled=Count("pk", filter=Q(day=None)),
        applied=Count("pk", filter=Q(applied_at__isnull=False)),
        refused=Count("pk", filter=~Q(refusal="")),
    )
    context = {
        "plan": plan,
        "campaign": plan.campaign,
        "work": work,
        "counts": counts,
        "people": PlannedSpeaker.objects.filter(planned__plan=plan).values("speaker").distinct().count(),
        "page": page,
        "rows": _rows(page, plan),
        "shelf": shelf,
        "shelves": _shelves(counts, shelf),
        "progress": actions.progress_of(plan.campaign),
        "tabs": tabs(plan.campaign, "plan"),
    }
    return render(request, "programs/awareness/plan_detail.html", context)


@require_POST
def plan_apply(request, pk):
    """Make the plan real; asked twice, nothing is made twice."""
    plan = _plan(request, pk)
    if plan.state != CampaignPlan.State.ASKED:
        correspondence.start_job(kind=background.APPLY, owner=request.user, parameters={"plan": plan.pk})
    return redirect("awareness:plan-detail", plan.pk)


@require_POST
def planned_lock(request, pk):
    """Keep the group of a talk as it is in the next plan."""
    planned = get_object_or_404(PlannedTalk.objects.visible_to(request.user).select_related("talk__place"), pk=pk)
    attempt(request, actions.lock_talk, _("This group stays together."), planned=planned, by=request.user)
    return redirect("awareness:plan-detail", planned.plan_id)


def talk_detail(request, pk):
    """Who could speak in a talk, each with what speaks for them and against; and what a coordinator decides."""
    talk = get_object_or_404(
        CampaignTalk.objects.filter(place__campaign__in=Campaign.objects.visible_to(request.user)).select_related(
            "place__campaign", "place__school", "class_group", "session"
        ),
        pk=pk,
    )
    campaign = talk.place.campaign
    whole = casting.read(campaign)
    problem = Problem(
        [asked for asked in whole.talks if asked.pk == talk.pk],
        whole.speakers,
        whole.locked,
        whole.forbidden,
        whole.kept,
    )
    pairs = sorted(problem.pairs, key=lambda pair: (-worth.of_pair(problem, pair), pair.speaker))[:CANDIDATES_SHOWN]
    rules = {rule.speaker_id: rule for rule in PairRule.objects.filter(talk=talk).select_related("speaker__volunteer")}
    people = CampaignSpeaker.objects.filter(pk__in=[pair.speaker for pair in pairs]).select_related(
        "volunteer__member_school"
    )
    people = people.in_bulk()
    facts = {"willing": len(problem.speakers), "candidates": len(problem.pairs)}
    if problem.talks:
        facts |= {"excluded": problem.excluded[pk], "alone": problem.alone[pk], "missing": problem.talks[0].missing}
    shown = {pair.speaker for pair in pairs}
    context = {
        "talk": talk,
        "campaign": campaign,
        "tabs": tabs(campaign, "plan"),
        "candidates": [
            {
                "speaker": people[pair.speaker],
                "reasons": explanations.of_pair(pair),
                "rule": rules.get(pair.speaker),
            }
            for pair in pairs
        ],
        "other_rules": [rule for speaker, rule in rules.items() if speaker not in shown],
        "why": explanations.of_unfilled(facts),
    }
    return render(request, "programs/awareness/talk_detail.html", context)


@require_POST
def talk_pair(request, pk):
    """Lock a pair, keep it apart, or leave it to the search again."""
    talks = CampaignTalk.objects.filter(place__campaign__in=Campaign.objects.visible_to(request.user))
    talk = get_object_or_404(talks.select_related("place"), pk=pk)
    speakers = CampaignSpeaker.objects.filter(campaign=talk.place.campaign_id)
    speaker = get_object_or_404(speakers, pk=number_in(request.POST.get("speaker", "")))
    kind = request.POST.get("kind", "")
    if kind == "free":
        attempt(request, actions.free_pair, speaker=speaker, talk=talk, by=request.user)
    else:
        done = _("Noted: it counts from the next plan on.")
        attempt(request, actions.rule_pair, done, speaker=speaker, talk=talk, kind=kind, by=request.user)
    return redirect("awareness:talk-detail", pk)


def _plan(request, pk):
    return get_object_or_404(
        CampaignPlan.objects.visible_to(request.user).select_related("campaign__organisation", "asked_by"), pk=pk
    )


def _work(request, plan):
    """One's own unfinished work on this plan, or that somebody else's is under way."""
    mine = Job.objects.visible_to(request.user).unfinished()
    return mine.filter(kind__in=[background.PLAN, background.APPLY], parameters={"plan": plan.pk}).first()


def _with_people(rows):
    speakers = PlannedSpeaker.objects.select_related("speaker__volunteer__member_school").order_by("pk")
    return rows.select_related("talk__place__school", "talk__class_group", "talk__session").prefetch_related(
        Prefetch("speakers", speakers)
    )


def _rows(page, plan):
    """Each talk with the words for its reasons, and what a coordinator decided."""
    rows = list(page)
    following = {row.facts["next"]["speaker"] for row in rows if "next" in row.facts}
    unmet = {speaker for row in rows for speaker in row.facts.get("unmet", [])}
    people = CampaignSpeaker.objects.filter(campaign=plan.campaign_id, pk__in=following | unmet)
    names = {person.pk: str(person.volunteer) for person in people.select_related("volunteer")}
    rules = PairRule.objects.filter(talk__in=[row.talk_id for row in rows]).values_list("talk", "speaker", "kind")
    kinds = {(talk, speaker): kind for talk, speaker, kind in rules}
    return [
        {
            "planned": row,
            "speakers": [
                {
                    "chosen": chosen,
                    "reasons": explanations.of_speaker(chosen.facts),
                    "rule": kinds.get((row.talk_id, chosen.speaker_id), ""),
                }
                for chosen in row.speakers.all()
            ],
            "why": None if row.day else explanations.of_unfilled(row.facts),
            "next": explanations.of_next(row.facts, names),
            "unmet": [names[speaker] for speaker in row.facts.get("unmet", []) if speaker in names],
        }
        for row in rows
    ]


def _shelves(counts, current):
    labels = {"filled": _("With speakers"), "unfilled": _("Left unfilled")}
    return [
        {"label": label, "url": f"?show={key}", "is_current": key == current, "count": counts[key]}
        for key, label in labels.items()
    ]
