"""What we write about a request, to whom, and when a letter no longer makes sense."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.dates import say_day
from participants.accounts.models import Grant, User
from participants.accounts.roles import Permission, Role
from participants.correspondence import occasions
from participants.correspondence.actions import RuleDefault
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
    for occasion in (
        Occasion(RECEIVED, gettext_lazy("request for a talk: received"), FACTS, describe_to_school, None, seen_by_staff),
        Occasion(NEW, gettext_lazy("request for a talk: new"), FACTS, describe_to_staff, None, seen_by_staff),
        Occasion(
            UNANSWERED, gettext_lazy("request for a talk: unanswered"), FACTS, describe_to_staff, None, seen_by_staff
        ),
        Occasion(
            DECLINED,
            gettext_lazy("request for a talk: declined"),
            (*FACTS, "reason", "words"),
            describe_refusal,
            None,
            seen_by_staff,
        ),
    ):
        occasions.register(occasion)


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


RULES = [
    RuleDefault(
        code="awareness-request-received",
        occasion=RECEIVED,
        subject_fr="Votre demande d’intervention est bien arrivée",
        subject_en="Your request for a talk has arrived",
        body_fr=(
            "Bonjour {recipient_name},\n\n"
            "Merci : nous avons reçu votre demande d’intervention pour {school} ({classes}, {young_people} élèves).\n\n"
            "Nous cherchons maintenant des étudiantes et étudiants disponibles aux semaines que vous avez choisies : "
            "{weeks}. Vous recevrez notre réponse par courriel, en général sous une semaine. "
            "D’ici là, vous pouvez modifier votre demande ou la retirer.\n\n{center_name}"
        ),
        body_en=(
            "Hello {recipient_name},\n\n"
            "Thank you: we have received your request for a talk at {school} ({classes}, {young_people} pupils).\n\n"
            "We are now looking for students who are free in the weeks you chose: {weeks}. You will have our answer "
            "by e-mail, usually within a week. Until then you can change your request or withdraw it.\n\n{center_name}"
        ),
        action_label_fr="Suivre ma demande",
        action_label_en="Follow my request",
    ),
    RuleDefault(
        code="awareness-request-new",
        occasion=NEW,
        subject_fr="Nouvelle demande : {school}, {town}",
        subject_en="New request: {school}, {town}",
        body_fr=(
            "Bonjour {recipient_name},\n\n{school} ({town}) demande une intervention pour {classes}, "
            "soit {young_people} élèves.\n\nDates souhaitées : {weeks}."
        ),
        body_en=(
            "Hello {recipient_name},\n\n{school} ({town}) asks for a talk for {classes}, {young_people} pupils in all."
            "\n\nDates wished for: {weeks}."
        ),
        action_label_fr="Lire la demande",
        action_label_en="Read the request",
    ),
    RuleDefault(
        code="awareness-request-unanswered",
        occasion=UNANSWERED,
        offset=dt.timedelta(days=5),
        subject_fr="Sans réponse depuis 5 jours : {school}, {town}",
        subject_en="Unanswered for 5 days: {school}, {town}",
        body_fr=(
            "Bonjour {recipient_name},\n\nLa demande de {school} ({town}) attend une réponse depuis cinq jours : "
            "{classes}, {young_people} élèves.\n\nDates souhaitées : {weeks}."
        ),
        body_en=(
            "Hello {recipient_name},\n\nThe request of {school} ({town}) has been waiting for an answer for five days: "
            "{classes}, {young_people} pupils.\n\nDates wished for: {weeks}."
        ),
        action_label_fr="Répondre à la demande",
        action_label_en="Answer the request",
    ),
    RuleDefault(
        code="awareness-request-declined",
        occasion=DECLINED,
        subject_fr="Votre demande d’intervention pour {school}",
        subject_en="Your request for a talk at {school}",
        body_fr=(
            "Bonjour {recipient_name},\n\n"
            "Nous ne pouvons malheureusement pas donner suite à votre demande pour {classes} : {reason}.\n\n{words}\n\n"
            "Rien n’est perdu : une nouvelle demande, avec d’autres semaines par exemple, nous arrive en deux minutes."
            "\n\n{center_name}"
        ),
        body_en=(
            "Hello {recipient_name},\n\n"
            "We are sorry that we cannot give the talk you asked for ({classes}): {reason}.\n\n{words}\n\n"
            "Nothing is lost: a new request, with other weeks for example, takes two minutes.\n\n{center_name}"
        ),
        action_label_fr="Voir ma demande",
        action_label_en="See my request",
    ),
]
