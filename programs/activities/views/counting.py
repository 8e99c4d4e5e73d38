"""One screen that asks how many young people were there: by the link in a mail, or signed in."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation

from participants.accounts import links
from participants.organisations.levels import Level
from programs.activities import actions, counters, feedback
from programs.activities.forms import CountForm, ReasonForm
from programs.activities.models import Headcount, PeriodLock, Session
from programs.activities.occasions import HEADCOUNT_PURPOSE, feedback_path


def session_headcount(request, pk):
    """Signed in: the session's own page."""
    return _count(request, request.user, pk)


@links.opened_by(HEADCOUNT_PURPOSE)
def headcount_link(request, link):
    """From the mail: the link says who counts and which session, in the language of its owner."""
    with translation.override(link.user.language):
        return _count(request, link.user, link.object_id)


def _count(request, user, pk):
    """The form; after it was sent, the thanks. Only what is posted writes."""
    session = get_object_or_404(
        Session.objects.countable_by(user).select_related("activity", "school", "campus"), pk=pk
    )
    if request.method == "POST":
        answer, forms, reason = _take(request, session, user)
        if answer:
            return answer
    else:
        forms, reason = _forms(session, user), ReasonForm(prefix="not-held")
    context = {
        "session": session,
        "forms": forms,
        "reason_form": reason,
        "counts": list(session.headcounts.select_related("class_group", "confirmed_by")),
        "is_thanks": request.method == "GET" and "thanks" in request.GET,
        "lock": PeriodLock.objects.covering(session.local_start.date()).first(),
        "is_signed_in": request.user == user,
        "here": request.path,
        "feedback_path": _feedback_path(session, user),
    }
    return render(request, "programs/activities/headcount.html", context)


def _take(request, session, user):
    """(answer, forms, reason form): the answer is there when all was well."""
    if "not-held-reason" in request.POST:
        reason = ReasonForm(request.POST, prefix="not-held")
        if reason.is_valid() and _done(
            reason, actions.report_not_held, session=session, by=user, reason=reason.cleaned_data["reason"]
        ):
            return redirect(f"{request.path}?thanks"), None, None
        return None, _forms(session, user), reason
    forms = _forms(session, user, request.POST)
    are_valid = [form.is_valid() for form in forms]
    if all(are_valid) and _done(
        forms[0],
        actions.confirm_headcount,
        session=session,
        by=user,
        source=counters.source_of(session, user),
        counts=[form.count() for form in forms],
        schools=_schools_of(session, user),
    ):
        return redirect(f"{request.path}?thanks"), None, None
    return None, forms, ReasonForm(prefix="not-held")


def _done(form, act, **arguments):
    try:
        act(**arguments)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


def _schools_of(session, user):
    """The schools whose classes a teacher counts; whoever gives or runs the session counts all (none)."""
    return counters.schools_of(user) if counters.source_of(session, user) == Headcount.Source.SCHOOL else None


def _forms(session, user, data=None):
    """One form for each class that was booked or counted already; one for an open public that registered or was counted
    beside them, or where there is no class."""
    schools = _schools_of(session, user)
    counts = {count.class_group_id: count for count in session.headcounts.order_by("pk")}
    rows = counters.classes_in_each([session], user)[session.pk]
    counted = session.headcounts.order_by("pk").select_related("class_group")
    if schools is not None:
        counted = counted.filter(class_group__school__in=schools)
    rows |= {count.class_group: None for count in counted if count.class_group not in rows}
    rows = rows or {None: session.seats_taken or None}
    return [
        CountForm(
            data,
            prefix=f"class-{class_group.pk}" if class_group else "public",
            class_group=class_group,
            expected=expected,
            initial=_initial(counts.get(class_group and class_group.pk)),
        )
        for class_group, expected in rows.items()
    ]


def _initial(count):
    if count is None:
        return {"level": Level.UNKNOWN}
    return {
        "total": count.total,
        "girls": count.girls or None,
        "boys": count.boys or None,
        "level": count.level,
    }


def _feedback_path(session, user):
    """The teacher's three questions, as long as they are open and not answered."""
    is_teacher = session.bookings.live().filter(booked_by=user).exists()
    is_open = feedback.is_open(session, feedback.TEACHER)
    if not is_teacher or not is_open or feedback.has_answered(session, user, feedback.TEACHER):
        return ""
    return feedback_path(session, user)
