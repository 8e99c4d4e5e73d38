"""What the center does with a request: takes, accepts, declines."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from participants.accounts.dates import say_moment
from participants.accounts.models import User
from participants.accounts.text import Fold
from participants.correspondence import actions as correspondence
from participants.organisations.models import ClassGroup, Organisation
from participants.people.models import SchoolPost
from programs.activities import actions as activities
from programs.activities.models import Activity, Programme, Topic
from programs.awareness import occasions
from programs.awareness.actions.state import changed, locked, too_late
from programs.awareness.models import RequestedClass, TalkRequest


@dataclass(frozen=True)
class PlannedSession:
    """One session of the talk as the coordinator wrote it: moments with their zone, and who is in it."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    classes: list[RequestedClass]
    place: str = ""
    volunteer_places: int = 2


@dataclass(frozen=True)
class Plan:
    """What a request becomes."""

    programme: Programme
    organisation: Organisation
    title_fr: str
    title_en: str
    language: str
    format: str
    sessions: list[PlannedSession]
    topics: list[Topic] = field(default_factory=list)
    online_url: str = ""


@transaction.atomic
def take(*, request: TalkRequest, by: User) -> None:
    """Mark that somebody is planning this request, so that a colleague sees it; it binds nobody."""
    request = locked(request)
    if request.state == TalkRequest.State.SENT:
        request.taken_by, request.taken_at = by, timezone.now()
        request.save(update_fields=["taken_by", "taken_at"])


@transaction.atomic
def accept(*, request: TalkRequest, version: int, plan: Plan, by: User) -> Activity:
    """Turn the request into an activity with its sessions and the bookings of its classes, all or nothing."""
    request = _open_for_answer(request, version)
    _check_contact(request)
    _find_or_make_classes(request)
    activity = _create_activity(request, plan)
    for planned in plan.sessions:
        _create_session(request, activity, plan, planned, by)
    request.activity = activity
    _answer(request, TalkRequest.State.ACCEPTED, by, "activity")
    return activity


@transaction.atomic
def decline(*, request: TalkRequest, version: int, reason: str, text: str = "", by: User) -> None:
    """Answer the school that the talk cannot be given, and why."""
    request = _open_for_answer(request, version)
    request.decline_reason, request.decline_text = reason, text
    _answer(request, TalkRequest.State.DECLINED, by, "decline_reason", "decline_text")
    correspondence.plan(
        occasion=occasions.DECLINED, recipients=[request.contact.user], about=request.pk, key=f"request-{request.pk}"
    )


def _answer(request, state, by, *fields):
    request.state, request.handled_by, request.handled_at = state, by, timezone.now()
    request.full_clean()
    changed(request, "state", "handled_by", "handled_at", *fields)
    correspondence.call_off(
        about=request.pk,
        occasions=[occasions.NEW, occasions.UNANSWERED],
        reason=gettext_noop("The request has been answered."),
    )


def _find_or_make_classes(request):
    """Tie each requested class to the class of that name in the school and year, made when it is new. Not before the
    answer: until then somebody who is not yet known to work in the school would write in its list of classes."""
    # Colleagues may wish for the same class, and be answered at once: insert first, then read what stands.
    ClassGroup.objects.bulk_create(
        [
            ClassGroup(
                school=request.school,
                school_year=request.school_year,
                name=wanted.name,
                level=wanted.level,
                head_count=wanted.head_count,
            )
            for wanted in request.classes.all()
        ],
        ignore_conflicts=True,
    )
    standing = ClassGroup.objects.filter(school=request.school, school_year=request.school_year)
    groups = {group.folded: group for group in standing.annotate(folded=Fold("name"))}
    for wanted in request.classes.annotate(folded=Fold("name")):
        wanted.class_group = groups[wanted.folded]
        wanted.save(update_fields=["class_group"])


def _create_activity(request, plan):
    activity = Activity(
        programme=plan.programme,
        organisation=plan.organisation,
        school_year=request.school_year,
        kind=Activity.Kind.TALK,
        title_fr=plan.title_fr,
        title_en=plan.title_en,
        language=plan.language,
        levels=sorted({requested.level for requested in request.classes.all()}),
        volunteers_needed=max(planned.volunteer_places for planned in plan.sessions),
    )
    activity.full_clean()
    activity.save()
    activity.topics.set(plan.topics)
    return activity


def _create_session(request, activity, plan, planned, by):
    on_campus = plan.format == TalkRequest.Format.ON_CAMPUS
    session = activities.create_session(
        activity=activity,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        zone=planned.zone,
        school=None if on_campus else request.school,
        campus=plan.organisation if on_campus else None,
        place=planned.place,
        online_url=plan.online_url,
        briefing=request.needs,
        contact_on_site=str(request.contact),
        seats=sum(requested.head_count for requested in planned.classes),
        volunteer_places=planned.volunteer_places,
        by=by,
    )
    for requested in request.classes.filter(pk__in=[planned_class.pk for planned_class in planned.classes]):
        activities.book(
            session=session,
            class_group=requested.class_group,
            seats=requested.head_count,
            contact=request.contact.user,
            by=by,
        )


def _check_contact(request):
    """Whoever gets the confirmation must be known to speak for the school."""
    if not SchoolPost.objects.verified().filter(contact=request.contact, school=request.school).exists():
        raise ValidationError(
            _("%(contact)s is not yet known to work in this school: approve the post first, then plan.")
            % {"contact": request.contact}
        )


def _open_for_answer(request, version):
    """The locked request, if it still waits and says what the coordinator read."""
    request = locked(request)
    if request.state != TalkRequest.State.SENT:
        raise ValidationError(too_late(request), code="answered")
    if request.version != version:
        raise ValidationError(
            _(
                "The school changed its request while you were writing (%(when)s). Nothing of yours is lost: "
                "read what it says now, then save again."
            )
            % {"when": say_moment(request.updated_at)},
            code="changed",
        )
    return request
