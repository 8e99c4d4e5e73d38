"""What a school does: writes, sends, changes, withdraws."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from participants.correspondence import actions as correspondence
from participants.correspondence.models import Message
from participants.organisations.models import School
from participants.people.models import SchoolContact, SchoolPost
from programs.activities.models import Topic
from programs.awareness import occasions
from programs.awareness.actions.state import changed, locked, too_late
from programs.awareness.models import HalfDay, RequestedClass, RequestedSlot, TalkRequest
from programs.awareness.weeks import planning_year

MOST_CLASSES = 20
DRAFTS_KEPT = dt.timedelta(days=60)


@transaction.atomic
def start(*, contact: SchoolContact, school: School) -> TalkRequest:
    """Begin a request for this school, or go on with the draft that is there; one of last year is begun again."""
    year = planning_year(timezone.localdate())
    TalkRequest.objects.filter(contact=contact, school=school, state=TalkRequest.State.DRAFT).exclude(
        school_year=year
    ).delete()
    # Two taps at once: the second waits for the first and finds its row.
    TalkRequest.objects.bulk_create(
        [TalkRequest(contact=contact, school=school, school_year=year)], ignore_conflicts=True
    )
    return TalkRequest.objects.get(contact=contact, school=school, state=TalkRequest.State.DRAFT)


@transaction.atomic
def set_classes(*, request: TalkRequest, classes: Iterable[dict]) -> None:
    """Replace the classes; each has a name, a level and a head-count."""
    request = _open_for_school(request)
    wanted = list(classes)
    if not wanted:
        raise ValidationError(_("Add at least one class."))
    if len(wanted) > MOST_CLASSES:
        raise ValidationError(
            _("One request holds at most %(most)s classes: send the others in a second one.") % {"most": MOST_CLASSES}
        )
    request.classes.all().delete()
    for values in wanted:
        requested = RequestedClass(request=request, **values)
        requested.full_clean()
        requested.save()
    changed(request)


@transaction.atomic
def set_slots(*, request: TalkRequest, weeks: Iterable[dt.date], half_days: Iterable[tuple[int, str]] = ()) -> None:
    """Replace the wished slots: these half-days in each of these weeks; none chosen means any."""
    request = _open_for_school(request)
    mondays = sorted(set(weeks))
    if not mondays:
        raise ValidationError(_("Choose at least one week."))
    request.slots.all().delete()
    RequestedSlot.objects.bulk_create(
        RequestedSlot(request=request, week=monday, weekday=weekday, half_day=half_day)
        for monday in mondays
        for weekday, half_day in sorted(set(half_days)) or [(None, HalfDay.ANY)]
    )
    changed(request)


@transaction.atomic
def set_wishes(*, request: TalkRequest, topics: Iterable[Topic], **fields) -> None:
    """Keep the topics, where, the language, and what the school wishes and needs."""
    request = _open_for_school(request)
    for name in ("format", "language", "wish", "needs"):
        setattr(request, name, fields[name])
    request.topics.set(topics)
    changed(request, "format", "language", "wish", "needs")


@transaction.atomic
def send(*, request: TalkRequest) -> TalkRequest:
    """Send the request to the center; sending it again changes nothing."""
    request = locked(request)
    if request.state == TalkRequest.State.SENT:
        return request
    if request.state != TalkRequest.State.DRAFT:
        raise ValidationError(too_late(request))
    _check_complete(request)
    request.state, request.sent_at = TalkRequest.State.SENT, timezone.now()
    changed(request, "state", "sent_at")
    _write_about(request)
    return request


@transaction.atomic
def withdraw(*, request: TalkRequest) -> None:
    """Take back a request that nobody has answered; it can be sent again."""
    request = locked(request)
    if request.state == TalkRequest.State.WITHDRAWN:
        return
    if request.state != TalkRequest.State.SENT:
        raise ValidationError(too_late(request))
    request.state = TalkRequest.State.WITHDRAWN
    changed(request, "state")
    correspondence.call_off(
        about=request.pk,
        occasions=[occasions.RECEIVED, occasions.NEW, occasions.UNANSWERED],
        reason=gettext_noop("The school withdrew its request."),
    )


@transaction.atomic
def restore(*, request: TalkRequest) -> None:
    """Undo a withdrawal: the request waits again, at the place in line that it had."""
    request = locked(request)
    if request.state == TalkRequest.State.SENT:
        return
    if request.state != TalkRequest.State.WITHDRAWN:
        raise ValidationError(too_late(request))
    _check_complete(request)
    request.state = TalkRequest.State.SENT
    changed(request, "state")
    _write_about(request)


@transaction.atomic
def delete_draft(*, request: TalkRequest) -> None:
    """Throw a draft away; what was sent is withdrawn instead."""
    request = locked(request)
    if request.state != TalkRequest.State.DRAFT:
        raise ValidationError(_("This request has been sent: withdraw it instead."))
    request.delete()


@transaction.atomic
def forget_old_drafts() -> int:
    """Delete the drafts that nobody has touched for two months; returns how many."""
    old = TalkRequest.objects.filter(
        state=TalkRequest.State.DRAFT, updated_at__lt=timezone.now() - DRAFTS_KEPT
    ).select_for_update(no_key=True, of=("self",), skip_locked=True)
    drafts = list(old)
    for draft in drafts:
        draft.delete()
    return len(drafts)


def _open_for_school(request):
    """The locked request as long as the school may change it."""
    request = locked(request)
    if not request.can_be_edited:
        raise ValidationError(too_late(request))
    return request


def _check_complete(request):
    """Refuse a request that nobody could plan."""
    if not SchoolPost.objects.filter(
        contact=request.contact,
        school=request.school,
        state__in=[SchoolPost.State.PENDING, SchoolPost.State.VERIFIED],
    ).exists():
        raise ValidationError(_("You no longer have a post in this school: ask a colleague who has one."))
    if not request.classes.exists():
        raise ValidationError(_("Add at least one class before sending."))
    if not request.slots.filter(week__gt=timezone.localdate() - dt.timedelta(days=6)).exists():
        raise ValidationError(_("All the weeks you chose are over: choose others before sending."))


def _write_about(request):
    """The receipt for the school, the news for the center, and the question after five days without an answer. What had
    left before a withdrawal does not leave again."""
    staff = occasions.concerned_staff()
    sent = set(Message.objects.filter(about=request.pk, state=Message.State.SENT).values_list("occasion", flat=True))
    for occasion, recipients, anchor in (
        (occasions.RECEIVED, [request.contact.user], None),
        (occasions.NEW, staff, None),
        (occasions.UNANSWERED, staff, request.sent_at),
    ):
        if occasion not in sent:
            key = f"request-{request.pk}-{request.version}"
            correspondence.plan(occasion=occasion, recipients=recipients, about=request.pk, key=key, anchor=anchor)
