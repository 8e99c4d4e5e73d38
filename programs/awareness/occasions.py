"""What we write about a request, to whom, and when a letter no longer makes sense."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.dates import say_day
from participants.accounts.models import Grant, User
from participants.accounts.roles import Permission, Role
from participants.correspondence import occasions
from participants.correspondence.occasions import Occasion, Pointless
from participants.organisations.models import Organisation
from programs.awareness.models import TalkRequest

RECEIVED = "awareness.request_received"
NEW = "awareness.request_new"
UNANSWERED = "awareness.request_unanswered"
DECLINED = "awareness.request_declined"

FACTS = ("school", "town", "classes", "young_people", "weeks")


def register() -> None:
    """Make the occasions known."""
    for key, label, words, context in (
        (RECEIVED, gettext_lazy("request for a talk: received"), FACTS, describe_to_school),
        (NEW, gettext_lazy("request for a talk: new"), FACTS, describe_to_staff),
        (UNANSWERED, gettext_lazy("request for a talk: unanswered"), FACTS, describe_to_staff),
        (DECLINED, gettext_lazy("request for a talk: declined"), (*FACTS, "reason", "words"), describe_refusal),
    ):
        occasions.register(Occasion(key, label, words, context, abouts_visible_to=seen_by_staff))


def seen_by_staff(user):
    return TalkRequest.objects.for_staff(user)


def concerned_staff():
    """The coordinators of the center itself; every coordinator where the center has none."""
    grants = Grant.objects.live().filter(role=Role.COORDINATOR)
    of_center = grants.filter(scopes__organisation__kind=Organisation.Kind.CENTER)
    active = User.objects.active()
    return list(active.filter(grants__in=of_center).distinct() or active.filter(grants__in=grants).distinct())


def describe_to_school(about, recipient):
    request = _waiting(about)
    return _facts(request) | {"action_url": request.get_absolute_url()}


def describe_to_staff(about, recipient):
    request = _waiting(about)
    if not recipient.can(Permission.REQUEST_HANDLE):
        raise Pointless(gettext_noop("This person no longer handles requests."))
    return _facts(request) | {"action_url": reverse("awareness:board-request", args=[request.pk])}


def describe_refusal(about, recipient):
    request = _find(about)
    if request.state != TalkRequest.State.DECLINED:
        raise Pointless(gettext_noop("The request is no longer declined."))
    return _facts(request) | {
        "reason": request.get_decline_reason_display(),
        "words": request.decline_text,
        "action_url": request.get_absolute_url(),
    }


def _waiting(about):
    request = _find(about)
    if request.state != TalkRequest.State.SENT:
        raise Pointless(gettext_noop("The request no longer waits for an answer."))
    return request


def _find(about):
    request = TalkRequest.objects.select_related("school").filter(pk=about).first()
    if request is None:
        raise Pointless(gettext_noop("The request no longer exists."))
    return request


def _facts(request):
    classes = list(request.classes.all())
    weeks = sorted({slot.week for slot in request.slots.all()})
    return {
        "school": request.school.name,
        "town": request.school.commune,
        "classes": ", ".join(str(requested.name) for requested in classes),
        "young_people": sum(requested.head_count for requested in classes),
        "weeks": ", ".join(_("week of %(day)s") % {"day": say_day(week)} for week in weeks),
    }
