"""A teacher asks for a talk: one address a step, each saved as it is left."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from participants.accounts.text import Fold
from participants.organisations import calendar
from participants.organisations.models import ClassGroup, School
from participants.organisations.school_years import current_school_year
from participants.people.models import SchoolContact, SchoolPost
from programs.activities.models import Session
from programs.awareness import actions
from programs.awareness.forms import HALF_DAY_ROWS, ClassFormSet, DatesForm, KnownClassesForm, SchoolForm, WishesForm
from programs.awareness.models import TalkRequest
from programs.awareness.weeks import offered_weeks, say_half_days

STEPS = [
    ("awareness:request-new", gettext_lazy("School")),
    ("awareness:request-classes", gettext_lazy("Classes")),
    ("awareness:request-dates", gettext_lazy("Dates")),
    ("awareness:request-wishes", gettext_lazy("Wishes")),
    ("awareness:request-check", gettext_lazy("Check and send")),
]
OLDER_SHOWN = 20


def request_list(request):
    """One's own requests and those of colleagues in one's schools."""
    is_current = Q(state__in=[TalkRequest.State.DRAFT, TalkRequest.State.SENT]) | Q(
        state=TalkRequest.State.ACCEPTED, school_year__gte=current_school_year()
    )
    talks = (
        TalkRequest.objects.visible_to(request.user)
        .filter(school__in=_own_schools(request.user))
        .select_related("school", "contact", "activity")
        .with_size()
        .prefetch_related("classes", "slots", "activity__sessions")
    )
    return render(
        request,
        "programs/awareness/request_list.html",
        {
            "current": talks.filter(is_current),
            "closed": talks.exclude(is_current)[:OLDER_SHOWN],
            "own": set(TalkRequest.objects.written_by(request.user).values_list("pk", flat=True)),
        },
    )


def request_new(request):
    """First step: which school? The draft begins here, or goes on where it was left."""
    schools = _own_schools(request.user)
    contact = SchoolContact.objects.filter(user=request.user).first()
    if contact is None or not schools:
        return redirect("people:contact-join")
    form = SchoolForm(request.POST or None, schools=schools, initial={"school": schools[0]})
    if request.method == "POST" and form.is_valid():
        talk = actions.start(contact=contact, school=form.cleaned_data["school"])
        return redirect(next_step(talk))
    return _step(request, "programs/awareness/request_new.html", 0, None, {"form": form, "schools": schools})


def request_classes(request, pk):
    """Which classes: those of the year that are known, and new rows."""
    talk = _own(request, pk)
    groups = _known_classes(talk)
    known = KnownClassesForm(request.POST or None, groups=groups)
    saved = list(talk.classes.values("level", "head_count", "name"))
    rows = ClassFormSet(request.POST or None, initial=saved, prefix="classes")
    is_valid = request.method == "POST" and all([known.is_valid(), rows.is_valid()])
    if is_valid and _done(known, actions.set_classes, request=talk, classes=rows.entries() + known.entries()):
        if "more" in request.POST:
            return redirect("awareness:request-classes", pk)
        return _onwards(request, talk, "awareness:request-dates")
    return _step(
        request,
        "programs/awareness/request_classes.html",
        1,
        talk,
        {"known": known, "rows": rows, "has_known": groups.exists()},
    )


def request_dates(request, pk):
    """Which weeks, and which half-days in them."""
    talk = _own(request, pk)
    weeks = offered_weeks(talk.school, talk.school_year, timezone.localdate())
    form = DatesForm(request.POST or None, weeks=weeks, initial=_chosen_slots(talk))
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(
            form,
            actions.set_slots,
            request=talk,
            weeks=form.cleaned_data["weeks"],
            half_days=form.cleaned_data["half_days"],
        )
    ):
        return _onwards(request, talk, "awareness:request-wishes")
    context = {
        "form": form,
        "weeks": weeks,
        "chosen_weeks": form["weeks"].value() or [],
        "chosen_half_days": form["half_days"].value() or [],
        "half_day_rows": HALF_DAY_ROWS,
        "are_holidays_known": calendar.is_known(talk.school_year, calendar.zone_of(talk.school)),
    }
    return _step(request, "programs/awareness/request_dates.html", 2, talk, context)


def request_wishes(request, pk):
    """Topics, where, language, practical information."""
    talk = _own(request, pk)
    form = WishesForm(request.POST or None, instance=talk)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, actions.set_wishes, request=talk, **form.cleaned_data)
    ):
        return _onwards(request, talk, "awareness:request-check")
    return _step(request, "programs/awareness/request_wishes.html", 3, talk, {"form": form})


def request_check(request, pk):
    """Read it once more, and send. Sent twice, it is one request."""
    talk = get_object_or_404(TalkRequest.objects.written_by(request.user).select_related("school"), pk=pk)
    if request.method == "POST" or talk.state != TalkRequest.State.DRAFT:
        refusal = _refusal(actions.send, request=talk) if request.method == "POST" else None
        if refusal is None:
            return redirect(talk)
        messages.error(request, refusal)
        return redirect("awareness:request-check", pk)
    return _step(
        request, "programs/awareness/request_check.html", 4, talk, {"is_proven": _is_proven(talk)} | _parts(talk)
    )


def request_detail(request, pk):
    """Where the request stands, and what happens next."""
    talk = get_object_or_404(
        TalkRequest.objects.visible_to(request.user).with_size().select_related("school", "contact", "activity"), pk=pk
    )
    is_own = TalkRequest.objects.written_by(request.user).filter(pk=pk).exists()
    if not is_own and TalkRequest.objects.for_staff(request.user).filter(pk=pk).exists():
        return redirect("awareness:board-request", pk)
    if talk.state == TalkRequest.State.DRAFT:
        return redirect(next_step(talk))
    sessions = (
        Session.objects.visible_to(request.user)
        .filter(activity=talk.activity)
        .prefetch_related("bookings__class_group")
    )
    context = {"talk": talk, "is_own": is_own, "is_proven": _is_proven(talk), "sessions": sessions}
    return render(request, "programs/awareness/request_detail.html", context | _parts(talk))


@require_POST
def request_withdraw(request, pk):
    """Take the request back; the next page offers to undo it."""
    return _do(request, pk, actions.withdraw, _("Your request is withdrawn."))


@require_POST
def request_restore(request, pk):
    """Undo the withdrawal."""
    return _do(request, pk, actions.restore, _("Your request waits for an answer again."))


@require_POST
def request_delete(request, pk):
    """Throw a draft away."""
    talk = get_object_or_404(TalkRequest.objects.written_by(request.user), pk=pk)
    if refusal := _refusal(actions.delete_draft, request=talk):
        messages.error(request, refusal)
        return redirect(talk)
    messages.success(request, _("The draft is deleted."))
    return redirect("awareness:request-list")


def next_step(talk) -> str:
    """The address of the first step that is still to do."""
    if not talk.classes.exists():
        name = "awareness:request-classes"
    elif not talk.slots.exists():
        name = "awareness:request-dates"
    else:
        name = "awareness:request-wishes"
    return reverse(name, args=[talk.pk])


def _own(request, pk):
    """One's own request, while the school may still change it."""
    editable = [TalkRequest.State.DRAFT, TalkRequest.State.SENT]
    requests = TalkRequest.objects.written_by(request.user).filter(state__in=editable)
    return get_object_or_404(requests.select_related("school__departement"), pk=pk)


