"""Two records of one pupil: found, compared, merged or kept apart, and taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.paging import BoundedPaginator, bounded_count, said
from participants.accounts.roles import Permission
from participants.people import actions
from participants.people.duplicates.choices import kept_of
from participants.people.duplicates.holdings import history, holdings
from participants.people.duplicates.scoring import SHOWN_FROM, SURE_FROM, explain, total
from participants.people.forms import DuplicateFilterForm, MergeForm
from participants.people.models import DuplicatePair, DuplicateSearch, Guardian, Merge
from participants.people.rights import looks

PAGE_SIZE = 25
_SCHOOLS = [f"{side}__enrolments__{name}" for side in ("one", "other") for name in ("school", "class_group")]


def duplicate_list(request):
    """The pairs that wait for a judgement, the likeliest first."""
    _need_right(request)
    pairs = DuplicatePair.objects.visible_to(request.user)
    form = DuplicateFilterForm(request.GET or None)
    narrowed = form.narrow(pairs).select_related("one", "other", "decided_by").prefetch_related(*_SCHOOLS)
    page = BoundedPaginator(narrowed.order_by("-score", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    for pair in page:
        pair.reasons, pair.is_sure = explain(pair.codes), pair.score >= SURE_FROM
    context = {
        "page": page,
        "form": form,
        "tabs": _tabs(request, pairs, request.GET.get("state", "")),
        "is_apart": request.GET.get("state") == DuplicatePair.State.APART,
        "search": DuplicateSearch.objects.order_by("-started_at").first(),
    }
    return render(request, "participants/people/duplicate_list.html", context)


def duplicate_detail(request, pk):
    """Both records side by side: why they may be one, what each holds, which values stand."""
    _need_right(request)
    pair = (
        _visible(request).select_related("one", "other", "decided_by").prefetch_related(*_SCHOOLS).filter(pk=pk).first()
    )
    if pair is None:
        return _already_merged(request, pk)
    # Two records that differ in nothing post no choice at all.
    form = MergeForm(request.POST if request.method == "POST" else None, pair=pair)
    if request.method == "POST" and form.is_valid():
        return _merge(request, pair, form.cleaned_data)
    looks.note(request.user, [pair.one, pair.other])
    return render(request, "participants/people/duplicate_detail.html", _side_by_side(pair, form))


@require_POST
def duplicate_apart(request, pk):
    """Not the same person: never proposed again."""
    _need_right(request)
    pair = _visible(request).filter(pk=pk).first()
    if pair is None:
        return _already_merged(request, pk)
    try:
        actions.keep_apart(pair=pair, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Noted: these are two people. The pair is not proposed again."))
    return redirect("people:duplicate-list")


def merge_list(request):
    """What was merged, and what can still be taken back."""
    _need_right(request)
    merges = Merge.objects.visible_to(request.user).select_related("kept", "merged_by", "undone_by")
    page = BoundedPaginator(merges.order_by("-merged_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    left_over = Guardian.objects.visible_to(request.user).in_bulk([pk for merge in page for pk in merge.unattached])
    for merge in page:
        merge.gone_name = merge.name_of_gone()
        merge.guardians = [left_over[pk] for pk in merge.unattached if pk in left_over] if not merge.undone_at else []
    pairs = DuplicatePair.objects.visible_to(request.user)
    context = {"page": page, "tabs": _tabs(request, pairs, "merged")}
    return render(request, "participants/people/merge_list.html", context)


@require_POST
def merge_undo(request, pk):
    """Both records again, as they were."""
    _need_right(request)
    merge = get_object_or_404(Merge.objects.visible_to(request.user), pk=pk)
    try:
        actions.undo_merge(merge=merge, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Both records are there again, as they were before the merge."))
    return redirect("people:merge-list")


def _need_right(request):
    if not request.user.can(Permission.PUPIL_MERGE):
        raise Http404


def _visible(request):
    return DuplicatePair.objects.visible_to(request.user)


def _already_merged(request, pk):
    """Two coordinators on one pair: the second is told what the first did."""
    merge = Merge.objects.visible_to(request.user).filter(pair_id=pk).select_related("merged_by").first()
    if merge is None:
        raise Http404
    name = merge.merged_by.name if merge.merged_by else _("Somebody")
    messages.info(request, _("%(name)s has already merged these two records.") % {"name": name})
    return redirect("people:merge-list")


def _merge(request, pair, choices):
    try:
        merge = actions.merge_pupils(pair=pair, by=request.user, choices=choices)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("people:duplicate-detail", pk=pair.pk)
    messages.success(
        request, _("There is one record of %(name)s now. You can undo this for 30 days.") % {"name": merge.kept}
    )
    return redirect("people:duplicate-list")


def _side_by_side(pair, form):
    kept, _gone = kept_of(pair.one, pair.other)
    events = history(pair.one, pair.other)
    return {
        "pair": pair,
        "form": form,
        "reasons": explain(pair.codes),
        "score": total(pair.codes),
        "shown_from": SHOWN_FROM,
        "is_open": pair.state == DuplicatePair.State.OPEN,
        "kept": kept,
        "fields": [_shown(choice, pair, form) for choice in form.choices],
        "holdings": holdings(pair.one, pair.other),
        "sides": [
            {"pupil": pupil, "years": pupil.enrolments.all(), "events": [e for e in events if e.pupil_id == pupil.pk]}
            for pupil in (pair.one, pair.other)
        ],
    }


def _shown(choice, pair, form):
    """A field of both records as it is read, with the one that is chosen so far."""
    chosen = form[choice.name].value() if choice.differs else choice.proposed
    return {
        "name": choice.name,
        "label": choice.label,
        "differs": choice.differs,
        "sides": [
            {"id": pupil.pk, "words": _words(pupil, choice.name), "is_chosen": str(pupil.pk) == str(chosen)}
            for pupil in (pair.one, pair.other)
        ],
    }


def _words(pupil, name):
    value = getattr(pupil, name)
    if hasattr(value, "year"):
        return date_format(value, "j F Y")
    display = getattr(pupil, f"get_{name}_display", None)
    return str(display() if display else value) if value not in (None, "") else ""


def _tabs(request, pairs, current):
    counts = {state: said(bounded_count(pairs.filter(state=state))) for state in DuplicatePair.State}
    address = reverse("people:duplicate-list")
    tabs = [
        ("", _("To look at"), address, counts[DuplicatePair.State.OPEN]),
        ("apart", _("Not the same person"), f"{address}?state=apart", counts[DuplicatePair.State.APART]),
        ("merged", _("Merged"), reverse("people:merge-list"), None),
    ]
    return [
        {"label": label, "url": url, "is_current": key == current, "count": count} for key, label, url, count in tabs
    ]
