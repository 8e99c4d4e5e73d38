"""September: a school's pupils move into the new year, looked at first, taken back if wrong, confirmed class by class."""

from django.contrib import messages
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, need, settle
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup
from participants.organisations.school_years import current_school_year, school_year_label
from participants.people import actions
from participants.people.forms import ConfirmAloneForm, ConfirmClassForm, PromotionForm
from participants.people.models import Enrolment, Outcome, Promotion, schools_to_manage
from participants.people.promotion import propose

PAGE_SIZE = 50


def promotion_list(request):
    """The schools with pupils of last year, and how far each has come."""
    need(request, Permission.PUPIL_MANAGE)
    year = current_school_year()
    pupils = Enrolment.objects.filter(pupil__is_statistic=False)
    before = pupils.filter(school=OuterRef("pk"), school_year=year - 1)
    found = schools_to_manage(request.user).filter(Exists(before)).order_by("sort_name", "pk")
    page = BoundedPaginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)
    counts = {
        school_year: dict(
            pupils.filter(school_year=school_year, school__in=shown)
            .values_list("school")
            .annotate(number=Count("pk"))
            .order_by("school")
        )
        for school_year in (year - 1, year)
    }
    standing = Promotion.objects.standing().filter(school_year=year, school__in=shown)
    done = set(standing.values_list("school", flat=True))
    context = {
        "page": page,
        "rows": [
            (school, counts[year - 1][school.pk], counts[year].get(school.pk, 0), school.pk in done) for school in shown
        ],
        "year": school_year_label(year),
        "before": school_year_label(year - 1),
    }
    return render(request, "participants/people/promotion_list.html", context)


def promotion_school(request, pk):
    """The plan of a school: corrected, previewed, applied; then what is still to be confirmed."""
    need(request, Permission.PUPIL_MANAGE)
    school = get_object_or_404(schools_to_manage(request.user), pk=pk)
    year = current_school_year()
    promotion = Promotion.objects.standing().filter(school=school, school_year=year).first()
    if promotion:
        return _done(request, promotion)
    form = PromotionForm(request.POST or None, plan=propose(school, year), school=school)
    is_previewed = request.method == "POST" and form.is_valid()
    if is_previewed and "apply" in request.POST:
        done = settle(form, actions.promote, school=school, school_year=year, plan=form.plan(), by=request.user)
        if done:
            messages.success(request, _("The pupils are in the new school year. You can still take it back."))
            return redirect("people:promotion-school", school.pk)
        is_previewed = False
    context = {
        "school": school,
        "form": form,
        "year": school_year_label(year),
        "before": school_year_label(year - 1),
        "preview": _preview(form.plan(), school, year) if is_previewed else None,
    }
    return render(request, "participants/people/promotion_school.html", context)


def _preview(plan, school, year):
    """What applying it would do, in numbers."""
    moving = {plan.key_of[pk] for pk, outcome in plan.outcomes.items() if outcome == Outcome.MOVES}
    names = {step.name for key, step in plan.steps.items() if key in moving and step.name}
    known = ClassGroup.objects.filter(school=school, school_year=year, name__in=names).count()
    return {
        "moves": plan.count(Outcome.MOVES),
        "stays": plan.count(Outcome.STAYS),
        "leaves": plan.count(Outcome.LEAVES),
        "classes": len(names) - known,
    }


def _done(request, promotion):
    """What was done, class by class, with what is still only expected."""
    waiting = Q(level=Level.UNKNOWN)
    years = promotion.years()
    groups = years.exclude(class_group=None).values("class_group")
    counted = groups.annotate(number=Count("pk"), waiting=Count("pk", filter=waiting), expected=Max("expected_level"))
    of_group = {row["class_group"]: row for row in counted.order_by("class_group")}
    without = years.filter(waiting, class_group=None).values("expected_level").annotate(number=Count("pk"))
    classes = ClassGroup.objects.filter(pk__in=of_group).select_related("school").order_by("name")
    counts = dict(promotion.rows.values_list("outcome").annotate(number=Count("pk")).order_by("outcome"))
    context = {
        "promotion": promotion,
        "school": promotion.school,
        "year": promotion.year_label,
        "counts": {outcome.value: counts.get(outcome.value, 0) for outcome in Outcome},
        "classes": [
            (group, of_group[group.pk], ConfirmClassForm(group=group, expected=of_group[group.pk]["expected"]))
            for group in classes
        ],
        "without_class": [
            (
                Level(row["expected_level"]).label if row["expected_level"] else "",
                row["number"],
                ConfirmAloneForm(school=promotion.school, expected=row["expected_level"]),
            )
            for row in without.order_by("expected_level")
        ],
        "is_built_on": actions.is_built_on(promotion),
    }
    return render(request, "participants/people/promotion_done.html", context)


@require_POST
def promotion_undo(request, pk):
    """Take a promotion back as a whole."""
    need(request, Permission.PUPIL_MANAGE)
    promotion = get_object_or_404(Promotion.objects.visible_to(request.user).select_related("school"), pk=pk)
    text = _("It is taken back: nothing of it is left.")
    attempt(request, actions.undo_promotion, text, promotion=promotion, by=request.user)
    return redirect("people:promotion-school", promotion.school_id)


@require_POST
def class_confirm(request, pk):
    """Confirm in one click in which level the pupils of a class are."""
    need(request, Permission.PUPIL_MANAGE)
    groups = ClassGroup.objects.filter(school__in=schools_to_manage(request.user)).select_related("school")
    group = get_object_or_404(groups, pk=pk)
    _confirm(request, ConfirmClassForm(request.POST, group=group), actions.confirm_class, group=group)
    return redirect("people:promotion-school", group.school_id)


@require_POST
def alone_confirm(request, pk):
    """The same for the pupils of a promotion who have no class yet: those who stay back, and those not placed."""
    need(request, Permission.PUPIL_MANAGE)
    promotion = get_object_or_404(Promotion.objects.visible_to(request.user).select_related("school"), pk=pk)
    place = {"school": promotion.school, "school_year": promotion.school_year}
    _confirm(request, ConfirmAloneForm(request.POST, school=promotion.school), actions.confirm_without_class, **place)
    return redirect("people:promotion-school", promotion.school_id)


def _confirm(request, form, act, **whom):
    if not form.is_valid():
        messages.error(request, _("Choose the level of the class."))
        return
    changed = attempt(request, act, **whom, **form.cleaned_data, by=request.user)
    if changed:
        text = ngettext(
            "The level of %(count)d pupil is confirmed.", "The level of %(count)d pupils is confirmed.", changed
        )
        messages.success(request, text % {"count": changed})