def _own_schools(user):
    live = [SchoolPost.State.PENDING, SchoolPost.State.VERIFIED]
    return School.objects.filter(posts__contact__user=user, posts__state__in=live).distinct()


def _known_classes(talk):
    """The school's classes of the year that are not in the request yet and whose size is known; none for whom the
    school is not proven yet."""
    if not _is_proven(talk):
        return ClassGroup.objects.none()
    named = talk.classes.annotate(folded=Fold("name")).values("folded")
    groups = ClassGroup.objects.filter(school=talk.school, school_year=talk.school_year, head_count__isnull=False)
    return groups.annotate(folded=Fold("name")).exclude(folded__in=named)


def _chosen_slots(talk):
    slots = list(talk.slots.all())
    return {
        "weeks": sorted({slot.week.isoformat() for slot in slots}),
        "half_days": sorted({f"{slot.weekday}-{slot.half_day}" for slot in slots if slot.weekday}),
    }


def _parts(talk):
    return {
        "classes": talk.classes.all(),
        "chosen_weeks": sorted({slot.week for slot in talk.slots.all()}),
        "half_days": say_half_days(talk.slots.all()),
        "topics": talk.topics.all(),
    }


def _is_proven(talk):
    return SchoolPost.objects.verified().filter(contact=talk.contact_id, school=talk.school_id).exists()


def _step(request, template, number, talk, context):
    """The page of one step, with the way to the others."""
    return render(request, template, {"talk": talk, "steps": _steps(number, talk)} | context)


def _steps(number, talk):
    is_sent = talk is not None and talk.state == TalkRequest.State.SENT
    steps = []
    for position, (name, label) in enumerate(STEPS[:-1] if is_sent else STEPS):
        if position == number:
            state = "current"
        else:
            state = "done" if is_sent or position < number else "todo"
        url = reverse(name, args=[talk.pk] if position else []) if talk and state == "done" and position else ""
        steps.append({"label": label, "state": state, "url": url})
    return steps


def _onwards(request, talk, step):
    """To the next step; a request already sent goes back to its page."""
    if talk.state == TalkRequest.State.SENT:
        messages.success(request, _("Your change is saved."))
        return redirect(talk)
    return redirect(step, talk.pk)


def _do(request, pk, act, done):
    talk = get_object_or_404(TalkRequest.objects.written_by(request.user), pk=pk)
    if refusal := _refusal(act, request=talk):
        messages.error(request, refusal)
    else:
        messages.success(request, done)
    return redirect(talk)


def _done(form, act, **arguments):
    """Whether the action went through; its refusal stands in the form otherwise."""
    try:
        act(**arguments)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


def _refusal(act, **arguments):
    try:
        act(**arguments)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return None
