"""How a plan of a campaign is asked for, worked out, steered and made real."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from participants.accounts.models import User
from programs.awareness import casting
from programs.awareness.models import (
    Campaign,
    CampaignPlan,
    CampaignSpeaker,
    CampaignTalk,
    PairRule,
    PlannedSpeaker,
    PlannedTalk,
)
from programs.awareness.planning.reasons import Explainer

# What a campaign of 400 talks and 500 students needs; a small one is done at once.
SECONDS = 15


@transaction.atomic
def ask_plan(*, campaign: Campaign, keeps_last: bool = True, by: User) -> CampaignPlan:
    """A plan to be worked out; the one that is being worked out already, if there is one."""
    campaign = Campaign.objects.select_for_update(no_key=True, of=("self",)).get(pk=campaign.pk)
    under_way = campaign.plans.filter(state=CampaignPlan.State.ASKED).first()
    if under_way:
        return under_way
    if campaign.is_over:
        raise ValidationError(_("This campaign is over."))
    if not campaign.speakers.willing().exists():
        raise ValidationError(_("Nobody has said yet when they can speak: ask volunteers first."))
    if not CampaignTalk.objects.filter(place__campaign=campaign, place__state="yes").exists():
        raise ValidationError(_("No school has said yes: invite schools first."))
    return CampaignPlan.objects.create(campaign=campaign, keeps_last=keeps_last, asked_by=by)


def work_out(*, plan: CampaignPlan, seconds: float = SECONDS, report: Callable = lambda done, total: None) -> None:
    """Search and write the plan down, reasons included. Not one transaction on purpose: nothing is held while the search
    runs. Done again after a crash, it writes the plan once."""
    if plan.state != CampaignPlan.State.ASKED:
        return
    problem = casting.read(plan.campaign, keeps_last=plan.keeps_last)
    # By its name: the solver and what it brings are 64 MB, which only the process that searches shall carry.
    search = import_string("programs.awareness.planning.search.search")
    solution = search(problem, seconds=seconds, report=report)
    with transaction.atomic():
        plan = CampaignPlan.objects.select_for_update(no_key=True, of=("self",)).get(pk=plan.pk)
        if plan.state == CampaignPlan.State.ASKED:
            _write(plan, problem, solution)


def _write(plan, problem, solution):
    told = Explainer(problem, solution.filled)
    rows, people = [], []
    for talk in problem.talks:
        held = solution.filled.get(talk.pk)
        if held is None and not talk.missing:
            continue  # settled, and complete enough
        facts = told.of_filled(talk.pk) if held else told.of_unfilled(talk.pk)
        day, half_day = held[0] if held else (None, "")
        rows.append(PlannedTalk(plan=plan, talk_id=talk.pk, day=day, half_day=half_day, facts=facts))
        people.append(held[1] if held else [])
    PlannedTalk.objects.bulk_create(rows)
    PlannedSpeaker.objects.bulk_create(
        PlannedSpeaker(planned=row, speaker_id=speaker, facts=told.of_speaker(row.talk_id, speaker))
        for row, group in zip(rows, people, strict=True)
        for speaker in group
    )
    plan.state, plan.finished_at = CampaignPlan.State.READY, timezone.now()
    plan.seconds, plan.worth, plan.bound = solution.seconds, solution.worth, solution.bound
    plan.save(update_fields=["state", "finished_at", "seconds", "worth", "bound"])


@transaction.atomic
def rule_pair(*, speaker: CampaignSpeaker, talk: CampaignTalk, kind: str, by: User) -> PairRule:
    """Say that somebody stays in a talk, or never speaks there; counts from the next plan on."""
    if speaker.campaign_id != talk.place.campaign_id:
        raise ValidationError(_("This volunteer and this talk are not of the same campaign."))
    if kind not in PairRule.Kind:
        raise ValidationError(_("Choose what shall hold for the two."))
    rule, _created = PairRule.objects.update_or_create(
        speaker=speaker, talk=talk, defaults={"kind": kind, "made_by": by}
    )
    return rule


@transaction.atomic
def free_pair(*, speaker: CampaignSpeaker, talk: CampaignTalk, by: User) -> None:
    """Leave a pair to the search again."""
    PairRule.objects.filter(speaker=speaker, talk=talk).delete()


@transaction.atomic
def lock_talk(*, planned: PlannedTalk, by: User) -> int:
    """Keep everybody whom the plan puts into a talk; returns how many."""
    for chosen in planned.speakers.select_related("speaker"):
        rule_pair(speaker=chosen.speaker, talk=planned.talk, kind=PairRule.Kind.LOCK, by=by)
    return planned.speakers.count()
